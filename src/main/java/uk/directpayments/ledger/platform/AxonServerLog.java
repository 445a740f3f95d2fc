package uk.directpayments.ledger.platform;

import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.AppendEventsTransaction;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.grpc.event.Event;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.axonserver.connector.event.util.GrpcExceptionParser;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The event log on Axon Server. Appends go there, and streams are read and their races decided there; whoever reads the log in its order reads
 * the table that {@link AxonServerCopy} fills from there. A write ends once it has been copied: what was answered can be read, and has its position.
 *
 * <p>Axon Server stamps nothing: an event is stamped here, by the database's clock, within a transaction that holds {@link #APPENDING} shared;
 * who asks what was known at an instant holds it alone for a moment, after which nothing can be stamped up to that instant any more. Nor does it
 * know idempotency keys: who spends one holds a lock of its own until it is spent.
 */
final class AxonServerLog extends EventLog {

    /** Of PostgreSQL's advisory locks: held shared while an event is on its way to Axon Server. */
    private static final long APPENDING = 0x6c656467_6170L;

    /** Of PostgreSQL's advisory locks of two numbers: the other is an idempotency key's. */
    private static final int KEYS = 0x6c6b6579;

    /** How long Axon Server may take to answer. */
    static final long PATIENCE_SECONDS = 10;

    private final Supplier<EventChannel> channel;
    private final AxonServerCopy copy;
    private final TransactionTemplate transaction;

    AxonServerLog(
            JdbcTemplate jdbc,
            EventJson serializer,
            EventUpcaster upcasters,
            Supplier<EventChannel> channel,
            AxonServerCopy copy,
            PlatformTransactionManager transactions) {
        super(jdbc, Objects.requireNonNull(jdbc.getDataSource()), serializer, upcasters);
        this.channel = channel;
        this.copy = copy;
        this.transaction = new TransactionTemplate(transactions);
        copy.announceTo(tail());
    }

    // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    void requireOpen() {
        super.requireOpen();
        copy.requireTrusted();
    }

    @Override
    boolean isRouted() {
        return true;
    }

    /** Within the command's transaction, whose commit ends the locks. Nothing is sent before every refusal has been made. */
    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        if (events.isEmpty()) {
            return;
        }
        requireOpen();
        jdbc.queryForList("SELECT pg_advisory_xact_lock_shared(?)", APPENDING);
        spend(events.stream()
                .map(event -> (String) event.getMetaData().get(Metadata.IDEMPOTENCY))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        // A statement of its own: one that also waited for the lock would see the head as it was before.
        long stamp = one(
                "SELECT floor(extract(epoch FROM greatest(recorded_at, clock_timestamp())) * 1000)::bigint FROM event_log_head");
        List<Event> sent = new ArrayList<>(events.size());
        for (EventMessage<?> event : events) {
            if (!(event instanceof DomainEventMessage<?> inStream)) {
                throw new IllegalArgumentException("only an aggregate records events");
            }
            sent.add(AxonServerEvents.toServer(inStream, serializer, stamp));
        }
        admit(sent.stream().map(AxonServerEvents::kind).collect(Collectors.toSet()));
        try (Traces.Step step = traces().append(
                        sent.stream().map(event -> event.getPayload().getType()).toList(),
                        (String) events.get(0).getMetaData().get(Metadata.TRACE))) {
            append(sent);
        }
    }

    private void append(List<Event> sent) {
        AppendEventsTransaction append = channel.get().startAppendEventsTransaction();
        sent.forEach(append::appendEvent);
        CompletableFuture<Long> copied = copy.expect(sent.get(sent.size() - 1).getMessageIdentifier());
        try {
            commit(append);
            copied.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw open(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw open(e);
        } finally {
            copied.cancel(false);
        }
    }

    /** One key, one write, on whichever stream and node: what was spent before is in the table, also by a node that died since. */
    private void spend(Set<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        keys.stream()
                .sorted()
                .forEach(key -> jdbc.queryForList("SELECT pg_advisory_xact_lock(?, hashtext(?))", KEYS, key));
        settled();
        for (String key : keys) {
            if (one("SELECT count(*) FROM event_log WHERE request_key = ?", key) > 0) {
                throw new ConcurrencyException("another write under the same key came first");
            }
        }
    }

    private static void commit(AppendEventsTransaction append) throws InterruptedException, TimeoutException {
        try {
            if (!append.commit().get(PATIENCE_SECONDS, TimeUnit.SECONDS).getSuccess()) {
                throw open(null);
            }
        } catch (ExecutionException e) {
            throw GrpcExceptionParser.parse(e.getCause()) instanceof ConcurrencyException lostRace ? lostRace : open(e);
        }
    }

    /** Axon Server may have stored the events or not. */
    private static TransactionSystemException open(@Nullable Throwable cause) {
        TransactionSystemException open =
                new TransactionSystemException("Axon Server has not said what became of an append");
        open.initCause(cause);
        return open;
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(String streamId, long firstSequence, int batchSize) {
        List<DomainEventData<?>> events = new ArrayList<>();
        AggregateEventStream stream =
                channel.get().openAggregateStream(streamId, firstSequence, firstSequence + batchSize);
        try {
            while (events.size() < batchSize && stream.hasNext()) {
                events.add(inStream(stream.next()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(e);
        } catch (RuntimeException e) {
            throw away(e);
        } finally {
            stream.cancel();
        }
        return events;
    }

    private DomainEventData<?> inStream(Event event) {
        return new StoredEntry(
                event.getAggregateType(),
                event.getAggregateIdentifier(),
                event.getAggregateSequenceNumber(),
                event.getMessageIdentifier(),
                Instant.ofEpochMilli(event.getTimestamp()),
                event.getPayload().getType(),
                event.getPayload().getRevision(),
                event.getPayload().getData().toStringUtf8(),
                AxonServerEvents.metadataOf(event, getEventSerializer()));
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String streamId) {
        return Optional.of(answer(channel.get().findHighestSequence(streamId))).filter(sequence -> sequence >= 0);
    }

    /** Waits until the table holds everything that Axon Server held when this was called. */
    @Override
    long settled() {
        long head = answer(channel.get().getLastToken()) + 1;
        copy.await(head);
        return head;
    }

    /** What was answered was copied before, on whichever node it was decided. */
    @Override
    long settledHere() {
        return head();
    }

    /** What was copied last tells for itself: nothing behind it counts as recorded earlier. */
    @Override
    protected String closedBy() {
        return "SELECT recorded_at FROM event_log WHERE position = (SELECT max(position) FROM event_log)";
    }

    /** Appends under way are waited for, each until it is copied, and none will be stamped up to the instant again. */
    @Override
    protected void close(OffsetDateTime at) {
        transaction.executeWithoutResult(alone -> {
            // while the log moves nobody gets these locks
            jdbc.update("SET LOCAL lock_timeout = '5s'");
            jdbc.queryForList("SELECT pg_advisory_xact_lock(?)", APPENDING);
            super.close(at);
        });
    }

    static <T> T answer(CompletableFuture<T> asked) {
        try {
            return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(e);
        } catch (ExecutionException | TimeoutException e) {
            throw away(e);
        }
    }

    /** Nothing has been sent that could have been stored. */
    static TransientDataAccessResourceException away(@Nullable Throwable cause) {
        TransientDataAccessResourceException away =
                new TransientDataAccessResourceException("Axon Server does not answer");
        away.initCause(cause);
        return away;
    }
}
