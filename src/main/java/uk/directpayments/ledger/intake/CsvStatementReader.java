package uk.directpayments.ledger.intake;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.intake.CsvMapping.DateOrder;
import uk.directpayments.ledger.kernel.Money;

/**
 * A bank's CSV, rulebook section 6: a header line, then a line for each entry, oldest or newest first. Which column is what, its mapping
 * says, or the names of the columns by themselves. If there is a column of balances, they are proved in either order.
 */
final class CsvStatementReader implements StatementReader {

    static final String FORMAT = "csv";

    private static final Pattern NUMERIC_DATE =
            Pattern.compile("([0-9]{1,4})[/.\\- ]([0-9]{1,2})[/.\\- ]([0-9]{2,4})(?:[T ][0-9:.Z+]*)?");
    private static final Pattern NAMED_DATE =
            Pattern.compile("([0-9]{1,2})[/.\\- ]?([A-Za-z]{3})[A-Za-z]*[/.\\- ,]*([0-9]{2}|[0-9]{4})");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    /** Of how many records is guessed what the columns are. */
    private static final int LOOKED_AT = 50;

    private final StatementLimits limits;
    private final @Nullable CsvMapping mapping;

    CsvStatementReader(StatementLimits limits, @Nullable CsvMapping mapping) {
        this.limits = limits;
        this.mapping = mapping;
    }

    CsvStatementReader mappedBy(CsvMapping columns) {
        return new CsvStatementReader(limits, columns);
    }

    /**
     * The same for a file that begins like this: with the columns that the account's files had before if it has them all, else by the names of its
     * own. Where those would trust a sign that the bank did not give its amounts before, the file is another that a mapping must explain.
     *
     * @param kept how the account's columns were mapped before, or null
     */
    CsvStatementReader understanding(byte[] head, @Nullable CsvMapping kept) {
        CsvStatementReader before = kept == null ? this : mappedBy(kept);
        if (kept != null && before.recognises(head)) {
            return before;
        }
        CsvMapping guess = mapping == null ? guess(head) : null;
        return guess == null || (kept != null && guess.trustsSigns() && !kept.trustsSigns()) ? before : mappedBy(guess);
    }

