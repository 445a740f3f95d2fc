package uk.directpayments.ledger.intake;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The prepaid-card feed, rulebook section 6: CSV with one line for each card transaction, or JSON with an object for each
 * ({@link CardFeedJson}), of any number of accounts. Fields are found by their names, in any order; those we do not need are not looked at, so
 * a card's digits in them are never kept.
 *
 * <p>Only settled lines count: a line without {@code settledAt}, an authorisation still pending, is reported as
 * {@code LINE_NOT_SETTLED} rather than passed over in silence, and comes again once it has settled. A line in another currency
 * refuses the whole file, as does a running balance that does not follow from the one before.
 */
final class CardFeedReader implements StatementReader {

    static final String FORMAT = "card-feed";

    /** The platform's words for what a line is. */
    static final Map<String, Kind> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("PURCHASE", Kind.PURCHASE);
        TYPES.put("ATM", Kind.CASH);
        TYPES.put("LOAD", Kind.LOAD);
        TYPES.put("UNLOAD", Kind.UNLOAD);
        TYPES.put("FEE", Kind.FEE);
        TYPES.put("REFUND", Kind.REFUND);
        TYPES.put("REVERSAL", Kind.REVERSAL);
    }

    private final StatementLimits limits;
    private final CardMapping mapping;

    /** @param mapping of a platform's own columns, or null: the ledger's form */
    CardFeedReader(StatementLimits limits, @Nullable CardMapping mapping) {
        this.limits = limits;
        this.mapping = mapping == null ? CardMapping.OWN : mapping;
    }

    CardFeedReader mappedBy(CardMapping columns) {
        return new CardFeedReader(limits, columns);
    }

    @Override
    public boolean namesAccounts() {
        return true;
    }

    @Override
    public JsonNode mapping() {
        return mapping.tree();
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /** By the two names that no other format has; what else is missing, reading says better. */
    @Override
    public boolean recognises(byte[] head) {
        return CardFeedJson.names(head, limits).containsAll(List.of("accountRef", "txnId"))
                || CsvRecords.names(head, limits, ',').containsAll(List.of("accountRef", "txnId"));
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file);
        Reading reading = new Reading(today, sink);
        if (CardFeedJson.begins(in)) {
            json(in, reading);
        } else {
            csv(in, reading);
        }
        reading.balances.tell(sink);
    }

    private void csv(InputStream file, Reading reading) throws IOException {
        char separator = mapping.separator() == null ? ',' : mapping.separator().charAt(0);
        CsvRecords records = new CsvRecords(file, limits, separator);
        CsvRecord header = records.next();
        if (header == null) {
            throw new RuleBroken("STATEMENT_UNREADABLE", "The file is empty: a card feed begins with a header line.");
        }
        Map<String, Integer> columns = columns(header);
        for (CsvRecord record = records.next(); record != null; record = records.next()) {
            int lineNumber = (int) record.getStartingLineNumber();
            if (record.getFields().stream().allMatch(String::isBlank)) {
                continue;
            }
            if (record.getFieldCount() != header.getFieldCount()) {
                String words = "The line has %d fields, the header %d.";
                reading.refuse(
                        lineNumber,
                        null,
                        new RuleBroken(
                                "FIELD_INVALID", words.formatted(record.getFieldCount(), header.getFieldCount())));
                continue;
            }
            CsvRecord csv = record;
            reading.hear(new CardRow(lineNumber, mapping, name -> {
                Integer index = columns.get(name);
                return index == null ? "" : csv.getField(index);
            }));
        }
    }

    private void json(InputStream file, Reading reading) throws IOException {
        Set<String> seen = new HashSet<>();
        int records = new CardFeedJson(limits, mapping).read(file, (number, fields) -> {
            seen.addAll(fields.keySet());
            reading.hear(new CardRow(number, mapping, name -> fields.getOrDefault(name, "")));
        });
        List<String> missing =
                mapping.always().stream().filter(name -> !seen.contains(name)).toList();
        if (records > 0 && !missing.isEmpty()) {
            throw new RuleBroken(
                    "STATEMENT_UNREADABLE",
                    "No transaction of the card feed has the fields " + String.join(", ", missing) + ".");
        }
    }

    /** One pass over a file. */
    private final class Reading {

        private final LocalDate today;
        private final Sink sink;
        private final SeenLines seen = new SeenLines();
        private final RunningBalances balances = new RunningBalances(limits.accounts());

        Reading(LocalDate today, Sink sink) {
            this.today = today;
            this.sink = sink;
        }

        void hear(CardRow row) {
            StatementLine line;
            try {
                line = row.line();
            } catch (RuleBroken refusal) {
                if (refusal.code().equals("CURRENCY_NOT_SUPPORTED")) {
                    throw refusal;
                }
                refuse(row.lineNumber(), row.accountRef(), refusal);
                return;
            }
            String accountRef = Objects.requireNonNull(line.accountRef());
            if (line.on().isAfter(today)) {
                refuse(line, "DATE_IN_FUTURE", "settledAt lies in the future.");
                return;
            }
            switch (seen.see(line)) {
                case NEW -> {
                    balances.add(accountRef, line);
                    sink.line(line);
                }
                case REPEATED -> sink.repeated(line);
                case CONTRADICTED ->
                    refuse(
                            line.apart(),
                            "DUPLICATE_TRANSACTION",
                            "txnId stands earlier in the file with other content.");
            }
        }

        private void refuse(StatementLine line, String code, String words) {
            balances.interrupt(line.accountRef());
            sink.refused(new RefusedLine(line, code, words));
        }

        private void refuse(int lineNumber, @Nullable String accountRef, RuleBroken why) {
            balances.interrupt(accountRef);
            sink.refused(new RefusedLine(lineNumber, why.code(), why.words()));
        }
    }

    private Map<String, Integer> columns(CsvRecord header) {
        List<String> required = mapping.required();
        List<String> optional = Stream.of(mapping.cashback(), mapping.runningBalance())
                .filter(Objects::nonNull)
                .toList();
        return CsvRecords.columns(header, required, optional, "The header line of a card feed");
    }
}
