package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import uk.directpayments.ledger.support.AxonServerUnderTest;
import uk.directpayments.ledger.support.TestPostgres;

/** The log on a real Axon Server. */
@ExtendWith(AxonServerUnderTest.OrSkipped.class)
class AxonServerLogTest extends EventLogContract {

    private final List<AxonServerCopy> copies = new ArrayList<>();
    private AxonServerConnection server;

    @Override
    @BeforeEach
    void log() {
        AxonServerUnderTest.empty();
        server = AxonServerConnectionFactory.forClient("contract")
                .routingServers(new ServerAddress(AxonServerUnderTest.host(), AxonServerUnderTest.port()))
                .build()
                .connect("default");
        super.log();
    }

    @Override
    @AfterEach
    void close() {
        copies.forEach(AxonServerCopy::stop);
        copies.forEach(AxonServerCopy::close);
        server.disconnect();
        super.close();
    }

    @Override
    EventLog anotherNode() {
        EventLog node = node(database);
        TrialTest.until("it is followed", () -> copies.get(copies.size() - 1).trouble() == null);
        return node;
    }

    /** Appended in a transaction that holds what whoever asks must wait for. */
    @Override
    UnderWay underWay(String stream) throws Exception {
        CountDownLatch appended = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Future<?> append = threads.submit(() -> transaction.executeWithoutResult(status -> {
            log.appendEvents(List.of(event(stream, 0)));
            appended.countDown();
            try {
                ended.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        appended.await();
        return () -> {
            ended.countDown();
            append.get();
        };
    }

    private EventLog node(TestPostgres.Database onDatabase) {
        return node(onDatabase, false);
    }

    private EventLog node(TestPostgres.Database onDatabase, boolean restore) {
        return node(onDatabase, new AxonServerFilling.Orders(restore, false, List::of));
    }

    private EventLog node(TestPostgres.Database onDatabase, AxonServerFilling.Orders orders) {
        EventJson json = new EventJson(EventNames.in(List.of("uk.directpayments.trial")));
        AxonServerCopy copy = new AxonServerCopy(server::eventChannel, onDatabase, json, orders);
        EventLog node = new AxonServerLog(
                new JdbcTemplate(onDatabase),
                json,
                NoOpEventUpcaster.INSTANCE,
                server::eventChannel,
                copy,
                new JdbcTransactionManager(onDatabase));
        copies.add(copy);
        copy.start();
        return node;
    }

    /** Position, time and key follow from what the server holds: nothing is lost with PostgreSQL but time. */
    @Test
    void aCopyLostIsMadeAgainTheSame() {
        append(log, "trial/1", 0, 700);
        record(log, List.of(event("trial/2", 0, Metadata.IDEMPOTENCY, "key")));
        record(log, List.of(event("trial/2", 1, Metadata.IDEMPOTENCY, "another")));
        try (TestPostgres.Database fresh = TestPostgres.freshDatabase()) {
            assertThat(node(fresh).settled()).isEqualTo(702);
            String rows = "SELECT event_log::text FROM event_log ORDER BY position";
            assertThat(new JdbcTemplate(fresh).queryForList(rows, String.class))
                    .isEqualTo(jdbc.sql(rows).query(String.class).list());
            copies.get(1).stop();
            copies.get(1).close();
        }
    }

    @Test
    void aServerThatHasLostWhatWasCopiedIsNotWrittenTo() {
        append(log, "trial/1", 0, 3);
        copies.get(0).stop();
        AxonServerUnderTest.empty();
        copies.get(0).start();
        TrialTest.until(
                "it is noticed",
                () -> copies.get(0).trouble() != null
                        && String.valueOf(copies.get(0).trouble()).contains("0 events, and 3 were copied"));
        assertThatThrownBy(log::requireOpen).isInstanceOf(TransientDataAccessException.class);
        assertThatThrownBy(() -> append(log, "trial/2", 0, 1)).isInstanceOf(TransientDataAccessException.class);
        assertThat(jdbc.sql("SELECT count(*) FROM event_log").query(Long.class).single())
                .isEqualTo(3);
    }

    @Test
    void aServerIsGivenBackWhatItHasLostAndNothingIsDifferentThen() {
        append(log, "trial/1", 0, 250);
        record(log, List.of(event("trial/2", 0, Metadata.IDEMPOTENCY, "key")));
        String rows = "SELECT event_log::text FROM event_log ORDER BY position";
        List<String> before = jdbc.sql(rows).query(String.class).list();
        copies.get(0).stop();
        AxonServerUnderTest.empty();

        EventLog mended = node(database, true);
        TrialTest.until("it is followed again", () -> copies.get(1).trouble() == null);
        assertThat(mended.settled()).isEqualTo(251);
        try (TestPostgres.Database fresh = TestPostgres.freshDatabase()) {
            assertThat(node(fresh).settled()).isEqualTo(251);
            assertThat(new JdbcTemplate(fresh).queryForList(rows, String.class)).isEqualTo(before);
            copies.get(2).stop();
            copies.get(2).close();
        }
        append(mended, "trial/1", 250, 1);
        assertThat(mended.lastSequence("trial/1")).isEqualTo(250);
    }

    @Test
    void aServerThatHoldsSomethingElseIsGivenNothing() {
        append(log, "trial/1", 0, 3);
        copies.get(0).stop();
        AxonServerUnderTest.empty();
        try (TestPostgres.Database another = TestPostgres.freshDatabase()) {
            EventLog stranger = node(another);
            TrialTest.until("it is followed", () -> copies.get(1).trouble() == null);
            transaction.executeWithoutResult(status -> stranger.appendEvents(List.of(event("trial/9", 0))));
            copies.get(1).stop();
            copies.get(1).close();
        }
        node(database, true);
        TrialTest.until(
                "it is noticed",
                () -> String.valueOf(copies.get(2).trouble()).contains("position 1 is not the one that was copied"));
        assertThat(AxonServerLog.answer(server.eventChannel().getLastToken())).isZero();
    }

    // ── a ledger moves ───────────────────────────────────────────────────────────────────────────────────────────

    private static final AxonServerFilling.Orders MOVE = new AxonServerFilling.Orders(false, true, List::of);

    /** A log that PostgreSQL keeps: 250 events, and one under a key, which this server is not given. */
    private static List<String> onPostgres(TestPostgres.Database database) {
        EventLog kept = new EventLog(
                new JdbcTemplate(database),
                database,
                new EventJson(EventNames.in(List.of("uk.directpayments.trial"))),
                NoOpEventUpcaster.INSTANCE);
        kept.requireHome(EventLog.ON_POSTGRESQL);
        for (int i = 0; i < 250; i++) {
            kept.appendEvents(List.of(event("trial/7", i)));
        }
        kept.appendEvents(List.of(event("trial/8", 0, Metadata.IDEMPOTENCY, "key")));
        return rows(database);
    }

    private static List<String> rows(TestPostgres.Database database) {
        return new JdbcTemplate(database)
                .queryForList("SELECT event_log::text FROM event_log ORDER BY position", String.class);
    }

    private static String home(TestPostgres.Database database) {
        return new JdbcTemplate(database).queryForObject("SELECT home FROM event_log_head", String.class);
    }

    private long onServer() {
        return AxonServerLog.answer(server.eventChannel().getLastToken()) + 1;
    }

    private void stopLast() {
        AxonServerCopy last = copies.remove(copies.size() - 1);
        last.stop();
        last.close();
    }

    /** Also after it was interrupted, with some of it given. */
    @Test
    void aLogMovesFromPostgresTextForTextWithItsTimesHoweverOftenItIsInterrupted() throws Exception {
        copies.get(0).stop();
        for (int given : new int[] {0, 120, 251}) {
            AxonServerUnderTest.empty();
            try (TestPostgres.Database moving = TestPostgres.freshDatabase()) {
                List<String> before = onPostgres(moving);
                give(moving, given);
                EventLog moved = node(moving, MOVE);
                TrialTest.until("it is followed", () -> copies.get(1).trouble() == null);
                assertThat(home(moving)).isEqualTo(EventLog.ON_AXON_SERVER);
                assertThat(onServer()).isEqualTo(251);
                assertThat(rows(moving)).isEqualTo(before);
                try (TestPostgres.Database fresh = TestPostgres.freshDatabase()) {
                    assertThat(node(fresh).settled()).isEqualTo(251);
                    assertThat(rows(fresh)).as("what the server alone gives").isEqualTo(before);
                    stopLast();
                }
                transaction(moving).executeWithoutResult(open -> moved.appendEvents(List.of(event("trial/7", 250))));
                assertThat(moved.lastSequence("trial/7")).isEqualTo(250);
                assertThatThrownBy(() -> moved.requireHome(EventLog.ON_POSTGRESQL))
                        .isInstanceOf(StartRefused.class);
                stopLast();
            }
        }
    }

    private static org.springframework.transaction.support.TransactionTemplate transaction(
            TestPostgres.Database database) {
        return new org.springframework.transaction.support.TransactionTemplate(new JdbcTransactionManager(database));
    }

    private void give(TestPostgres.Database from, int count) {
        EventJson json = new EventJson(EventNames.in(List.of("uk.directpayments.trial")));
        var append = server.eventChannel().startAppendEventsTransaction();
        new JdbcTemplate(from)
                .query(StoredEventLog.SELECT + "ORDER BY position LIMIT ?", StoredEventLog::event, count)
                .forEach(event -> append.appendEvent(AxonServerEvents.toServer(event, json)));
        if (count > 0) {
            AxonServerLog.answer(append.commit());
        }
    }

    @Test
    void aLogDoesNotMoveToAServerThatHoldsSomethingElse() {
        append(log, "trial/1", 0, 3);
        copies.get(0).stop();
        try (TestPostgres.Database moving = TestPostgres.freshDatabase()) {
            List<String> before = onPostgres(moving);
            EventLog stays = node(moving, MOVE);
            TrialTest.until(
                    "it is noticed",
                    () -> String.valueOf(copies.get(1).trouble()).contains("position 1 is not the one"));
            assertThatThrownBy(stays::requireOpen).isInstanceOf(TransientDataAccessException.class);
            assertThat(home(moving)).isEqualTo(EventLog.ON_POSTGRESQL);
            assertThat(rows(moving)).isEqualTo(before);
            assertThat(onServer()).isEqualTo(3);
            stopLast();
        }
    }

    @Test
    void aLogDoesNotMoveUnderNodesThatWriteToIt() {
        copies.get(0).stop();
        List<String> others = new CopyOnWriteArrayList<>(List.of("home/process"));
        try (TestPostgres.Database moving = TestPostgres.freshDatabase()) {
            onPostgres(moving);
            node(moving, new AxonServerFilling.Orders(false, true, () -> others));
            TrialTest.until(
                    "it is noticed",
                    () -> String.valueOf(copies.get(1).trouble()).contains("while other nodes run"));
            assertThat(onServer()).isZero();
            others.clear();
            TrialTest.until("it is followed", () -> copies.get(1).trouble() == null);
            assertThat(onServer()).isEqualTo(251);
            stopLast();
        }
    }
}
