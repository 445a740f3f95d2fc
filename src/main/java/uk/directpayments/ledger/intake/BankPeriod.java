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
 * @param gap one of them does not begin with what the one before ended with
 */
record BankPeriod(
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable Money opening,
        @Nullable Money closing,
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
            Money before = inOrder.get(i - 1).closing();
            Money next = inOrder.get(i).opening();
            gap |= before != null && next != null && !before.equals(next);
        }
        LocalDate to = inOrder.stream()
                .map(StatementBalances::to)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new BankPeriod(first.from(), to, first.opening(), last.closing(), gap);
    }

    static BankPeriod of(Statement statement) {
        return new BankPeriod(
                statement.from(), statement.to(), statement.opening(), statement.closing(), statement.gap());
    }

    /** @param before the statements that this one must follow from: {@link StatementRegister#before} */
    boolean isGapAfter(List<Statement> before) {
        return opening != null && !before.isEmpty() && before.stream().noneMatch(this::follows);
    }

    /** Two that begin on the same day either begin alike or follow each other on that day. */
    private boolean follows(Statement before) {
        return Objects.equals(opening, before.closing())
                || (Objects.equals(from, before.from()) && Objects.equals(opening, before.opening()));
    }
}
