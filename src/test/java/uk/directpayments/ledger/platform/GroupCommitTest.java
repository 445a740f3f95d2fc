package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.trial.TrialEvent;

/** Appends that wait are written together, each whole, behind what it was decided on, or not at all; and whoever waits is told the truth. */
class GroupCommitTest {

    private final TestPostgres.Database database = TestPostgres.freshDatabase();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final EventJson json = new EventJson(EventNames.in(List.of("uk.directpayments.trial")));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final GroupCommit writer = new GroupCommit(database);
    private final AtomicLong announced = new AtomicLong();

    {
        writer.announceTo(new GroupCommit.Announced() {
            @Override
            public void announce(long position) {
                announced.set(position);
            }

            @Override
            public long announced() {
                return announced.get();
            }

            @Override
            public boolean isCutAt(long head) {
                return head < announced.get();
            }
        });
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        database.close();
    }

    @Test
    void whatWaitsIsWrittenTogetherInTheOrderInWhichItCame() throws Exception {
        List<Append> waiting = new ArrayList<>();
        try (AutoCloseable busy = busy(writer)) {
            for (int i = 0; i < 20; i++) {
                waiting.add(offered(writer, append("trial/" + i, 0, null)));
            }
        }
        awaited(writer, waiting).forEach(outcome -> assertThat(outcome).isNull());
        assertThat(streams().subList(1, 21))
                .isEqualTo(LongStream.range(0, 20).mapToObj(i -> "trial/" + i).toList());
        assertThat(jdbc.sql("SELECT count(DISTINCT xmin::text) FROM event_log WHERE position > 1")
                        .query(Long.class)
                        .single())
                .as("transactions")
                .isOne();
        assertThat(announced).hasValue(21);
    }

    @Test
    void aLostRaceReachesOnlyItsLoser() throws Exception {
        written(append("trial/1", 0, null));
        written(append("trial/2", 0, null, "spent"));
        List<Append> waiting = new ArrayList<>();
        try (AutoCloseable busy = busy(writer)) {
            waiting.add(offered(writer, append("trial/3", 0, null)));
            waiting.add(offered(writer, append("trial/1", 0, null)));
            waiting.add(offered(writer, append("trial/4", 0, null, "spent")));
            waiting.add(offered(writer, append("trial/5", 0, null, "new")));
            waiting.add(offered(writer, append("trial/6", 0, null, "new")));
            waiting.add(offered(writer, append("trial/3", 0, null)));
            waiting.add(offered(writer, append("trial/7", 0, null)));
        }
        assertThat(awaited(writer, waiting))
                .extracting(outcome -> outcome instanceof ConcurrencyException)
                .containsExactly(false, true, true, false, true, true, false);
        assertThat(streams()).containsExactly("trial/1", "trial/2", "busy/1", "trial/3", "trial/5", "trial/7");
        assertThat(positions()).isEqualTo(LongStream.rangeClosed(1, 6).boxed().toList());
    }

