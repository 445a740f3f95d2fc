package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.spending.FlagCommand.Subject;

/** What people do about one flag. Rulebook 3.8, 3.9, 7.4. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName(value = "snapshot.flag", revision = 2)
class SpendReview extends LedgerStream<FlagEvent> {

    private FlagLife life = FlagLife.BEGUN;
    private boolean begun;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.RaiseFlag c) {
        record(FlagRules.raise(begun, c), c.on(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.RequestEvidence c) {
        record(FlagRules.request(life, c), c.today(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.AddEvidence c) {
        record(FlagRules.evidence(life, c), c.today(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.UpholdFlag c) {
        record(FlagRules.uphold(life, c), c.today(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.DismissFlag c) {
        record(FlagRules.dismiss(life, c), c.today(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.ReopenFlag c) {
        record(FlagRules.reopen(life, c), c.today(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.RequestRepayment c) {
        record(FlagRules.requestRepayment(life, c), c.today(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.ReceiveRepayment c) {
        record(FlagRules.repay(life, c), c.on(), c.subject());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.WriteOffFlag c) {
        record(
                FlagRules.writeOff(life, c),
                c.today(),
                c.subject().personId(),
                c.subject().accountId(),
                c.policyVersion());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FlagCommand.ReferFraud c) {
        record(FlagRules.refer(life, c), c.today(), c.subject());
    }

    private void record(FlagEvent event, LocalDate on, Subject subject) {
        record(event, on, subject.personId(), subject.accountId());
    }

    @Override
    protected void evolve(FlagEvent event, long sequence) {
        life = life.after(event);
        begun = true;
    }

    /** Every command names whom it concerns. */
    @Override
    protected @Nullable String personId() {
        return null;
    }
}
