package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;

/** What has happened to the management of one payment account. Rulebook 7.7. */
public sealed interface AppointmentEvent {

    /**
     * @param from           the first day, open-ended
     * @param openingBalance what the account held at the end of the day before, as known when it was handed over; null if that day had not
     *                       come, or in what was recorded before balances were handed over
     */
    @EventName(value = "organisation.appointed", revision = 2, readsFrom = 1)
    record OrganisationAppointed(
            String organisationId,
            String accountId,
            String personId,
            LocalDate from,
            @Nullable Money openingBalance) implements AppointmentEvent {}

    /**
     * @param from first day of the appointment that ended: no two of an account share it
     * @param to   its last day; a later event may name an earlier one
     */
    @EventName("organisation.appointment-ended")
    record AppointmentEnded(String organisationId, String accountId, LocalDate from, LocalDate to)
            implements AppointmentEvent {}
}
