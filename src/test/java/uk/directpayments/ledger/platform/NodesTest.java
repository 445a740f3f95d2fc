package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.trial.TrialCommand;
import uk.directpayments.trial.TrialRows;

/** Several nodes on one database; how one hears of events; who runs what. */
class NodesTest extends TrialTest {

    @Autowired
    Claims claims;

    @Autowired
    Home home;

    @org.springframework.boot.test.web.server.LocalServerPort
    int port;

    // ── the tail of the log ──────────────────────────────────────────────────────────────────────────────────────

    /** By the callback alone: nobody polls this tail. */
    @Test
    void aCommitWakesWhoReadsTheTail() throws Exception {
        String id = open("tail");
        LogTail tail = log.tail();
        var reader = tail.openStream(log.createHeadToken());
        AtomicInteger woken = new AtomicInteger();
        assertThat(reader.setOnAvailableCallback(woken::incrementAndGet)).isTrue();
        assertThat(reader.hasNextAvailable()).isFalse();
        long position = count(id, 1, 2);
        until("the reader is woken", () -> woken.get() > 0);
        assertThat(EventLog.positionOf(reader.nextAvailable().trackingToken())).isEqualTo(position - 1);
        assertThat(EventLog.positionOf(reader.nextAvailable().trackingToken())).isEqualTo(position);
        assertThat(reader.hasNextAvailable()).isFalse();
        reader.close();
        count(id, 3);
        int after = woken.get();
        count(id, 4);
        tail.look();
        assertThat(woken).hasValue(after);
    }

    @Test
    void newsThatComeCloseBehindOthersAreGatheredUnlessSomebodyWaits() throws Exception {
        String id = open("gathered");
        LogTail tail = new LogTail(log);
        var reader = tail.openStream(log.createHeadToken());
        AtomicInteger woken = new AtomicInteger();
        reader.setOnAvailableCallback(woken::incrementAndGet);
        long from = log.head();
        count(id, new int[100]);
        long begun = System.nanoTime();
        for (long position = from + 1; position <= from + 99; position++) {
            tail.announce(position);
        }
        long moments = (System.nanoTime() - begun) / TimeUnit.MILLISECONDS.toNanos(LogTail.GATHER_MILLIS);
        assertThat((long) woken.get()).isLessThanOrEqualTo(2 * (moments + 1));
        until("they are shown after a moment", () -> seen(reader) == from + 1);
        reader.hurry(from + 100);
        for (long next = from + 1; next <= from + 100; next++) {
            assertThat(reader.hasNextAvailable()).isTrue();
            assertThat(EventLog.positionOf(reader.nextAvailable().trackingToken()))
                    .isEqualTo(next);
        }
    }

    @Test
    void whoeverIsWaitedForSeesTheNewsAloneWhileTheyAreGatheredForOthers() throws Exception {
        String id = open("hurried");
        LogTail tail = new LogTail(log);
        var waitedFor = tail.openStream(log.createHeadToken());
        var other = tail.openStream(log.createHeadToken());
        long first = count(id, 1);
        tail.announce(first);
        until("both see the first", () -> seen(waitedFor) == first && seen(other) == first);
        waitedFor.nextAvailable();
        other.nextAvailable();
        long begun = System.nanoTime();
        long second = count(id, 2);
        tail.announce(second);
        waitedFor.hurry(second);
        assertThat(seen(waitedFor)).isEqualTo(second);
        boolean shown = seen(other) == second;
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertThat(shown && waited < LogTail.GATHER_MILLIS / 2).isFalse();
        until("they are shown to the other as well", () -> seen(other) == second);
    }

    private static long seen(BlockingStream<TrackedEventMessage<?>> reader) {
        return reader.peek()
                .map(event -> EventLog.positionOf(event.trackingToken()))
                .orElse(0L);
    }

    /** Nobody is woken and nothing is stored for that. */
    @Test
    void whoeverHasNothingToDoUpToAPositionHasReachedIt() throws Exception {
        String id = open("before");
        count(id, 1);
        assertThat(rows.total(id, now())).isEqualTo(1);
        until(
                "what lies before is not too much to be kept",
                () -> claims.of("trial-rows").values().stream()
                        .allMatch(claim -> log.head() - claim.position() < LogTail.SHARED));
        processors.stop();
        long before = log.head();
        open("of no interest to the rows");
        long head = log.head();
        assertThat(head).isGreaterThan(before);
        assertThat(processors.reached("trial-rows")).isEqualTo(head);
        long counted = count(id, 2);
        assertThat(processors.reached("trial-rows")).isLessThan(counted).isGreaterThanOrEqualTo(head);
        processors.start();
        assertThat(rows.total(id, now())).isEqualTo(3);
    }

