package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Optional;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;

/** Which residential stays spending may be for. The residential room answers. Rulebook 3.10, 7.3. */
public interface Stays {

    /**
     * Why an expenditure of a person's account cannot be for a stay, as stays are known now; empty if it can: {@code STAY_NOT_FOUND},
     * {@code PAYMENT_OF_OTHER_PERSON}, {@code STAY_ALREADY_VOIDED}.
     *
     * @param on the business day on which who asks must see the stay's account
     */
    Optional<RuleBroken> refusal(Actor actor, String personId, String stayId, LocalDate on);
}
