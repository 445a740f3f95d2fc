package uk.directpayments.ledger.platform;

import java.util.List;
import org.axonframework.common.caching.Cache;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Insides of the running ledger's platform for the tests of other rooms. */
public final class RealPlatform {

    private static final EventJson JSON = new EventJson(EventNames.in(List.of(AxonPlatform.BASE_PACKAGE)));

    private static final JsonMapper SETS_FINAL_FIELDS = setsFinalFields();

    private RealPlatform() {}

    private static JsonMapper setsFinalFields() {
        JsonMapper.Builder json = JsonMapper.builder();
        EventJson.configure(json);
        return json.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS).build();
    }

    /** An event or snapshot as it is stored. */
    public static String json(Object stored) {
        return JSON.serialize(stored, String.class).getData();
    }

    /** An event or snapshot written and read back, as after a restart. */
    @SuppressWarnings("unchecked")
    public static <T> T writtenAndRead(T stored) {
        return (T) JSON.deserialize(JSON.serialize(stored, String.class));
    }

    /**
     * A snapshot written and read back by a mapper that may set final fields, which {@link EventJson}'s may not (see
     * {@code AccountSnapshotTest}): once that can, this is {@link #writtenAndRead}.
     */
    @SuppressWarnings("unchecked")
    public static <T> T snapshotWrittenAndRead(T aggregate) {
        return (T) SETS_FINAL_FIELDS.readValue(json(aggregate), aggregate.getClass());
    }

    public static Cache streamCache() {
        return new StreamCache(10);
    }
}
