package uk.directpayments.ledger.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.TransactionSystemException;
import uk.directpayments.ledger.platform.Append.End;
import uk.directpayments.ledger.platform.Append.Part;
import uk.directpayments.ledger.platform.Append.Row;

/**
 * Writes the appends of a node to the event log on PostgreSQL: all that wait in one statement and one commit. It has no thread of its own.
 * Whoever waits for an append while nobody writes, writes for everybody; whoever comes meanwhile waits for the next time. The locked head
 * row keeps positions without gaps over several nodes.
 *
 * <p>A command may be decided on a state whose last event is still waiting here. Each append therefore names that event, and is
 * written behind it or not at all; it then lost the race, like one whose sequence or idempotency key was taken. Only the loser
 * hears of that.
 *
 * <p>Nothing is done before it is durable. If the connection is lost meanwhile, the log is asked, over another, what has become of the appends.
 */
final class GroupCommit {

    /** The most appends that may wait; who comes then is {@code BUSY} after {@link #PATIENCE}. */
    static final int MOST_WAITING = 4_096;

    /** The most events and characters of one statement, one append at least. */
    static final int MOST_EVENTS = 2_000;

    static final int MOST_CHARACTERS = 4_000_000;

    /** How long an append waits to be sent, and how long the log is asked what became of those whose connection was lost. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How many ends of streams are remembered, so that the log need not be asked for what this node has just written; and how many lost events. */
    private static final int REMEMBERED = 10_000;

    /** Moves the head on, unless the log has moved to an Axon Server, or ends before what is known to have been in it. */
    private static final String TAKE_POSITIONS = """
            WITH head AS (
                UPDATE event_log_head
                   SET position = position + ?,
                       recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
                 WHERE home IS DISTINCT FROM '%s' AND position >= ?
            """.formatted(EventLog.ON_AXON_SERVER);

    private static final String WRITE = TAKE_POSITIONS + """
                   AND NOT EXISTS (SELECT FROM unnest(?, ?, ?) AS f(stream_id, sequence, event_id)
                                    WHERE NOT EXISTS (SELECT FROM event_log l
                                                       WHERE l.stream_id = f.stream_id AND l.sequence = f.sequence
                                                         AND l.event_id = f.event_id))
                RETURNING position, recorded_at),
            written AS (
                INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata,
                                       request_key, recorded_at)
                SELECT head.position - ? + e.ord, e.stream_id, e.sequence, e.stream_type, e.name, e.revision, e.event_id, e.payload,
                       e.metadata, e.request_key, head.recorded_at
                  FROM head, unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                       WITH ORDINALITY AS e(stream_id, sequence, stream_type, name, revision, event_id, payload, metadata,
                                            request_key, ord))
            SELECT position FROM head""";

    /** The same of a single event that follows what this node knows to be there: without arrays it is planned once, and costs half. */
    private static final String WRITE_ONE = TAKE_POSITIONS + """
                RETURNING position, recorded_at)
            INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, request_key,
                                   recorded_at)
            SELECT head.position, ?, ?, ?, ?, ?, ?, ?, ?, ?, head.recorded_at FROM head
            RETURNING position""";

    private static final String LOCK = "SELECT position, home FROM event_log_head FOR UPDATE";

    /** Which events stand where some are to be written, or to follow. */
    private static final String STORED = """
            SELECT a.stream_id, a.sequence, l.event_id FROM unnest(?, ?) AS a(stream_id, sequence)
              JOIN event_log l ON l.stream_id = a.stream_id AND l.sequence = a.sequence""";

    private static final String SPENT = "SELECT request_key FROM event_log WHERE request_key = ANY (?)";

    private final DataSource database;
    private final long patienceNanos;
    private final SQLExceptionTranslator errors = new SQLErrorCodeSQLExceptionTranslator("PostgreSQL");

    private final Deque<Append> queue = new ArrayDeque<>();

    /** The last append of each stream that has not been done yet. */
    private final Map<String, Append> pending = new HashMap<>();

    /** The last events of appends that were not written, or may not be: no state that they led to may be decided on. */
    private final Set<String> lost = Collections.newSetFromMap(new Remembered<>(REMEMBERED));

    private Announced log = NOBODY;
    private boolean writing;

    /** The last durable event of streams that this node has written to lately: the writer's alone. */
    private final Map<String, End> ends = new Remembered<>(REMEMBERED);

    /** @param database see {@link OwnConnection} */
    GroupCommit(DataSource database) {
        this(database, PATIENCE);
    }

    GroupCommit(DataSource database, Duration patience) {
        this.database = database;
        this.patienceNanos = patience.toNanos();
    }