    @Override
    public @Nullable JsonNode mapping() {
        return mapping == null ? null : mapping.tree();
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /** By a header line that has the columns of the mapping or, without one, whose names say enough. */
    @Override
    public boolean recognises(byte[] head) {
        return mapping == null
                ? guess(head) != null
                : CsvRecords.names(head, limits, separator(head)).stream()
                        .map(CsvMapping::key)
                        .toList()
                        .containsAll(mapping.columns());
    }

    private @Nullable CsvMapping guess(byte[] head) {
        List<List<String>> first = CsvRecords.first(LOOKED_AT, head, limits, separator(head));
        if (first.isEmpty()) {
            return null;
        }
        boolean cut = head.length == StatementFormats.HEAD_BYTES && first.size() > 1;
        List<List<String>> rows = first.subList(1, first.size() - (cut ? 1 : 0)).stream()
                .filter(row -> row.stream().anyMatch(field -> !field.isEmpty()))
                .toList();
        return CsvMapping.guess(first.get(0), rows);
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        BufferedInputStream again = new BufferedInputStream(file, StatementFormats.HEAD_BYTES);
        again.mark(StatementFormats.HEAD_BYTES);
        byte[] head = again.readNBytes(StatementFormats.HEAD_BYTES);
        again.reset();
        CsvRecords records = new CsvRecords(again, limits, separator(head));
        CsvRecord header = records.next();
        if (header == null) {
            throw BankFields.unreadable(1, "the file is empty, a CSV statement begins with a header line");
        }
        CsvMapping columns = mapping != null ? mapping : guess(head);
        if (columns == null) {
            throw BankFields.unreadable(1, "what the columns are is not clear from their names: a mapping must say so");
        }
        Rows rows = new Rows(header, columns);
        BankLines lines = new BankLines(today, limits, sink);
        CsvBalances balances = new CsvBalances();
        for (CsvRecord csv = records.next(); csv != null; csv = records.next()) {
            if (csv.getFields().stream().anyMatch(field -> !field.isBlank())) {
                BankLines.Entry entry = rows.entry(csv);
                balances.add(entry);
                lines.add(entry, entry.balance() != null);
            }
        }
        balances.tell(sink);
    }

    private char separator(byte[] head) {
        if (mapping != null && mapping.separator() != null) {
            return mapping.separator().charAt(0);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        char best = ',';
        for (char candidate : new char[] {';', '\t', '|'}) {
            if (count(first, candidate) > count(first, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    /** Reads records as the mapping says. */
    private static final class Rows {

        private final CsvMapping columns;
        private final Map<String, Integer> places = new HashMap<>();
        private final char decimal;
        private final int width;

        /** In a file whose mapping does not say it, what the first day that can be only one shows; the others must agree. */
        private @Nullable DateOrder shown;

        /** Whether the amounts paid out have a sign, where a column says which way the money went; null before the first. */
        private @Nullable Boolean signed;

        Rows(CsvRecord header, CsvMapping columns) {
            this.columns = columns;
            this.width = header.getFieldCount();
            this.decimal = ",".equals(columns.decimal()) ? ',' : '.';
            for (int i = 0; i < header.getFieldCount(); i++) {
                places.putIfAbsent(CsvMapping.key(header.getField(i)), i);
            }
            if (!places.keySet().containsAll(columns.columns())) {
                throw BankFields.unreadable(1, "a column that the mapping names is not in the header");
            }
        }

        BankLines.Entry entry(CsvRecord csv) {
            int line = (int) csv.getStartingLineNumber();
            if (csv.getFieldCount() != width) {
                throw BankFields.unreadable(line, "it has other columns than the header");
            }
            String currency = text(csv, columns.currency());
            BankFields.inPounds(currency.isEmpty() ? null : currency, line);
            String balance = text(csv, columns.balance());
            return new BankLines.Entry(
                    line,
                    text(csv, columns.reference()),
                    null,
                    date(text(csv, columns.date()), columns.dateOrder(), line),
                    amount(csv, line),
                    false,
                    text(csv, columns.payee()),
                    text(csv, columns.description()),
                    balance.isEmpty() ? null : money(balance, line),
                    null);
        }

        private String text(CsvRecord csv, @Nullable String column) {
            Integer place = column == null ? null : places.get(CsvMapping.key(column));
            return place == null || place >= csv.getFieldCount()
                    ? ""
                    : csv.getField(place).strip();
        }

        private Money amount(CsvRecord csv, int line) {
            if (columns.amount() != null) {
                Money amount = money(text(csv, columns.amount()), line);
                return columns.direction() != null
                        ? directed(amount, text(csv, columns.direction()), line)
                        : columns.negate() ? amount.negated() : amount;
            }
            String debit = text(csv, columns.debit());
            String credit = text(csv, columns.credit());
            Money out = debit.isEmpty() ? Money.ZERO : money(debit, line);
            Money in = credit.isEmpty() ? Money.ZERO : money(credit, line);
            if (!out.isZero() && !in.isZero() || debit.isEmpty() && credit.isEmpty() || in.isNegative()) {
                throw BankFields.unreadable(line, "it must have an amount either paid out or paid in");
            }
            return out.isZero() ? in : out.isNegative() ? out : out.negated();
        }

        /** Of an amount with a sign and a direction both must say the same; and either every amount paid out has a sign, or none. */
        private Money directed(Money amount, String direction, int line) {
            Boolean out = CsvMapping.isOut(direction);
            if (out == null) {
                throw BankFields.unreadable(
                        line, "the column that says which way the money went says neither DR nor CR");
            }
            if (!out && amount.isNegative()) {
                throw BankFields.unreadable(line, "its amount is paid out by its sign, and paid in by its direction");
            }
            if (!out || amount.isZero()) {
                return amount;
            }
            if (signed != null && signed != amount.isNegative()) {
                throw BankFields.unreadable(line, "some amounts paid out have a sign, and others have none");
            }
            signed = amount.isNegative();
            return amount.isNegative() ? amount : amount.negated();
        }

        /** Pounds as banks write them: {@code £1,234.50}, {@code (12.00)}, {@code 12.00 DR}, {@code 12.00-}. */
        private Money money(String raw, int line) {
            String text = raw.replace("£", "")
                    .replace("GBP", "")
                    .replace("\u00A0", "")
                    .replace(" ", "");
            boolean negative = false;
            String written = text;
            if (text.startsWith("(") && text.endsWith(")")) {
                negative = true;
                text = text.substring(1, text.length() - 1);
            } else if (text.endsWith("DR") || text.endsWith("CR")) {
                negative = text.endsWith("DR");
                text = text.substring(0, text.length() - 2);
            } else if (text.endsWith("-")) {
                negative = true;
                text = text.substring(0, text.length() - 1);
            }
            if (text.length() < written.length() && (text.startsWith("-") || text.startsWith("+"))) {
                throw BankFields.unreadable(line, "an amount says its sign twice");
            }
            Money money = BankFields.amount(withoutThousands(text, line), line);
            return negative ? money.negated() : money;
        }

        /** Thousands stand in threes, or the mapping has the wrong decimal sign. */
        private String withoutThousands(String text, int line) {
            char thousands = decimal == '.' ? ',' : '.';
            if (text.indexOf(thousands) < 0) {
                return text.replace(decimal, '.');
            }
            if (!text.matches("[+-]?[0-9]{1,3}(?:" + Pattern.quote("" + thousands) + "[0-9]{3})+(?:"
                    + Pattern.quote("" + decimal) + "[0-9]*)?")) {
                throw BankFields.unreadable(line, "an amount has separators that are not between thousands");
            }
            return text.replace("" + thousands, "").replace(decimal, '.');
        }

        private LocalDate date(String raw, @Nullable DateOrder order, int line) {
            Matcher named = NAMED_DATE.matcher(raw);
            if (named.matches()) {
                int month = MONTHS.indexOf(named.group(2).toLowerCase(Locale.ROOT)) + 1;
                return BankFields.day(line, year(named.group(3)), month, Integer.parseInt(named.group(1)));
            }
            Matcher numbers = NUMERIC_DATE.matcher(raw);
            if (!numbers.matches()) {
                throw BankFields.unreadable(line, "a date cannot be read");
            }
            String first = numbers.group(1);
            int a = Integer.parseInt(first);
            int b = Integer.parseInt(numbers.group(2));
            int c = Integer.parseInt(numbers.group(3));
            if (first.length() == 4 || order == DateOrder.YMD) {
                return BankFields.day(line, year(first), b, c);
            }
            if (first.length() > 2) {
                throw BankFields.unreadable(line, "a date cannot be read");
            }
            int year = year(numbers.group(3));
            if (order == null && a <= 12 && b <= 12 && a != b) {
                throw BankFields.unreadable(
                        line, "the date could be two days: the mapping must say dateOrder, DMY or MDY");
            }
            if (order == null && a != b) {
                DateOrder now = b > 12 ? DateOrder.MDY : DateOrder.DMY;
                if (shown != null && shown != now) {
                    throw BankFields.unreadable(line, "the file's dates are in two orders, day first and month first");
                }
                shown = now;
            }
            boolean monthFirst = order == DateOrder.MDY || (order == null && b > 12);
            return monthFirst ? BankFields.day(line, year, a, b) : BankFields.day(line, year, b, a);
        }

        private static int year(String digits) {
            int year = Integer.parseInt(digits);
            return digits.length() == 2 ? 2000 + year : year;
        }
    }
}
