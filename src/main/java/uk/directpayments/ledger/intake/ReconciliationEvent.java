package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;

/** What has been held against the bank. Rulebook 7.6. */
sealed interface ReconciliationEvent {

    /**
     * A period of an account agrees with its bank: no line of it waits, and at its end both say the same.
     *
     * @param balance      what ledger and bank hold on the last day
     * @param ledgerAt     the position of the log at which the ledger held it
     * @param reconciledBy login name
     */
    @EventName("reconciliation.period-reconciled")
    record PeriodReconciled(
            LocalDate from, LocalDate to, Money balance, long ledgerAt, String reconciledBy, LocalDate on)
            implements ReconciliationEvent {}
}
