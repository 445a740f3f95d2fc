package uk.directpayments.ledger.intake;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.RuleBroken;

/** A mapping of columns as it is sent, kept and shown: JSON, in which nothing may stand that it does not know. */
final class MappingJson {

    /** The longest mapping that is read, in characters. */
    private static final int LONGEST = 4_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private MappingJson() {}

    /**
     * A mapping; null for JSON's own null.
     *
     * @param recipe which recipe tells how it is written
     * @throws RuleBroken {@code FIELD_INVALID}
     */
    static <T> @Nullable T read(String json, Class<T> mapping, String recipe) {
        if (json.length() > LONGEST) {
            throw invalid("is longer than " + LONGEST + " characters");
        }
        try {
            return JSON.readValue(json, mapping);
        } catch (JacksonException wrong) {
            throw invalid("must be a JSON object that names columns: see the recipe for " + recipe);
        }
    }

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static void requireSeparator(@Nullable String separator) {
        if (separator != null && !List.of(",", ";", "\t", "|").contains(separator)) {
            throw invalid("must have a comma, semicolon, tab or | as separator");
        }
    }

    static RuleBroken invalid(String words) {
        return new RuleBroken("FIELD_INVALID", "The mapping " + words + ".", "mapping");
    }

    static String write(Object mapping) {
        return JSON.writeValueAsString(mapping);
    }

    static JsonNode tree(Object mapping) {
        return JSON.valueToTree(mapping);
    }
}
