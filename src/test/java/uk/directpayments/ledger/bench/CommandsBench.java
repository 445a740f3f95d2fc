package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import uk.directpayments.ledger.account.AccountCommand.RecordExpenditure;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.bench.Rounds.Around;
import uk.directpayments.ledger.bench.Rounds.Side;
import uk.directpayments.ledger.bench.Rounds.Worker;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What a command costs beside a raw commit of one row, beside Axon's own engine as shipped, and beside itself under other loads; on the same
 * PostgreSQL with the same durability. Before a side is measured the processors have handled all that the one before has recorded.
 */
class CommandsBench extends RunningLedger {

    private static final int ACCOUNTS = 256;
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 2);

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
    private final AtomicLong number = new AtomicLong();

    @Test
    void commandsBesideRawCommitsOfOneRow() throws Exception {
        assertThat(jdbc.sql("SHOW fsync").query(String.class).single()).isEqualTo("on");
        assertThat(jdbc.sql("SHOW synchronous_commit").query(String.class).single())
                .isEqualTo("on");
        for (int a = 0; a < ACCOUNTS; a++) {
            accounts.add(opened("2026-01-01", "2026-12-31", "100000.00"));
        }
        jdbc.sql(
                        "CREATE TABLE raw_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, payload text NOT NULL)")
                .update();
        AtomicInteger next = new AtomicInteger();
        try (StockLedger stock = new StockLedger(database.unwrap(HikariDataSource.class), ACCOUNTS)) {
            Rounds rounds = new Rounds(
                    "commands",
                    jdbc.sql("SELECT pg_backend_pid()").query(Long.class).single(),
                    List.of(
                            new Side("raw, 1", 1, this::raw),
                            live("commands, 1", 1, () -> gateway(next.getAndIncrement())),
                            new Side("raw, 64", 64, this::raw),
                            live("commands, 64", 64, () -> gateway(next.getAndIncrement())),
                            live("commands, 256", 256, () -> gateway(next.getAndIncrement())),
                            live("commands, 32", 32, () -> gateway(next.getAndIncrement())),
                            live("one account, 32", 32, () -> gateway(0)),
                            new Side("commands, 1, no projections", 1, () -> gateway(next.getAndIncrement()), off()),
                            new Side("commands, 64, no projections", 64, () -> gateway(next.getAndIncrement()), off()),
                            new Side("stock Axon, 64", 64, () -> stock.worker(next.getAndIncrement())),
                            live("HTTP, 64", 64, () -> http(next.getAndIncrement()))));
            rounds.measure();
            rounds.rate("commands, 1", "raw, 1", 0.5);
            rounds.rate("commands, 1, no projections", "raw, 1", 0.5);
            rounds.rate("commands, 64, no projections", "raw, 64", 0.5);
            rounds.rate("commands, 64", "raw, 64", 0.25);
            rounds.rate("commands, 64", "stock Axon, 64", 3);
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

    /** The processors rest meanwhile. */
    private Around off() {
        return new Around() {
            @Override
            public void before() {
                processors.stop();
            }

            @Override
            public void after() {
                processors.start();
                settled();
            }
        };
    }

    private Worker raw() throws Exception {
        HikariDataSource pool = database.unwrap(HikariDataSource.class);
        Connection connection = DriverManager.getConnection(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
        PreparedStatement insert = connection.prepareStatement("INSERT INTO raw_row (stream, payload) VALUES (?, ?)");
        String payload = "x".repeat(400);
        return new Worker() {
            @Override
            public void once() throws Exception {
                insert.setString(1, "account/1");
                insert.setString(2, payload);
                insert.executeUpdate();
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }

    private Worker gateway(int account) {
        Opened ids = accounts.get(account % ACCOUNTS);
        Actor actor = new Actor("finance", Actor.Role.FINANCE, null);
        String version = Policy.standard().version();
        return () -> {
            long n = number.incrementAndGet();
            String key = "%064x".formatted(n);
            commands.send(
                    new RecordExpenditure(
                            ids.accountId(),
                            "E" + n,
                            Money.ofPence(100 + n % 1000),
                            day(n),
                            sealing.seal(ids.personId(), "Shop " + n % 50),
                            sealing.opaque(ids.personId(), "Shop " + n % 50),
                            "CARE",
                            null,
                            SpendType.PURCHASE,
                            null,
                            "R" + n,
                            null,
                            null,
                            null,
                            null,
                            version,
                            TODAY),
                    new Call(actor, key, key, "bench"));
        };
    }

    private Worker http(int account) {
        Opened ids = accounts.get(account % ACCOUNTS);
        return () -> {
            long n = number.incrementAndGet();
            ok(finance()
                    .post(
                            "/api/v1/accounts/" + ids.accountId() + "/expenditures",
                            "{\"amount\":\"%d.00\",\"on\":\"%s\",\"payee\":\"Shop %d\",\"category\":\"CARE\"}"
                                    .formatted(1 + n % 9, day(n), n % 50)));
        };
    }

    /** One of three hundred. */
    private static LocalDate day(long n) {
        return TODAY.minusDays(n % 300);
    }
}
