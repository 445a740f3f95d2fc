package uk.directpayments.ledger.person;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.Actor;

/**
 * Who sees which person. The account room answers: a support user sees the people whose accounts its organisation manages. Whom
 * somebody does not see is not there for them: 404, never 403.
 */
public interface PersonAccess {

    /** Whether somebody sees a person on a business day. */
    boolean seesPerson(Actor actor, String personId, LocalDate on);
}
