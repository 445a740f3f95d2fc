package uk.directpayments.ledger.platform;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The log as it is stored, text for text, in the order of its positions. Read by the audit room alone. */
public interface StoredEvents {

    /**
     * An event as it is stored.
     *
     * @param recordedAt in milliseconds
     * @param payload    JSON, byte for byte
     * @param metadata   JSON, byte for byte
     * @param requestKey hash of the idempotency key, on the first event that a request recorded; or null
     */
    record StoredEvent(
            long position,
            String streamId,
            long sequence,
            String streamType,
            String name,
            String revision,
            String eventId,
            String payload,
            String metadata,
            Instant recordedAt,
            @Nullable String requestKey) {}

    /**
     * Which events; what is null does not matter.
     *
     * @param name the stored name, like {@code account.payment-issued}
     */
    record Filter(
            @Nullable String accountId,
            @Nullable String streamId,
            @Nullable String personId,
            @Nullable String name) {

        public static final Filter ALL = new Filter(null, null, null, null);
    }

    /** The last position written. */
    long head();

    /** What the head row says, which counts what was ever written. */
    long counted();

    /** At most {@code limit} events after a position, in its order. */
    List<StoredEvent> page(long after, int limit, Filter filter);

    /** Those at these positions, by position. */
    Map<Long, StoredEvent> at(Collection<Long> positions);

    /** Every event after a position up to another, one by one, in memory that does not grow. */
    void stream(long after, long upTo, Consumer<StoredEvent> each);

    /**
     * As {@link #stream}, from where the log is kept: on Axon Server each event is read there too, and must be the one that is read here.
     *
     * @throws NotTheOriginal if one is not
     */
    void streamOriginal(long after, long upTo, Consumer<StoredEvent> each);

    /** What is read is not what Axon Server keeps, from a position on. */
    final class NotTheOriginal extends RuntimeException {

        private final long position;

        NotTheOriginal(long position) {
            super("the event at position " + position + " is not Axon Server's", null, false, false);
            this.position = position;
        }

        public long position() {
            return position;
        }
    }

    /** An event's metadata: strings by name, in order. */
    SortedMap<String, String> metadata(StoredEvent event);

    /** An event's payload with its sealed texts opened for a reader; {@code "[erased]"} where the person's key is gone. */
    JsonNode opened(StoredEvent event);
}
