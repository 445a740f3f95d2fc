package uk.directpayments.ledger.intake;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Proves a file's running balances while its lines pass: within an account each must be the one before plus the line's amount,
 * in the order of the file. A line that was not taken breaks the chain, for its amount is not known or not counted, and the next
 * line begins a new one. A few dozen bytes an account.
 */
final class RunningBalances {

    private static final class Account {
        private @Nullable Money last;
        private int chain;
        private int lines;
    }

    private final int mostAccounts;
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    /** Grows when every chain breaks at once, so that a hostile file cannot make us walk through all accounts at each line. */
    private int chain;

    RunningBalances(int mostAccounts) {
        this.mostAccounts = mostAccounts;
    }

    /** @throws RuleBroken {@code STATEMENT_DOES_NOT_BALANCE} naming the line; {@code TOO_LARGE} for too many accounts */
    void add(String accountRef, StatementLine line) {
        Account account = accounts.get(accountRef);
        if (account == null) {
            if (accounts.size() == mostAccounts) {
                throw new RuleBroken("TOO_LARGE", "The file names more than " + mostAccounts + " accounts.");
            }
            account = new Account();
            accounts.put(accountRef, account);
        }
        Money now = line.runningBalance();
        if (account.last != null
                && now != null
                && account.chain == chain
                && !now.equals(account.last.plus(line.amount()))) {
            throw new RuleBroken(
                    "STATEMENT_DOES_NOT_BALANCE",
                    "The running balance of line " + line.lineNumber()
                            + " is not the account's balance before it plus its amount.");
        }
        account.last = now;
        account.chain = chain;
        account.lines++;
    }

    /** A line was not taken. @param accountRef whose it was; null when that is not known, then any account's it may have been */
    void interrupt(@Nullable String accountRef) {
        if (accountRef == null) {
            chain++;
            return;
        }
        Account account = accounts.get(accountRef);
        if (account != null) {
            account.chain = -1;
        }
    }

    /** Tells the last running balance of every account, in the order in which the file first names them. */
    void tell(StatementReader.Sink sink) {
        accounts.forEach((accountRef, account) ->
                sink.balances(new StatementBalances(accountRef, null, account.last, account.lines)));
    }
}
