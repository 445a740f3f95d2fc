package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Proves a file's running balances while its lines pass: within an account each must be the one before plus the line's amount, from the
 * oldest line to the newest or from the newest to the oldest. A line that was not taken breaks the chain, for its amount is not known or
 * not counted, and the next line begins a new one. About two hundred bytes an account.
 */
final class RunningBalances {

    private static final class Account {
        private @Nullable End first;
        private @Nullable End last;
        private boolean downwards = true;
        private boolean upwards = true;
        private int chain;
        private int lines;

        /** Whether a line's balance follows from that of the line before it, as all before did in the same direction. */
        private boolean goesOn(End line) {
            if (last != null && last.balance != null && line.balance != null) {
                downwards &= line.balance.equals(last.balance.plus(line.amount));
                upwards &= last.balance.equals(line.balance.plus(last.amount));
            }
            return downwards || upwards;
        }

        /** Where both directions fit, the days tell. */
        private @Nullable Money closing() {
            if (first == null || last == null) {
                return null;
            }
            boolean newestFirst = !downwards || (upwards && first.on.isAfter(last.on));
            return (newestFirst ? first : last).balance;
        }
    }

    /** What is kept of the first and the last line of an account: no text. */
    private record End(LocalDate on, Money amount, @Nullable Money balance) {}

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
        End end = new End(line.on(), line.amount(), line.runningBalance());
        if (account.chain == chain && !account.goesOn(end)) {
            throw new RuleBroken(
                    "STATEMENT_DOES_NOT_BALANCE",
                    "The running balance of line " + line.lineNumber()
                            + " is not the account's balance before it plus its amount.");
        }
        account.first = account.first == null ? end : account.first;
        account.last = end;
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

    /** Tells the newest running balance of every account, in the order in which the file first names them. */
    void tell(StatementReader.Sink sink) {
        accounts.forEach((accountRef, account) ->
                sink.balances(new StatementBalances(accountRef, null, account.closing(), account.lines)));
    }
}
