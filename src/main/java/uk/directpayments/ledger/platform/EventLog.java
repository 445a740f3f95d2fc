package uk.directpayments.ledger.platform;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import uk.directpayments.ledger.kernel.Hashes;

/**
 * The event log on PostgreSQL, behind Axon's storage engine. An append takes its positions and its {@code recorded_at} from the
 * locked head row in its own transaction: positions have no gaps, become visible in order, and time never goes back. Tokens are
 * plain positions, less one, as Axon Server counts them. One statement an append; one index scan a read.
 *
 * <p>{@link AxonServerLog} writes elsewhere and reads streams there; everything else reads this table in both homes of the log.
 */
class EventLog extends BatchingEventStorageEngine implements Positions, Streams {

    /** How many events processors read at once. */
    static final int TRACKED_BATCH = 1_000;

    private static final String APPEND = """
            WITH head AS (
                UPDATE event_log_head
                   SET position = position + ?,
                       recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
                RETURNING position, recorded_at)
            INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata,
                                   request_key, recorded_at)
            SELECT head.position - ? + e.ord, e.stream_id, e.sequence, e.stream_type, e.name, e.revision, e.event_id, e.payload,
                   e.metadata, e.request_key, head.recorded_at
              FROM head, unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   WITH ORDINALITY AS e(stream_id, sequence, stream_type, name, revision, event_id, payload, metadata,
                                        request_key, ord)
            RETURNING position""";

    /** Waits for an append that holds the head row. */
    protected static final String CLOSE = """
            UPDATE event_log_head
               SET recorded_at = date_trunc('milliseconds', least(?, clock_timestamp())) + interval '1 ms'
             WHERE recorded_at <= least(?, clock_timestamp())""";

    private static final String COLUMNS =
            "position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at";

    protected final JdbcTemplate jdbc;
    private final LogTail tail;

    EventLog(JdbcTemplate jdbc, Serializer serializer, EventUpcaster upcasters) {
        super(new Settings()
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .upcasterChain(upcasters)
                .batchSize(500));
        this.jdbc = jdbc;
        this.tail = new LogTail(this);
    }

    /**
     * Where the log of this database is kept is decided once.
     *
     * @throws StartRefused if it is kept elsewhere: this node would write past it
     */
    final void requireHome(String home) {
        jdbc.update("UPDATE event_log_head SET home = ? WHERE home IS NULL", home);
        String kept = jdbc.queryForObject("SELECT home FROM event_log_head", String.class);
        if (!home.equals(kept)) {
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
        // PostgreSQL says so itself
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

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        if (events.isEmpty()) {
            return;
        }
        int n = events.size();
        String[][] texts = new String[8][n];
        Long[] sequences = new Long[n];
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < n; i++) {
            if (!(events.get(i) instanceof DomainEventMessage<?> event)) {
                throw new IllegalArgumentException("only an aggregate records events");
            }
            SerializedObject<String> payload = event.serializePayload(serializer, String.class);
            texts[0][i] = event.getAggregateIdentifier();
            sequences[i] = event.getSequenceNumber();
            texts[1][i] = event.getType();
            texts[2][i] = payload.getType().getName();
            texts[3][i] = payload.getType().getRevision();
            texts[4][i] = event.getIdentifier();
            texts[5][i] = payload.getData();
            texts[6][i] = event.serializeMetaData(serializer, String.class).getData();
            String key = (String) event.getMetaData().get(Metadata.IDEMPOTENCY);
            texts[7][i] = key != null && keys.add(key) ? key : null;
        }
        try {
            List<Long> positions = jdbc.query(
                    APPEND,
                    (row, i) -> row.getLong(1),
                    n,
                    n,
                    texts[0],
                    sequences,
                    texts[1],
                    texts[2],
                    texts[3],
                    texts[4],
                    texts[5],
                    texts[6],
                    texts[7]);
            announce(positions.stream().mapToLong(Long::longValue).max().orElseThrow());
        } catch (DuplicateKeyException lostRace) {
            // Not left to Axon's own resolver: of a stream's first event it would make an error that is no race.
            throw new ConcurrencyException("another write to the stream, or under the same key, came first", lostRace);
        }
    }

    /** Processors hear of events only once these are durable. */
    private void announce(long position) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    tail.announce(position);
                }
            });
        } else {
            tail.announce(position);
        }
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
        return one("SELECT position FROM event_log_head");
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
        OffsetDateTime at = instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
        close(at);
        return jdbc
                .queryForList(
                        "SELECT position FROM event_log WHERE recorded_at <= ? ORDER BY recorded_at DESC, position DESC LIMIT 1",
                        Long.class,
                        at)
                .stream()
                .findFirst()
                .orElse(0L);
    }

    /** From here on nothing gets a {@code recorded_at} up to an instant that has come. */
    protected void close(OffsetDateTime at) {
        if (one("SELECT count(*) FROM event_log_head WHERE recorded_at <= ?", at) > 0) {
            jdbc.update(CLOSE, at, at);
        }
    }

    protected final long one(String sql, Object... parameters) {
        Long value = jdbc.queryForObject(sql, Long.class, parameters);
        return value == null ? 0 : value;
    }

    @Override
    public List<Object> read(String streamId, long firstSequence, int count) {
        return readEvents(streamId, firstSequence)
                .asStream()
                .limit(count)
                .<Object>map(event -> event.getPayload())
                .toList();
    }

    @Override
    public long lastSequence(String streamId) {
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

    private static GenericDomainEventEntry<String> inStream(ResultSet row, int i) throws SQLException {
        return new GenericDomainEventEntry<>(
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
