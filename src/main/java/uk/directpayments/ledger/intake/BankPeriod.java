package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * What the statements of one file say together.
 *
 * @param onFirstDay the balances after each entry of the day {@code from}, as far as they are known
 * @param gap        one of them does not begin with what the one before ended with
 */
record BankPeriod(
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable Money opening,
        @Nullable Money closing,
        List<Money> onFirstDay,
        boolean gap) {

    /** @param statements in any order */
    static BankPeriod of(List<StatementBalances> statements) {
        List<StatementBalances> inOrder = statements.stream()
                .sorted(Comparator.comparing(StatementBalances::from, Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
        StatementBalances first = inOrder.get(0);
        StatementBalances last = inOrder.get(inOrder.size() - 1);
        boolean gap = false;
        for (int i = 1; i < inOrder.size(); i++) {
            StatementBalances before = inOrder.get(i - 1);
            StatementBalances next = inOrder.get(i);
            gap |= before.closing() != null
                    && next.opening() != null
                    && !goesOn(next.opening(), next.from(), next.onFirstDay(), before.closing(), before.to());
        }
        LocalDate to = inOrder.stream()
                .map(StatementBalances::to)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new BankPeriod(first.from(), to, first.opening(), last.closing(), first.onFirstDay(), gap);
    }

    static BankPeriod of(Statement statement) {
        List<Money> onFirstDay = statement.onFirstDay();
        return new BankPeriod(
                statement.from(),
                statement.to(),
                statement.opening(),
                statement.closing(),
                onFirstDay == null ? List.of() : onFirstDay,
                statement.gap());
    }

    /** @param before the statements that this one must follow from: {@link StatementRegister#before} */
    boolean isGapAfter(List<Statement> before) {
        return opening != null && !before.isEmpty() && before.stream().noneMatch(this::follows);
    }

    /** Two that begin on the same day either begin alike or follow each other on that day. */
    private boolean follows(Statement before) {
        return goesOn(opening, from, onFirstDay, before.closing(), before.to())
                || (Objects.equals(from, before.from()) && Objects.equals(opening, before.opening()));
    }

    /** From the very balance that the one before ended with or, if that ended within the day on which this one begins, from entries that both have. */
    private static boolean goesOn(
            @Nullable Money opening,
            @Nullable LocalDate from,
            List<Money> onFirstDay,
            @Nullable Money closing,
            @Nullable LocalDate to) {
        return Objects.equals(opening, closing)
                || (from != null && from.equals(to) && closing != null && onFirstDay.contains(closing));
    }
}
