package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * An organisation manages an account.
 *
 * @param personId whose account it is
 * @param from     first day
 * @param to       last day, or null until further notice
 * @param openingBalance see {@link AppointmentEvent.OrganisationAppointed}
 */
record Appointment(
        String organisationId,
        String accountId,
        String personId,
        LocalDate from,
        @Nullable LocalDate to,
        @Nullable Money openingBalance) {

    boolean holdsOn(LocalDate day) {
        return !from.isAfter(day) && (to == null || !to.isBefore(day));
    }

    Appointment endedOn(LocalDate last) {
        return new Appointment(organisationId, accountId, personId, from, last, openingBalance);
    }
}