    /** Who is told up to where everything is durable, and knows it also of what other nodes have written. */
    interface Announced {

        void announce(long position);

        long announced();

        /** Whether the log, which ends at a position and cannot go on just now, has lost what was announced. */
        boolean isCutAt(long head);
    }

    private static final Announced NOBODY = new Announced() {
        @Override
        public void announce(long position) {}

        @Override
        public long announced() {
            return 0;
        }

        @Override
        public boolean isCutAt(long head) {
            return false;
        }
    };

    void announceTo(Announced log) {
        this.log = log;
    }

    // ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * Takes an append into the order in which all will be written. Somebody must {@linkplain #await wait} for it.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code BUSY} if too many wait
     */
    void offer(Append append) {
        long deadline = System.nanoTime() + patienceNanos;
        while (!offered(append)) {
            if (System.nanoTime() > deadline) {
                throw Outage.busy();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private synchronized boolean offered(Append append) {
        if (queue.size() >= MOST_WAITING) {
            return false;
        }
        queue.add(append);
        append.parts().forEach(part -> pending.put(part.stream(), append));
        return true;
    }

    /**
     * Until an append is durable, or is known not to be, or nobody can tell.
     *
     * @throws ConcurrencyException another write to the stream, or under the same key, came first, or the one it follows was not written
     * @throws RuntimeException     an {@link Outage}, or what the database says of the events
     */
    void await(Append append) {
        settle(append);
        append.requireWritten();
    }

    /** Until it is known what became of an append, or that nobody can tell. */
    void settle(Append append) {
        long deadline = System.nanoTime() + patienceNanos;
        while (!append.isDone()) {
            List<Append> batch = turn(append, deadline);
            if (batch == null) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            } else {
                try {
                    write(batch);
                } finally {
                    handOn(batch);
                }
            }
        }
    }

    /**
     * Until nothing that this node has decided about a stream waits.
     *
     * @param decidedOn the last event that was decided on this node of the state that somebody decides on now, or null
     * @throws LedgerStream.StaleStream if that event was not written: the state never was
     */
    void requireWritten(String stream, @Nullable String decidedOn) {
        Append last;
        synchronized (this) {
            last = pending.get(stream);
        }
        if (last != null) {
            settle(last);
        }
        synchronized (this) {
            if (decidedOn != null && lost.contains(decidedOn)) {
                throw new LedgerStream.StaleStream();
            }
        }
    }

    /** What to write, if it is this thread's turn. */
    private synchronized @Nullable List<Append> turn(Append append, long deadline) {
        if (append.isDone()) {
            return null;
        }
        if (writing) {
            append.waiting.add(Thread.currentThread());
            if (System.nanoTime() > deadline && queue.remove(append)) {
                done(append, Outage.busy());
            }
            return null;
        }
        writing = true;
        List<Append> batch = new ArrayList<>();
        int events = 0;
        int characters = 0;
        for (Append next = queue.peek(); next != null; next = queue.peek()) {
            events += next.rows().size();
            characters += next.size();
            if (!batch.isEmpty() && (events > MOST_EVENTS || characters > MOST_CHARACTERS)) {
                break;
            }
            batch.add(queue.remove());
        }
        return batch;
    }

    private synchronized void handOn(List<Append> batch) {
        writing = false;
        for (Append written : batch) {
            if (!written.isDone()) {
                done(written, new IllegalStateException("an append was left behind"));
            }
            written.waiting.forEach(LockSupport::unpark);
        }
        queue.stream().flatMap(next -> next.waiting.stream()).findFirst().ifPresent(LockSupport::unpark);
    }

    private synchronized void done(Append append, @Nullable RuntimeException failure) {
        append.done(failure);
        append.parts().forEach(part -> {
            pending.remove(part.stream(), append);
            if (failure != null) {
                lost.add(part.end().eventId());
            }
        });
    }

    // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    private void write(List<Append> batch) {
        List<Append> clean = screened(batch, part -> true);
        boolean sent = false;
        try (Connection connection = database.getConnection()) {
            sent = true;
            if (!clean.isEmpty()) {
                writeOn(connection, clean);
            }
        } catch (SQLException e) {
            if (sent && Outage.leavesOpen(e)) {
                ask(clean, e);
            } else {
                fail(clean, sent ? translated(e) : new CannotGetJdbcConnectionException("no connection to the log", e));
            }
        }
    }

    private void writeOn(Connection connection, List<Append> appends) throws SQLException {
        try {
            Long position = insert(connection, appends);
            if (position != null) {
                written(appends, position);
                return;
            }
        } catch (SQLException e) {
            if (Outage.leavesOpen(e) || Outage.is(e)) {
                throw e;
            }
        }
        // Some lost a race, or the database will not have some: which ones?
        writeLocked(connection, appends);
    }

    /** With the head locked nobody else can write: who has lost a race is known before anything is inserted. What cannot be stored fails alone. */
    private void writeLocked(Connection connection, List<Append> appends) throws SQLException {
        connection.setAutoCommit(false);
        try {
            List<Append> left = unbeaten(connection, appends);
            Long position = left.isEmpty() ? null : insert(connection, left);
            connection.commit();
            if (position != null) {
                written(left, position);
            }
        } catch (SQLException e) {
            if (Outage.leavesOpen(e) || Outage.is(e)) {
                throw e;
            }
            connection.rollback();
            if (appends.size() == 1) {
                fail(appends, translated(e));
            } else {
                for (Append one : undone(appends)) {
                    writeLocked(connection, List.of(one));
                }
            }
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private static List<Append> undone(List<Append> appends) {
        return appends.stream().filter(append -> !append.isDone()).toList();
    }

    /** Those of some appends that can be written; the others are done. Locks the head. */
    private List<Append> unbeaten(Connection connection, List<Append> appends) throws SQLException {
        Head head = lock(connection);
        if (log.isCutAt(head.position())) {
            fail(appends, Outage.cut());
            return List.of();
        }
        if (EventLog.ON_AXON_SERVER.equals(head.home())) {
            // this node was frozen while the log moved
            fail(
                    appends,
                    new TransientDataAccessResourceException(
                            "the log is kept on Axon Server now: start this node again, with the profile axonserver"));
            return List.of();
        }
        List<Part> parts =
                appends.stream().flatMap(each -> each.parts().stream()).toList();
        Map<String, Map<Long, String>> stored = stored(connection, parts);
        Set<String> spent = new HashSet<>(query(
                connection,
                SPENT,
                row -> row.getString(1),
                texts(
                        connection,
                        appends.stream().flatMap(each -> each.keys().stream()).toList())));
        List<Append> open = new ArrayList<>();
        for (Append append : appends) {
            boolean beaten = append.keys().stream().anyMatch(spent::contains)
                    || append.parts().stream()
                            .anyMatch(part ->
                                    stored.getOrDefault(part.stream(), Map.of()).containsKey(part.first()));
            if (beaten) {
                done(append, lostRace());
            } else {
                open.add(append);
            }
        }
        return screened(
                open,
                part -> Objects.equals(
                        part.decidedOn(),
                        stored.getOrDefault(part.stream(), Map.of()).get(part.first() - 1)));
    }

    private record Head(long position, @Nullable String home) {}

    private static Head lock(Connection connection) throws SQLException {
        return query(connection, LOCK, row -> new Head(row.getLong(1), row.getString(2)))
                .get(0);
    }

    private Map<String, Map<Long, String>> stored(Connection connection, List<Part> parts) throws SQLException {
        List<String> streams = new ArrayList<>();
        List<Long> sequences = new ArrayList<>();
        for (Part part : parts) {
            streams.add(part.stream());
            sequences.add(part.first());
            streams.add(part.stream());
            sequences.add(part.first() - 1);
        }
        Map<String, Map<Long, String>> stored = new HashMap<>();
        query(
                connection,
                STORED,
                row -> stored.computeIfAbsent(row.getString(1), none -> new HashMap<>())
                        .put(row.getLong(2), row.getString(3)),
                texts(connection, streams),
                connection.createArrayOf("bigint", sequences.toArray()));
        return stored;
    }

    /** Those of some appends, in order, that stand against nothing among themselves and follow what can be followed; the others are done. */
    private List<Append> screened(List<Append> appends, Predicate<Part> followsStored) {
        List<Append> clean = new ArrayList<>();
        Map<String, End> here = new HashMap<>();
        Set<String> keys = new HashSet<>();
        for (Append append : appends) {
            boolean fits = append.keys().stream().noneMatch(keys::contains)
                    && append.parts().stream().allMatch(part -> {
                        End end = here.get(part.stream());
                        if (end != null) {
                            return part.first() == end.sequence() + 1
                                    && end.eventId().equals(part.decidedOn());
                        }
                        return part.decidedOn() == null || followsStored.test(part);
                    });
            if (fits) {
                clean.add(append);
                keys.addAll(append.keys());
                append.parts().forEach(part -> here.put(part.stream(), part.end()));
            } else {
                done(append, lostRace());
            }
        }
        return clean;
    }

    /** The position of the last event; null if what some of them are to follow is not in the log. */
    private @Nullable Long insert(Connection connection, List<Append> appends) throws SQLException {
        long known = log.announced();
        List<Row> rows = new ArrayList<>();
        Map<String, End> here = new HashMap<>();
        List<String> streams = new ArrayList<>();
        List<Long> sequences = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Append append : appends) {
            rows.addAll(append.rows());
            for (Part part : append.parts()) {
                String before = part.decidedOn();
                if (before != null
                        && !here.containsKey(part.stream())
                        && !new End(part.first() - 1, before).equals(ends.get(part.stream()))) {
                    streams.add(part.stream());
                    sequences.add(part.first() - 1);
                    ids.add(before);
                }
                here.put(part.stream(), part.end());
            }
        }
        if (rows.size() == 1 && streams.isEmpty()) {
            return insert(connection, rows.get(0), known);
        }
        int n = rows.size();
        List<Long> position = query(
                connection,
                WRITE,
                row -> row.getLong(1),
                n,
                known,
                texts(connection, streams),
                connection.createArrayOf("bigint", sequences.toArray()),
                texts(connection, ids),
                n,
                column(connection, rows, Row::stream),
                connection.createArrayOf(
                        "bigint", rows.stream().map(Row::sequence).toArray()),
                column(connection, rows, Row::type),
                column(connection, rows, Row::name),
                column(connection, rows, Row::revision),
                column(connection, rows, Row::eventId),
                column(connection, rows, Row::payload),
                column(connection, rows, Row::metadata),
                column(connection, rows, Row::requestKey));
        return position.isEmpty() ? null : position.get(0);
    }

    private static @Nullable Long insert(Connection connection, Row row, long known) throws SQLException {
        List<Long> position = query(
                connection,
                WRITE_ONE,
                found -> found.getLong(1),
                1L,
                known,
                row.stream(),
                row.sequence(),
                row.type(),
                row.name(),
                row.revision(),
                row.eventId(),
                row.payload(),
                row.metadata(),
                row.requestKey());
        return position.isEmpty() ? null : position.get(0);
    }

    private void written(List<Append> appends, long position) {
        log.announce(position);
        for (Append append : appends) {
            append.parts().forEach(part -> ends.put(part.stream(), part.end()));
            done(append, null);
        }
    }

    private void fail(List<Append> appends, RuntimeException failure) {
        undone(appends).forEach(append -> done(append, failure));
    }

    /** The connection was lost on the way: the log is asked over another whether the appends are in it, and written to if they are not. */
    private void ask(List<Append> appends, SQLException lost) {
        long deadline = System.nanoTime() + patienceNanos;
        while (System.nanoTime() < deadline) {
            try (Connection connection = database.getConnection()) {
                List<Append> open = undone(appends);
                connection.setAutoCommit(false);
                // Waits for the lost connection's transaction, if the database has not noticed yet.
                long head = lock(connection).position();
                if (log.isCutAt(head)) {
                    break;
                }
                Map<String, Map<Long, String>> stored = stored(
                        connection,
                        open.stream().flatMap(each -> each.parts().stream()).toList());
                connection.rollback();
                connection.setAutoCommit(true);
                List<Append> in = open.stream()
                        .filter(append -> append.parts().stream()
                                .allMatch(part -> part.firstId()
                                        .equals(stored.getOrDefault(part.stream(), Map.of())
                                                .get(part.first()))))
                        .toList();
                written(in, head);
                List<Append> out = undone(open);
                if (!out.isEmpty()) {
                    writeOn(connection, out);
                }
                return;
            } catch (SQLException away) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        fail(
                appends,
                new TransactionSystemException("the connection to the log was lost with events on their way", lost));
    }

    // ── statements ───────────────────────────────────────────────────────────────────────────────────────────────

    private interface Read<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> List<T> query(Connection connection, String sql, Read<T> read, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(read.of(found));
                }
            }
            return rows;
        }
    }

    private static java.sql.Array column(Connection connection, List<Row> rows, Function<Row, @Nullable String> value)
            throws SQLException {
        return connection.createArrayOf("text", rows.stream().map(value).toArray(String[]::new));
    }

    private static java.sql.Array texts(Connection connection, List<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray(String[]::new));
    }

    private static ConcurrencyException lostRace() {
        return new ConcurrencyException("another write to the stream, or under the same key, came first");
    }

    private RuntimeException translated(SQLException e) {
        RuntimeException translated = errors.translate("append", null, e);
        return translated == null ? new IllegalStateException("the log could not be written", e) : translated;
    }
}
