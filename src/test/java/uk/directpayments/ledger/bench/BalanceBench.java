package uk.directpayments.ledger.bench;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.bench.Rounds.Side;
import uk.directpayments.ledger.bench.Rounds.Worker;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.RunningLedger;

/** What a balance costs, on a day and as known at an instant, beside a SELECT by primary key; of a short account and of a long one. */
class BalanceBench extends RunningLedger {

    private static final int SHORT = 500;
    private static final int LONG = 60_000;
    private static final LocalDate FIRST = LocalDate.of(2019, 1, 1);
    private static final int DAYS = 2_800;

    @Autowired
    private AccountBalances balances;

    @Autowired
    private Positions positions;

    @Test
    void aBalanceBesideASelectByPrimaryKey() throws Exception {
        String shortAccount = grown(SHORT);
        String longAccount = grown(LONG);
        settled();
        // as PostgreSQL's own vacuum leaves it before long: an index then answers alone
        jdbc.sql("VACUUM (ANALYZE)").update();
        long head = head();
        Instant known = Instant.now();
        Rounds rounds = new Rounds(
                "balance",
                jdbc.sql("SELECT pg_backend_pid()").query(Long.class).single(),
                List.of(
                        new Side("by primary key", 1, () -> byPrimaryKey(head)),
                        new Side("balance, 500 lines", 1, () -> balance(shortAccount, known)),
                        new Side("balance, 60,000 lines", 1, () -> balance(longAccount, known))));
        rounds.measure();
        rounds.p50("balance, 500 lines", "by primary key", 3);
        rounds.p50("balance, 60,000 lines", "by primary key", 3);
        rounds.p50("balance, 60,000 lines", "balance, 500 lines", 2);
        rounds.write();
    }

    private String grown(int lines) {
        Opened ids = opened("2019-01-01", "2027-12-31", "1000.00");
        ok(finance().post("/api/v1/accounts/" + ids.accountId() + "/expenditures", LongLog.MODEL));
        LongLog.grow(jdbc, List.of(ids.accountId()), lines, FIRST, DAYS);
        return ids.accountId();
    }

    private Worker byPrimaryKey(long head) {
        return () -> jdbc.sql("SELECT payload FROM event_log WHERE position = :position")
                .param("position", 1 + ThreadLocalRandom.current().nextLong(head))
                .query(String.class)
                .single();
    }

    /** As of any day of eight years, as known at an instant: its position is asked for each time. */
    private Worker balance(String accountId, Instant known) {
        return () -> {
            LocalDate day = FIRST.plusDays(ThreadLocalRandom.current().nextInt(DAYS));
            balances.of(accountId, new View(day, known, positions.knownAt(known), 0));
        };
    }
}
