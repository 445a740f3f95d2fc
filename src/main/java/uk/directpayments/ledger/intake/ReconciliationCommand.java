package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of an account's reconciliation. */
sealed interface ReconciliationCommand extends LedgerCommand {

    String accountId();

    @Override
    default String streamId() {
        return "reconciliation/" + accountId();
    }

    /**
     * Refused: {@code DATE_BEFORE_START}, {@code DATE_IN_FUTURE}, {@code PERIOD_HAS_UNMATCHED_LINES}, {@code AMOUNTS_DIFFER}.
     *
     * @param openLines     lines of the period that nobody has explained, as counted at {@code ledgerAt}
     * @param ledgerBalance on the last day, at {@code ledgerAt}
     */
    record ReconcilePeriod(
            String accountId,
            String personId,
            LocalDate from,
            LocalDate to,
            Money bankBalance,
            Money ledgerBalance,
            int openLines,
            long ledgerAt,
            String by,
            LocalDate today)
            implements ReconciliationCommand {}
}
