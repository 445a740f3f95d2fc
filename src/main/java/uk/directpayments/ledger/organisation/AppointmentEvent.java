package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.EventName;

/** What has happened to the management of one payment account. Rulebook 7.7. */
public sealed interface AppointmentEvent {

    /** @param from the first day, open-ended */
    @EventName("organisation.appointed")
    record OrganisationAppointed(String organisationId, String accountId, String personId, LocalDate from)
            implements AppointmentEvent {}

    /**
     * @param from first day of the appointment that ended: no two of an account share it
     * @param to   its last day; a later event may name an earlier one
     */
    @EventName("organisation.appointment-ended")
    record AppointmentEnded(String organisationId, String accountId, LocalDate from, LocalDate to)
            implements AppointmentEvent {}
}
