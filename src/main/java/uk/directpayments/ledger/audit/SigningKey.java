package uk.directpayments.ledger.audit;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.audit.SigningKeyEvent.KeyRotated;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.platform.LedgerStream;

/** A key that followed another: its stream holds that, once. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.key")
class SigningKey extends LedgerStream<SigningKeyEvent> {

    private boolean recorded;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(SigningKeyCommand.RecordRotation c) {
        if (!recorded) {
            record(
                    new KeyRotated(
                            c.keyId(),
                            c.publicKey(),
                            c.previousKeyId(),
                            c.previousPublicKey(),
                            c.endorsement(),
                            c.today()),
                    c.today());
        }
    }

    @Override
    protected void evolve(SigningKeyEvent event, long sequence) {
        recorded = true;
    }

    /** It concerns nobody. */
    @Override
    protected @Nullable String personId() {
        return null;
    }
}
