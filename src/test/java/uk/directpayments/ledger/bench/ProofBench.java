package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What it costs to verify a long log, and to build every projection again and compare it, beside a plain JDBC scan of the same table in the same
 * run; and how much memory is held meanwhile. {@code -Dbench.events=…}, 1,000,000 unless told, on {@code -Dbench.accounts=…}, 1,000.
 */
class ProofBench extends RunningLedger {

    private static final int EVENTS = Integer.getInteger("bench.events", 1_000_000);
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 1_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 2);
    private static final int CHUNK = 50_000;

    @Autowired
    private DataSource database;

    @Test
    void verifyingAndRebuildingBesideAPlainScan() throws Exception {
        grow();
        System.out.printf("%,d events; heap held: %d MB%n", head(), held());
        for (int round = 0; round < ROUNDS; round++) {
            double scan = scan();
            double verify = run("verifications", "{}", "verificationId");
            double journal = run("rebuilds", "{\"projection\":\"journal\"}", "rebuildId");
            double scanAgain = scan();
            double all = run("rebuilds", "{}", "rebuildId");
            System.out.printf(
                    "scan %,.0f and %,.0f events a second; verification %,.0f: %.2f times the scan; journal rebuilt and compared %,.0f: %.2f times;"
                            + " all projections %,.0f: %.2f times%n",
                    scan, scanAgain, verify, verify / scan, journal, journal / scan, all, all / scanAgain);
        }
    }

    /** Expenditures like one that came over HTTP, on all accounts, put into the log directly; then the processors are waited for. */
    private void grow() throws InterruptedException {
        for (int a = 0; a < ACCOUNTS; a++) {
            Opened ids = opened("2026-01-01", "2026-12-31", "1000.00");
            ok(
                    finance()
                            .post(
                                    "/api/v1/accounts/" + ids.accountId() + "/expenditures",
                                    "{\"expenditureId\":\"BENCH\",\"amount\":\"1.00\",\"on\":\"2026-01-01\",\"payee\":\"Shop\",\"category\":\"CARE\"}"));
        }
        long begun = System.nanoTime();
        for (int done = 0; done < EVENTS; done += CHUNK) {
            jdbc.sql("""
                            WITH first AS (
                                SELECT DISTINCT ON (stream_id) *, (SELECT max(sequence) FROM event_log l WHERE l.stream_id = e.stream_id) AS last
                                  FROM event_log e WHERE name = 'account.expenditure-recorded' ORDER BY stream_id, sequence),
                            model AS (SELECT *, row_number() OVER (ORDER BY stream_id) AS nr FROM first),
                            head AS (UPDATE event_log_head SET position = position + :chunk, recorded_at = greatest(recorded_at, now())
                                     RETURNING position - :chunk AS before, recorded_at)
                            INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at)
                            SELECT head.before + g, m.stream_id, m.last + 1 + (g - 1) / :accounts, m.stream_type, m.name, m.revision,
                                   gen_random_uuid()::text,
                                   replace(replace(replace(m.payload, 'BENCH', 'BENCH-' || :done + g), '2026-01-01', on_day::text),
                                           '"1.00"', format('"%s.%s"', g % 97, 10 + g % 89)),
                                   replace(m.metadata, '2026-01-01', on_day::text), head.recorded_at
                              FROM head, generate_series(1, :chunk) g
                              JOIN model m ON m.nr = 1 + (g - 1) % :accounts
                             CROSS JOIN LATERAL (SELECT date '2026-01-01' + ((:done + g) / :accounts % 300)::int AS on_day) d""")
                    .param("chunk", CHUNK)
                    .param("accounts", ACCOUNTS)
                    .param("done", done)
                    .update();
            assertThat(jdbc.sql("SELECT count(*) FROM event_log")
                            .query(Long.class)
                            .single())
                    .isEqualTo(head());
        }
        System.out.printf("the log was filled in %.0f s%n", (System.nanoTime() - begun) / 1e9);
        long at = System.nanoTime();
        settled();
        System.out.printf("the processors were there after %.0f s%n", (System.nanoTime() - at) / 1e9);
    }

    /** Every row of the log, in order, and nothing done with it: events a second. */
    private double scan() throws SQLException {
        long begun = System.nanoTime();
        long rows = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(1_000);
                ResultSet row = statement.executeQuery(
                        "SELECT position, stream_id, sequence, name, revision, payload, metadata, recorded_at FROM event_log ORDER BY position");
                while (row.next()) {
                    rows++;
                    assertThat(row.getString(6)).isNotNull();
                    assertThat(row.getString(7)).isNotNull();
                }
            }
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return rows / ((System.nanoTime() - begun) / 1e9);
    }

    /** Events a second of something that runs in the background; what is held is looked at now and then, outside the time that counts. */
    private double run(String what, String order, String idField) throws InterruptedException {
        String id = ok(finance().post("/api/v1/audit/" + what, order))
                .json()
                .path(idField)
                .asString();
        long begun = System.nanoTime();
        List<Long> held = new ArrayList<>();
        long lookedAt = begun;
        JsonNode state;
        do {
            Thread.sleep(50);
            if (System.nanoTime() - lookedAt > 10_000_000_000L) {
                held.add(held());
                lookedAt = System.nanoTime();
            }
            state = ok(finance().get("/api/v1/audit/" + what + "/" + id)).json();
        } while (state.path("state").asString().equals("RUNNING"));
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(state.path("state").asString()).as(state.toString()).isEqualTo("DONE");
        System.out.printf(
                "%s %s: %.1f s, %s; heap held on the way, MB: %s%n", what, order, seconds, state.toString(), held);
        return state.path("events").asLong() / seconds;
    }

    /** What is reachable, in megabytes. */
    private static long held() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }
}