    @Test
    void whatFollowsAnAppendThatWaitsIsWrittenBehindIt() throws Exception {
        List<Append> waiting = new ArrayList<>();
        try (AutoCloseable busy = busy(writer)) {
            String last = null;
            for (int i = 0; i < 5; i++) {
                Append next = append("trial/1", i, last);
                waiting.add(offered(writer, next));
                last = idOf(next);
            }
        }
        awaited(writer, waiting).forEach(outcome -> assertThat(outcome).isNull());
        written(append("trial/1", 5, idOf(waiting.get(4))));
        GroupCommit other = new GroupCommit(database);
        assertThatCode(() -> other.await(offered(other, append("trial/1", 6, lastOf("trial/1")))))
                .as("another node, which has to ask the log")
                .doesNotThrowAnyException();
        assertThat(jdbc.sql("SELECT sequence FROM event_log WHERE stream_id = 'trial/1' ORDER BY position")
                        .query(Long.class)
                        .list())
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void whatFollowsALoserLosesToo() throws Exception {
        written(append("trial/1", 0, null));
        Append loser = append("trial/1", 0, null);
        Append second = append("trial/1", 1, idOf(loser));
        List<Append> waiting = new ArrayList<>();
        try (AutoCloseable busy = busy(writer)) {
            waiting.add(offered(writer, loser));
            waiting.add(offered(writer, second));
            waiting.add(offered(writer, append("trial/2", 0, null)));
        }
        assertThat(awaited(writer, waiting))
                .extracting(outcome -> outcome instanceof ConcurrencyException)
                .containsExactly(true, true, false);
        Append third = offered(writer, append("trial/1", 2, idOf(second)));
        assertThatThrownBy(() -> writer.await(third)).isInstanceOf(ConcurrencyException.class);
        Append fourth = offered(writer, append("trial/1", 1, idOf(loser)));
        assertThatThrownBy(() -> writer.await(fourth)).isInstanceOf(ConcurrencyException.class);
        assertThat(streams()).containsExactly("trial/1", "busy/1", "trial/2");
        assertThatThrownBy(() -> writer.requireWritten("trial/1", idOf(second)))
                .isInstanceOf(LedgerStream.StaleStream.class);
        written(append("trial/1", 1, lastOf("trial/1")));
    }

    @Test
    void whoDecidesOnAStreamWaitsForWhatWaits() throws Exception {
        Append waiting;
        Future<?> asked;
        try (AutoCloseable busy = busy(writer)) {
            waiting = offered(writer, append("trial/1", 0, null));
            asked = threads.submit(() -> writer.requireWritten("trial/1", idOf(waiting)));
            Thread.sleep(100);
            assertThat(asked).isNotDone();
        }
        asked.get();
        assertThat(waiting.isDone()).isTrue();
        writer.await(waiting);
    }

    @Test
    void whatTheDatabaseWillNotHaveFailsAlone() throws Exception {
        List<Append> waiting = new ArrayList<>();
        try (AutoCloseable busy = busy(writer)) {
            waiting.add(offered(writer, append("trial/1", 0, null)));
            waiting.add(offered(writer, append("trial/\u0000", 0, null)));
            waiting.add(offered(writer, append("trial/2", 0, null)));
        }
        List<@Nullable Throwable> outcomes = awaited(writer, waiting);
        assertThat(outcomes.get(0)).isNull();
        assertThat(outcomes.get(1)).isNotNull().isNotInstanceOf(ConcurrencyException.class);
        assertThat(Outage.is(outcomes.get(1))).isFalse();
        assertThat(outcomes.get(2)).isNull();
        assertThat(streams()).containsExactly("busy/1", "trial/1", "trial/2");
    }

    /** What it would be written behind may be among what was lost. */
    @Test
    void whereTheLogEndsBeforeWhatIsKnownOfItNothingIsWritten() throws Exception {
        written(append("trial/1", 0, null));
        announced.set(2);
        List<Append> waiting = new ArrayList<>(List.of(offered(writer, append("trial/1", 1, lastOf("trial/1")))));
        for (int i = 2; i < 5; i++) {
            waiting.add(offered(writer, append("trial/" + i, 0, null)));
        }
        assertThat(awaited(writer, waiting))
                .hasSize(4)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                RuleBroken.class, cut -> assertThat(cut.code()).isEqualTo("BUSY"))
                        .hasMessageContaining("shorter than it was"));
        assertThat(streams()).containsExactly("trial/1");
        announced.set(1);
        written(append("trial/1", 1, lastOf("trial/1")));
    }

    // ── the database goes ────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anAppendWhoseConnectionIsLostIsWrittenOnceWhetherItWasStoredBeforeOrNot() {
        for (boolean stored : new boolean[] {true, false}) {
            Losing losing = new Losing(database, stored, 1);
            GroupCommit node = new GroupCommit(losing);
            String stream = "trial/" + stored;
            node.await(offered(node, append(stream, 0, null)));
            assertThat(losing.lost).as("connections lost").hasValue(1);
            assertThat(streams().stream().filter(stream::equals)).hasSize(1);
        }
        assertThat(positions()).containsExactly(1L, 2L);
    }

    /** A node frozen at the worst moment would keep all others from writing until it goes on. */
    @Test
    void aWriterThatFallsSilentWithTheHeadLockedLosesItAndNothingIsLost() throws Exception {
        try (HikariDataSource log = OwnConnection.toWrite(database, Duration.ofSeconds(5));
                Connection frozen = log.getConnection()) {
            assertThat(JdbcClient.create(new SingleConnectionDataSource(frozen, true))
                            .sql("SHOW idle_in_transaction_session_timeout")
                            .query(String.class)
                            .single())
                    .isEqualTo(OwnConnection.MOST_SILENCE.toSeconds() + "s");
            frozen.createStatement().execute("SET idle_in_transaction_session_timeout = 500");
            frozen.setAutoCommit(false);
            frozen.createStatement().execute("SELECT position FROM event_log_head FOR UPDATE");
            written(append("trial/1", 0, null));
            assertThatThrownBy(() -> frozen.createStatement().execute("SELECT 1"))
                    .isInstanceOf(SQLException.class)
                    .matches(Outage::leavesOpen);
        }
        assertThat(streams()).containsExactly("trial/1");
    }

    /** The database's machine loses its power, or the way there, with an append on it: no word of that comes over the connection. */
    @Test
    void aConnectionThatFallsSilentUnderAnAppendIsGivenUpAndTheNextIsWritten() throws Exception {
        URI real = URI.create(database.getJdbcUrl().substring("jdbc:".length()));
        try (SilentWay way = new SilentWay(real.getPort());
                HikariDataSource through = new HikariDataSource()) {
            through.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + way.port() + real.getPath() + "?" + real.getQuery());
            through.setUsername(database.getUsername());
            through.setPassword(database.getPassword());
            try (HikariDataSource log = OwnConnection.toWrite(through, Duration.ofSeconds(1), Duration.ofSeconds(1))) {
                GroupCommit node = new GroupCommit(log, Duration.ofMillis(300));
                node.await(offered(node, append("trial/1", 0, null)));
                way.fallSilentAfter("INSERT");
                Append append = offered(node, append("trial/2", 0, null));
                assertThat(threads.submit(() ->
                                assertThatThrownBy(() -> node.await(append)).matches(Outage::leavesOpen)))
                        .succeedsWithin(Duration.ofSeconds(10));
                way.speakAgain();
                TrialTest.until("the next is written", () -> {
                    try {
                        node.await(offered(node, append("trial/3", 0, null)));
                        return true;
                    } catch (CannotGetJdbcConnectionException notYet) {
                        return false;
                    }
                });
            }
        }
        assertThat(streams()).as("it had been stored").containsExactly("trial/1", "trial/2", "trial/3");
    }

    /** It was frozen while the log moved, and goes on. */
    @Test
    void aNodeWhoseLogHasMovedToAxonServerWritesNothingMore() throws Exception {
        written(append("trial/1", 0, null));
        jdbc.sql("UPDATE event_log_head SET home = 'Axon Server'").update();
        List<Append> waiting = new ArrayList<>(List.of(offered(writer, append("trial/1", 1, lastOf("trial/1")))));
        assertThat(awaited(writer, waiting)).singleElement().satisfies(GroupCommitTest::isBusy);
        waiting.clear();
        for (int i = 2; i < 5; i++) {
            waiting.add(offered(writer, append("trial/" + i, 0, null)));
        }
        assertThat(awaited(writer, waiting)).hasSize(3).allSatisfy(GroupCommitTest::isBusy);
        assertThat(streams()).containsExactly("trial/1");
        assertThat(jdbc.sql("SELECT position FROM event_log_head")
                        .query(Long.class)
                        .single())
                .isOne();
    }

    private static void isBusy(@Nullable Throwable outcome) {
        assertThat(outcome).hasMessageContaining("the log is kept on Axon Server now");
        assertThat(Outcome.of((RuntimeException) outcome).refusal().code()).isEqualTo("BUSY");
    }

    @Test
    void whileTheDatabaseStaysAwayNobodyKnows() {
        Losing losing = new Losing(database, true, Integer.MAX_VALUE);
        GroupCommit node = new GroupCommit(losing, Duration.ofMillis(300));
        Append append = offered(node, append("trial/1", 0, null));
        assertThatThrownBy(() -> node.await(append)).satisfies(failure -> {
            assertThat(Outage.leavesOpen(failure)).isTrue();
            assertThat(Outcome.of((RuntimeException) failure).refusal().code()).isEqualTo("OUTCOME_UNKNOWN");
        });
        assertThat(streams()).as("it was, this time").containsExactly("trial/1");
    }

    @Test
    void withoutAConnectionNothingIsOnItsWay() {
        DataSource away = new DelegatingDataSource(database) {
            @Override
            public Connection getConnection() throws SQLException {
                throw new SQLException("away", "08001");
            }
        };
        GroupCommit node = new GroupCommit(away);
        Append append = offered(node, append("trial/1", 0, null));
        assertThatThrownBy(() -> node.await(append))
                .satisfies(failure -> assertThat(
                                Outcome.of((RuntimeException) failure).refusal().code())
                        .isEqualTo("BUSY"));
    }

    @Test
    void whoWaitsTooLongIsBusyAndIsNotWrittenLater() throws Exception {
        GroupCommit node = new GroupCommit(database, Duration.ofMillis(300));
        Append late;
        try (AutoCloseable busy = busy(node)) {
            late = offered(node, append("trial/1", 0, null));
            assertThatThrownBy(() -> node.await(late))
                    .isInstanceOfSatisfying(
                            RuleBroken.class,
                            busyNow -> assertThat(busyNow.code()).isEqualTo("BUSY"));
        }
        Append next = append("trial/2", 0, null);
        node.await(offered(node, next));
        assertThat(streams()).containsExactly("busy/1", "trial/2");
    }

    @Test
    void onlySoManyMayWait() throws Exception {
        GroupCommit node = new GroupCommit(database, Duration.ofMillis(300));
        List<Append> waiting = new ArrayList<>();
        try (AutoCloseable busy = busy(node)) {
            for (int i = 0; i < GroupCommit.MOST_WAITING; i++) {
                waiting.add(offered(node, append("trial/" + i, 0, null)));
            }
            assertThatThrownBy(() -> node.offer(append("trial/more", 0, null)))
                    .isInstanceOfSatisfying(
                            RuleBroken.class,
                            busyNow -> assertThat(busyNow.code()).isEqualTo("BUSY"));
        }
        node.await(waiting.get(GroupCommit.MOST_WAITING - 1));
        assertThat(waiting).allSatisfy(append -> assertThat(append.isDone()).isTrue());
        assertThat(positions())
                .isEqualTo(LongStream.rangeClosed(1, GroupCommit.MOST_WAITING + 1)
                        .boxed()
                        .toList());
    }

    // ── whatever happens ─────────────────────────────────────────────────────────────────────────────────────────

    /** A stream as a node has it in memory: what has been decided, written or not. */
    private static final class State {
        long version = -1;

        @Nullable
        String decidedOn;

        @Nullable
        String lastId;

        boolean read;
    }

    private record Acknowledged(String stream, long sequence, String eventId) {}

    /** Two nodes, few streams, keys that are sent twice, and connections that are cut: {@code -Dseed=N} repeats the choices. */
    @Test
    void everythingAcknowledgedIsStoredOnceBehindWhatItWasDecidedOn() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicInteger lostRaces = new AtomicInteger();
        AtomicBoolean working = new AtomicBoolean(true);
        List<Future<?>> workers = new ArrayList<>();
        List<HikariDataSource> connections = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            connections.add(OwnConnection.to(database, "node", GroupCommit.PATIENCE));
            GroupCommit node = new GroupCommit(connections.get(n));
            Map<String, State> states = new TreeMap<>();
            for (int s = 0; s < 6; s++) {
                states.put("trial/" + s, new State());
            }
            for (int w = 0; w < 6; w++) {
                SplittableRandom random = new SplittableRandom(seed + 100L * n + w);
                workers.add(threads.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        String stream = "trial/" + random.nextInt(6);
                        String key = random.nextInt(4) == 0 ? "key-" + random.nextInt(200) : null;
                        State state = states.get(stream);
                        Append append;
                        synchronized (state) {
                            append = decide(state, stream, key, 1 + random.nextInt(3));
                            node.offer(append);
                        }
                        try {
                            node.await(append);
                            append.rows()
                                    .forEach(row -> acknowledged.add(
                                            new Acknowledged(row.stream(), row.sequence(), row.eventId())));
                        } catch (ConcurrencyException lost) {
                            lostRaces.incrementAndGet();
                            synchronized (state) {
                                state.read = false;
                            }
                        }
                    }
                }));
            }
        }
        Future<?> cutting = threads.submit(() -> {
            while (working.get()) {
                jdbc.sql(
                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%written AS%'")
                        .query(Long.class)
                        .single();
                Thread.sleep(100);
            }
            return null;
        });
        for (Future<?> worker : workers) {
            worker.get();
        }
        working.set(false);
        cutting.get();
        connections.forEach(HikariDataSource::close);

        List<Acknowledged> stored = jdbc.sql("SELECT stream_id AS stream, sequence, event_id FROM event_log")
                .query(Acknowledged.class)
                .list();
        assertThat(stored).as("seed " + seed).containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(positions())
                .isEqualTo(LongStream.rangeClosed(1, stored.size()).boxed().toList());
        assertThat(jdbc.sql("""
                                SELECT count(*) FROM event_log e LEFT JOIN event_log b
                                    ON b.stream_id = e.stream_id AND b.sequence = e.sequence - 1
                                 WHERE coalesce(b.event_id, 'nothing') <> e.metadata::jsonb ->> 'causation'""").query(Long.class).single())
                .as("events that do not stand behind what they were decided on; seed " + seed)
                .isZero();
        assertThat(lostRaces).hasPositiveValue();
    }

    private Append decide(State state, String stream, @Nullable String key, int events) {
        if (!state.read) {
            List<Map<String, Object>> last = jdbc.sql(
                            "SELECT sequence, event_id FROM event_log WHERE stream_id = ? ORDER BY sequence DESC LIMIT 1")
                    .param(stream)
                    .query()
                    .listOfRows();
            state.version = last.isEmpty() ? -1 : (Long) last.get(0).get("sequence");
            state.lastId = last.isEmpty() ? null : (String) last.get(0).get("event_id");
            state.decidedOn = null;
            state.read = true;
        }
        List<GenericDomainEventMessage<?>> messages = new ArrayList<>();
        String before = state.lastId;
        for (int i = 0; i < events; i++) {
            Map<String, String> metadata = new HashMap<>();
            metadata.put(Metadata.CAUSATION, before == null ? "nothing" : before);
            if (key != null) {
                metadata.put(Metadata.IDEMPOTENCY, key);
            }
            messages.add(event(stream, state.version + 1 + i, metadata));
            before = messages.get(i).getIdentifier();
        }
        String decidedOn = state.decidedOn;
        state.version += events;
        state.lastId = before;
        state.decidedOn = before;
        return new Append(messages, any -> decidedOn, json);
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    /** A way to the database that swallows what goes over it once something has been said on it, and closes nothing. */
    private static final class SilentWay implements AutoCloseable {

        private final ServerSocket here = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final int there;
        private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
        private volatile String last = "\u0000never";
        private volatile boolean silent;

        SilentWay(int there) throws IOException {
            this.there = there;
            thread(() -> {
                while (true) {
                    Socket caller = here.accept();
                    Socket database = new Socket(InetAddress.getLoopbackAddress(), there);
                    sockets.addAll(List.of(caller, database));
                    AtomicBoolean dead = new AtomicBoolean();
                    thread(() -> carry(caller, database, dead));
                    thread(() -> carry(database, caller, dead));
                }
            });
        }

        int port() {
            return here.getLocalPort();
        }

        void fallSilentAfter(String said) {
            last = said;
        }

        /** On connections made from now on. */
        void speakAgain() {
            last = "\u0000never";
            silent = false;
        }

        private void carry(Socket from, Socket to, AtomicBoolean dead) throws IOException {
            byte[] some = new byte[65_536];
            for (int read = from.getInputStream().read(some);
                    read >= 0;
                    read = from.getInputStream().read(some)) {
                dead.compareAndSet(false, silent);
                if (!dead.get()) {
                    silent = silent || new String(some, 0, read, StandardCharsets.ISO_8859_1).contains(last);
                    to.getOutputStream().write(some, 0, read);
                }
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void thread(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException closed) {
                    // nobody is told
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            here.close();
            for (Socket socket : List.copyOf(sockets)) {
                socket.close();
            }
        }
    }

    /** Loses a connection when something has been written over it, stored or not; so many of them. */
    private static final class Losing extends DelegatingDataSource {

        final AtomicInteger lost = new AtomicInteger();
        private final boolean stored;
        private final int most;

        Losing(DataSource real, boolean stored, int most) {
            super(real);
            this.stored = stored;
            this.most = most;
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (lost.get() > 0 && most > 1) {
                throw new SQLException("away", "08001");
            }
            Connection real = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        Object answer = call(real, method, arguments);
                        boolean writes = method.getName().equals("prepareStatement")
                                && ((String) arguments[0]).contains("INSERT")
                                && lost.get() < most;
                        return writes ? losing((PreparedStatement) answer) : answer;
                    });
        }

        private PreparedStatement losing(PreparedStatement real) {
            return (PreparedStatement) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {PreparedStatement.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("executeQuery")) {
                            if (stored) {
                                call(real, method, arguments);
                            }
                            lost.incrementAndGet();
                            throw new SQLException("the connection was lost", "08006");
                        }
                        return call(real, method, arguments);
                    });
        }

        private static Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    /** Writes until it is closed: somebody else holds the place of what it writes, and gives it up then. */
    private AutoCloseable busy(GroupCommit node) throws Exception {
        Connection other = database.getConnection();
        other.setAutoCommit(false);
        try (var sql = other.createStatement()) {
            sql.execute(
                    "INSERT INTO event_log VALUES (-1, 'busy/1', 0, 'Trial', 'name', '1', 'id', '{}', '{}', now())");
        }
        Append append = append("busy/1", 0, null);
        node.offer(append);
        CompletableFuture<?> writing = CompletableFuture.runAsync(() -> node.await(append), threads);
        TrialTest.until(
                "it waits in the database",
                () -> jdbc.sql("""
                                SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()""").query(Long.class).single() == 1);
        return () -> {
            other.rollback();
            other.close();
            writing.get();
        };
    }

    private static Append offered(GroupCommit node, Append append) {
        node.offer(append);
        return append;
    }

    private void written(Append append) {
        writer.await(offered(writer, append));
    }

    /** What each of some threads that wait for an append is told: null if it was written. */
    private List<@Nullable Throwable> awaited(GroupCommit node, List<Append> appends) throws InterruptedException {
        List<Future<?>> waiting = appends.stream()
                .<Future<?>>map(append -> threads.submit(() -> node.await(append)))
                .toList();
        List<@Nullable Throwable> outcomes = new ArrayList<>();
        for (Future<?> each : waiting) {
            try {
                each.get();
                outcomes.add(null);
            } catch (ExecutionException e) {
                outcomes.add(e.getCause());
            }
        }
        return outcomes;
    }

    private Append append(String stream, long sequence, @Nullable String decidedOn, String... key) {
        return new Append(
                List.of(event(stream, sequence, key.length == 0 ? Map.of() : Map.of(Metadata.IDEMPOTENCY, key[0]))),
                any -> decidedOn,
                json);
    }

    private static GenericDomainEventMessage<?> event(String stream, long sequence, Map<String, String> metadata) {
        return new GenericDomainEventMessage<>(
                "Trial", stream, sequence, new TrialEvent.Counted("1", (int) sequence, Money.ofPence(1)), metadata);
    }

    private static String idOf(Append append) {
        return append.rows().get(append.rows().size() - 1).eventId();
    }

    private String lastOf(String stream) {
        return jdbc.sql("SELECT event_id FROM event_log WHERE stream_id = ? ORDER BY sequence DESC LIMIT 1")
                .param(stream)
                .query(String.class)
                .single();
    }

    private List<String> streams() {
        return jdbc.sql("SELECT stream_id FROM event_log ORDER BY position")
                .query(String.class)
                .list();
    }

    private List<Long> positions() {
        return jdbc.sql("SELECT position FROM event_log ORDER BY position")
                .query(Long.class)
                .list();
    }
}
