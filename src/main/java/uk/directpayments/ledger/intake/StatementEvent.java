package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * What has happened to a statement file that was sent in. All of a bank's statement is of one account, as is what is said later of a single line:
 * its metadata name account and person. Where lines name their accounts the file concerns many people, so its metadata name none.
 */
sealed interface StatementEvent {

    /** What became of a line. */
    enum Result {
        /** It is a transaction of the ledger now. */
        RECORDED,
        /** It is the bank's side of a transaction that the ledger had. */
        MATCHED,
        /** Nothing in the ledger explains it: shown, and no money added or taken. */
        UNMATCHED,
        /** Something in the ledger may explain it: a person has to say. No money is added or taken. */
        SUGGESTED,
        /** It has come before. */
        DUPLICATE,
        /** It cannot be recorded. */
        REJECTED
    }

    /**
     * What became of one line.
     *
     * @param lineNumber    where it begins in the file, from 1
     * @param accountId     null where the account is not known
     * @param kind          null where the line could not be read, as are {@code amount} and {@code on}
     * @param transactionId what it became or is matched with, or null
     * @param refHash       64 bits of its reference, by which the same line is known when it comes again
     * @param amount        money in is positive
     * @param code          why it was rejected, {@link #IN_OTHER_FORMAT} of a duplicate that is one for that, or null
     * @param words         the same for people, without personal data
     */
    record LineOutcome(
            int lineNumber,
            @Nullable String accountId,
            StatementLine.@Nullable Kind kind,
            Result result,
            @Nullable String transactionId,
            @Nullable Long refHash,
            @Nullable Money amount,
            @Nullable LocalDate on,
            @Nullable String code,
            @Nullable String words) {

        /** The line has come before in a file of another format, under another reference. */
        static final String IN_OTHER_FORMAT = "IN_OTHER_FORMAT";

        boolean inOtherFormat() {
            return result == Result.DUPLICATE && IN_OTHER_FORMAT.equals(code);
        }

        /** The line's id within its statement. */
        String lineId() {
            return Integer.toString(lineNumber);
        }
    }

    /**
     * A file was checked and kept, sealed. What follows can be finished without the sender.
     *
     * @param sha256         of the file, 64 hexadecimal digits
     * @param lines          how many lines follow, the refused ones included
     * @param organisationId of the support organisation that sent it, or null
     * @param knownTo        the position at which it was not known as a file imported before
     */
    @EventName("statement.received")
    record StatementReceived(
            String statementId,
            String format,
            String sha256,
            long bytes,
            int lines,
            @Nullable String organisationId,
            long knownTo)
            implements StatementEvent {}

    /**
     * The statement is of a bank, and whose.
     *
     * @param from    the day of its opening balance, or of its first line; null in a file without either
     * @param to      the day of its closing balance, or of its last line; null in a file without either
     * @param opening null if the format has none
     * @param closing null if the format has none
     * @param mapping of the columns, as JSON, if the sender gave one; it serves for the account's next CSV
     * @param reason  why it was accepted although its opening balance is not the last closing balance; null if it is
     * @param onFirstDay {@link StatementBalances#onFirstDay}; null where there are none, and in what was recorded before revision 2
     */
    @EventName(value = "statement.bank-balances-told", revision = 2, readsFrom = 1)
    record BankBalancesTold(
            String accountId,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Money opening,
            @Nullable Money closing,
            @Nullable String mapping,
            @Nullable Sealed reason,
            @Nullable List<Money> onFirstDay)
            implements StatementEvent {}

    /** How the columns of a card feed are named. @param mapping as JSON; it serves for the sender's next feed that is not the ledger's own form */
    @EventName("statement.feed-mapping-told")
    record FeedMappingTold(String mapping) implements StatementEvent {}

    /** Some lines have been dealt with, in the order of the file. */
    @EventName("statement.lines-processed")
    record LinesProcessed(List<LineOutcome> outcomes) implements StatementEvent {}

    /**
     * What explains a line has turned up since.
     *
     * @param result {@code RECORDED} or {@code MATCHED}
     */
    @EventName("statement.line-matched")
    record LineMatched(int lineNumber, Result result, String transactionId) implements StatementEvent {}

    /** A person has said which transactions a line is; their amounts add up to its own. */
    @EventName("statement.line-reconciled")
    record LineReconciled(String lineId, List<String> transactionIds) implements StatementEvent {}

    /** A person has taken back what was said of a line, by a person or by the ledger; what was recorded of it stays. */
    @EventName("statement.line-unmatched")
    record LineUnmatched(String lineId, Sealed reason) implements StatementEvent {}

    /**
     * A person has said that a line is several transactions: it keeps the first amount, and the others are lines of their own, whose ids are
     * its id, a full stop and their number from 2.
     *
     * @param amounts at least two, adding up to what the line was
     */
    @EventName("statement.line-split")
    record LineSplit(String lineId, String accountId, StatementLine.Kind kind, LocalDate on, List<Money> amounts)
            implements StatementEvent {}

    /** A person has said that a line is no transaction of the account's. */
    @EventName("statement.line-ignored")
    record LineIgnored(String lineId, Sealed reason) implements StatementEvent {}

    /** Every line has been dealt with; the counts add up to the lines received. */
    @EventName("statement.finished")
    record StatementFinished(Totals totals) implements StatementEvent {}

    /** What the ledger itself made of how many lines; suggested ones count as unmatched. What persons say of lines changes nothing here. */
    record Totals(int recorded, int matched, int unmatched, int duplicates, int rejected) {

        static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        Totals plus(Result result) {
            return add(result, 1);
        }

        /** An unmatched line is matched after all. */
        Totals matchedAfterAll(Result result) {
            return add(Result.UNMATCHED, -1).add(result, 1);
        }

        private Totals add(Result result, int n) {
            return switch (result) {
                case RECORDED -> new Totals(recorded + n, matched, unmatched, duplicates, rejected);
                case MATCHED -> new Totals(recorded, matched + n, unmatched, duplicates, rejected);
                case UNMATCHED, SUGGESTED -> new Totals(recorded, matched, unmatched + n, duplicates, rejected);
                case DUPLICATE -> new Totals(recorded, matched, unmatched, duplicates + n, rejected);
                case REJECTED -> new Totals(recorded, matched, unmatched, duplicates, rejected + n);
            };
        }
    }
}
