package uk.directpayments.ledger.intake;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The prepaid-card feed, rulebook section 6: CSV with one line for each card transaction, of any number of accounts. Columns are
 * found by their names, in any order; those we do not need are not looked at, so a card's digits in them are never kept.
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

    /** By the two columns that no other format has; what else is missing, reading says better. */
    @Override
    public boolean recognises(byte[] head) {
        return CsvRecords.names(head, limits, ',').containsAll(List.of("accountRef", "txnId"));
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        char separator = mapping.separator() == null ? ',' : mapping.separator().charAt(0);
        CsvRecords records = new CsvRecords(file, limits, separator);
        CsvRecord header = records.next();
        if (header == null) {
            throw new RuleBroken("STATEMENT_UNREADABLE", "The file is empty: a card feed begins with a header line.");
        }
        Map<String, Integer> columns = columns(header);
        SeenLines seen = new SeenLines();
        RunningBalances balances = new RunningBalances(limits.accounts());
        for (CsvRecord csv = records.next(); csv != null; csv = records.next()) {
            int lineNumber = (int) csv.getStartingLineNumber();
            if (csv.getFields().stream().allMatch(String::isBlank)) {
                continue;
            }
            Row row = new Row(csv, mapping, columns, header.getFieldCount());
            StatementLine line;
            try {
                line = row.line(today);
            } catch (RuleBroken refusal) {
                if (refusal.code().equals("CURRENCY_NOT_SUPPORTED")) {
                    throw refusal;
                }
                balances.interrupt(row.accountRef);
                sink.refused(new RefusedLine(lineNumber, refusal.code(), refusal.words()));
                continue;
            }
            take(line, seen, balances, sink);
        }
        balances.tell(sink);
    }

    private static void take(StatementLine line, SeenLines seen, RunningBalances balances, Sink sink) {
        String accountRef = Objects.requireNonNull(line.accountRef());
        switch (seen.see(line)) {
            case NEW -> {
                balances.add(accountRef, line);
                sink.line(line);
            }
            case REPEATED -> sink.repeated(line);
            case CONTRADICTED -> {
                balances.interrupt(accountRef);
                sink.refused(new RefusedLine(
                        line.lineNumber(),
                        "DUPLICATE_TRANSACTION",
                        "txnId stands earlier in the file with other content."));
            }
        }
    }

    private Map<String, Integer> columns(CsvRecord header) {
        List<String> required = mapping.required();
        List<String> optional = Stream.of(mapping.cashback(), mapping.runningBalance())
                .filter(Objects::nonNull)
                .toList();
        return CsvRecords.columns(header, required, optional, "The header line of a card feed");
    }

    /** One record and the names of its fields. */
    private static final class Row {

        private final CsvRecord csv;
        private final CardMapping mapping;
        private final Map<String, Integer> columns;
        private final int width;

        /** Known as soon as that column has been read and found good. */
        private @Nullable String accountRef;

        Row(CsvRecord csv, CardMapping mapping, Map<String, Integer> columns, int width) {
            this.csv = csv;
            this.mapping = mapping;
            this.columns = columns;
            this.width = width;
        }

        StatementLine line(LocalDate today) {
            if (csv.getFieldCount() != width) {
                throw new RuleBroken(
                        "FIELD_INVALID", "The line has " + csv.getFieldCount() + " fields, the header " + width + ".");
            }
            inPounds();
            String account = StatementFields.required("accountRef", raw(mapping.accountRef()));
            StatementFields.withoutCardNumber("accountRef", account);
            accountRef = account;
            String txnId = StatementFields.required("txnId", raw(mapping.txnId()));
            LocalDate on = settledOn(today);
            Kind kind = kind();
            Money amount = amount(kind);
            String payee = StatementFields.freeText("merchantName", raw(mapping.merchantName()));
            StatementFields.withoutCardNumber("merchantName", payee);
            String mcc = StatementFields.mcc("mcc", raw(mapping.mcc()));
            Money balance = moneyOrNull("runningBalance", mapping.runningBalance());
            int lineNumber = (int) csv.getStartingLineNumber();
            return new StatementLine(
                    lineNumber, account, txnId, on, kind, amount, payee, mcc, cashback(amount), balance, null);
        }

        private void inPounds() {
            if (mapping.currency() == null) {
                return;
            }
            String currency = StatementFields.required("currency", raw(mapping.currency()));
            if (!currency.equalsIgnoreCase("GBP")) {
                throw new RuleBroken(
                        "CURRENCY_NOT_SUPPORTED",
                        "Line " + csv.getStartingLineNumber()
                                + " is not in pounds: every line's currency must be GBP.");
            }
        }

        private LocalDate settledOn(LocalDate today) {
            if (raw(mapping.settledAt()).isBlank()) {
                throw new RuleBroken(
                        "LINE_NOT_SETTLED", "settledAt is empty: the line will count once it has settled.");
            }
            LocalDate on = mapping.day(raw(mapping.settledAt()));
            if (on.isAfter(today)) {
                throw new RuleBroken("DATE_IN_FUTURE", "settledAt lies in the future.");
            }
            return on;
        }

        private Kind kind() {
            Kind kind = mapping.kind(raw(mapping.type()).strip());
            if (kind == null) {
                throw StatementFields.invalid("type", "must be one of " + String.join(", ", TYPES.keySet()));
            }
            return kind;
        }

        private Money amount(Kind kind) {
            Money amount = StatementFields.money("amount", raw(mapping.amount()));
            if (amount.isZero()) {
                throw new RuleBroken("AMOUNT_ZERO", "amount is zero.");
            }
            if (mapping.unsigned() && amount.isPositive() && !kind.moneyIn()) {
                amount = amount.negated();
            }
            if (!kind.allows(amount)) {
                throw new RuleBroken(
                        "AMOUNT_SIGN_WRONG",
                        "amount must be " + (kind.moneyIn() ? "positive" : "negative") + " in a line of this type.");
            }
            return amount;
        }

        private Money cashback(Money amount) {
            Money cashback = moneyOrNull("cashback", mapping.cashback());
            if (cashback == null) {
                return Money.ZERO;
            }
            if (cashback.isNegative() || cashback.pence() > Math.abs(amount.pence())) {
                throw new RuleBroken("MONEY_INVALID", "cashback must be from nothing to the whole of amount.");
            }
            return cashback;
        }

        private @Nullable Money moneyOrNull(String name, @Nullable String column) {
            String raw = raw(column);
            return raw.isBlank() ? null : StatementFields.money(name, raw);
        }

        /** Empty where the file lacks the column, which only an optional one can, or the mapping knows none. */
        private String raw(@Nullable String column) {
            Integer index = column == null ? null : columns.get(column.strip());
            return index == null ? "" : csv.getField(index);
        }
    }
}
