package uk.directpayments.ledger.intake;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.intake.ReconciliationEvent.PeriodReconciled;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;

/** The periods of one account that agree with its bank. Rulebook 7.6. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.reconciliation")
class Reconciliation extends LedgerStream<ReconciliationEvent> {

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ReconciliationCommand.ReconcilePeriod c) {
        if (c.to().isBefore(c.from())) {
            throw new RuleBroken("DATE_BEFORE_START", "The period ends before it begins.", "to");
        }
        if (c.to().isAfter(c.today())) {
            throw new RuleBroken("DATE_IN_FUTURE", "A period is reconciled once it is over.", "to");
        }
        if (c.openLines() > 0) {
            throw new RuleBroken(
                    "PERIOD_HAS_UNMATCHED_LINES",
                    "Lines of the bank's in this period wait to be matched: " + c.openLines() + ".");
        }
        if (!c.bankBalance().equals(c.ledgerBalance())) {
            throw new RuleBroken(
                    "AMOUNTS_DIFFER",
                    "On " + c.to() + " the ledger holds " + c.ledgerBalance() + " and the bank " + c.bankBalance()
                            + ": a difference of " + c.bankBalance().minus(c.ledgerBalance()) + ".",
                    "bankBalance");
        }
        record(
                new PeriodReconciled(c.from(), c.to(), c.ledgerBalance(), c.ledgerAt(), c.by(), c.today()),
                c.today(),
                c.personId(),
                c.accountId());
    }

    /** Nothing of what was reconciled before decides: late facts may change a period, and it is reconciled anew. */
    @Override
    protected void evolve(ReconciliationEvent event, long sequence) {}

    /** Every command names whom it concerns. */
    @Override
    protected @Nullable String personId() {
        return null;
    }
}