    @Test
    void eventsOfAnotherNodeAreFoundByALook() throws Exception {
        String id = open("look");
        EventLog other =
                new EventLog(new org.springframework.jdbc.core.JdbcTemplate(dataSource), dataSource, json, upcasters());
        var reader = other.tail().openStream(log.createHeadToken());
        count(id, 1);
        assertThat(reader.hasNextAvailable()).isFalse();
        other.tail().look();
        assertThat(reader.nextAvailable().getPayload())
                .isEqualTo(log.readAt(log.head()).getPayload());
    }

    // ── the lock of all nodes ────────────────────────────────────────────────────────────────────────────────────

    /** A snapshot that is kept keeps every dead version of the log's head, through which each append would then have to look. */
    @Test
    void whoHoldsALockOfAllNodesKeepsNothingFromBeingVacuumed() {
        NodesLock lock = new NodesLock(dataSource, 4_711, "busy");
        JdbcClient jdbc = JdbcClient.create(dataSource);
        List<Supplier<List<Boolean>>> ways = List.of(
                () -> lock.alone(Duration.ofSeconds(5), () -> keepsNoSnapshot(jdbc)),
                () -> lock.withOthers(Duration.ofSeconds(5), () -> keepsNoSnapshot(jdbc)));
        for (Supplier<List<Boolean>> way : ways) {
            assertThat(way.get()).containsExactly(true);
        }
    }

    private static List<Boolean> keepsNoSnapshot(JdbcClient jdbc) {
        return jdbc.sql("""
                        SELECT backend_xmin IS NULL FROM pg_locks JOIN pg_stat_activity USING (pid)
                         WHERE locktype = 'advisory' AND objid = 4711""").query(Boolean.class).list();
    }

    @Autowired
    javax.sql.DataSource dataSource;

    @Autowired
    @org.springframework.beans.factory.annotation.Qualifier("eventSerializer")
    EventJson json;

    private static org.axonframework.serialization.upcasting.event.EventUpcaster upcasters() {
        return org.axonframework.serialization.upcasting.event.NoOpEventUpcaster.INSTANCE;
    }

    @Test
    void readersSeeEveryEventInOrderWhateverIsShared() throws Exception {
        String id = open("ring");
        int[] numbers = new int[500];
        for (int i = 0; i < LogTail.SHARED / 500 + 2; i++) {
            count(id, numbers);
        }
        long head = log.head();
        LogTail tail = new EventLog(
                        new org.springframework.jdbc.core.JdbcTemplate(dataSource), dataSource, json, upcasters())
                .tail();
        for (long from : List.of(0L, head - 3, head - LogTail.SHARED - 7, head - LogTail.SHARED, 1L, head - 600)) {
            var reader = tail.openStream(from == 0 ? null : new GlobalSequenceTrackingToken(from - 1));
            for (long next = from + 1; next <= head; next++) {
                TrackedEventMessage<?> event = reader.nextAvailable();
                assertThat(EventLog.positionOf(event.trackingToken())).isEqualTo(next);
            }
            assertThat(reader.hasNextAvailable()).isFalse();
        }
    }

