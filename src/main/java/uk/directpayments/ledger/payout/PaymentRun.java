package uk.directpayments.ledger.payout;

import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.ItemReleased;
import uk.directpayments.ledger.payout.RunEvent.ItemsSelected;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.PaymentsRejected;
import uk.directpayments.ledger.payout.RunEvent.RunCreated;
import uk.directpayments.ledger.payout.RunEvent.RunSubmitted;
import uk.directpayments.ledger.platform.LedgerStream;

/**
 * Instalments that are paid together: found, looked at, approved by a second person, issued, sent to the bank, closed. Whether an
 * instalment may be paid is its account's to say; the run records what the account said. Rulebook 7.5.
 */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.run")
class PaymentRun extends LedgerStream<RunEvent> {

    private final RunState state = new RunState();

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(RunCommand.CreateRun c) {
        RunRules.create(state, c);
        record(
                new RunCreated(
                        c.runId(),
                        c.cutOff(),
                        c.payDate(),
                        c.originator(),
                        c.items().size(),
                        c.knownTo(),
                        c.by()),
                c.today());
        inParts(c.items()).forEach(items -> record(new ItemsSelected(items), c.today()));
    }

    @CommandHandler
    void handle(RunCommand.HoldItem c) {
        record(RunRules.hold(state, c), c.today());
    }

    @CommandHandler
    void handle(RunCommand.ReleaseItem c) {
        RunRules.release(state, c.number());
        record(new ItemReleased(c.number(), state.net(c.number())), c.today());
    }

    @CommandHandler
    void handle(RunCommand.ApproveRun c) {
        record(RunRules.approve(state, c), c.today());
    }

    @CommandHandler
    void handle(RunCommand.RecordIssued c) {
        if (c.outcomes().get(0).number() == state.next) {
            record(new PaymentsIssued(c.outcomes()), c.today());
        }
    }

    @CommandHandler
    void handle(RunCommand.RecordFile c) {
        if (!state.files.contains(c.format())) {
            Money total = state.total(RunState.ISSUED).plus(state.total(RunState.REJECTED));
            int count = state.count(RunState.ISSUED) + state.count(RunState.REJECTED);
            RunRules.requireTotals(total, count, c.controlTotal(), c.count());
            record(new FileGenerated(c.format(), c.sha256(), c.controlTotal(), c.count()), c.today());
        }
    }

    @CommandHandler
    void handle(RunCommand.SubmitRun c) {
        RunRules.submit(state, c);
        record(new RunSubmitted(c.on(), c.channel()), c.on());
    }

    @CommandHandler
    void handle(RunCommand.RecordRejections c) {
        RunRules.reject(state, c);
        inParts(c.rejections()).forEach(part -> record(new PaymentsRejected(part, c.today()), c.today()));
    }

    @CommandHandler
    void handle(RunCommand.CloseRun c) {
        inParts(RunRules.giveBack(state, c)).forEach(part -> record(new PaymentsRejected(part, c.today()), c.today()));
        record(RunRules.close(state, c.today()), c.today());
    }

    private static <T> List<List<T>> inParts(List<T> all) {
        return java.util.stream.IntStream.iterate(0, i -> i < all.size(), i -> i + RunEvent.ITEMS_AT_A_TIME)
                .mapToObj(i -> List.copyOf(all.subList(i, Math.min(all.size(), i + RunEvent.ITEMS_AT_A_TIME))))
                .toList();
    }

    @Override
    protected void evolve(RunEvent event, long sequence) {
        state.evolve(event);
    }

    @Override
    protected @Nullable String personId() {
        return null;
    }
}
