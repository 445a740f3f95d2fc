package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The log on PostgreSQL. */
class EventLogTest extends EventLogContract {

    @Override
    EventLog anotherNode() {
        return new EventLog(
                new JdbcTemplate(database),
                database,
                new EventJson(EventNames.in(List.of("uk.directpayments.trial"))),
                NoOpEventUpcaster.INSTANCE);
    }

    /** Somebody else holds the append's place in its stream, and gives it up in the end. */
    @Override
    UnderWay underWay(String stream) throws Exception {
        Connection other = database.getConnection();
        other.setAutoCommit(false);
        try (Statement sql = other.createStatement()) {
            sql.execute("""
                    INSERT INTO event_log VALUES (-1, '%s', 0, 'Trial', 'name', '1', 'id', '{}', '{}', now())""".formatted(stream));
        }
        Future<?> append = threads.submit(() -> append(log, stream, 0, 1));
        TrialTest.until("the append waits in the database", () -> waiting() == 1);
        return new UnderWay() {
            @Override
            public long waiting() {
                return 1;
            }

            @Override
            public void close() throws Exception {
                other.rollback();
                other.close();
                append.get();
            }
        };
    }

    /** A command is not in a transaction. */
    @Override
    void record(EventLog node, List<GenericDomainEventMessage<?>> events) {
        node.appendEvents(events);
    }

    @Test
    void whatWasKnownLongAgoIsAnsweredWithoutWaiting() throws Exception {
        append(log, "trial/1", 0, 1);
        jdbc.sql("UPDATE event_log SET recorded_at = '2026-01-01T00:00:00Z'").update();
        try (UnderWay append = underWay("trial/2")) {
            assertThat(threads.submit(() -> log.knownAt(Instant.parse("2026-01-02T00:00:00Z"))))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(1L);
        }
    }

    /** As after a restore, or on a replica that was behind. One node looks first, one writes, one had not come so far. */
    @Test
    void aNodeWhoseLogHasBecomeShorterAnswersNothingUntilItIsStartedAgain() {
        EventLog writing = anotherNode();
        EventLog behind = anotherNode();
        append(log, "trial/1", 0, 3);
        behind.tail().look();
        append(log, "trial/1", 3, 2);
        writing.tail().look();
        jdbc.sql("DELETE FROM event_log WHERE position > 3").update();
        jdbc.sql("UPDATE event_log_head SET position = 3").update();

        assertThat(TrialTest.refusal(() -> append(writing, "trial/1", 5, 1))).isEqualTo("BUSY");
        assertThat(positions()).containsExactly(1L, 2L, 3L);
        assertThat(TrialTest.refusal(log::head)).isEqualTo("BUSY");
        append(behind, "trial/1", 3, 3);
        for (EventLog node : List.of(log, writing)) {
            for (Runnable asked : List.<Runnable>of(
                    node::head,
                    node::settled,
                    node::requireOpen,
                    () -> node.knownAt(Instant.now()),
                    () -> node.tail().openStream(null),
                    () -> append(node, "trial/2", 0, 1))) {
                assertThat(TrialTest.refusal(asked)).isEqualTo("BUSY");
            }
        }
        EventLog startedAgain = anotherNode();
        assertThat(startedAgain.head()).isEqualTo(6);
        append(startedAgain, "trial/1", 6, 1);
        append(behind, "trial/1", 7, 1);
        assertThat(positions()).isEqualTo(LongStream.rangeClosed(1, 8).boxed().toList());
    }

    /** Two of a coordinator's threads look at it: an event that came twice would be applied twice. */
    @Test
    void aReaderThatTwoThreadsLookAtGivesEachEventOnce() throws Exception {
        var reader = log.tail().openStream(null);
        AtomicBoolean reading = new AtomicBoolean(true);
        List<Future<?>> lookers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lookers.add(threads.submit(() -> {
                while (reading.get()) {
                    reader.peek();
                }
            }));
        }
        Future<List<Long>> given = threads.submit(() -> {
            List<Long> positions = new ArrayList<>();
            while (positions.size() < 400) {
                positions.add(EventLog.positionOf(reader.nextAvailable().trackingToken()));
            }
            return positions;
        });
        for (int i = 0; i < 400; i++) {
            append(log, "trial/1", i, 1);
        }
        assertThat(given.get()).isEqualTo(positions());
        reading.set(false);
        for (Future<?> looker : lookers) {
            looker.get();
        }
    }
}
