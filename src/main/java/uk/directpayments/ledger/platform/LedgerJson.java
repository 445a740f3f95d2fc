package uk.directpayments.ledger.platform;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;

/** How the kernel's words are written as JSON: strictly towards callers, plainly in events. */
final class LedgerJson {

    private static final Pattern REQUESTED = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,2})?");

    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,20}(?:\\.[0-9]{1,20})?");

    private static final int MOST_DIGITS = 20;

    private LedgerJson() {}

    /** For events: money is a string of pounds, negative or not; sealed text is its ciphertext as a string. */
    static JacksonModule forEvents() {
        return new SimpleModule("ledger-events")
                .addSerializer(new AsString<>(Money.class, Money::toString))
                .addDeserializer(Money.class, new FromString<>(Money.class, Money::parse))
                .addDeserializer(LocalDate.class, new FromString<>(LocalDate.class, BusinessDay::parse))
                .addSerializer(new AsString<>(Sealed.class, Sealed::sealed))
                .addDeserializer(Sealed.class, new FromString<>(Sealed.class, Sealed::new));
    }

    /**
     * For requests and answers: money must be a string, not negative, at most {@link Money#LARGEST_REQUEST}, else
     * {@code MONEY_INVALID}; texts, dates and instants are read by {@link HttpText}, else {@code FIELD_INVALID}. Sealed text must
     * have been opened before it is answered: to write it as it is kept fails.
     */
    static JacksonModule forCallers() {
        return new SimpleModule("ledger-callers")
                .addSerializer(new AsString<>(Money.class, Money::toString))
                .addDeserializer(Money.class, new FromString<>(Money.class, LedgerJson::requestedMoney))
                .addSerializer(new AsString<>(Sealed.class, text -> {
                    throw new IllegalStateException("sealed text in an answer");
                }))
                .addDeserializer(String.class, new FromString<>(String.class, HttpText::text))
                .addKeyDeserializer(String.class, new KeyDeserializer() {
                    @Override
                    public Object deserializeKey(String key, DeserializationContext context) {
                        return HttpText.text(key);
                    }
                })
                .addDeserializer(LocalDate.class, new FromString<>(LocalDate.class, HttpText::date))
                .addDeserializer(Instant.class, new FromString<>(Instant.class, HttpText::instant))
                .addDeserializer(BigDecimal.class, new FromNumber<>(BigDecimal.class, LedgerJson::decimal))
                .addDeserializer(
                        Integer.class,
                        new FromNumber<>(Integer.class, number -> whole(number).intValueExact()))
                .addDeserializer(
                        Long.class,
                        new FromNumber<>(Long.class, number -> whole(number).longValueExact()));
    }

    /** @throws RuleBroken {@code MONEY_INVALID} */
    static Money requestedMoney(String text) {
        if (!REQUESTED.matcher(text).matches()) {
            throw noMoney();
        }
        return Money.parse(text);
    }

    private static RuleBroken noMoney() {
        return new RuleBroken(
                "MONEY_INVALID",
                "must be a string of pounds with at most two decimals, like \"620.00\", not negative and at most "
                        + Money.LARGEST_REQUEST);
    }

    private static final class AsString<T> extends StdSerializer<T> {

        private final Function<T, String> text;

        AsString(Class<T> type, Function<T, String> text) {
            super(type);
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializationContext context) {
            json.writeString(text.apply(value));
        }
    }

    /** Takes a JSON string and nothing else: no number or boolean is coerced to one. */
    private static final class FromString<T> extends StdDeserializer<T> {

        private final Function<String, T> value;

        FromString(Class<T> type, Function<String, T> value) {
            super(type);
            this.value = value;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                throw _valueClass == Money.class
                        ? noMoney()
                        : new RuleBroken("FIELD_INVALID", HttpJson.expected(_valueClass));
            }
            return value.apply(json.getString());
        }
    }

    /**
     * A JSON number, or a string of one, for a score is written either way. Exponents are bounded: {@code 1e999999999} is short to
     * write and long to calculate with.
     */
    private static BigDecimal decimal(JsonParser json) {
        BigDecimal number = json.hasToken(JsonToken.VALUE_STRING)
                ? new BigDecimal(DECIMAL.matcher(json.getString()).matches() ? json.getString() : "none")
                : json.getDecimalValue();
        if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw new ArithmeticException("too many digits");
        }
        return number;
    }

    private static BigInteger whole(JsonParser json) {
        if (!json.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            throw new ArithmeticException("not whole");
        }
        return json.getBigIntegerValue();
    }

    /** Takes a JSON number; a whole one is never taken from a string. */
    private static final class FromNumber<T> extends StdDeserializer<T> {

        private final Function<JsonParser, T> value;

        FromNumber(Class<T> type, Function<JsonParser, T> value) {
            super(type);
            this.value = value;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) {
            try {
                if (json.currentToken().isNumeric()
                        || (_valueClass == BigDecimal.class && json.hasToken(JsonToken.VALUE_STRING))) {
                    return value.apply(json);
                }
            } catch (ArithmeticException | NumberFormatException e) {
                // no number, or out of range: refused below
            }
            throw new RuleBroken("FIELD_INVALID", HttpJson.expected(_valueClass));
        }
    }
}
