package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.ChildNodes;

/**
 * Two nodes on one PostgreSQL under the work of all roles, while nodes and PostgreSQL are killed, stopped and frozen and projections are replayed; in the
 * end the log, every projection and every figure is held against what was answered and against the raw events. {@code ./mvnw verify -Psoak} does
 * so for an hour, {@code -Dsoak.minutes=…} for less or more; the ordinary build leaves it out. A seed ({@code -Dsoak.seed=…}) repeats what is done,
 * as far as threads and clocks can be repeated.
 */
@EnabledIfSystemProperty(named = "soak.minutes", matches = "\\d+", disabledReason = "./mvnw verify -Psoak")
class SoakTest {

    private static final Logger LOG = LoggerFactory.getLogger(SoakTest.class);
    private static final int MINUTES = Integer.getInteger("soak.minutes", 60);

    private static final int OFFICERS = 4;
    private static final int FIRST_CLIENTS = 6;
    private static final int SAMPLES = 40;

    /** Longer than any fault and start, and the end of a write that met it. */
    private static final long TO_GO_HOME_MILLIS = 300_000;

    /** Movements that are in the log more than once. */
    private static final String TWICE = """
            SELECT stream_id || ' ' || name || ' ' || id FROM (
                SELECT stream_id, name, coalesce(payload::jsonb ->> 'externalRef', payload::jsonb ->> 'expenditureId',
                                                 payload::jsonb ->> 'paymentId') AS id
                  FROM event_log WHERE name IN ('account.payment-issued', 'account.payment-returned',
                                                'account.expenditure-recorded', 'account.expenditure-reversed')) ids
             GROUP BY stream_id, name, id HAVING count(*) > 1""";

    /** Keys whose events do not stand together in one stream. */
    private static final String IN_TWO_PLACES = """
            SELECT key FROM (SELECT metadata::jsonb ->> 'idempotency' AS key, stream_id, sequence FROM event_log) events
             WHERE key IS NOT NULL
             GROUP BY key HAVING count(DISTINCT stream_id) > 1 OR max(sequence) - min(sequence) + 1 <> count(*)""";

    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void twoNodesUnderTheWorkOfAllRolesSurviveEveryFaultWithEveryFigureRight() throws Exception {
        Path directory = Path.of("target", "soak");
        FileSystemUtils.deleteRecursively(directory);
        Files.createDirectories(directory);
        LOG.info("soak of {} minutes, seed {}", MINUTES, seed);
        Instant begun = Instant.now();
        try (ChildNodes nodes = ChildNodes.start(directory, 2)) {
            SoakOffice office = new SoakOffice(nodes, seed);
            SoakClients clients = new SoakClients(office);
            SoakUsers users = new SoakUsers(office, clients);
            SoakAuditor auditor = new SoakAuditor(office, clients);
            clients.open(random, FIRST_CLIENTS);

            List<Thread> staff = new ArrayList<>();
            for (int i = 0; i < OFFICERS; i++) {
                staff.add(works(office, "finance-" + i, users::finance));
            }
            staff.add(works(office, "payer", users::payer));
            staff.add(works(office, "support", users::support));
            staff.add(works(office, "admin", users::admin));
            staff.add(works(office, "auditor", auditor::audit));
            int faults = illTreat(nodes, office);
            office.close();
            for (Thread one : staff) {
                one.join(TO_GO_HOME_MILLIS);
                assertThat(one.isAlive())
                        .as("%s has not come to an end", one.getName())
                        .isFalse();
            }

            nodes.awaitReady();
            LOG.info("{} faults in {}; now everything is held against the log", faults, since(begun));
            hold(nodes, office, clients, auditor);
            String report = "Seed %d, %d minutes, %d faults, %d events, %d accounts%n%s"
                    .formatted(seed, MINUTES, faults, head(nodes), clients.all().size(), office.report());
            Files.writeString(directory.resolve("report.txt"), report);
            LOG.info("soak survived, in {}. {}", since(begun), report);
            assertThat(office.surprises()).as("seed %d", seed).isEmpty();
        }
    }

    private Thread works(SoakOffice office, String name, Consumer<Random> day) {
        Random own = new Random(random.nextLong());
        Thread thread = new Thread(
                () -> {
                    try {
                        day.accept(own);
                    } catch (RuntimeException e) {
                        LOG.error("{} gives up", name, e);
                        office.surprise(name + " gave up: " + e);
                    }
                },
                name);
        thread.start();
        return thread;
    }

    /** @return how many faults there were */
    private int illTreat(ChildNodes nodes, SoakOffice office) throws Exception {
        SoakFaults faults = new SoakFaults(nodes, office, new Random(random.nextLong()));
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        Random moments = new Random(random.nextLong());
        int count = 0;
        while (System.nanoTime() < end) {
            ChildLedger.sleep(2_000 + moments.nextInt(13_000));
            faults.next();
            count++;
            if (count % 20 == 0) {
                LOG.info(
                        "{} faults, {} events, {} writes, surprises: {}",
                        count,
                        head(nodes),
                        office.count(),
                        office.surprises());
            }
        }
        return count;
    }

    // ── holding ──────────────────────────────────────────────────────────────────────────────────────────────────

