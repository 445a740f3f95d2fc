package uk.directpayments.ledger.platform;

import com.google.protobuf.ByteString;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import java.util.TreeMap;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;

/** Events as Axon Server keeps them: the payload is the same text; metadata are its own map, of texts alone. */
final class AxonServerEvents {

    private AxonServerEvents() {}

    /** @param stamp when it is recorded, in milliseconds */
    static Event toServer(DomainEventMessage<?> event, Serializer serializer, long stamp) {
        org.axonframework.serialization.SerializedObject<String> payload =
                event.serializePayload(serializer, String.class);
        Event.Builder sent = Event.newBuilder()
                .setMessageIdentifier(event.getIdentifier())
                .setAggregateIdentifier(event.getAggregateIdentifier())
                .setAggregateSequenceNumber(event.getSequenceNumber())
                .setAggregateType(event.getType())
                .setTimestamp(stamp)
                .setPayload(SerializedObject.newBuilder()
                        .setType(payload.getType().getName())
                        .setRevision(payload.getType().getRevision())
                        .setData(ByteString.copyFromUtf8(payload.getData())));
        event.getMetaData()
                .forEach((name, value) -> sent.putMetaData(
                        name,
                        MetaDataValue.newBuilder().setTextValue((String) value).build()));
        return sent.build();
    }

    /** Metadata as the table holds them: JSON in the order of names, byte for byte what an append to PostgreSQL writes. */
    static String metadataOf(Event event, Serializer serializer) {
        TreeMap<String, Object> metadata = new TreeMap<>();
        event.getMetaDataMap().forEach((name, value) -> metadata.put(name, value.getTextValue()));
        return serializer.serialize(MetaData.from(metadata), String.class).getData();
    }
}
