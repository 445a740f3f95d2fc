package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked about who manages one payment account. */
public sealed interface AppointmentCommand extends LedgerCommand {

    String accountId();

    @Override
    default String streamId() {
        return "appointment/" + accountId();
    }

    /**
     * Appoints an organisation until further notice. Refused: {@code APPOINTMENT_OVERLAPS}.
     *
     * @param personId whose account it is
     * @param from     its first day
     * @param openingBalance what the account holds at the end of the day before, or null if that day has not come
     */
    record AppointForAccount(
            String accountId,
            String personId,
            String organisationId,
            LocalDate from,
            @Nullable Money openingBalance) implements AppointmentCommand {}

    /**
     * Ends the appointment that holds on a day, or brings its end forward. Refused: {@code NOT_APPOINTED}.
     *
     * @param to its last day
     */
    record EndAppointment(String accountId, String organisationId, LocalDate to) implements AppointmentCommand {}
}