    private void hold(ChildNodes nodes, SoakOffice office, SoakClients clients, SoakAuditor auditor) throws Exception {
        ChildLedger first = nodes.node(0);
        onceEach(first, office);
        assertThat(first.<Long>ask(SoakTest::gaps))
                .as("positions or sequences without an event")
                .isZero();
        first.ask(jdbc -> {
            RunsOfTheLog runs = RunsOfTheLog.walk(jdbc, seed);
            LOG.info("payment runs: {}", runs);
            RawEvents.trialBalanceIsZero(jdbc, "seed " + seed);
            return runs;
        });
        figures(nodes, clients);
        auditor.allConsistent(random);
        assertThat(auditor.verify(random, true).path("ok").asBoolean())
                .as("the log is verified")
                .isTrue();
        auditor.askAllAgain(random);
        JsonNode rebuilt = auditor.rebuild(random, true);
        assertThat(rebuilt.path("differing").asLong(-1)).as(rebuilt.toString()).isZero();
        LOG.info(
                "rebuilt and compared: {} rows, {} events a second",
                rebuilt.path("rows"),
                rebuilt.path("eventsPerSecond"));

        nodes.node(1).terminate();
        nodes.node(1).awaitExit();
        replayed(first);
        nodes.node(1).startAgain();
        auditor.askAllAgain(random);
    }

    /** What was accepted is in the log under its key, what was refused is not, and no id is there twice. */
    private void onceEach(ChildLedger ledger, SoakOffice office) {
        Set<String> keys = new HashSet<>(
                ledger.ask(jdbc -> jdbc.sql("SELECT request_key FROM event_log WHERE request_key IS NOT NULL")
                        .query(String.class)
                        .list()));
        assertThat(office.writes().stream()
                        .filter(write -> write.accepted() && write.recorded() && !keys.contains(write.key())))
                .as("accepted, and not in the log, seed %d", seed)
                .isEmpty();
        assertThat(office.writes().stream().filter(write -> !write.accepted() && keys.contains(write.key())))
                .as("refused, and in the log, seed %d", seed)
                .isEmpty();
        assertThat(ledger.<List<String>>ask(jdbc -> texts(jdbc, TWICE)))
                .as("twice in the log, seed %d", seed)
                .isEmpty();
        assertThat(ledger.<List<String>>ask(jdbc -> texts(jdbc, IN_TWO_PLACES)))
                .as("written in two places under one key, seed %d", seed)
                .isEmpty();
    }

    private static List<String> texts(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }

    private static long gaps(JdbcClient jdbc) {
        return jdbc.sql("""
                        SELECT (SELECT position FROM event_log_head) - count(*)
                               + (SELECT coalesce(sum(n - c), 0) FROM (SELECT max(sequence) + 1 AS n, count(*) AS c FROM event_log
                                                                        GROUP BY stream_id) s)
                          FROM event_log""").query(Long.class).single();
    }

    /** On two dates, from both nodes, against the raw events. */
    private void figures(ChildNodes nodes, SoakClients clients) {
        List<String> instants = nodes.node(0).ask(RawEvents::instants);
        for (SoakClients.Client client : clients.all()) {
            List<RawEvents.Movement> movements = nodes.node(0).ask(jdbc -> RawEvents.movements(jdbc, client.account()));
            nodes.node(0).ask(jdbc -> {
                RawEvents.paidNeverAboveTheAllocation(jdbc, client.account(), "seed " + seed);
                return null;
            });
            for (int i = 0; i < SAMPLES; i++) {
                var asOf = SoakClients.day(random);
                Caller.Answer answer = nodes.node(i % nodes.count())
                        .as("finance")
                        .get("/api/v1/accounts/" + client.account() + "/balance?asOf=" + asOf + "&knownAt="
                                + instants.get(random.nextInt(instants.size())));
                assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                RawEvents.equalsTheBalance(movements, asOf, answer.json(), "seed " + seed);
            }
        }
    }

    /** Every projection is emptied and built again, and every table has the rows that it had. */
    private void replayed(ChildLedger ledger) {
        Caller admin = ledger.as("admin");
        settled(admin);
        Map<String, String> before = ledger.ask(SoakTest::digests);
        Truth.resetProjections(admin);
        settled(admin);
        assertThat(ledger.ask(SoakTest::digests)).as("seed %d", seed).isEqualTo(before);
    }

    private static void settled(Caller admin) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(20);
        JsonNode overview;
        do {
            ChildLedger.sleep(200);
            overview = admin.get("/api/v1/operations/processors").json();
            assertThat(System.nanoTime()).as("caught up: %s", overview).isLessThan(deadline);
        } while (behind(overview));
    }

    private static boolean behind(JsonNode overview) {
        long head = overview.path("head").asLong();
        return overview.path("items")
                .valueStream()
                .anyMatch(item -> item.path("position").asLong() < head
                        || item.path("parked").asLong() > 0);
    }

    /** Of the rows of every table that a projection owns. */
    private static Map<String, String> digests(JdbcClient jdbc) {
        Map<String, String> digests = new TreeMap<>();
        jdbc
                .sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
                .query(String.class)
                .list()
                .stream()
                .filter(table -> !Truth.PLATFORM.contains(table) && !table.startsWith("audit_"))
                .forEach(table -> digests.put(
                        table,
                        jdbc.sql("SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "
                                        + table + " t")
                                .query(String.class)
                                .single()));
        assertThat(digests).isNotEmpty();
        return digests;
    }

    private static long head(ChildNodes nodes) {
        return nodes.node(0)
                .ask(jdbc -> jdbc.sql("SELECT position FROM event_log_head")
                        .query(Long.class)
                        .single());
    }

    private static String since(Instant begun) {
        return Duration.between(begun, Instant.now())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
