package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;

class BudgetEndTest {

    private static final LocalDate MAY = LocalDate.of(2026, 5, 10);
    private static final BudgetEnd DECIDED = BudgetEnd.NONE.with(BudgetEnded.decided(MAY, "MOVED_AWAY"));

    @Test
    void theEarlierOfDecisionAndDeathHolds() {
        assertThat(DECIDED.with(died(MAY.minusDays(1))).on()).isEqualTo(MAY.minusDays(1));
        assertThat(DECIDED.with(died(MAY.minusDays(1))).why()).isEqualTo("DEATH");
        assertThat(DECIDED.with(died(MAY.plusDays(1))).on()).isEqualTo(MAY);
        assertThat(DECIDED.with(died(MAY.plusDays(1))).why()).isEqualTo("MOVED_AWAY");
    }

    @Test
    void aCorrectedDeathGivesWayToTheDecisionAgain() {
        BudgetEnd end = DECIDED.with(died(MAY.minusDays(9))).with(died(MAY.plusDays(9)));
        assertThat(end.on()).isEqualTo(MAY);
    }

    @Test
    void aDecisionThatNamesADeathIsNoRecordedDeath() {
        BudgetEnd end = BudgetEnd.NONE.with(BudgetEnded.decided(MAY, "DEATH"));
        assertThat(end.with(died(MAY.plusDays(9))).on()).isEqualTo(MAY);
        assertThat(end.with(died(MAY.minusDays(9))).on()).isEqualTo(MAY.minusDays(9));
        assertThat(end.why()).isEqualTo("DEATH");
    }

    @Test
    void oldEventsSayByTheirCauseThatTheyTellOfADeath() {
        BudgetEnd end = BudgetEnd.NONE.with(new BudgetEnded(MAY, "DEATH", null));
        assertThat(end.with(died(MAY.plusDays(9))).on()).isEqualTo(MAY.plusDays(9));
        assertThat(BudgetEnd.NONE.with(new BudgetEnded(MAY, "MOVED_AWAY", null)))
                .isEqualTo(DECIDED);
    }

    @Test
    void withoutEitherThereIsNoEnd() {
        assertThat(BudgetEnd.NONE.on()).isNull();
        assertThat(BudgetEnd.NONE.why()).isNull();
    }

    private static BudgetEnded died(LocalDate on) {
        return BudgetEnded.byDeath(on);
    }
}
