package uk.directpayments.ledger.budget;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;

/** How a budget is managed: as its lines are, or in more than one way. Rulebook 4.4. */
public enum BudgetMode {
    DIRECT_PAYMENT,
    COUNCIL_MANAGED,
    THIRD_PARTY,
    COMBINATION;

    /** @return null while there are no lines */
    public static @Nullable BudgetMode of(Collection<Mode> lines) {
        return lines.stream()
                .distinct()
                .map(mode -> valueOf(mode.name()))
                .reduce((one, other) -> COMBINATION)
                .orElse(null);
    }
}
