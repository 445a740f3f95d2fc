package uk.directpayments.ledger.platform;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.RuleBroken;

/** JSON as callers must write it: nothing unknown, nothing twice, nothing coerced; and the words for what they got wrong. */
final class HttpJson {

    /** The deepest nesting that a body may have. The contract's deepest is 3. */
    private static final int DEEPEST = 32;

    /** The longest field name that is told back to the caller. */
    private static final int LONGEST_NAME = 64;

    private HttpJson() {}

    static void bounded(JsonFactoryBuilder json) {
        json.streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxNumberLength(100)
                .maxNameLength(1_000)
                .build());
    }

    static void strict(JsonMapper.Builder json) {
        json.addModule(LedgerJson.forCallers())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .withCoercionConfigDefaults(coercion -> coercion.setAcceptBlankAsEmpty(false))
                .changeDefaultNullHandling(nulls -> JsonSetter.Value.forContentNulls(Nulls.FAIL));
    }

    static Problem problem(JacksonException e) {
        if (e.getCause() instanceof RuleBroken refusal) {
            return Problem.of(refusal.code(), path(e.getPath()), refusal.words());
        }
        if (e instanceof UnrecognizedPropertyException) {
            return Problem.of("FIELD_UNKNOWN", path(e.getPath()), "is not a field of this request");
        }
        if (!(e instanceof DatabindException) || e.getPath().isEmpty()) {
            return Problem.of(
                    "BODY_INVALID", "The body must be one well-formed JSON object in UTF-8, each field once.");
        }
        return Problem.of("FIELD_INVALID", path(e.getPath()), words(e));
    }

    private static String words(JacksonException e) {
        if (e instanceof InvalidNullException) {
            return "must not be null";
        }
        return expected(e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null);
    }

    /** What a value of this type must look like, in the caller's words. */
    static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "is not valid";
        }
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        if (type == String.class) {
            return "must be a string";
        }
        if (type == LocalDate.class) {
            return HttpText.DATE_WORDS;
        }
        if (type == Instant.class) {
            return HttpText.INSTANT_WORDS;
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "must be a whole number, not too large";
        }
        if (type == BigDecimal.class || type == double.class || type == Double.class) {
            return "must be a number, not too large";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "must be a list";
        }
        return type.isRecord() ? "must be an object" : "is not valid";
    }

    /** {@code lines[0].annualAmount}. Names that the caller made up are shortened and rid of what does not print. */
    private static String path(List<JacksonException.Reference> path) {
        StringBuilder dotted = new StringBuilder();
        for (JacksonException.Reference step : path) {
            String name = step.getPropertyName();
            if (name == null) {
                dotted.append('[').append(step.getIndex()).append(']');
            } else {
                dotted.append(dotted.isEmpty() ? "" : ".").append(printable(name));
            }
        }
        return dotted.toString();
    }

    static String printable(String name) {
        String clean = name.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
        return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "…";
    }
}
