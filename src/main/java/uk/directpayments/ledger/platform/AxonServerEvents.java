package uk.directpayments.ledger.platform;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;

/** Events as Axon Server keeps them: the payload is the same text; metadata are its own map, of texts alone. */
final class AxonServerEvents {

    private AxonServerEvents() {}

    /** @param stamp when it is recorded, in milliseconds */
    static Event toServer(DomainEventMessage<?> event, Serializer serializer, long stamp) {
        var payload = event.serializePayload(serializer, String.class);
        return Event.newBuilder()
                .setMessageIdentifier(event.getIdentifier())
                .setAggregateIdentifier(event.getAggregateIdentifier())
                .setAggregateSequenceNumber(event.getSequenceNumber())
                .setAggregateType(event.getType())
                .setTimestamp(stamp)
                .setPayload(
                        payload(payload.getType().getName(), payload.getType().getRevision(), payload.getData()))
                .putAllMetaData(metadata(event.getMetaData()))
                .build();
    }

    /** An event that was copied, as it was before; stamped with when it counts as recorded. */
    static Event toServer(StoredEvent event, Serializer serializer) {
        MetaData metadata = serializer.deserialize(
                new SimpleSerializedObject<>(event.metadata(), String.class, MetaData.class.getName(), null));
        return Event.newBuilder()
                .setMessageIdentifier(event.eventId())
                .setAggregateIdentifier(event.streamId())
                .setAggregateSequenceNumber(event.sequence())
                .setAggregateType(event.streamType())
                .setTimestamp(event.recordedAt().toEpochMilli())
                .setPayload(payload(event.name(), event.revision(), event.payload()))
                .putAllMetaData(metadata(metadata))
                .build();
    }

    /** Its name and revision, see {@link EventKinds}. */
    static String kind(Event event) {
        return EventNames.key(event.getPayload().getType(), event.getPayload().getRevision());
    }

    private static SerializedObject payload(String name, String revision, String text) {
        return SerializedObject.newBuilder()
                .setType(name)
                .setRevision(revision)
                .setData(ByteString.copyFromUtf8(text))
                .build();
    }

    private static Map<String, MetaDataValue> metadata(MetaData metadata) {
        Map<String, MetaDataValue> sent = new HashMap<>();
        metadata.forEach((name, value) -> sent.put(
                name, MetaDataValue.newBuilder().setTextValue((String) value).build()));
        return sent;
    }

    /** Whether a row is the copy of an event, but for when it counts as recorded. */
    static boolean same(EventWithToken original, StoredEvent copy, Serializer serializer) {
        Event event = original.getEvent();
        return original.getToken() + 1 == copy.position()
                && event.getMessageIdentifier().equals(copy.eventId())
                && event.getAggregateIdentifier().equals(copy.streamId())
                && event.getAggregateSequenceNumber() == copy.sequence()
                && event.getAggregateType().equals(copy.streamType())
                && event.getPayload().getType().equals(copy.name())
                && event.getPayload().getRevision().equals(copy.revision())
                && event.getPayload().getData().toStringUtf8().equals(copy.payload())
                && metadataOf(event, serializer).equals(copy.metadata());
    }

    /** Metadata as the table holds them: JSON in the order of names, byte for byte what an append to PostgreSQL writes. */
    static String metadataOf(Event event, Serializer serializer) {
        TreeMap<String, Object> metadata = new TreeMap<>();
        event.getMetaDataMap().forEach((name, value) -> metadata.put(name, value.getTextValue()));
        return serializer.serialize(MetaData.from(metadata), String.class).getData();
    }
}
