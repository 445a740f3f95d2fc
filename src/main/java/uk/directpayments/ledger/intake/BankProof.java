package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/** Proves one statement of a bank's file while its entries pass: the balance before them and all of them make the balance after them. */
final class BankProof {

    private @Nullable Money opening;
    private @Nullable Money closing;
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private Money sum = Money.ZERO;
    private int lines;
    private boolean firstDay = true;
    private final List<Money> onFirstDay = new ArrayList<>();

    void opening(Money balance, @Nullable LocalDate on) {
        opening = balance;
        from = on == null ? from : on;
    }

    void closing(Money balance, @Nullable LocalDate on) {
        closing = balance;
        to = on == null ? to : on;
    }

    void period(@Nullable LocalDate from, @Nullable LocalDate to) {
        this.from = from;
        this.to = to;
    }

    /** Whether both balances are known: its entries are those between them. */
    boolean isWhole() {
        return opening != null && closing != null;
    }

    /** A booked entry, whether its line was taken or not. */
    void add(Money amount, LocalDate on) {
        sum = sum.plus(amount);
        lines++;
        from = from == null || on.isBefore(from) ? on : from;
        to = to == null || on.isAfter(to) ? on : to;
        firstDay &= on.equals(from) && onFirstDay.size() < StatementBalances.MOST_OF_A_DAY;
        if (firstDay && opening != null) {
            onFirstDay.add(opening.plus(sum));
        }
    }

    /** @param account as the file names it, or null @throws RuleBroken {@code STATEMENT_DOES_NOT_BALANCE} */
    void tell(StatementReader.Sink sink, @Nullable String account, int line) {
        if (opening != null && closing != null && !opening.plus(sum).equals(closing)) {
            throw new RuleBroken(
                    "STATEMENT_DOES_NOT_BALANCE",
                    "The statement that ends at line " + line
                            + " does not add up: its opening balance and its entries are not its closing balance.");
        }
        sink.balances(new StatementBalances(account, opening, closing, lines, from, to, List.copyOf(onFirstDay)));
    }
}
