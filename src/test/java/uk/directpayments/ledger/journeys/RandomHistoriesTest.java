package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thousands of random operations on accounts; then every figure is held against the raw events. Rulebook 7.10, numbers 1 to 6. */
class RandomHistoriesTest extends RandomHistories {

    private static final int OPERATIONS = Integer.getInteger("history.operations", 1_500);

    @Test
    void everyBalanceOnTwoDatesEqualsTheRawEvents() {
        List<Opened> accounts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            accounts.add(opened("2025-04-01", "2026-03-31", "10000.00", LINES, "null"));
        }
        for (int i = 0; i < OPERATIONS; i++) {
            operate(accounts.get(random.nextInt(accounts.size())));
        }
        assertThat(accepted).as("operations accepted, seed %d", seed).isGreaterThan(OPERATIONS / 4);
        for (Opened account : accounts) {
            compare(account.accountId(), 400);
            unspentIsWhatTheSourcesHold(account, 40);
            paidNeverAboveTheAllocation(account.accountId());
        }
        trialBalanceIsZero();
    }

    @Test
    void everyProjectionBuiltAgainHasTheSameRows() {
        Opened account = opened("2025-04-01", "2026-03-31", "10000.00", LINES, "null");
        for (int i = 0; i < 200; i++) {
            operate(account);
        }
        replayChangesNothing();
    }
}
