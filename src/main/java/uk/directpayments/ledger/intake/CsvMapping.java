package uk.directpayments.ledger.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Which column of a bank's CSV is what. Columns are named as in the header line. Either {@code amount}, whose sign says which way the money
 * went unless {@code direction} does, or {@code debit} and {@code credit}.
 *
 * @param date        the day of booking
 * @param amount      money in is positive, unless {@code negate}
 * @param debit       money out, with or without a sign
 * @param credit      money in
 * @param direction   of {@code amount}, in words like {@code DR} and {@code CR}; or null, and then not written: versions that do not know
 *                    it read what has none
 * @param payee       the other side, or null
 * @param description free text, or null
 * @param reference   the bank's own, the same in every file, or null
 * @param balance     of the account after the line, or null
 * @param currency    every line of it must be GBP, or null
 * @param dateOrder   {@code DMY}, {@code MDY} or {@code YMD}; null refuses days that could be two
 * @param decimal     {@code .} or {@code ,}; null is a point. What of the two it is not may stand between thousands
 * @param separator   between columns; null finds out
 * @param negate      money out is positive in {@code amount}
 */
record CsvMapping(
        String date,
        @Nullable String amount,
        @Nullable String debit,
        @Nullable String credit,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String direction,
        @Nullable String payee,
        @Nullable String description,
        @Nullable String reference,
        @Nullable String balance,
        @Nullable String currency,
        @Nullable DateOrder dateOrder,
        @Nullable String decimal,
        @Nullable String separator,
        boolean negate) {

    /** In which order a date has year, month and day. */
    enum DateOrder {
        DMY,
        MDY,
        YMD
    }

    /** Names that banks give their columns, in lower case. */
    private static final List<String> DATES =
            List.of("date", "transaction date", "posting date", "booking date", "posted date", "completed date");

    private static final List<String> AMOUNTS =
            List.of("amount", "value", "transaction amount", "amount (gbp)", "amount gbp", "amount (£)");
    private static final List<String> DEBITS = List.of(
            "debit",
            "debit amount",
            "paid out",
            "money out",
            "withdrawals",
            "withdrawn",
            "paid out (£)",
            "debits",
            "out");
    private static final List<String> CREDITS = List.of(
            "credit", "credit amount", "paid in", "money in", "deposits", "deposited", "paid in (£)", "credits", "in");
    /** {@code Dr/Cr}, {@code Debit or credit}, {@code Credit/Debit Indicator} … */
    private static final Pattern DIRECTION = Pattern.compile(
            "(?:(?:dr|debit|d)\\W*(?:or )?(?:cr|credit|c)|(?:cr|credit|c)\\W*(?:or )?(?:dr|debit|d))(?: (?:indicator|ind|flag|mark|type))?");

    /** Such a column, if it says nothing but that; many banks' says what kind of payment it is. */
    private static final List<String> TYPES = List.of("type", "transaction type");

    private static final Set<String> OUT = Set.of("DR", "DEBIT", "DBIT", "DB", "D");
    private static final Set<String> IN = Set.of("CR", "CREDIT", "CRDT", "C");
    private static final List<String> PAYEES =
            List.of("payee", "name", "counterparty", "counter party", "payee name", "merchant", "beneficiary");
    private static final List<String> DESCRIPTIONS = List.of(
            "description", "transaction description", "details", "narrative", "memo", "transaction", "particulars");
    private static final List<String> REFERENCES =
            List.of("transaction id", "transactionid", "id", "fitid", "bank reference", "transaction reference");
    private static final List<String> BALANCES = List.of("balance", "running balance", "balance (£)", "balance (gbp)");
    private static final List<String> CURRENCIES = List.of("currency", "ccy", "currency code");

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static CsvMapping parse(String json) {
        CsvMapping mapping = MappingJson.read(json, CsvMapping.class, "CSV statements");
        if (mapping == null || mapping.date == null || mapping.date.isBlank()) {
            throw MappingJson.invalid("must name the column of the date");
        }
        boolean two = mapping.debit != null && mapping.credit != null;
        if (mapping.amount == null ? !two : mapping.debit != null || mapping.credit != null) {
            throw MappingJson.invalid("must name either amount, or debit and credit");
        }
        if (mapping.direction != null && (two || mapping.negate)) {
            throw MappingJson.invalid(
                    "must say by one of direction, negate, and debit and credit, which way money went");
        }
        if (mapping.decimal != null && !List.of(".", ",").contains(mapping.decimal)) {
            throw MappingJson.invalid("must have . or , as decimal");
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

    /** Every column that it names. */
    List<String> columns() {
        return Stream.of(date, amount, debit, credit, direction, payee, description, reference, balance, currency)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .map(CsvMapping::key)
                .toList();
    }

    /** A column's name as it is looked for. */
    static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the sign of an amount says by itself which way the money went. */
    boolean trustsSigns() {
        return amount != null && direction == null && !negate;
    }

    /** Whether a word of the column {@code direction} says that money went out, or that it came in; null if it says neither. */
    static @Nullable Boolean isOut(String word) {
        String upper = word.strip().toUpperCase(Locale.ROOT);
        return OUT.contains(upper) ? Boolean.TRUE : IN.contains(upper) ? Boolean.FALSE : null;
    }

    /**
     * What the names of the columns say by themselves, or null if that is not enough.
     *
     * @param rows the first of the file
     */
    static @Nullable CsvMapping guess(List<String> header, List<List<String>> rows) {
        Map<String, String> byName = header.stream()
                .map(String::strip)
                .collect(Collectors.toMap(CsvMapping::key, Function.identity(), (first, second) -> first));
        Function<List<String>, @Nullable String> column = names -> names.stream()
                .map(byName::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        String date = column.apply(DATES);
        String amount = column.apply(AMOUNTS);
        String debit = column.apply(DEBITS);
        String credit = column.apply(CREDITS);
        if (date == null || (amount == null && (debit == null || credit == null))) {
            return null;
        }
        boolean two = debit != null && credit != null;
        return new CsvMapping(
                date,
                two ? null : amount,
                two ? debit : null,
                two ? credit : null,
                two ? null : direction(header, rows),
                column.apply(PAYEES),
                column.apply(DESCRIPTIONS),
                column.apply(REFERENCES),
                column.apply(BALANCES),
                column.apply(CURRENCIES),
                null,
                null,
                null,
                false);
    }

    private static @Nullable String direction(List<String> header, List<List<String>> rows) {
        for (String name : header) {
            if (DIRECTION.matcher(key(name)).matches()) {
                return name.strip();
            }
        }
        for (int i = 0; i < header.size(); i++) {
            int place = i;
            if (TYPES.contains(key(header.get(i)))
                    && !rows.isEmpty()
                    && rows.stream().allMatch(row -> row.size() > place && isOut(row.get(place)) != null)) {
                return header.get(i).strip();
            }
        }
        return null;
    }
}
