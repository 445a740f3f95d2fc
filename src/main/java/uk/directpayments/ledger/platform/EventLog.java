package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import uk.directpayments.ledger.kernel.Hashes;

/**
 * The event log on PostgreSQL, behind Axon's storage engine. An append takes its positions and its {@code recorded_at} from the
 * locked head row in its own transaction, see {@link GroupCommit}: positions have no gaps, become visible in order, and time never goes
 * back. Tokens are plain positions, less one, as Axon Server counts them. One index scan a read.
 *
 * <p>{@link AxonServerLog} writes elsewhere and reads streams there; everything else reads this table in both homes of the log.
 */
class EventLog extends BatchingEventStorageEngine implements Positions, Streams {

    /** Where a log can be kept. */
    static final String ON_POSTGRESQL = "PostgreSQL";

    static final String ON_AXON_SERVER = "Axon Server";

    private static final String DECIDED_ON = "decided on ";

    /** How many events processors read at once. */
    static final int TRACKED_BATCH = 1_000;

    /**
     * Waits for an append that holds the head row. The head may be a millisecond ahead of the clock, having been moved on before: an instant at which something
     * was recorded has come, whatever the clock says.
     */
    private static final String CLOSE = """
            UPDATE event_log_head
               SET recorded_at = date_trunc('milliseconds', greatest(recorded_at, least(?, clock_timestamp()))) + interval '1 ms'
             WHERE recorded_at <= least(?, clock_timestamp()) OR recorded_at = ?""";

    private static final String BY =
            "SELECT position FROM event_log WHERE recorded_at <= ? ORDER BY recorded_at DESC, position DESC LIMIT 1";

    private static final String COLUMNS =
            "position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at";

    protected final JdbcTemplate jdbc;
    private final LogTail tail;
    private final DataSource forWriting;
    private final GroupCommit writer;
    private Traces traces = Traces.NONE;
    private Consumer<Set<String>> admission = kinds -> {};

    /** The positions of instants that were asked for lately and have passed: they stay. */
    private final Map<OffsetDateTime, Long> answered = Collections.synchronizedMap(new Remembered<>(1_000));

    /** What this thread has appended while it decides a command. */
    private final ThreadLocal<@Nullable List<Append>> appended = new ThreadLocal<>();

    /** @param forWriting a connection beside those that all share, see {@link OwnConnection} */
    EventLog(JdbcTemplate jdbc, DataSource forWriting, Serializer serializer, EventUpcaster upcasters) {
        super(new Settings()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .upcasterChain(upcasters)
                .batchSize(500));
        this.jdbc = jdbc;
        this.tail = new LogTail(this);
        this.forWriting = forWriting;
        this.writer = new GroupCommit(forWriting);
        writer.announceTo(tail);
    }

    /** @param admission is asked of the kinds of events that are about to be written, and refuses by throwing */
    final void admittedBy(Consumer<Set<String>> admission) {
        this.admission = admission;
    }

    /** Before anything is sent. */
    protected final void admit(Set<String> kinds) {
        admission.accept(kinds);
    }

    void close() {
        if (forWriting instanceof HikariDataSource pool) {
            pool.close();
        }
    }

    /**
     * Where the log of this database is kept is decided once.
     *
     * @throws StartRefused if it is kept elsewhere: this node would write past it
     */
    final void requireHome(String home) {
        requireHome(home, false);
    }

    /** @param moves whether the log is to move to this home, wherever it is now */
    final void requireHome(String home, boolean moves) {
        jdbc.update("UPDATE event_log_head SET home = ? WHERE home IS NULL", home);
        String kept = jdbc.queryForObject("SELECT home FROM event_log_head", String.class);
        if (!home.equals(kept) && !moves) {
            throw new StartRefused(
                    "The log of this database is kept on " + kept + ", and this node was started to keep it on " + home
                            + ": start it with the profile axonserver if that is Axon Server, without it otherwise, or give it another database.");
        }
    }

    private static final class Settings extends Builder {
        @Override
        public Settings eventSerializer(Serializer serializer) {
            super.eventSerializer(serializer);
            return this;
        }
    }

    final void traceWith(Traces traces) {
        this.traces = traces;
    }

    protected final Traces traces() {
        return traces;
    }

    /** The stream of all events that processors read. */
    final LogTail tail() {
        return tail;
    }

    /**
     * What is sent while this fails would not be recorded.
     *
     * @throws RuntimeException an {@link Outage}
     */
    void requireOpen() {
        // whether it is there PostgreSQL says itself
        tail.end().requireWhole();
    }

    /** Whether commands are routed to nodes, of which the router may not have heard yet; otherwise this node decides them. */
    boolean isRouted() {
        return false;
    }

