package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariDataSource;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;

/**
 * Copies the events of Axon Server, in its order and text for text, into the table from which the log is read. Every node runs one on a
 * connection of its own; the locked head row decides whose copy counts. Position is token + 1; {@code recorded_at} is the running maximum of the
 * events' stamps: both follow from what Axon Server holds alone, so a table lost is copied again the same.
 *
 * <p>Before it goes on, it looks whether Axon Server still has the last event that was copied. A server that has lost events, or is another, is
 * not followed, and nothing is written to it until this is explained: the table knows better.
 */
final class AxonServerCopy implements SmartLifecycle, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(AxonServerCopy.class);

    /** How many events are copied in one transaction. */
    private static final int BATCH = 500;

    private static final int BUFFER = 2 * BATCH;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 250;
    private static final long PAUSE_MILLIS = 500;
    private static final long STOP_MILLIS = 5_000;

    private static final String INSERT = """
            INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata,
                                   request_key, recorded_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
                    (SELECT spent.key FROM (SELECT ?::text AS key) spent
                      WHERE NOT EXISTS (SELECT 1 FROM event_log WHERE request_key = spent.key)), ?)""";

    private final Supplier<EventChannel> channel;
    private final HikariDataSource database;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Serializer serializer;
    private final AxonServerFilling filling;
    private final Map<String, CompletableFuture<Long>> expected = new ConcurrentHashMap<>();

    /** The kinds of events that it is known to hold: of who copies alone. */
    private final Set<String> kinds = new HashSet<>();

    private @Nullable LogTail tail;
    private @Nullable Thread thread;
    private volatile boolean running;
    private volatile boolean following;
    private volatile @Nullable String distrust;

    /**
     * @param others  whose database this is; their connections it does not use: those who hold them all may be waiting for the copy
     * @param orders what to give to Axon Server that it has not
     */
    AxonServerCopy(
            Supplier<EventChannel> channel,
            HikariDataSource others,
            Serializer serializer,
            AxonServerFilling.Orders orders) {
        this.channel = channel;
        this.database = OwnConnection.to(others, "axon-server-copy", PATIENCE);
        this.jdbc = new JdbcTemplate(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.serializer = serializer;
        this.filling = new AxonServerFilling(channel, this::original, jdbc, transaction, serializer, orders);
    }

    /** Axon Server does not hold what was copied from it. */
    static final class Distrusted extends RuntimeException {
        Distrusted(String why) {
            super(why, null, false, false);
        }
    }

    void announceTo(LogTail tail) {
        this.tail = tail;
    }

    private LogTail tail() {
        return Objects.requireNonNull(tail);
    }

    // ── asked by others ──────────────────────────────────────────────────────────────────────────────────────────

    /** The position of an event that is about to be sent, once the table holds it; to be cancelled by who gives up. */
    CompletableFuture<Long> expect(String eventId) {
        CompletableFuture<Long> copied = new CompletableFuture<>();
        expected.put(eventId, copied);
        copied.whenComplete((position, none) -> expected.remove(eventId));
        return copied;
    }

    /**
     * Waits until the table holds a position.
     *
     * @throws TransientDataAccessResourceException if it does not soon
     */
    void await(long position) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (this) {
            while (tail().announced() < position) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new TransientDataAccessResourceException(
                            "position " + position + " of Axon Server has not been copied");
                }
                try {
                    wait(Math.min(left, LOOK_MILLIS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new TransientDataAccessResourceException("interrupted", e);
                }
            }
        }
    }

    /** @throws TransientDataAccessResourceException unless Axon Server is known to hold what was copied from it */
    void requireTrusted() {
        String why = trouble();
        if (why != null) {
            throw new TransientDataAccessResourceException(why);
        }
    }

    /** Why nothing is copied just now; null while everything is. */
    @Nullable
    String trouble() {
        return distrust != null ? distrust : following ? null : "Axon Server does not answer.";
    }

    // ── copying ──────────────────────────────────────────────────────────────────────────────────────────────────

    private void run() {
        while (running) {
            try {
                follow();
            } catch (Distrusted lost) {
                if (distrust == null) {
                    logger.error("THE LOG ON AXON SERVER IS NOT WHAT WAS COPIED FROM IT: {}", lost.getMessage());
                }
                distrust = lost.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (following) {
                    logger.warn(
                            "copying from Axon Server stops, and is tried again: {}", ProjectionInvoker.describe(e));
                }
            }
            following = false;
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws InterruptedException {
        long position = head();
        requireHeld(position);
        distrust = null;
        announce(position);
        EventStream events = channel.get().openStream(position - 1, BUFFER);
        try {
            following = true;
            while (running) {
                EventWithToken next = events.nextIfAvailable(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    List<EventWithToken> batch = batch(next, events);
                    announce(copy(batch));
                    batch.forEach(this::tell);
                } else if (events.isClosed()) {
                    throw AxonServerLog.away(events.getError().orElse(null));
                }
            }
        } finally {
            events.close();
        }
    }

    /** The events that are there already. */
    private static List<EventWithToken> batch(EventWithToken first, EventStream events) {
        List<EventWithToken> batch = new ArrayList<>();
        for (EventWithToken next = first; next != null; next = batch.size() < BATCH ? events.nextIfAvailable() : null) {
            batch.add(next);
        }
        return batch;
    }

    private void tell(EventWithToken copied) {
        CompletableFuture<Long> waiting = expected.get(copied.getEvent().getMessageIdentifier());
        if (waiting != null) {
            waiting.complete(copied.getToken() + 1);
        }
    }

    private void announce(long position) {
        tail().announce(position);
        synchronized (this) {
            notifyAll();
        }
    }

    private long head() {
        return tail().end()
                .whole(() ->
                        Objects.requireNonNull(jdbc.queryForObject("SELECT position FROM event_log_head", Long.class)));
    }

    /** Copies what no other node has copied before, and answers with the position that the table now holds. */
    private long copy(List<EventWithToken> batch) {
        Set<String> fresh = batch.stream()
                .map(next -> AxonServerEvents.kind(next.getEvent()))
                .filter(kind -> !kinds.contains(kind))
                .collect(Collectors.toSet());
        long reached = Objects.requireNonNull(transaction.execute(open -> {
            long head = Objects.requireNonNull(
                    jdbc.queryForObject("SELECT position FROM event_log_head FOR UPDATE", Long.class));
            Instant recordedAt = recordedAt(head);
            List<Object[]> rows = new ArrayList<>();
            Set<String> keys = new HashSet<>();
            for (EventWithToken next : batch) {
                long position = next.getToken() + 1;
                if (position <= head) {
                    continue;
                }
                if (position != head + 1) {
                    throw new Distrusted("after position " + head + " it gives position " + position + ".");
                }
                Event event = next.getEvent();
                Instant stamp = Instant.ofEpochMilli(event.getTimestamp());
                recordedAt = stamp.isAfter(recordedAt) ? stamp : recordedAt;
                String key = event.getMetaDataMap().containsKey(Metadata.IDEMPOTENCY)
                        ? event.getMetaDataMap().get(Metadata.IDEMPOTENCY).getTextValue()
                        : null;
                rows.add(new Object[] {
                    position,
                    event.getAggregateIdentifier(),
                    event.getAggregateSequenceNumber(),
                    event.getAggregateType(),
                    event.getPayload().getType(),
                    event.getPayload().getRevision(),
                    event.getMessageIdentifier(),
                    event.getPayload().getData().toStringUtf8(),
                    AxonServerEvents.metadataOf(event, serializer),
                    key != null && keys.add(key) ? key : null,
                    Timestamp.from(recordedAt)
                });
                head = position;
            }
            jdbc.batchUpdate(INSERT, rows);
            if (!fresh.isEmpty()) {
                jdbc.update("INSERT INTO event_kind SELECT unnest(?) ON CONFLICT DO NOTHING", (Object)
                        fresh.toArray(String[]::new));
            }
            jdbc.update(
                    "UPDATE event_log_head SET position = ?, recorded_at = greatest(recorded_at, ?)",
                    head,
                    Timestamp.from(recordedAt));
            return head;
        }));
        kinds.addAll(fresh);
        return reached;
    }

    private Instant recordedAt(long position) {
        return jdbc
                .query(
                        "SELECT recorded_at FROM event_log WHERE position = ?",
                        (row, i) -> row.getTimestamp(1).toInstant(),
                        position)
                .stream()
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /** Axon Server must hold the last event that was copied. */
    private void requireHeld(long position) {
        long held = AxonServerLog.answer(channel.get().getLastToken()) + 1;
        if (filling.isToMove()) {
            filling.moveHere(held);
        } else if (held < position && filling.isToRestore()) {
            filling.giveBack(held);
        } else if (held < position) {
            throw new Distrusted("it has " + held + " events, and " + position + " were copied from it.");
        } else if (position > 0) {
            filling.requireSame(position - 1, position, false);
        }
    }

    /** Reads Axon Server in its order, to be held against the copy. */
    Original original(long after) {
        return new Original(after);
    }

    /** Axon Server's events, one after the other. */
    final class Original implements AutoCloseable {

        private final EventStream events;

        private Original(long after) {
            this.events = channel.get().openStream(after - 1, BUFFER);
        }

        /** Whether the next event is the one that was copied. */
        boolean holds(StoredEvent copied) {
            return holds(copied, false);
        }

        /** @param timed whether it must also be stamped with when the copy counts as recorded, as what was given there is */
        boolean holds(StoredEvent copied, boolean timed) {
            try {
                EventWithToken next = events.nextIfAvailable(AxonServerLog.PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw AxonServerLog.away(events.getError().orElse(null));
                }
                return AxonServerEvents.same(next, copied, serializer)
                        && (!timed
                                || next.getEvent().getTimestamp()
                                        == copied.recordedAt().toEpochMilli());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw AxonServerLog.away(e);
            }
        }

        @Override
        public void close() {
            events.close();
        }
    }

    // ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public void start() {
        running = true;
        thread = new Thread(this::run, "axon-server-copy");
        thread.setDaemon(true);
        thread.start();
        awaitFirst();
    }

    /** What starts next would find Axon Server away, though it only has to be reached. */
    private void awaitFirst() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (trouble() != null && distrust == null && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS / 10));
        }
    }

    @Override
    public void stop() {
        running = false;
        Thread copying = thread;
        if (copying != null) {
            try {
                copying.join(STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        database.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the processors, after which it stops. */
    @Override
    public int getPhase() {
        return Processors.PHASE - 1;
    }
}
