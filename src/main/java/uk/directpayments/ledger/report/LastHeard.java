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

/** When accounts were last heard of, by a return, a statement or a purchase. Rulebook 4.21. */
@Component
class LastHeard {

    /** An account of which nothing is heard for longer is listed. */
    static final int DAYS = 90;

    private final AccountReturns returns;
    private final Unreconciled statements;
    private final AccountTransactions transactions;

    LastHeard(AccountReturns returns, Unreconciled statements, AccountTransactions transactions) {
        this.returns = returns;
        this.statements = statements;
        this.transactions = transactions;
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

    /** The day since which an open account is silent, if that is too long: the last that was heard, or its opening; else null. */
    static @Nullable LocalDate silentSince(AccountRegister.Entry account, @Nullable LocalDate last, LocalDate asOf) {
        LocalDate since = last == null ? account.openedOn() : last;
        boolean open = account.stateOn(asOf) != AccountRegister.State.CLOSED;
        return open && since.isBefore(asOf.minusDays(DAYS)) ? since : null;
    }
}
