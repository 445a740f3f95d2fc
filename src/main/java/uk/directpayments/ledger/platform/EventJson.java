package uk.directpayments.ledger.platform;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * Events, snapshots and metadata as JSON under their catalogued names. Metadata are written with sorted keys, so the text is the
 * same wherever it is written. Readers and types are cached: building them anew costs a third of the time of reading.
 */
final class EventJson extends Jackson3Serializer {

    private static final String METADATA = MetaData.class.getName();

    private final EventNames names;
    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();

    EventJson(EventNames names) {
        super(builder().jsonMapperBuilderCustomizer(EventJson::configure));
        this.names = names;
    }

    static void configure(JsonMapper.Builder json) {
        json.addModule(module())
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .changeDefaultPropertyInclusion(include ->
                        include.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL));
    }

    /** Money as the string of pounds that the whole contract uses, sealed text as its ciphertext. */
    static SimpleModule module() {
        return new SimpleModule("ledger")
                .addSerializer(new StdSerializer<Money>(Money.class) {
                    @Override
                    public void serialize(Money money, JsonGenerator to, SerializationContext context) {
                        to.writeString(money.toString());
                    }
                })
                .addDeserializer(Money.class, new StdDeserializer<Money>(Money.class) {
                    @Override
                    public Money deserialize(JsonParser from, DeserializationContext context) {
                        return Money.parse(from.getString());
                    }
                })
                .addSerializer(new StdSerializer<Sealed>(Sealed.class) {
                    @Override
                    public void serialize(Sealed text, JsonGenerator to, SerializationContext context) {
                        to.writeString(text.sealed());
                    }
                })
                .addDeserializer(Sealed.class, new StdDeserializer<Sealed>(Sealed.class) {
                    @Override
                    public Sealed deserialize(JsonParser from, DeserializationContext context) {
                        return new Sealed(from.getString());
                    }
                });
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(Class type) {
        if (MetaData.class == type) {
            return new SimpleSerializedType(METADATA, null);
        }
        return names.typeOf(type);
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        return METADATA.equals(type.getName()) ? MetaData.class : names.classOf(type);
    }

    @Override
    protected ObjectReader getReader(Class<?> type) {
        return readers.computeIfAbsent(type, super::getReader);
    }
}
