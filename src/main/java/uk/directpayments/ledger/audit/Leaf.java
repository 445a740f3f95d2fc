package uk.directpayments.ledger.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;

/**
 * The canonical encoding of an event, of which the transparency log's leaf is the hash. {@code src/docs/concepts/proof.md} says how to make it
 * without this code: a sequence of texts, each as four bytes of length, big-endian, and its UTF-8 bytes.
 */
final class Leaf {

    private static final String VERSION = "direct-payment-ledger/event/1";

    private Leaf() {}

    static byte[] hash(StoredEvent event, SortedMap<String, String> metadata) {
        return Merkle.leaf(encode(event, metadata));
    }

    static byte[] encode(StoredEvent event, SortedMap<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.payload().length() + 512);
        for (String text : new String[] {
            VERSION,
            Long.toString(event.position()),
            event.streamId(),
            Long.toString(event.sequence()),
            event.streamType(),
            event.name(),
            event.revision(),
            event.eventId(),
            metadata.getOrDefault("occurredOn", ""),
            Long.toString(event.recordedAt().toEpochMilli()),
            Integer.toString(metadata.size())
        }) {
            put(bytes, text);
        }
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            put(bytes, entry.getKey());
            put(bytes, entry.getValue());
        }
        put(bytes, event.payload());
        return bytes.toByteArray();
    }

    private static void put(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
    }
}
