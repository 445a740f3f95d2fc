package uk.directpayments.ledger.intake;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.intake.StatementLines.Told;
import uk.directpayments.ledger.platform.View;

/**
 * The entries of accounts that bank or card platform has told in another format, where they have other references. A line of the same day and
 * amount is one of those, as long as there are any that no file of its own format has told: so two that are alike stay two, in every format.
 */
final class ToldElsewhere {

    private final Map<Entry, Integer> open = new ConcurrentHashMap<>();

    /** Entries of one account that are alike. */
    record Entry(String accountId, Told told) {

        private static Entry of(String accountId, StatementLine line) {
            return new Entry(accountId, new Told(line.on(), line.amount()));
        }
    }

    /** @param lines that are about to be looked at; what is known of their like before stays */
    void expect(
            Telling statement,
            List<LinesTogether.Owned> lines,
            StatementRegister register,
            StatementLines statementLines,
            View view) {
        if (!statement.isOfBankOrCards()) {
            return;
        }
        List<Entry> entries =
                lines.stream().map(one -> Entry.of(one.accountId(), one.line())).toList();
        Set<String> accounts = register.withOtherFormats(entries, statement.format(), view);
        List<Entry> unknown = entries.stream()
                .filter(entry -> accounts.contains(entry.accountId) && !open.containsKey(entry))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            open.putAll(statementLines.toldInOtherFormats(statement, unknown, view));
        }
    }

    /** Whether a line that comes for the first time in its format is one of them; asked once for each. */
    boolean take(String accountId, StatementLine line) {
        Entry entry = Entry.of(accountId, line);
        if (open.getOrDefault(entry, 0) <= 0) {
            return false;
        }
        open.computeIfPresent(entry, (same, left) -> left - 1);
        return true;
    }

    /** A statement that tells of accounts. @param statementId empty while it has none @param period of a bank's; null where lines name their accounts */
    record Telling(
            String statementId, String format, @Nullable BankPeriod period) {

        static Telling of(Statement statement) {
            return new Telling(
                    statement.statementId(),
                    statement.format(),
                    statement.accountId() == null ? null : BankPeriod.of(statement));
        }

        /** Else it is an organisation's word. */
        private boolean isOfBankOrCards() {
            return period != null || format.equals(CardFeedReader.FORMAT);
        }
    }
}