    /** A position not before anything that any node had recorded when this was called; what it counts can be read. */
    long settled() {
        return head();
    }

    /** As {@link #settled}, for somebody who asks only of what this node has just written itself. */
    long settledHere() {
        return tail.announced();
    }

    // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * Decides a command, and answers once what it appended is durable. Meanwhile, the aggregate free again, the next command to it can be decided.
     *
     * @throws ConcurrencyException another write to the stream, or under the same key, came first
     * @throws RuntimeException     the decision's own; an {@link Outage}
     */
    final <T> T durable(Supplier<T> decision) {
        List<Append> mine = new ArrayList<>();
        appended.set(mine);
        T decided;
        try {
            decided = decision.get();
        } catch (RuntimeException e) {
            mine.forEach(writer::settle);
            throw e;
        } finally {
            appended.remove();
        }
        if (!mine.isEmpty()) {
            await(mine);
        }
        return decided;
    }

    private void await(List<Append> mine) {
        try (Traces.Step step = traces.append(
                mine.stream()
                        .flatMap(append -> append.rows().stream())
                        .map(Append.Row::name)
                        .toList(),
                traces.here())) {
            try {
                mine.forEach(writer::await);
            } catch (RuntimeException e) {
                step.failed(e);
                throw e;
            }
        }
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        if (events.isEmpty()) {
            return;
        }
        requireOpen();
        Append append = new Append(events, EventLog::decidedOn, serializer);
        admit(append.kinds());
        writer.offer(append);
        List<Append> later = appended.get();
        if (later == null) {
            writer.await(append);
        } else {
            later.add(append);
        }
    }

    /** What is decided now about a stream rests on a state whose last event was decided on this node, and may not be durable yet. */
    static void decidingOn(String streamId, String lastDecided) {
        CurrentUnitOfWork.ifStarted(unit -> unit.root().resources().put(DECIDED_ON + streamId, lastDecided));
    }

