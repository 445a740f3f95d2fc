package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * What a person may say of a line. They are given one at a time, and never while a file is taken in ({@link ImportLock}): so the facts that
 * they carry hold.
 */
sealed interface LineCommand extends StatementCommand {

    /** Of the line's account; null where that is not known. */
    AccountAccess.@Nullable Owner owner();

    LocalDate today();

    /**
     * A line as it is.
     *
     * @param parts into how many it has been split, 1 if it has not
     */
    record Facts(
            String lineId,
            String accountId,
            StatementLine.Kind kind,
            LineState state,
            Money amount,
            LocalDate on,
            int parts) {}

    /**
     * Refused: {@code LINE_ALREADY_MATCHED} (the line, or a transaction with another line), {@code TRANSACTION_NOT_FOUND},
     * {@code AMOUNTS_DIFFER}.
     *
     * @param found   how many of the transactions the account has
     * @param matched how many of them another line is matched with
     * @param total   of those found
     */
    record Reconcile(
            String statementId,
            Facts line,
            List<String> transactionIds,
            int found,
            int matched,
            Money total,
            AccountAccess.Owner owner,
            LocalDate today)
            implements LineCommand {}

    /** Refused: {@code LINE_NOT_MATCHED}, {@code REASONS_REQUIRED}. */
    record Unmatch(String statementId, Facts line, @Nullable Sealed reason, AccountAccess.Owner owner, LocalDate today)
            implements LineCommand {}

    /** Refused: {@code LINE_ALREADY_MATCHED}, {@code LINE_ALREADY_SPLIT}, {@code AMOUNTS_DIFFER}. */
    record Split(String statementId, Facts line, List<Money> amounts, AccountAccess.Owner owner, LocalDate today)
            implements LineCommand {}

    /** Refused: {@code LINE_ALREADY_MATCHED}, {@code REASONS_REQUIRED}. */
    record Ignore(String statementId, Facts line, @Nullable Sealed reason, AccountAccess.Owner owner, LocalDate today)
            implements LineCommand {}

    /** Nothing will be recorded of a line that was refused. Refused: {@code LINE_ALREADY_MATCHED}, {@code REASONS_REQUIRED}. */
    record IgnoreRejected(
            String statementId,
            String lineId,
            boolean ignored,
            @Nullable Sealed reason,
            AccountAccess.@Nullable Owner owner,
            LocalDate today)
            implements LineCommand {}

    /** Something is to be recorded of it after all. Refused: {@code LINE_NOT_MATCHED}, {@code REASONS_REQUIRED}. */
    record HeedRejected(
            String statementId,
            String lineId,
            boolean ignored,
            @Nullable Sealed reason,
            AccountAccess.@Nullable Owner owner,
            LocalDate today)
            implements LineCommand {}
}
