package uk.directpayments.ledger.platform;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/** Makes the same instance of a record every time: with everything filled in, or with everything null that may be. */
final class Samples {

    private final boolean full;

    private Samples(boolean full) {
        this.full = full;
    }

    static Object full(Class<?> type) {
        return new Samples(true).record(type);
    }

    static Object least(Class<?> type) {
        return new Samples(false).record(type);
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> value(component.getAnnotatedType(), component.getName()))
                .toArray();
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no sample of " + type, e);
        }
    }

    private @Nullable Object value(AnnotatedType annotated, String name) {
        if (!full && annotated.isAnnotationPresent(Nullable.class)) {
            return null;
        }
        Type type = annotated.getType();
        if (type instanceof ParameterizedType generic) {
            AnnotatedType[] arguments = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return List.of(value(arguments[0], name));
            } else if (generic.getRawType() == Set.class) {
                return Set.of(value(arguments[0], name));
            } else if (generic.getRawType() == Map.class) {
                return Map.of(value(arguments[0], name + "-key"), value(arguments[1], name));
            }
        }
        return type instanceof Class<?> plain ? plain(plain, name) : unknown(type);
    }

    private Object plain(Class<?> type, String name) {
        if (type.isRecord() && type != Money.class && type != Sealed.class) {
            return record(type);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type == String.class) {
            return name;
        } else if (type == Sealed.class) {
            return new Sealed("sealed-" + name);
        } else if (type == Money.class) {
            return Money.ofPence(123_456);
        } else if (type == LocalDate.class) {
            return LocalDate.of(2028, 2, 29);
        } else if (type == YearMonth.class) {
            return YearMonth.of(2028, 2);
        } else if (type == Instant.class) {
            return Instant.parse("2028-02-29T12:34:56.789Z");
        } else if (type == BigDecimal.class) {
            return new BigDecimal("0.250");
        } else if (type == boolean.class || type == Boolean.class) {
            return true;
        } else if (type == int.class || type == Integer.class) {
            return 12;
        } else if (type == long.class || type == Long.class) {
            return 123_456_789_012L;
        }
        return unknown(type);
    }

    private static Object unknown(Type type) {
        throw new AssertionError("Samples does not know the type " + type + " yet: give it a sample here");
    }
}
