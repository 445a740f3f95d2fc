package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountReturns;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.intake.Unreconciled;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;

/** When accounts were last heard of, by a return, a statement or a purchase. Rulebook 4.21. */
@Component
class LastHeard {

    private final AccountReturns returns;
    private final Unreconciled statements;
    private final AccountTransactions transactions;
    private final Policies policies;

    LastHeard(AccountReturns returns, Unreconciled statements, AccountTransactions transactions, Policies policies) {
        this.returns = returns;
        this.statements = statements;
        this.transactions = transactions;
        this.policies = policies;
    }

    /** The first day of those within which something must have been heard of an account: by the policy of the view's day. */
    LocalDate since(View view) {
        int days = policies.on(view.asOf(), view).settings().number("noSpendDays");
        return view.asOf().minusDays(days);
    }

    /** The last days by the view's, by account. */
    record Days(Map<String, LocalDate> returned, Map<String, LocalDate> told, Map<String, LocalDate> spent) {}

    Days of(Collection<String> accountIds, View view) {
        return new Days(
                returns.lastReceived(accountIds, view),
                told(accountIds, view),
                transactions.lastSpent(accountIds, view));
    }

    Map<String, LocalDate> told(Collection<String> accountIds, View view) {
        return statements.lastTold(accountIds, view);
    }

    /**
     * The day since which an open account is silent, if that is too long: the last that was heard, or its opening; else null.
     *
     * @param within the first day of those within which something must have been heard
     */
    static @Nullable LocalDate silentSince(
            AccountRegister.Entry account, @Nullable LocalDate last, LocalDate asOf, LocalDate within) {
        LocalDate since = last == null ? account.openedOn() : last;
        boolean open = account.stateOn(asOf) != AccountRegister.State.CLOSED;
        return open && since.isBefore(within) ? since : null;
    }
}
