package uk.directpayments.ledger.platform;

import java.util.List;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import uk.directpayments.ledger.kernel.RuleBroken;

/** An outcome on its way to the node that asked: its events under their stored names, as the log keeps them. */
final class OutcomeJson extends SimpleModule {

    OutcomeJson(EventJson events) {
        super("outcome");
        addSerializer(new Writer(events));
        addDeserializer(Outcome.class, new Reader(events));
    }

    private record Told(
            List<ToldEvent> events,
            boolean replayed,
            @Nullable String code,
            @Nullable String words,
            @Nullable String field) {}

    private record ToldEvent(String name, String revision, String payload) {}

    private static final class Writer extends StdSerializer<Outcome> {

        private final transient EventJson events;

        Writer(EventJson events) {
            super(Outcome.class);
            this.events = events;
        }

        @Override
        public void serialize(Outcome outcome, JsonGenerator out, SerializationContext context) {
            RuleBroken refusal = outcome.refusal();
            context.writeValue(
                    out,
                    new Told(
                            outcome.events().stream().map(this::told).toList(),
                            outcome.replayed(),
                            refusal == null ? null : refusal.code(),
                            refusal == null ? null : refusal.words(),
                            refusal == null ? null : refusal.field()));
        }

        private ToldEvent told(Object event) {
            SerializedObject<String> written = events.serialize(event, String.class);
            return new ToldEvent(written.getType().getName(), written.getType().getRevision(), written.getData());
        }
    }

    private static final class Reader extends StdDeserializer<Outcome> {

        private final transient EventJson events;

        Reader(EventJson events) {
            super(Outcome.class);
            this.events = events;
        }

        @Override
        public Outcome deserialize(JsonParser json, DeserializationContext context) {
            Told told = context.readValue(json, Told.class);
            List<Object> recorded = told.events.stream().map(this::event).toList();
            return new Outcome(
                    recorded,
                    told.replayed,
                    told.code == null
                            ? null
                            : new RuleBroken(told.code, told.words == null ? told.code : told.words, told.field),
                    0);
        }

        private Object event(ToldEvent told) {
            return events.deserialize(new SimpleSerializedObject<>(
                    told.payload, String.class, new SimpleSerializedType(told.name, told.revision)));
        }
    }
}
