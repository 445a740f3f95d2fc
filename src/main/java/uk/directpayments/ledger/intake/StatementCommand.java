package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a statement. {@code today} is the business day on which it is asked. */
sealed interface StatementCommand extends LedgerCommand
        permits LineCommand,
                StatementCommand.ReceiveStatement,
                StatementCommand.RecordLines,
                StatementCommand.MatchLine,
                StatementCommand.FinishStatement {

    String statementId();

    @Override
    default String streamId() {
        return "statement/" + statementId();
    }

    /**
     * Takes in a file that has been checked and kept. Refused: {@code ID_ALREADY_USED}, {@code STATEMENT_ALREADY_IMPORTED},
     * {@code STATEMENT_GAP}.
     *
     * @param sameFile   every line of the same file has been imported, of the same account; or null; true at position {@code knownTo}
     * @param bank        null where lines name their accounts
     * @param feedMapping of a card feed's columns, if the sender gave one
     */
    record ReceiveStatement(
            String statementId,
            String format,
            String sha256,
            long bytes,
            int lines,
            @Nullable String organisationId,
            @Nullable SameFile sameFile,
            long knownTo,
            @Nullable BankStatement bank,
            @Nullable String feedMapping,
            LocalDate today)
            implements StatementCommand {}

    /** A file has been imported before. @param statementId as which; null if its sender cannot see that statement */
    record SameFile(@Nullable String statementId) {}

    /**
     * What makes a file a bank's statement.
     *
     * @param owner      of the account that it is of
     * @param onFirstDay {@link StatementBalances#onFirstDay}
     * @param gap        its opening balance is not the closing balance of the account's statement before, or it has such a gap in itself
     * @param reason     why it is to be taken in all the same, or null
     */
    record BankStatement(
            AccountAccess.Owner owner,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Money opening,
            @Nullable Money closing,
            List<Money> onFirstDay,
            @Nullable String mapping,
            boolean gap,
            @Nullable Sealed reason) {}

    /**
     * Says what became of the next lines. Refused: {@code BUSY} if somebody else has said so.
     *
     * @param afterLine the number of the last line before them, 0 at the beginning
     * @param owner     of the account that a bank's statement is of; null where lines name their accounts
     */
    record RecordLines(
            String statementId,
            int afterLine,
            List<LineOutcome> outcomes,
            AccountAccess.@Nullable Owner owner,
            LocalDate today)
            implements StatementCommand {}

    /** Refused: {@code LINE_ALREADY_MATCHED} unless it is unmatched. @param owner of the line's account */
    record MatchLine(
            String statementId,
            int lineNumber,
            Result result,
            String transactionId,
            AccountAccess.Owner owner,
            LocalDate today)
            implements StatementCommand {}

    /** All lines have been dealt with. Changes nothing the second time. @param owner as of {@link RecordLines} */
    record FinishStatement(String statementId, AccountAccess.@Nullable Owner owner, LocalDate today)
            implements StatementCommand {}
}
