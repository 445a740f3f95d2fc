package uk.directpayments.ledger.account;

import java.time.LocalDate;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.policy.Policies;

/**
 * Whether payments wait while somebody disputes a decision about the budget: the council's setting {@code payDuringDispute}, true unless it
 * says otherwise. Rulebook 7.9.
 */
@Component
public class PaymentHold {

    private final Policies policies;
    private final AccountAccess access;
    private final Budgets budgets;

    PaymentHold(Policies policies, AccountAccess access, Budgets budgets) {
        this.policies = policies;
        this.access = access;
        this.budgets = budgets;
    }

    /** Whether nothing may be paid into an account on a day. The budget is asked only where the policy of that day makes it matter. */
    public boolean isOn(String accountId, LocalDate day) {
        return !policies.on(day).settings().is("payDuringDispute") && budgets.disputed(access.budgetOf(accountId), day);
    }
}