    // ── who runs what ────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aNodeThatRunsNothingAnswersFromWhatOthersHaveDone() {
        String id = open("idle");
        try (SecondNode other = SecondNode.beside(environment)) {
            Processors there = other.get(Processors.class);
            long position = other.get(Commands.class)
                    .send(new TrialCommand.Count(id, 5), plain())
                    .position();
            assertThat(other.get(TrialRows.class).total(id, new View(TrialCommand.DAY, null, null, position)))
                    .isEqualTo(5);
            assertThat(there.troubled()).isEmpty();
            assertThat(other.get(ProcessorsHealth.class).health())
                    .isEqualTo(org.springframework.boot.health.contributor.Health.up()
                            .withDetail("notRunning", List.of())
                            .withDetail("parked", Map.of())
                            .build());
            other.get(Commands.class).sendAndSettle(new TrialCommand.Count(id, 6), plain());
            there.reset("trial-rows");
            assertThat(rows.total(id, now())).isEqualTo(11);
            assertThat(claims.of("trial-rows").values().stream()
                            .map(Claims.Claim::owner)
                            .distinct())
                    .containsExactly(other.get(NodeName.class).owner());
        }
    }

    /** Found by a soak: Axon says of a processor that has met an error and then runs nothing that it is in error for ever. */
    @Test
    void aNodeWhoseSegmentsAnotherTookAfterAnOutageIsReadyToo() {
        try (SecondNode other = SecondNode.beside(environment)) {
            String taker = other.get(NodeName.class).owner();
            Processors there = other.get(Processors.class);
            there.stop();
            jdbc.sql("ALTER TABLE token_entry RENAME TO token_entry_away").update();
            LockSupport.parkNanos(6_000_000_000L);
            jdbc.sql("UPDATE token_entry_away SET owner = :taker, timestamp = :now")
                    .param("taker", taker)
                    .param("now", Instant.now().toString())
                    .update();
            jdbc.sql("ALTER TABLE token_entry_away RENAME TO token_entry").update();
            there.start();
            String id = open("taken");
            count(id, 1);
            until("the other goes on", () -> processors.reached("trial-rows") >= log.head());
            until(
                    "both nodes are ready",
                    () -> processors.troubled().isEmpty() && there.troubled().isEmpty());
            assertThat(shares()).containsKey(taker);
            assertThat(rows.total(id, now())).isEqualTo(1);
            assertThat(other.get(TrialRows.class).total(id, now())).isEqualTo(1);
        }
        until(
                "this node runs everything again",
                () -> shares().keySet().equals(Set.of(node.owner()))
                        && processors.troubled().isEmpty());
    }

    @Test
    void whatAProcessHeldThatDiedAtThisHomeIsFreeAtOnceAndNothingElseIs() {
        NodeName node = NodeName.of(home);
        assertThat(NodeName.of(home).home()).isEqualTo(node.home());
        assertThat(NodeName.of(home).owner()).isNotEqualTo(node.owner());
        jdbc.sql("""
                        INSERT INTO token_entry (processor_name, segment, timestamp, owner)
                        VALUES ('dead', 0, :now, :mine), ('dead', 1, :now, 'another/process')""")
                .param("now", Instant.now().toString())
                .param("mine", node.home() + "/dead")
                .update();
        assertThat(claims.of("dead").values()).allMatch(Claims.Claim::held);
        // not on the live node's own rows: its processors would only claim them again
        new NodeName(node.home(), "new").takeOver(jdbc);
        assertThat(claims.of("dead").get(0).held()).isFalse();
        assertThat(claims.of("dead").get(1).held()).isTrue();
        jdbc.sql("UPDATE token_entry SET timestamp = '2026-01-01T00:00:00Z' WHERE processor_name = 'dead'")
                .update();
        assertThat(claims.of("dead").get(1).held()).isFalse();
        assertThat(claims.of("dead").get(1).position()).isZero();
        jdbc.sql("DELETE FROM token_entry WHERE processor_name = 'dead'").update();
        until("this node runs everything again", () -> processors.troubled().isEmpty());
    }

    @Autowired
    NodeName node;

    /** How many segments of projections each node runs. */
    private Map<String, Long> shares() {
        return processors.status().stream()
                .filter(processor -> processor.kind() == Processors.Kind.PROJECTION)
                .flatMap(processor -> claims.of(processor.name()).values().stream())
                .collect(Collectors.groupingBy(
                        claim -> claim.held() ? String.valueOf(claim.owner()) : "nobody", Collectors.counting()));
    }

    @Test
    void aNodeThatJoinsRunsItsShareOnceAnAdministratorAsksAndTheOtherHasItAllWhenThatEnds() {
        String id = open("share");
        Caller admin = Caller.as("admin", port);
        String path = "/api/v1/operations/processors";
        long all;
        try (SecondNode other = SecondNode.beside(environment)) {
            String joined = other.get(NodeName.class).owner();
            assertThat(shares()).doesNotContainKey(joined);
            var answer = admin.post(path + "/balance", "{}");
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(answer.json().path("nodes")).hasSize(2);
            until(
                    "each runs its share",
                    () -> shares().keySet().equals(Set.of(joined, node.owner()))
                            && Math.abs(shares().get(joined) - shares().get(node.owner())) <= 1);
            all = shares().values().stream().mapToLong(Long::longValue).sum();
            count(id, 1);
            other.get(Commands.class).send(new TrialCommand.Count(id, 2), plain());
            assertThat(rows.total(id, now())).isEqualTo(3);
            assertThat(other.get(TrialRows.class).total(id, now())).isEqualTo(3);
            assertThat(processors.troubled()).isEmpty();
            assertThat(other.get(Processors.class).troubled()).isEmpty();
            assertThat(admin.get(path)
                            .json()
                            .path("items")
                            .valueStream()
                            .flatMap(item -> item.path("segments").valueStream())
                            .map(segment -> segment.path("node").asString()))
                    .contains(joined, node.owner());

            // a projection that both run is emptied and built again by the one that is asked
            processors.reset("trial-rows");
            // it does not take again at once what it has just let go of
            until("it is built again", () -> processors.reached("trial-rows") >= log.head());
            assertThat(rows.total(id, now())).isEqualTo(3);
            assertThat(claims.of("trial-rows").values())
                    .allMatch(claim -> node.owner().equals(claim.owner()));
        }
        until("one runs everything", () -> shares().equals(Map.of(node.owner(), all)));
        count(id, 4);
        assertThat(rows.total(id, now())).isEqualTo(7);

        admin.post(path + "/balance", "{}");
        LockSupport.parkNanos(2_000_000_000L);
        assertThat(shares()).as("alone, there is nothing to share").isEqualTo(Map.of(node.owner(), all));
        assertThat(admin.post(path + "/balance", "{\"all\":true}").status()).isEqualTo(400);
        assertThat(Caller.as("finance", port).post(path + "/balance", "{}").status())
                .isEqualTo(403);
    }

    /** Found by a soak: a read that came while the tables were being emptied waited for them, and then found nothing there. */
    @Test
    void whoReadsWhileAProjectionIsEmptiedGetsWhatIsTrueOrIsToldToWait() throws Exception {
        String id = open("emptied");
        count(id, 1, 2, 3);
        assertThat(rows.total(id, now())).isEqualTo(6);
        AtomicInteger right = new AtomicInteger();
        var wrong = new ConcurrentLinkedQueue<String>();
        var going = new AtomicBoolean(true);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread reader = new Thread(() -> {
                while (going.get()) {
                    try {
                        long total = rows.total(id, now());
                        right.incrementAndGet();
                        if (total != 6) {
                            wrong.add("read " + total);
                        }
                    } catch (uk.directpayments.ledger.kernel.RuleBroken later) {
                        if (!Set.of("POSITION_NOT_REACHED", "FIGURE_UNAVAILABLE")
                                .contains(later.code())) {
                            wrong.add(later.code());
                        }
                    }
                }
            });
            readers.add(reader);
            reader.start();
        }
        for (int i = 0; i < 15; i++) {
            processors.reset("trial-rows");
            assertThat(rows.total(id, now())).isEqualTo(6);
        }
        going.set(false);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(right).hasPositiveValue();
        assertThat(jdbc.sql("SELECT count(*) FROM projection_reset")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aPositionThatIsNotReachedIsSaid() {
        assertThat(refusal(() -> rows.total("x", new View(TrialCommand.DAY, null, null, log.head() + 1_000_000))))
                .isEqualTo("POSITION_NOT_REACHED");
    }

    @Test
    void processorsStopAndStartAgain() {
        String id = open("pause");
        processors.stop();
        count(id, 7);
        assertThat(processors.troubled()).contains("trial-rows");
        processors.start();
        assertThat(rows.total(id, now())).isEqualTo(7);
        until("all run", () -> processors.troubled().isEmpty());
    }

    // ── operations ───────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void theAdminSeesProcessorsAndMendsThemAndNobodyElseMay() {
        String id = open("admin");
        count(id, 1);
        Caller admin = Caller.as("admin", port);
        String path = "/api/v1/operations/processors";
        var overview = admin.get(path);
        assertThat(overview.status()).isEqualTo(200);
        assertThat(overview.json().path("head").asLong()).isEqualTo(log.head());
        assertThat(overview.json()
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("name").asString() + " "
                                + item.path("kind").asString() + " "
                                + item.path("running").asBoolean()))
                .contains("trial-rows PROJECTION true", "trial-echo AUTOMATION true");

        assertThat(admin.post(path + "/trial-rows/drain", "{}")
                        .json()
                        .path("applied")
                        .asInt())
                .isZero();
        assertThat(admin.post(path + "/trial-rows/reset", "{}").status()).isEqualTo(200);
        assertThat(rows.total(id, now())).isEqualTo(1);
        assertThat(admin.post(path + "/trial-echo/reset", "{}").status()).isEqualTo(409);
        assertThat(admin.post(path + "/trial-echo/reset", "{}").code()).isEqualTo("AUTOMATION_NOT_REPLAYED");
        assertThat(admin.post(path + "/nonsense/drain", "{}").status()).isEqualTo(404);
        assertThat(admin.post(path + "/trial-rows/drain", "{\"all\":true}").status())
                .isEqualTo(400);
        for (String user : List.of("finance", "auditor", "support")) {
            assertThat(Caller.as(user, port)
                            .post(path + "/trial-rows/drain", "{}")
                            .status())
                    .isEqualTo(403);
            assertThat(Caller.as(user, port)
                            .post(path + "/trial-rows/reset", "{}")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(Caller.as("support", port).get(path).status()).isEqualTo(403);
        assertThat(Caller.as("", port).get("/actuator/health/readiness").status())
                .isEqualTo(200);
    }
}
