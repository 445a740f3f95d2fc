package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;

/**
 * When and why a budget ends: by decision, by death, or not yet. Both are kept, for the date of a death may be corrected; the earlier
 * holds. Rulebook 4.16.
 *
 * @param decidedOn the last day that was decided, or null
 * @param cause     why it was decided so, or null
 * @param diedOn    the day of death, or null
 */
public record BudgetEnd(
        @Nullable LocalDate decidedOn,
        @Nullable String cause,
        @Nullable LocalDate diedOn) {

    public static final BudgetEnd NONE = new BudgetEnd(null, null, null);

    /** As it stands once this has been told, whether it was told before or not. */
    public BudgetEnd with(BudgetEnded e) {
        return e.tellsOfDeath() ? new BudgetEnd(decidedOn, cause, e.on()) : new BudgetEnd(e.on(), e.cause(), diedOn);
    }

    /** The last day of the budget, or null. */
    public @Nullable LocalDate on() {
        return byDeath() ? diedOn : decidedOn;
    }

    public @Nullable String why() {
        return byDeath() ? BudgetEnded.DEATH : cause;
    }

    /** Whether it is the death that ends it. */
    public boolean byDeath() {
        return diedOn != null && (decidedOn == null || diedOn.isBefore(decidedOn));
    }
}
