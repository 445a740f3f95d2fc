package uk.directpayments.ledger.intake;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.intake.StatementLine.Spent;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What a support organisation has spent for all its clients, rulebook 4.19: CSV in UTF-8 or CP1252, one line for each purchase or fee, each
 * with the id of the account that it is of. Columns are found by their names, in any order. It is the organisation's word, and no bank's: lines
 * of banks are matched with what it records.
 */
final class SpendingReader implements StatementReader {

    static final String FORMAT = "client-spending";

    private static final List<String> REQUIRED = List.of("accountId", "on", "amount", "payee");
    private static final List<String> OPTIONAL =
            List.of("type", "category", "mcc", "lineId", "reference", "description");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern CATEGORY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 &/_.-]{0,63}");
    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);

    private final StatementLimits limits;

    SpendingReader(StatementLimits limits) {
        this.limits = limits;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public boolean namesAccounts() {
        return true;
    }

    @Override
    public boolean recognises(byte[] head) {
        return CsvRecords.names(head, limits, ',').containsAll(REQUIRED);
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        CsvRecords records = new CsvRecords(file, limits, ',');
        CsvRecord header = records.next();
        if (header == null) {
            throw new RuleBroken("STATEMENT_UNREADABLE", "The file is empty: it begins with a header line.");
        }
        Map<String, Integer> columns = CsvRecords.columns(header, REQUIRED, OPTIONAL, "The header line");
        SeenLines seen = new SeenLines();
        Map<Long, Integer> occurrences = new HashMap<>();
        for (CsvRecord csv = records.next(); csv != null; csv = records.next()) {
            if (csv.getFields().stream().allMatch(String::isBlank)) {
                continue;
            }
            int lineNumber = (int) csv.getStartingLineNumber();
            StatementLine line;
            try {
                line = new Row(csv, columns, header.getFieldCount()).line(lineNumber, occurrences);
            } catch (RuleBroken refusal) {
                sink.refused(new RefusedLine(lineNumber, refusal.code(), refusal.words()));
                continue;
            }
            if (line.on().isAfter(today)) {
                sink.refused(new RefusedLine(line, "DATE_IN_FUTURE", "on lies in the future."));
                continue;
            }
            switch (seen.see(line)) {
                case NEW -> sink.line(line);
                case REPEATED -> sink.repeated(line);
                case CONTRADICTED ->
                    sink.refused(new RefusedLine(
                            line.apart(),
                            "DUPLICATE_TRANSACTION",
                            "reference stands earlier in the file with other content."));
            }
        }
    }

    /** One record and the names of its fields. */
    private record Row(CsvRecord csv, Map<String, Integer> columns, int width) {

        StatementLine line(int lineNumber, Map<Long, Integer> occurrences) {
            if (csv.getFieldCount() != width) {
                throw new RuleBroken(
                        "FIELD_INVALID", "The line has " + csv.getFieldCount() + " fields, the header " + width + ".");
            }
            String account = matching("accountId", ID, StatementFields.required("accountId", raw("accountId")));
            LocalDate on = on();
            Money amount = StatementFields.money("amount", raw("amount"));
            if (!amount.isPositive()) {
                throw new RuleBroken("AMOUNT_NOT_POSITIVE", "amount must be more than nothing: it is what was spent.");
            }
            String payee = StatementFields.freeText("payee", raw("payee"));
            if (payee == null) {
                throw StatementFields.invalid("payee", "is missing");
            }
            StatementFields.withoutCardNumber("payee", payee);
            String category = StatementFields.optional("category", raw("category"));
            String lineId = StatementFields.optional("lineId", raw("lineId"));
            return new StatementLine(
                    lineNumber,
                    account,
                    reference(occurrences, account),
                    on,
                    Kind.SPENDING,
                    amount.negated(),
                    payee,
                    StatementFields.mcc("mcc", raw("mcc")),
                    Money.ZERO,
                    null,
                    StatementFields.bankText(raw("description")),
                    new Spent(
                            type(),
                            category == null ? null : matching("category", CATEGORY, category),
                            lineId == null ? null : matching("lineId", ID, lineId)),
                    null);
        }

        private static String matching(String column, Pattern pattern, String text) {
            if (!pattern.matcher(text).matches()) {
                throw StatementFields.invalid(column, "has signs that it may not have");
            }
            return text;
        }

        private LocalDate on() {
            LocalDate on;
            try {
                on = LocalDate.parse(raw("on").strip());
            } catch (DateTimeException wrong) {
                throw StatementFields.invalid("on", "must be a day like 2026-03-02");
            }
            if (on.isBefore(EARLIEST)) {
                throw StatementFields.invalid("on", "must not be before the year 2000");
            }
            return on;
        }

        private SpendType type() {
            String type = raw("type").strip();
            if (type.isEmpty()) {
                return SpendType.PURCHASE;
            }
            return Stream.of(SpendType.values())
                    .filter(one -> one.name().equals(type))
                    .findFirst()
                    .orElseThrow(() -> StatementFields.invalid("type", "must be PURCHASE, CASH, FEE or TRANSFER"));
        }

        /** The organisation's own; else what the line says, and the how manieth of those that say the same. */
        private String reference(Map<Long, Integer> occurrences, String account) {
            String given = StatementFields.optional("reference", raw("reference"));
            if (given != null) {
                StatementFields.withoutCardNumber("reference", given);
                return given;
            }
            String[] content = Stream.concat(Stream.of(account), csvText()).toArray(String[]::new);
            int occurrence = occurrences.merge(Hashes.bits64(content), 1, Integer::sum);
            return "content:" + Hashes.hex(content).substring(0, 32) + ":" + occurrence;
        }

        private Stream<String> csvText() {
            return Stream.concat(REQUIRED.stream(), OPTIONAL.stream())
                    .map(column -> raw(column).strip());
        }

        /** Empty where the file lacks the column, which only an optional one can. */
        private String raw(String column) {
            Integer index = columns.get(column);
            return index == null ? "" : csv.getField(index);
        }
    }
}
