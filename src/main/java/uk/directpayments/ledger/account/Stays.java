package uk.directpayments.ledger.account;

import java.util.Optional;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;

/** Which residential stays spending may be for. The residential room answers. Rulebook 3.10, 7.3. */
public interface Stays {

    /**
     * Why an expenditure of a person's account cannot be for a stay, as it is known now; empty if it can: {@code STAY_NOT_FOUND},
     * {@code PAYMENT_OF_OTHER_PERSON}, {@code STAY_ALREADY_VOIDED}.
     */
    Optional<RuleBroken> refusal(Actor actor, String personId, String stayId);
}
