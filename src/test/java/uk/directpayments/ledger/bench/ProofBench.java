package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.ShadowRebuild;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What it costs to verify a long log, and to build every projection again and compare it, beside a plain JDBC scan of the same table in the same
 * run; and how much memory is held meanwhile. {@code -Dbench.events=…}, 1,000,000 unless told, on {@code -Dbench.accounts=…}, 1,000.
 */
class ProofBench extends RunningLedger {

    private static final int EVENTS = Integer.getInteger("bench.events", 1_000_000);
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 1_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 2);

    /** {@code -Dbench.all=false} leaves out the rebuild of all projections, which takes longest. */
    private static final boolean ALL = !"false".equals(System.getProperty("bench.all"));

    @Autowired
    private DataSource database;

    @Autowired
    private ShadowRebuild rebuild;

    @Test
    void verifyingAndRebuildingBesideAPlainScan() throws Exception {
        grow();
        System.out.printf("%,d events; heap held: %d MB%n", head(), held());
        for (int round = 0; round < ROUNDS; round++) {
            double scan = scan();
            double verify = run("verifications", "{}", "verificationId");
            double journal = run("rebuilds", "{\"projection\":\"journal\"}", "rebuildId");
            double parsed = parsed();
            double balances = run("rebuilds", "{\"projection\":\"account-balances\"}", "rebuildId");
            double hledger = hledger();
            double both = both();
            System.out.printf(
                    "scan %,.0f events a second; streamed, parsed and added up %,.0f; verification %,.0f: %.2f times the scan; journal rebuilt and"
                            + " compared %,.0f, balances %,.0f, both %,.0f: %.2f times streaming and parsing; hledger %,.0f: both are %.1f times as fast%n",
                    scan,
                    parsed,
                    verify,
                    verify / scan,
                    journal,
                    balances,
                    both,
                    both / parsed,
                    hledger,
                    both / hledger);
            if (ALL) {
                double scanAgain = scan();
                double all = run("rebuilds", "{}", "rebuildId");
                System.out.printf("scan %,.0f; all projections %,.0f: %.3f times%n", scanAgain, all, all / scanAgain);
            }
        }
    }

    /** Expenditures like one that came over HTTP, on all accounts, put into the log directly; then the processors are waited for. */
    private void grow() {
        List<String> accounts = new ArrayList<>();
        for (int a = 0; a < ACCOUNTS; a++) {
            Opened ids = opened("2026-01-01", "2026-12-31", "1000.00");
            ok(finance().post("/api/v1/accounts/" + ids.accountId() + "/expenditures", LongLog.MODEL));
            accounts.add(ids.accountId());
        }
        long begun = System.nanoTime();
        LongLog.grow(jdbc, accounts, EVENTS, LocalDate.of(2026, 1, 1), 300);
        assertThat(jdbc.sql("SELECT count(*) FROM event_log").query(Long.class).single())
                .isEqualTo(head());
        System.out.printf("the log was filled in %.0f s%n", (System.nanoTime() - begun) / 1e9);
        long at = System.nanoTime();
        settled();
        double took = (System.nanoTime() - at) / 1e9;
        System.out.printf("the processors were there after %.0f s, %,.0f events a second%n", took, EVENTS / took);
    }

    /** Events a second of everybody's balance, worked out from the log's own rows by the least that has to be done: stream, parse, add up. */
    private double parsed() throws SQLException {
        JsonMapper json = JsonMapper.builder().build();
        Map<String, Long> balances = new HashMap<>();
        double perSecond = streamed("stream_id, name, payload, metadata", row -> {
            JsonNode payload = json.readTree(row.getString("payload"));
            JsonNode metadata = json.readTree(row.getString("metadata"));
            if (row.getString("name").equals("account.expenditure-recorded")) {
                balances.merge(
                        metadata.path("accountId").asString(),
                        -Money.parse(payload.path("amount").asString()).pence(),
                        Long::sum);
            }
        });
        assertThat(balances).hasSize(ACCOUNTS);
        return perSecond;
    }

    /** Events a second of the journal and all balances, rebuilt and compared in one go: the log is read once. */
    private double both() {
        long begun = System.nanoTime();
        ShadowRebuild.Report report = rebuild.rebuild(List.of("journal", "account-balances"), false, read -> {});
        assertThat(report.differences()).isEmpty();
        return report.position() / ((System.nanoTime() - begun) / 1e9);
    }

    /** Transactions a second of hledger, working out all balances from the exported journal; NaN where it is not installed. */
    private double hledger() throws Exception {
        Path program = Path.of("/usr/bin/hledger");
        if (!Files.isExecutable(program)) {
            return Double.NaN;
        }
        Path journal = Files.createTempFile(Path.of("target"), "journal", ".hledger");
        byte[] exported = Caller.as("auditor", port).bytes("/api/v1/audit/journal?format=hledger");
        Files.write(journal, exported);
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(program.toString(), "-f", journal.toString(), "balance")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isZero();
        double seconds = (System.nanoTime() - begun) / 1e9;
        Files.delete(journal);
        return jdbc.sql("SELECT count(DISTINCT position) FROM journal_line")
                        .query(Long.class)
                        .single()
                / seconds;
    }

    /** Every row of the log, in order, and nothing done with it: events a second. */
    private double scan() throws SQLException {
        return streamed("stream_id, sequence, name, revision, payload, metadata, recorded_at", row -> {
            assertThat(row.getString("payload")).isNotNull();
            assertThat(row.getString("metadata")).isNotNull();
        });
    }

    private interface EachRow {
        void take(ResultSet row) throws SQLException;
    }

    /** Every row of the log, in order: rows a second. */
    private double streamed(String columns, EachRow each) throws SQLException {
        long begun = System.nanoTime();
        long rows = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(1_000);
                ResultSet row =
                        statement.executeQuery("SELECT position, " + columns + " FROM event_log ORDER BY position");
                while (row.next()) {
                    rows++;
                    each.take(row);
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
