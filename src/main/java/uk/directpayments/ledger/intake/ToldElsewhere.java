package uk.directpayments.ledger.intake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import uk.directpayments.ledger.intake.StatementLines.Told;
import uk.directpayments.ledger.platform.View;

/**
 * The entries of an account that its bank has told in another format, where they have other references. A line of the same day and amount
 * is one of those, as long as there are any that no file of its own format has told: so two that are alike stay two, in every format.
 */
final class ToldElsewhere {

    private final Map<Told, Integer> open = new HashMap<>();

    /** @param lines of the statement, that are about to be looked at; what is known of their days and amounts before stays */
    void expect(
            Telling statement,
            List<StatementLine> lines,
            StatementRegister register,
            StatementLines statementLines,
            View view) {
        if (!register.hasOtherFormats(statement.accountId(), statement.format(), view)) {
            return;
        }
        List<Told> unknown = lines.stream()
                .map(ToldElsewhere::told)
                .filter(told -> !open.containsKey(told))
                .distinct()
                .toList();
        open.putAll(statementLines.toldInOtherFormats(statement, unknown, view));
    }

    /** Whether a line that comes for the first time in its format is one of them; asked once for each. */
    boolean take(StatementLine line) {
        Told told = told(line);
        if (open.getOrDefault(told, 0) <= 0) {
            return false;
        }
        open.compute(told, (same, left) -> Objects.requireNonNull(left) - 1);
        return true;
    }

    private static Told told(StatementLine line) {
        return new Told(line.on(), line.amount());
    }

    /** A bank's statement that tells of an account. @param statementId empty while it has none */
    record Telling(String statementId, String accountId, String format, BankPeriod period) {

        static Telling of(Statement statement) {
            return new Telling(
                    statement.statementId(),
                    Objects.requireNonNull(statement.accountId()),
                    statement.format(),
                    BankPeriod.of(statement));
        }
    }
}
