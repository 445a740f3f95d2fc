package uk.directpayments.trial;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;

/** A stream that counts. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.trial")
class Trial extends LedgerStream<TrialEvent> {

    private @Nullable String id;
    private @Nullable String person;
    private Money total = Money.ofPence(0);
    private int last;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(TrialCommand.Open c) {
        if (id != null) {
            throw new RuleBroken("ID_ALREADY_USED", "There is such a trial.", "id");
        }
        if (c.person().equals("nobody")) {
            throw new RuleBroken("NOT_WELCOME", "Not this one.", "person");
        }
        record(new TrialEvent.Opened(c.id(), c.person(), c.note()), TrialCommand.DAY, c.person(), c.id());
    }

    @CommandHandler
    void handle(TrialCommand.Count c) {
        for (int number : c.numbers()) {
            if (number == TrialCommand.FAILING) {
                throw new RuleBroken("INTERNAL", "The ledger failed in a way that nobody foresaw.");
            }
            if (number < 0) {
                throw new RuleBroken("TOO_SMALL", "Not below zero.", "number");
            }
        }
        for (int number : c.numbers()) {
            record(new TrialEvent.Counted(c.id(), number, Money.ofPence(number)), TrialCommand.DAY);
        }
    }

    @CommandHandler
    void handle(TrialCommand.CountOnce c) {
        if (c.number() != last) {
            record(new TrialEvent.Counted(c.id(), c.number(), Money.ofPence(c.number())), TrialCommand.DAY);
        }
    }

    @CommandHandler
    void handle(TrialCommand.Rename c) {
        record(new TrialEvent.Renamed(c.id(), c.name()), TrialCommand.DAY);
    }

    @Override
    protected void evolve(TrialEvent event, long sequence) {
        if (event instanceof TrialEvent.Opened e) {
            id = e.id();
            person = e.person();
        } else if (event instanceof TrialEvent.Counted e) {
            total = total.plus(e.amount());
            last = e.number();
        }
    }

    @Override
    protected @Nullable String personId() {
        return person;
    }

    @Override
    protected @Nullable String accountId() {
        return id;
    }
}
