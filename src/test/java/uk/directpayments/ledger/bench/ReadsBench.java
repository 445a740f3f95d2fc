package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/**
 * What the record of reads costs a read: the same requests, in turns, with the table as it is and with one that takes nothing, so that all but the insert and
 * its commit is the same. {@code -Dbench.reads=…} for each turn.
 */
@TestPropertySource(properties = "ledger.http.requests-per-second=1000000")
class ReadsBench extends RunningLedger {

    private static final int READS = Integer.getInteger("bench.reads", 4_000);
    private static final int TURNS = 5;
    private static final int ROWS = Integer.getInteger("bench.rows", 1_000_000);

    /** At most so many times what the same read costs unrecorded. */
    private static final double MOST = 2;

    @Test
    void aReadCostsLittleMoreForBeingRecorded() throws Exception {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        Visitor visitor = Visitor.as("finance", port);
        String balance = "/api/v1/accounts/" + ids.accountId() + "/balance";
        for (int callers : new int[] {1, 16}) {
            compare(
                    "GET a balance, " + callers + " at a time",
                    callers,
                    READS,
                    () -> finance().get(balance).status());
        }
        compare(
                "page of an account",
                1,
                READS / 40,
                () -> visitor.get("/accounts/" + ids.accountId()).statusCode());
    }

    /** A year and more of a council's reads, one in a hundred of them an export. */
    @Test
    void aPersonIsFoundInALargeRecord() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        jdbc.sql("""
                        INSERT INTO personal_data_read (read_at, user_id, role, route, status, correlation, subjects, everybody, filters)
                        SELECT now() - make_interval(secs => 30 * (:rows - n)), 'user' || n % 50, 'FINANCE', 'GET /api/v1/accounts/{accountId}', 200, 'c' || n,
                               CASE WHEN n % 100 = 0 THEN '{}' ELSE ARRAY ['person/P' || n % 5000, 'account/A' || n % 5000] END,
                               n % 100 = 0, ''
                          FROM generate_series(1, :rows) AS n""").param("rows", ROWS).update();
        jdbc.sql("ANALYZE personal_data_read").update();
        for (String query : List.of(
                "",
                "?personId=" + ids.personId(),
                "?accountId=A17",
                "?user=user7",
                "?from=2026-11-01&accountId=A17",
                "?accountId=A17&limit=500")) {
            double[] millis = new double[TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                long begun = System.nanoTime();
                ok(Caller.as("auditor", port).get("/api/v1/audit/reads" + query));
                millis[turn] = (System.nanoTime() - begun) / 1e6;
            }
            System.out.printf("GET /audit/reads%s of %,d rows: %.1f ms%n", query, ROWS, Rounds.median(millis));
            assertThat(Rounds.median(millis)).as(query).isLessThan(1_000);
        }
    }

    private void compare(String what, int callers, int reads, Callable<Integer> read) throws Exception {
        double[] recorded = new double[TURNS];
        double[] unrecorded = new double[TURNS];
        measure(callers, reads, read); // the JVM is cold
        for (int turn = 0; turn < TURNS; turn++) {
            recorded[turn] = measure(callers, reads, read);
            jdbc.sql("""
                            CREATE RULE nothing AS ON INSERT TO personal_data_read DO INSTEAD NOTHING""").update();
            unrecorded[turn] = measure(callers, reads, read);
            jdbc.sql("DROP RULE nothing ON personal_data_read").update();
        }
        double with = Rounds.median(recorded);
        double without = Rounds.median(unrecorded);
        System.out.printf("%s: %.2f ms recorded, %.2f ms not: %.2f times%n", what, with, without, with / without);
        assertThat(with / without).as(what).isLessThan(MOST);
    }

    /** Milliseconds of one read. */
    private static double measure(int callers, int reads, Callable<Integer> read) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            long begun = System.nanoTime();
            List<Future<Void>> all = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < reads / callers; i++) {
                        assertThat(read.call()).isEqualTo(200);
                    }
                    return null;
                }));
            }
            for (Future<Void> one : all) {
                one.get();
            }
            return (System.nanoTime() - begun) / 1e6 / reads;
        } finally {
            threads.shutdown();
        }
    }
}
