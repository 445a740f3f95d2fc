package uk.directpayments.ledger.platform;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

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
        json.addModule(LedgerJson.forEvents())
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // The final fields of an aggregate: without this no snapshot could be read.
                .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
                .changeDefaultPropertyInclusion(include ->
                        include.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL));
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
