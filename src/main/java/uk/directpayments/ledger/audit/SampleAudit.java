package uk.directpayments.ledger.audit;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.audit.AuditEvent.AccountFindingRecorded;
import uk.directpayments.ledger.audit.AuditEvent.AuditClosed;
import uk.directpayments.ledger.audit.AuditEvent.AuditOpened;
import uk.directpayments.ledger.audit.AuditEvent.FindingRecorded;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;

/** An audit of accounts drawn at random: opened, its findings, closed. Rulebook 7.8. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.audit")
class SampleAudit extends LedgerStream<AuditEvent> {

    /** The most findings of one audit. */
    static final int MOST_FINDINGS = 5_000;

    private boolean opened;
    private boolean closed;
    private int findings;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(AuditCommand.OpenAudit c) {
        if (opened) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already an audit with this id.", "auditId");
        }
        record(new AuditOpened(c.auditId(), c.seed(), c.accounts(), c.today()), c.today());
    }

    @CommandHandler
    void handle(AuditCommand.RecordFinding c) {
        requireRoom();
        record(new FindingRecorded(c.findingId(), null, c.finding(), c.today()), c.today());
    }

    @CommandHandler
    void handle(AuditCommand.RecordAccountFinding c) {
        requireRoom();
        record(
                new AccountFindingRecorded(c.findingId(), c.accountId(), c.personId(), c.finding(), c.today()),
                c.today());
    }

    @CommandHandler
    void handle(AuditCommand.CloseAudit c) {
        requireOpen();
        record(new AuditClosed(c.conclusion(), c.today()), c.today());
    }

    private void requireRoom() {
        requireOpen();
        if (findings >= MOST_FINDINGS) {
            throw new RuleBroken("LIMIT_REACHED", "There are already " + MOST_FINDINGS + " findings.");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new RuleBroken("AUDIT_CLOSED", "This audit has been closed.");
        }
    }

    @Override
    protected void evolve(AuditEvent event, long sequence) {
        opened = true;
        closed |= event instanceof AuditClosed;
        findings += event instanceof FindingRecorded || event instanceof AccountFindingRecorded ? 1 : 0;
    }

    /** It concerns many. */
    @Override
    protected @Nullable String personId() {
        return null;
    }
}
