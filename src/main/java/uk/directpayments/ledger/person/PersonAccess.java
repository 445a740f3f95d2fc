package uk.directpayments.ledger.person;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import uk.directpayments.ledger.kernel.Actor;

/**
 * Who sees which person. The account room answers: a support user sees the people whose accounts its organisation manages. Whom
 * somebody does not see is not there for them: 404, never 403.
 */
public interface PersonAccess {

    /** Whether somebody sees a person on a business day. */
    default boolean seesPerson(Actor actor, String personId, LocalDate on) {
        return persons(actor, on).map(seen -> seen.contains(personId)).orElse(true);
    }

    /** The people whom somebody's lists are limited to on a business day; not present if they see all. */
    Optional<Set<String>> persons(Actor actor, LocalDate on);
}
