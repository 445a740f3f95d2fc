package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Proves the balances of a bank's CSV while its lines pass: they must follow from each other, downwards or upwards. Where money went out as
 * it came in they do both: then the days tell which line is the oldest.
 */
final class CsvBalances {

    private BankLines.@Nullable Entry first;
    private BankLines.@Nullable Entry last;
    private boolean downwards = true;
    private boolean upwards = true;
    private boolean whole = true;
    private int lines;
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;

    /** After each line of the day on which the file begins, and of that on which it ends: one of them is the first. */
    private final Deque<Money> above = new ArrayDeque<>();

    private final Deque<Money> below = new ArrayDeque<>();
    private boolean begins = true;

    /** @throws RuleBroken {@code STATEMENT_DOES_NOT_BALANCE} */
    void add(BankLines.Entry entry) {
        BankLines.Entry before = last;
        whole &= entry.balance() != null;
        if (before != null && before.balance() != null && entry.balance() != null) {
            downwards &= before.balance().plus(entry.amount()).equals(entry.balance());
            upwards &= entry.balance().plus(before.amount()).equals(before.balance());
            if (!downwards && !upwards) {
                throw new RuleBroken(
                        "STATEMENT_DOES_NOT_BALANCE",
                        "The balance of line " + entry.number() + " does not follow from that of the line before it.");
            }
        }
        first = first == null ? entry : first;
        last = entry;
        begins &= entry.on().equals(first.on()) && above.size() < StatementBalances.MOST_OF_A_DAY;
        if (before != null && (!entry.on().equals(before.on()) || below.size() == StatementBalances.MOST_OF_A_DAY)) {
            below.clear();
        }
        if (entry.balance() != null) {
            below.add(entry.balance());
            if (begins) {
                above.add(entry.balance());
            }
        }
        lines++;
        from = from == null || entry.on().isBefore(from) ? entry.on() : from;
        to = to == null || entry.on().isAfter(to) ? entry.on() : to;
    }

    void tell(StatementReader.Sink sink) {
        boolean oldestFirst = downwards && !(upwards && daysGoBack());
        BankLines.Entry oldest = oldestFirst ? first : last;
        BankLines.Entry newest = oldestFirst ? last : first;
        Money opening = null;
        Money closing = null;
        if (whole && oldest != null && newest != null) {
            closing = newest.balance();
            opening = Objects.requireNonNull(oldest.balance()).minus(oldest.amount());
        }
        boolean known = opening != null && oldest != null && oldest.on().equals(from);
        List<Money> onFirstDay = !known ? List.of() : List.copyOf(oldestFirst ? above : below);
        sink.balances(new StatementBalances(null, opening, closing, lines, from, to, onFirstDay));
    }

    private boolean daysGoBack() {
        return first != null && last != null && first.on().isAfter(last.on());
    }
}
