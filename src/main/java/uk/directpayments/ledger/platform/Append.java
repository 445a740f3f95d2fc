package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Events that are written whole or not at all, as they will be stored, and what has become of them. Guarded by {@link GroupCommit} once offered. */
final class Append {

    /** An event as a row of the log, but for what the head row gives. */
    record Row(
            String stream,
            long sequence,
            String type,
            String name,
            @Nullable String revision,
            String eventId,
            String payload,
            String metadata,
            @Nullable String requestKey) {

        int size() {
            return payload.length() + metadata.length();
        }
    }

    /** The end of a stream: the event that the next one follows. */
    record End(long sequence, String eventId) {}

    /**
     * The events of one stream among these.
     *
     * @param decidedOn the last event before them that was decided on this node, and may not be durable yet; null if the state was read
     */
    record Part(
            String stream,
            long first,
            String firstId,
            End end,
            @Nullable String decidedOn) {}

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Set<String> keys = new HashSet<>();
    private int size;

    /** Threads to be woken once it is done, or when it is their turn to write. */
    final Set<Thread> waiting = new HashSet<>(2);

    private volatile boolean done;
    private @Nullable RuntimeException failure;

    /** @param decidedOn by stream, see {@link Part#decidedOn} */
    Append(
            List<? extends EventMessage<?>> events,
            Function<String, @Nullable String> decidedOn,
            Serializer serializer) {
        for (EventMessage<?> one : events) {
            if (!(one instanceof DomainEventMessage<?> event)) {
                throw new IllegalArgumentException("only an aggregate records events");
            }
            SerializedObject<String> payload = event.serializePayload(serializer, String.class);
            String key = (String) event.getMetaData().get(Metadata.IDEMPOTENCY);
            Row row = new Row(
                    event.getAggregateIdentifier(),
                    event.getSequenceNumber(),
                    event.getType(),
                    payload.getType().getName(),
                    payload.getType().getRevision(),
                    event.getIdentifier(),
                    payload.getData(),
                    event.serializeMetaData(serializer, String.class).getData(),
                    key != null && keys.add(key) ? key : null);
            rows.add(row);
            size += row.size();
            End end = new End(row.sequence, row.eventId);
            parts.merge(
                    row.stream,
                    new Part(row.stream, row.sequence, row.eventId, end, decidedOn.apply(row.stream)),
                    (begun, more) -> new Part(begun.stream, begun.first, begun.firstId, end, begun.decidedOn));
        }
    }

    List<Row> rows() {
        return rows;
    }

    Collection<Part> parts() {
        return parts.values();
    }

    /** The names and revisions among these events. */
    Set<String> kinds() {
        Set<String> kinds = new HashSet<>(4);
        rows.forEach(row -> kinds.add(EventNames.key(row.name, String.valueOf(row.revision))));
        return kinds;
    }

    Set<String> keys() {
        return keys;
    }

    /** In characters. */
    int size() {
        return size;
    }

    boolean isDone() {
        return done;
    }

    void done(@Nullable RuntimeException failure) {
        this.failure = failure;
        done = true;
    }

    /** @throws RuntimeException why it is not, or may not be, in the log */
    void requireWritten() {
        if (failure != null) {
            throw failure;
        }
    }
}
