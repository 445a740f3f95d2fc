package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.context.TestPropertySource;
import uk.directpayments.ledger.bench.Expenditures.Spent;
import uk.directpayments.ledger.bench.Rounds.Around;
import uk.directpayments.ledger.bench.Rounds.Side;
import uk.directpayments.ledger.bench.Rounds.Worker;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What a command costs beside a raw commit of one row, beside Axon's own engine as shipped, and beside itself under other loads; on the same
 * PostgreSQL with the same durability. Before a side is measured the processors have handled all that the one before has recorded.
 */
@TestPropertySource(properties = "ledger.http.requests-per-second=100000")
class CommandsBench extends RunningLedger {

    static {
        // Keeps five connections by itself.
        System.setProperty("http.maxConnections", "64");
    }

    private static final int ACCOUNTS = 3_000;

    /** Lines a day of the one account that has most. */
    private static final int HOT = 30;

    @Autowired
    private Commands commands;

    @Autowired
    private Sealing sealing;

    @Autowired
    private DataSource database;

    @Autowired
    @Qualifier("processors")
    private SmartLifecycle processors;

    private final List<Opened> accounts = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong number = new AtomicLong();

    @Test
    void commandsBesideRawCommitsOfOneRow() throws Exception {
        assertThat(jdbc.sql("SHOW fsync").query(String.class).single()).isEqualTo("on");
        assertThat(jdbc.sql("SHOW synchronous_commit").query(String.class).single())
                .isEqualTo("on");
        for (int a = 0; a < ACCOUNTS; a++) {
            Opened ids = opened(Expenditures.FIRST.toString(), "2026-12-31", "100000.00");
            // or all that is spent would be overspent
            ok(finance()
                    .post(
                            "/api/v1/accounts/" + ids.accountId() + "/payments",
                            "{\"lineId\":\"L1\",\"amount\":\"50000.00\",\"on\":\"%s\"}".formatted(Expenditures.FIRST)));
            accounts.add(ids);
        }
        Expenditures expenditures = new Expenditures(commands, sealing, ACCOUNTS, "E");
        Expenditures hot = new Expenditures(commands, sealing, HOT, "H");
        RawRows raw = new RawRows(jdbc, database);
        try (StockLedger stock = new StockLedger(database.unwrap(HikariDataSource.class), ACCOUNTS)) {
            Rounds rounds = new Rounds(
                    "commands",
                    jdbc.sql("SELECT pg_backend_pid()").query(Long.class).single(),
                    List.of(
                            new Side("raw, 1", 1, raw::worker),
                            live("commands, 1", 1, () -> expenditures.worker(this::account)),
                            new Side("raw, 64", 64, raw::worker),
                            live("commands, 64", 64, () -> expenditures.worker(this::account)),
                            live("commands, 256", 256, () -> expenditures.worker(this::account)),
                            live("commands, 32", 32, () -> expenditures.worker(this::account)),
                            live("one account, 32", 32, () -> hot.worker(this::hot)),
                            new Side(
                                    "commands, 1, no projections",
                                    1,
                                    () -> expenditures.worker(this::account),
                                    Around.resting(processors, this::settled)),
                            new Side(
                                    "commands, 64, no projections",
                                    64,
                                    () -> expenditures.worker(this::account),
                                    Around.resting(processors, this::settled)),
                            new Side("stock Axon, 64", 64, () -> stock.worker(next.getAndIncrement())),
                            live("HTTP, 64", 64, this::http)));
            rounds.measure();
            rounds.rate("commands, 1", "raw, 1", 0.5);
            rounds.rate("commands, 1, no projections", "raw, 1", 0.5);
            rounds.rate("commands, 64, no projections", "raw, 64", 0.5);
            rounds.rate("commands, 64", "raw, 64", 0.25);
            rounds.rate("commands, 64", "stock Axon, 64", 3);
            rounds.rate("commands, 64, no projections", "stock Axon, 64", 3);
            rounds.rate("commands, 256", "commands, 64", 0.9);
            rounds.rate("one account, 32", "commands, 32", 0.7);
            rounds.processors("commands, 64", "raw, 64", 2);
            rounds.processors("commands, 64, no projections", "raw, 64", 2);
            rounds.p99("HTTP, 64", "raw, 64", 5);
            rounds.write();
        }
        stored();
    }

    /** Bytes of the log for each event: rows, indexes, keys and proofs. */
    private void stored() {
        ok(finance().get("/api/v1/audit/checkpoint"));
        long events = head();
        jdbc.sql("""
                        SELECT relname, pg_total_relation_size(oid) AS bytes FROM pg_class
                         WHERE relname IN ('event_log', 'event_snapshot', 'audit_node', 'audit_checkpoint', 'person_key')
                           AND relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1""")
                .query((row, i) -> System.out.printf(
                        "%s: %.0f bytes an event%n", row.getString(1), row.getLong(2) / (double) events))
                .list();
    }

    private Side live(String name, int outstanding, Callable<Worker> worker) {
        return new Side(name, outstanding, worker, new Around() {
            @Override
            public void after() {
                settled();
            }
        });
    }

    private Opened hot() {
        return accounts.get(0);
    }

    /** Each time the next: what comes to a council comes from all. */
    private Opened account() {
        return accounts.get(next.getAndIncrement() % ACCOUNTS);
    }

    /** By the plainest client there is: what another does for itself would be counted as the ledger's. */
    private Worker http() {
        String credentials = Base64.getEncoder().encodeToString("finance:demo".getBytes(StandardCharsets.UTF_8));
        return () -> {
            long n = number.incrementAndGet();
            URI uri = URI.create("http://localhost:%d/api/v1/accounts/%s/expenditures"
                    .formatted(port, account().accountId()));
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setDoOutput(true);
            connection.setRequestProperty("Authorization", "Basic " + credentials);
            connection.setRequestProperty("Content-Type", "application/json");
            Spent spent = Expenditures.spent(n, ACCOUNTS);
            connection
                    .getOutputStream()
                    .write("{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"%s\",\"category\":\"CARE\"}"
                            .formatted(spent.amount(), spent.on(), spent.payee())
                            .getBytes(StandardCharsets.UTF_8));
            try (InputStream answer = connection.getInputStream()) {
                answer.readAllBytes();
            }
        };
    }
}
