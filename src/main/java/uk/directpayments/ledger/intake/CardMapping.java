package uk.directpayments.ledger.intake;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.intake.CsvMapping.DateOrder;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Which column of a card platform's CSV, or field of its JSON, is what, for platforms that do not write the ledger's own form:
 * {@link CardFeedReader}. Columns are named as in the header line; a field within another by both names and a full stop between.
 *
 * @param settledAt      when the money moved; an instant with a zone unless {@code localTime}
 * @param type           what the line is, in the platform's words: see {@code types}
 * @param currency       every line of it must be GBP; null if the platform knows pounds alone
 * @param types          the ledger's word, like {@code PURCHASE}, for each of the platform's; those that are not there are the ledger's own
 * @param unsigned       {@code amount} has no sign: the type says which way the money went
 * @param localTime      days, or times without a zone, in London
 * @param dateOrder      of such days, if they are not written year first
 */
record CardMapping(
        String accountRef,
        String txnId,
        String settledAt,
        String type,
        String amount,
        @Nullable String currency,
        @Nullable String merchantName,
        @Nullable String mcc,
        @Nullable String cashback,
        @Nullable String runningBalance,
        @Nullable Map<String, String> types,
        boolean unsigned,
        boolean localTime,
        @Nullable DateOrder dateOrder,
        @Nullable String separator) {

    private static final int MOST_TYPES = 100;
    private static final Pattern LOCAL =
            Pattern.compile("([0-9]{1,4})[/.\\-]([0-9]{1,2})[/.\\-]([0-9]{2,4})(?:[T ]+([0-9:.]{4,18}))?");

    /** The ledger's own form. */
    static final CardMapping OWN = new CardMapping(
            "accountRef",
            "txnId",
            "settledAt",
            "type",
            "amount",
            "currency",
            "merchantName",
            "mcc",
            "cashback",
            "runningBalance",
            null,
            false,
            false,
            null,
            null);

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static CardMapping parse(String json) {
        CardMapping mapping = MappingJson.read(json, CardMapping.class, "card feeds");
        if (mapping == null
                || Stream.of(mapping.accountRef, mapping.txnId, mapping.settledAt, mapping.type, mapping.amount)
                        .anyMatch(name -> name == null || name.isBlank())) {
            throw MappingJson.invalid("must name the columns accountRef, txnId, settledAt, type and amount");
        }
        if (mapping.types != null
                && (mapping.types.size() > MOST_TYPES
                        || mapping.types.values().stream().anyMatch(word -> !CardFeedReader.TYPES.containsKey(word)))) {
            throw MappingJson.invalid("must have as types one of " + String.join(", ", CardFeedReader.TYPES.keySet()));
        }
        MappingJson.requireSeparator(mapping.separator);
        return mapping;
    }

    String json() {
        return MappingJson.write(this);
    }

    JsonNode tree() {
        return MappingJson.tree(this);
    }

    /** The columns that every CSV must have, in the mapping's names; those of the ledger's own form say what it must have besides. */
    List<String> required() {
        return equals(OWN) ? given(accountRef, txnId, settledAt, type, amount, currency, merchantName, mcc) : names();
    }

    /** The fields that not every transaction of a JSON file may lack: there, what is empty may be left out. */
    List<String> always() {
        return given(accountRef, txnId, type, amount, currency);
    }

    /** Every column that the mapping names. */
    List<String> names() {
        return given(accountRef, txnId, settledAt, type, amount, currency, merchantName, mcc, cashback, runningBalance);
    }

    private static List<String> given(@Nullable String... names) {
        return Arrays.stream(names)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .map(String::strip)
                .toList();
    }

    /** The ledger's kind for a platform's word, or null. */
    @Nullable
    Kind kind(String word) {
        String own = types == null ? word : types.getOrDefault(word, word);
        return CardFeedReader.TYPES.get(own);
    }

    /** The London day of a time as the platform writes it. @throws RuleBroken {@code FIELD_INVALID} */
    LocalDate day(String raw) {
        Matcher local = LOCAL.matcher(raw.strip());
        if (!localTime || !local.matches()) {
            Instant instant = StatementFields.instant("settledAt", raw);
            return uk.directpayments.ledger.kernel.BusinessDay.of(instant);
        }
        int a = Integer.parseInt(local.group(1));
        int b = Integer.parseInt(local.group(2));
        int c = Integer.parseInt(local.group(3));
        boolean yearFirst = local.group(1).length() == 4;
        if (!yearFirst && dateOrder == null) {
            throw StatementFields.invalid("settledAt", "could be two days: the mapping must say dateOrder");
        }
        try {
            if (local.group(4) != null) {
                LocalTime.parse(local.group(4));
            }
            LocalDate day = yearFirst || dateOrder == DateOrder.YMD
                    ? LocalDate.of(year(a), b, c)
                    : dateOrder == DateOrder.MDY ? LocalDate.of(year(c), a, b) : LocalDate.of(year(c), b, a);
            if (day.getYear() >= 2000 && day.getYear() <= 9998) {
                return day;
            }
        } catch (java.time.DateTimeException wrong) {
            throw StatementFields.invalid("settledAt", "is no day");
        }
        throw StatementFields.invalid("settledAt", "must be from the year 2000 to 9998");
    }

    private static int year(int digits) {
        return digits < 100 ? 2000 + digits : digits;
    }
}
