package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.trial.TrialEvent;

/** What the log alone promises, wherever it is kept. */
abstract class EventLogContract {

    private static final int WRITERS = 16;

    final TestPostgres.Database database = TestPostgres.freshDatabase();
    final JdbcClient jdbc = JdbcClient.create(database);
    final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    final ExecutorService threads = Executors.newCachedThreadPool();
    EventLog log;

    @BeforeEach
    void log() {
        log = anotherNode();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        database.close();
    }

    /** Another process on the same log. */
    abstract EventLog anotherNode();

    @Test
    void concurrentAppendsTakePositionsWithoutGapsThatBecomeVisibleInOrder() throws Exception {
        // two nodes, and a clock that somebody once set wrong
        jdbc.sql("UPDATE event_log_head SET recorded_at = date_trunc('milliseconds', now()) + interval '400 ms'")
                .update();
        EventLog other = anotherNode();
        AtomicBoolean writing = new AtomicBoolean(true);
        Future<?> reader = threads.submit(() -> {
            while (writing.get()) {
                long max = number("SELECT coalesce(max(position), 0) FROM event_log");
                long count = number("SELECT count(*) FROM event_log WHERE position <= " + max);
                assertThat(count).isEqualTo(max);
            }
        });
        List<Future<?>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            String stream = "trial/" + w;
            EventLog node = w % 2 == 0 ? log : other;
            writers.add(threads.submit(() -> {
                for (int n = 0; n < 40; n++) {
                    append(node, stream, n * 2, 2);
                }
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        writing.set(false);
        reader.get();

        int events = WRITERS * 80;
        assertThat(positions())
                .isEqualTo(LongStream.rangeClosed(1, events).boxed().toList());
        assertThat(log.head()).isEqualTo(events);
        assertThat(number("""
                SELECT count(*) FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY position) AS back FROM event_log) t
                 WHERE back""")).isZero();
        assertThat(number(
                        "SELECT count(*) FROM event_log WHERE recorded_at <> date_trunc('milliseconds', recorded_at)"))
                .isZero();
    }

    @Test
    void timeWaitsForAHeadThatIsAheadOfTheClock() {
        jdbc.sql("UPDATE event_log_head SET recorded_at = '2099-01-01T00:00:00Z'")
                .update();
        append(log, "trial/1", 0, 1);
        append(log, "trial/1", 1, 1);
        assertThat(jdbc.sql("SELECT DISTINCT recorded_at FROM event_log")
                        .query(Instant.class)
                        .list())
                .containsExactly(Instant.parse("2099-01-01T00:00:00Z"));
    }

    @Test
    void anAppendRefusedLeavesNoGap() {
        append(log, "trial/1", 0, 1);
        assertThatThrownBy(() -> append(log, "trial/1", 0, 1)).isInstanceOf(ConcurrencyException.class);
        append(log, "trial/1", 1, 1);
        assertThat(positions()).containsExactly(1L, 2L);
    }

    /** Axon's own mapping would make the first event's collision another error, which nobody decides again. */
    @Test
    void aLostRaceIsOneAlsoForAStreamsFirstEventAndForAKey() {
        append(log, "trial/1", 0, 2);
        assertThatThrownBy(() -> append(log, "trial/1", 0, 1)).isInstanceOf(ConcurrencyException.class);
        assertThatThrownBy(() -> append(log, "trial/1", 1, 1)).isInstanceOf(ConcurrencyException.class);

        record(
                log,
                List.of(
                        event("trial/2", 0, Metadata.IDEMPOTENCY, "key"),
                        event("trial/2", 1, Metadata.IDEMPOTENCY, "key")));
        assertThatThrownBy(() -> record(log, List.of(event("trial/3", 0, Metadata.IDEMPOTENCY, "key"))))
                .isInstanceOf(ConcurrencyException.class);
    }

    @Test
    void textsAreStoredAsTheyWereWrittenWithMetadataInOrder() {
        var payload = new TrialEvent.Opened("1", "P \u00e9 \\u0000 \"quoted\"", new Sealed("AAAA"));
        var metadata = Map.of("role", "FINANCE", "actor", "finance", "occurredOn", "2026-04-06");
        record(log, List.of(new GenericDomainEventMessage<>("Trial", "trial/1", 0, payload, metadata)));

        assertThat(jdbc.sql("SELECT payload FROM event_log").query(String.class).single())
                .isEqualTo("{\"id\":\"1\",\"person\":\"P \u00e9 \\\\u0000 \\\"quoted\\\"\",\"note\":\"AAAA\"}");
        assertThat(jdbc.sql("SELECT metadata FROM event_log")
                        .query(String.class)
                        .single())
                .isEqualTo("{\"actor\":\"finance\",\"occurredOn\":\"2026-04-06\",\"role\":\"FINANCE\"}");
        assertThat(jdbc.sql("SELECT name || ' ' || revision FROM event_log")
                        .query(String.class)
                        .single())
                .isEqualTo("trial.opened 1");
        var read = log.readAt(1);
        assertThat(read.getPayload()).isEqualTo(payload);
        assertThat(read.getMetaData()).containsAllEntriesOf(metadata);
    }

    @Test
    void tokensArePlainPositionsLessOne() {
        assertThat(log.createHeadToken()).isNull();
        append(log, "trial/1", 0, 3);
        assertThat(log.createHeadToken()).isEqualTo(new GlobalSequenceTrackingToken(2));
        assertThat(log.createTailToken()).isNull();
        assertThat(EventLog.positionOf(log.createHeadToken())).isEqualTo(3);
        assertThat(EventLog.positionOf(null)).isZero();
        assertThat(log.readBatch(1))
                .extracting(e -> EventLog.positionOf(e.trackingToken()))
                .containsExactly(2L, 3L);
    }

    @Test
    void aStreamLongerThanABatchIsReadToItsEnd() {
        append(log, "trial/1", 0, 1_203);
        assertThat(log.read("trial/1", 1_199, 10)).hasSize(4);
        assertThat(log.lastSequence("trial/1")).isEqualTo(1_202);
        assertThat(log.lastSequence("trial/none")).isEqualTo(-1);
        assertThat(log.readBatch(0)).hasSize(EventLog.TRACKED_BATCH);
    }

    @Test
    void aNodeStartedForAnotherHomeOfTheLogIsRefused() {
        log.requireHome("here");
        anotherNode().requireHome("here");
        assertThatThrownBy(() -> log.requireHome("there"))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("is kept on here");
    }

    // ── knownAt ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anInstantMapsToTheLastPositionRecordedByThenTiesIncluded() {
        Instant start = Instant.parse("2026-04-06T09:00:00Z");
        append(log, "trial/1", 0, 6);
        for (int i = 1; i <= 6; i++) {
            // positions 2, 3 and 4 share one millisecond
            int millis = i == 3 || i == 4 ? 2 : i;
            jdbc.sql("UPDATE event_log SET recorded_at = :at WHERE position = :position")
                    .param("at", start.plusMillis(millis).atOffset(ZoneOffset.UTC))
                    .param("position", i)
                    .update();
        }
        assertThat(log.knownAt(start)).isZero();
        assertThat(log.knownAt(start.plusMillis(1))).isEqualTo(1);
        assertThat(log.knownAt(start.plusMillis(2))).isEqualTo(4);
        assertThat(log.knownAt(start.plusMillis(2).plusNanos(999_999))).isEqualTo(4);
        assertThat(log.knownAt(start.plusMillis(5))).isEqualTo(5);
        assertThat(log.knownAt(Instant.now())).isEqualTo(6);
        assertThat(log.knownAt(Instant.now().plus(Duration.ofDays(9)))).isEqualTo(6);
    }

    /** Also within one millisecond: what is recorded afterwards must not slip in under the instant. */
    @Test
    void whatWasKnownAtAnInstantStaysWhatWasKnown() {
        for (int i = 0; i < 50; i++) {
            append(log, "trial/1", i, 1);
            long position = log.head();
            Instant recorded = log.readAt(position).getTimestamp();
            assertThat(log.knownAt(recorded)).isEqualTo(position);
            assertThat(log.knownAt(recorded)).isEqualTo(position);
            append(log, "trial/2", i, 1);
            assertThat(log.knownAt(recorded)).isEqualTo(position);
            // so another node, which remembers no answer, gives the same
            assertThat(log.readAt(position + 1).getTimestamp()).isAfter(recorded);
        }
    }

    /** Asking closes a millisecond, so that the next event can be recorded in one that has not come yet by the clock. */
    @Test
    void whatIsRecordedAheadOfTheClockIsKnownAtItsInstantForGood() {
        jdbc.sql(
                        "UPDATE event_log_head SET recorded_at = date_trunc('milliseconds', clock_timestamp()) + interval '1 minute'")
                .update();
        append(log, "trial/1", 0, 1);
        Instant recorded = log.readAt(1).getTimestamp();
        assertThat(recorded).isAfter(Instant.now());
        assertThat(log.knownAt(recorded)).isEqualTo(1);
        append(log, "trial/2", 0, 1);
        assertThat(log.knownAt(recorded)).isEqualTo(1);
        assertThat(log.readAt(2).getTimestamp()).isEqualTo(recorded.plusMillis(1));
    }

    /** An answer is remembered only of an instant by which nothing more can be recorded. */
    @Test
    void ofAnInstantThatHasNotComeWhatIsKnownNowIsAnsweredEachTime() {
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            append(log, "trial/1", i, 1);
            assertThat(log.knownAt(tomorrow)).isEqualTo(log.head());
        }
        assertThat(log.head()).isEqualTo(3);
    }

    @Test
    void anAppendUnderWayIsWaitedFor() throws Exception {
        Future<Long> known;
        try (UnderWay append = underWay("trial/1")) {
            Instant after = Instant.now();
            known = threads.submit(() -> log.knownAt(after));
            TrialTest.until("the question waits in the database", () -> waiting() > append.waiting());
        }
        assertThat(known.get()).isEqualTo(1);
    }

    /** An append of a stream's first event that has its place and is not durable before this is closed. */
    interface UnderWay extends AutoCloseable {

        /** How many wait in the database for it to begin with. */
        default long waiting() {
            return 0;
        }

        @Override
        void close() throws Exception;
    }

    abstract UnderWay underWay(String stream) throws Exception;

    final long waiting() {
        return number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                + " AND datname = current_database()");
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    static GenericDomainEventMessage<?> event(String stream, long sequence, String... metadata) {
        Map<String, String> data =
                metadata.length == 0 ? Map.of() : Map.of(metadata[0], metadata[1], Metadata.REQUEST, "body");
        return new GenericDomainEventMessage<>(
                "Trial", stream, sequence, new TrialEvent.Counted(stream, (int) sequence, Money.ofPence(1)), data);
    }

    void append(EventLog node, String stream, int first, int count) {
        List<GenericDomainEventMessage<?>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(stream, first + i));
        }
        record(node, events);
    }

    /** As a command records: in a transaction, and answered once it can be read. */
    void record(EventLog node, List<GenericDomainEventMessage<?>> events) {
        transaction.executeWithoutResult(status -> node.appendEvents(events));
        node.settled();
    }

    List<Long> positions() {
        return jdbc.sql("SELECT position FROM event_log ORDER BY position")
                .query(Long.class)
                .list();
    }

    long number(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
