package uk.directpayments.ledger.intake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import uk.directpayments.ledger.intake.StatementRegister.Entry;
import uk.directpayments.ledger.intake.StatementRegister.Told;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.platform.View;

/**
 * The entries of an account that its bank has told in another format, where they have other references. A line of the same day and amount
 * is one of those, as long as there are any that no file of its own format has told: so two that are alike stay two, in every format.
 */
final class ToldElsewhere {

    static final ToldElsewhere NOTHING = new ToldElsewhere(Map.of());

    private final Map<Told, Integer> open;

    private ToldElsewhere(Map<Told, Integer> open) {
        this.open = open;
    }

    /** @param lines of the statement, that are about to be looked at one after the other */
    static ToldElsewhere of(
            Entry statement, List<Kept> lines, StatementRegister register, StatementSources sources, View view) {
        String accountId = statement.accountId();
        if (accountId == null || !register.hasOtherFormats(accountId, statement.format(), view)) {
            return NOTHING;
        }
        List<Told> told = lines.stream()
                .flatMap(line -> sources.open(line).stream())
                .map(ToldElsewhere::told)
                .distinct()
                .toList();
        return new ToldElsewhere(new HashMap<>(register.toldInOtherFormats(statement, told, view)));
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
}