    private static @Nullable String decidedOn(String streamId) {
        return CurrentUnitOfWork.map(unit -> (String) unit.root().resources().get(DECIDED_ON + streamId))
                .orElse(null);
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        SerializedObject<String> payload = snapshot.serializePayload(serializer, String.class);
        jdbc.update(
                """
                INSERT INTO event_snapshot (stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (stream_id) DO UPDATE
                   SET sequence = excluded.sequence, stream_type = excluded.stream_type, name = excluded.name,
                       revision = excluded.revision, event_id = excluded.event_id, payload = excluded.payload,
                       metadata = excluded.metadata, recorded_at = excluded.recorded_at
                 WHERE event_snapshot.sequence < excluded.sequence""",
                snapshot.getAggregateIdentifier(),
                snapshot.getSequenceNumber(),
                snapshot.getType(),
                payload.getType().getName(),
                payload.getType().getRevision(),
                snapshot.getIdentifier(),
                payload.getData(),
                snapshot.serializeMetaData(serializer, String.class).getData(),
                Timestamp.from(snapshot.getTimestamp()));
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(String streamId, long firstSequence, int batchSize) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM event_log WHERE stream_id = ? AND sequence >= ? ORDER BY sequence LIMIT ?",
                EventLog::inStream,
                streamId,
                firstSequence,
                batchSize);
    }

    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken after, int batchSize) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM event_log WHERE position > ? ORDER BY position LIMIT ?",
                TRACKED,
                positionOf(after),
                Math.max(batchSize, TRACKED_BATCH));
    }

    /** The next events after a position: at most {@link #TRACKED_BATCH}, in one read. */
    List<TrackedEventMessage<?>> readBatch(long after) {
        return read(fetchTrackedEvents(tokenOf(after), TRACKED_BATCH));
    }

    /** The event at a position that is taken. */
    TrackedEventMessage<?> readAt(long position) {
        return read(jdbc.query("SELECT " + COLUMNS + " FROM event_log WHERE position = ?", TRACKED, position))
                .get(0);
    }

    /** Messages of rows, one each; ends before an event that this version does not know, and refuses to begin with one. */
    private List<TrackedEventMessage<?>> read(List<? extends TrackedEventData<?>> rows) {
        List<TrackedEventMessage<?>> events = new ArrayList<>(rows.size());
        var messages = EventUtils.upcastAndDeserializeTrackedEvents(rows.stream(), getEventSerializer(), upcasterChain)
                .iterator();
        try {
            messages.forEachRemaining(events::add);
        } catch (EventNames.UnknownEvent unknown) {
            if (events.isEmpty()) {
                throw unknown;
            }
        }
        return events;
    }

    /** A snapshot that this version cannot read is not used: the stream is then read from its first event. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String streamId) {
        Optional<DomainEventMessage<?>> snapshot = super.readSnapshot(streamId);
        snapshot.ifPresent(DomainEventMessage::getPayload);
        return snapshot;
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String streamId) {
        return jdbc
                .query(
                        "SELECT sequence, stream_id, stream_type, name, revision, event_id, payload, metadata, recorded_at"
                                + " FROM event_snapshot WHERE stream_id = ?",
                        EventLog::inStream,
                        streamId)
                .stream();
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String streamId) {
        return Optional.ofNullable(
                jdbc.queryForObject("SELECT max(sequence) FROM event_log WHERE stream_id = ?", Long.class, streamId));
    }

    @Override
    public @Nullable TrackingToken createTailToken() {
        return null;
    }

    @Override
    public @Nullable TrackingToken createHeadToken() {
        return tokenOf(head());
    }

    @Override
    public @Nullable TrackingToken createTokenAt(Instant instant) {
        return tokenOf(knownAt(instant.minusNanos(1)));
    }

    // ── positions and streams ────────────────────────────────────────────────────────────────────────────────────

    @Override
    public long head() {
        return tail.end().whole(() -> one("SELECT position FROM event_log_head"));
    }

    @Override
    public String fingerprint(long position) {
        return jdbc
                .query(
                        """
                        SELECT stream_id, sequence::text, name, revision, payload, metadata FROM event_log WHERE position = ?""",
                        (row, i) -> Hashes.hex(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6)),
                        position)
                .stream()
                .findFirst()
                .orElseGet(Hashes::hex);
    }

    /**
     * The last position recorded by an instant. An answer stays: appends under way are waited for, and the head's time is moved on,
     * so that no later one can get a {@code recorded_at} up to the instant. Of an instant that has not come yet, what is known now.
     */
    @Override
    public long knownAt(Instant instant) {
        tail.end().requireWhole();
        OffsetDateTime at = instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
        Long position = answered.get(at);
        if (position == null) {
            position = settledAt(at);
            if (position == null) {
                close(at);
                position = settledAt(at);
            }
            if (position == null) {
                return positionBy(at);
            }
            answered.put(at, position);
        }
        return position;
    }

    /** Null while something may still be recorded up to that instant. */
    private @Nullable Long settledAt(OffsetDateTime at) {
        return jdbc
                .query(
                        "SELECT (" + BY + ") FROM (" + closedBy() + ") AS closed(until) WHERE until > ?",
                        (row, i) -> row.getLong(1),
                        at,
                        at)
                .stream()
                .findFirst()
                .orElse(null);
    }

    private long positionBy(OffsetDateTime at) {
        return jdbc.queryForList(BY, Long.class, at).stream().findFirst().orElse(0L);
    }

    /** SQL of the instant before which nothing will be recorded any more, as it is seen together with what has been. */
    protected String closedBy() {
        return "SELECT recorded_at FROM event_log_head";
    }

    /** From here on nothing gets a {@code recorded_at} up to an instant that has come. */
    protected void close(OffsetDateTime at) {
        jdbc.update(CLOSE, at, at, at);
    }

    protected final long one(String sql, Object... parameters) {
        Long value = jdbc.queryForObject(sql, Long.class, parameters);
        return value == null ? 0 : value;
    }

    @Override
    public List<Object> read(String streamId, long firstSequence, int count) {
        writer.requireWritten(streamId, decidedOn(streamId));
        return readEvents(streamId, firstSequence)
                .asStream()
                .limit(count)
                .<Object>map(event -> event.getPayload())
                .toList();
    }

    @Override
    public long lastSequence(String streamId) {
        writer.requireWritten(streamId, decidedOn(streamId));
        return lastSequenceNumberFor(streamId).orElse(-1L);
    }

    /** Also of the token of a replay, which before its first event would call itself one further than it is. */
    static long positionOf(@Nullable TrackingToken token) {
        TrackingToken plain = WrappedToken.unwrapLowerBound(token);
        return plain == null ? 0 : plain.position().orElse(-1) + 1;
    }

    static @Nullable TrackingToken tokenOf(long position) {
        return position == 0 ? null : new GlobalSequenceTrackingToken(position - 1);
    }

    private static StoredEntry inStream(ResultSet row, int i) throws SQLException {
        return new StoredEntry(
                row.getString("stream_type"),
                row.getString("stream_id"),
                row.getLong("sequence"),
                row.getString("event_id"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                row.getString("name"),
                row.getString("revision"),
                row.getString("payload"),
                row.getString("metadata"));
    }

    private static final RowMapper<TrackedEventData<?>> TRACKED = (row, i) -> new TrackedDomainEventData<>(
            new GlobalSequenceTrackingToken(row.getLong("position") - 1), inStream(row, i));
}
