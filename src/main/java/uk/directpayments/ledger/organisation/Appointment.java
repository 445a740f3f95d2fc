package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An organisation manages an account.
 *
 * @param personId whose account it is
 * @param from     first day
 * @param to       last day, or null until further notice
 */
record Appointment(
        String organisationId,
        String accountId,
        String personId,
        LocalDate from,
        @Nullable LocalDate to) {

    boolean holdsOn(LocalDate day) {
        return !from.isAfter(day) && (to == null || !to.isBefore(day));
    }

    Appointment endedOn(LocalDate last) {
        return new Appointment(organisationId, accountId, personId, from, last);
    }
}
