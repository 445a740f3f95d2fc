package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.bench.Rounds.Around;
import uk.directpayments.ledger.bench.Rounds.Side;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.ChildNodes;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What the same work costs as the log grows, to {@code -Dbench.sizes=100000,1000000,3000000} events on 1,000 accounts: a command, a balance, and
 * the rebuild of the journal and of all balances, in a ledger of its own whose memory is watched ({@code -Dbench.heap=160m}). Of the history that
 * is put into the log directly only those two projections are kept up: the others go on behind it.
 */
class GrowthBench extends RunningLedger {

    private static final List<Integer> SIZES = Stream.of(
                    System.getProperty("bench.sizes", "100000,1000000,3000000").split(","))
            .map(Integer::valueOf)
            .toList();

    private static final String HEAP = System.getProperty("bench.heap", "160m");
    private static final int ACCOUNTS = 1_000;
    private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
    private static final int DAYS = 300;
    private static final List<String> KEPT_UP = List.of("journal", "account-balances");

    @Autowired
    private Commands commands;

    @Autowired
    private Sealing sealing;

    @Autowired
    private AccountBalances balances;

    @Autowired
    private Positions positions;

    @Autowired
    private DataSource database;

    @Autowired
    @Qualifier("processors")
    private SmartLifecycle processors;

    @Value("${ledger.home}")
    private Path home;

    @Value("${spring.datasource.url}")
    private String url;

    @Value("${spring.datasource.username}")
    private String user;

    @Value("${spring.datasource.password}")
    private String password;

    private final List<Opened> accounts = new ArrayList<>();

    @Test
    void whatTheSameWorkCostsAsTheLogGrows() throws Exception {
        for (int a = 0; a < ACCOUNTS; a++) {
            Opened ids = opened(Expenditures.FIRST.toString(), "2026-12-31", "100000.00");
            ok(finance().post("/api/v1/accounts/" + ids.accountId() + "/expenditures", LongLog.MODEL));
            accounts.add(ids);
        }
        settled();
        Expenditures expenditures = new Expenditures(commands, sealing, ACCOUNTS, "E");
        RawRows raw = new RawRows(jdbc, database);
        int grown = 0;
        for (int size : SIZES) {
            grow(size - grown);
            grown = size;
            // as PostgreSQL's own vacuum leaves it before long
            jdbc.sql("VACUUM (ANALYZE)").update();
            long head = head();
            Instant known = Instant.now();
            AtomicInteger next = new AtomicInteger();
            Rounds rounds = new Rounds(
                    "growth-" + size,
                    jdbc.sql("SELECT pg_backend_pid()").query(Long.class).single(),
                    List.of(
                            new Side("raw, 64", 64, raw::worker),
                            new Side(
                                    "commands, 64, no projections",
                                    64,
                                    () -> expenditures.worker(() -> accounts.get(next.getAndIncrement() % ACCOUNTS)),
                                    Around.resting(processors, this::settled)),
                            new Side(
                                    "by primary key",
                                    1,
                                    () -> () -> jdbc.sql("SELECT payload FROM event_log WHERE position = :position")
                                            .param(
                                                    "position",
                                                    1
                                                            + ThreadLocalRandom.current()
                                                                    .nextLong(head))
                                            .query(String.class)
                                            .single()),
                            new Side("balance", 1, () -> () -> {
                                ThreadLocalRandom any = ThreadLocalRandom.current();
                                balances.of(
                                        accounts.get(any.nextInt(ACCOUNTS)).accountId(),
                                        new View(
                                                FIRST.plusDays(any.nextInt(DAYS)), known, positions.knownAt(known), 0));
                            })));
            rounds.measure();
            rounds.rate("commands, 64, no projections", "raw, 64", 0.5);
            rounds.p50("balance", "by primary key", 3);
            rounds.write();
            rebuilt();
        }
    }

    /** The other processors are told that they have come to the end. */
    private void grow(int events) {
        processors.stop();
        LongLog.grow(jdbc, accounts.stream().map(Opened::accountId).toList(), events, FIRST, DAYS);
        jdbc.sql("""
                        UPDATE token_entry SET token = convert_to(
                                regexp_replace(convert_from(token, 'UTF8'), '"globalIndex":[0-9]+', '"globalIndex":' || :last), 'UTF8')
                         WHERE NOT processor_name = ANY(:kept)""")
                .param("last", Long.toString(head() - 1))
                .param("kept", KEPT_UP.toArray(String[]::new))
                .update();
        long begun = System.nanoTime();
        processors.start();
        settled();
        System.out.printf(
                "%,d more events: %s came to their end at %,.0f a second%n",
                events, KEPT_UP, events / ((System.nanoTime() - begun) / 1e9));
    }

    /** By another node, which has little memory. */
    private void rebuilt() throws Exception {
        Path beside = Files.createTempDirectory(Path.of("target"), "growth").toAbsolutePath();
        Path own = beside.resolve("home");
        ChildNodes.shareKeys(home, own);
        try (ChildLedger node = ChildLedger.start(
                own,
                "-Xmx" + HEAP,
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + user,
                "--spring.datasource.password=" + password)) {
            long begun = System.nanoTime();
            long events = 0;
            for (String projection : KEPT_UP) {
                events = rebuilt(node, projection);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "%,d events: %s rebuilt and compared at %,.0f events a second; most that was resident: %d MB%n",
                    events, KEPT_UP, events / seconds, resident(node.pid()));
        }
    }

    private static long rebuilt(ChildLedger node, String projection) throws InterruptedException {
        String id = ok(node.as("finance").post("/api/v1/audit/rebuilds", "{\"projection\":\"" + projection + "\"}"))
                .json()
                .path("rebuildId")
                .asString();
        JsonNode state;
        do {
            Thread.sleep(200);
            state = ok(node.as("finance").get("/api/v1/audit/rebuilds/" + id)).json();
        } while (state.path("state").asString().equals("RUNNING"));
        assertThat(state.path("state").asString()).as(state.toString()).isEqualTo("DONE");
        assertThat(state.path("differing").asLong()).as(state.toString()).isZero();
        return state.path("events").asLong();
    }

    /** Megabytes: the most since it began. Linux. */
    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }
}
