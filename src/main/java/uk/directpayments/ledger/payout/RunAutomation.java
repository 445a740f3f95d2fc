package uk.directpayments.ledger.payout;

import java.io.OutputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.axonframework.common.AxonThreadFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand;
import uk.directpayments.ledger.account.PaymentHold;
import uk.directpayments.ledger.account.SealedPeriods;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.PaymentsRejected;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.payout.RunEvent.Remark;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunRegister.ItemState;
import uk.directpayments.ledger.payout.RunRegister.Seen;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Carried;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/**
 * Issues the payments of an approved run, some at a time: what became of these is an event, and that event has the next ones issued. Killed at any
 * point, it goes on from the last such event; a payment's id and key are made of run and instalment, so asking its account again changes
 * nothing. After the last ones the bank files are worked out and their hashes recorded.
 */
@Component
class RunAutomation extends Automation implements DisposableBean {

    /** Few enough that others who wait for automations do not wait long. */
    static final int PAYMENTS_AT_A_TIME = 200;

    private static final Set<String> PASSING = Set.of("BUSY", "OUTCOME_UNKNOWN", "POSITION_NOT_REACHED");

    private final Commands commands;
    private final RunRegister register;
    private final Payables payables;
    private final RunFile file;
    private final SealedPeriods periods;
    private final PaymentHold hold;
    private final ExecutorService workers;

    /** @param threads how many accounts are paid at a time; {@code ledger.payout.threads}, default 8 */
    RunAutomation(
            Commands commands,
            RunRegister register,
            Payables payables,
            RunFile file,
            SealedPeriods periods,
            PaymentHold hold,
            @Value("${ledger.payout.threads:8}") int threads) {
        super("payment-runs");
        this.commands = commands;
        this.register = register;
        this.payables = payables;
        this.file = file;
        this.periods = periods;
        this.hold = hold;
        this.workers = Executors.newFixedThreadPool(threads, new AxonThreadFactory("payment-run"));
    }

    @When
    void on(RunApproved e, Recorded at) {
        issueNext(0, at);
    }

    @When
    void on(PaymentsIssued e, Recorded at) {
        issueNext(e.outcomes().get(e.outcomes().size() - 1).number(), at);
    }

    /** @param after the number of the last item that has been decided: none before it waits any more */
    private void issueNext(int after, Recorded at) {
        View then = atTheEvent(at);
        RunEntry run = register.find(at.id(), then)
                .orElseThrow(() -> new IllegalStateException("no run at position " + at.position()));
        List<Item> next =
                register
                        .items(at.id(), Set.of(ItemState.INCLUDED), false, null, after, PAYMENTS_AT_A_TIME, then)
                        .stream()
                        .map(Seen::item)
                        .toList();
        if (next.isEmpty()) {
            recordFiles(run, at);
        } else {
            send(new RunCommand.RecordIssued(at.id(), outcomes(run, next, at), BusinessDay.of(at.recordedAt())), at);
        }
    }

    /**
     * Of one account in the order of the run, of different accounts beside each other. What was to go where an account's money lies no more is not
     * paid: nobody has approved any other place, and the old one may have been a mistake.
     */
    private List<Outcome> outcomes(RunEntry run, List<Item> items, Recorded at) {
        Set<String> moved = payables.movedBank(
                items.stream().map(Item::accountId).distinct().toList(), run.knownTo(), atTheEvent(at));
        Map<String, List<Item>> byAccount = new LinkedHashMap<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (Item item : items) {
            if (moved.contains(item.accountId())) {
                outcomes.add(new Outcome(item.number(), Remark.BANK_DETAILS_CHANGED.name()));
            } else {
                byAccount
                        .computeIfAbsent(item.accountId(), none -> new ArrayList<>())
                        .add(item);
            }
        }
        for (List<Outcome> part : inParallel(byAccount.values().stream()
                .map(ofAccount -> (Callable<List<Outcome>>) () ->
                        ofAccount.stream().map(item -> issue(run, item, at)).toList())
                .toList())) {
            outcomes.addAll(part);
        }
        outcomes.sort(Comparator.comparingInt(Outcome::number));
        return outcomes;
    }

    private Outcome issue(RunEntry run, Item item, Recorded at) {
        Call call = Call.byLedger(
                "payment run " + run.runId(), item.accountId() + " " + item.instalmentId(), at.correlation());
        AccountCommand payment = new AccountCommand.IssuePayment(
                item.accountId(),
                paymentId(run.runId(), item),
                item.lineId(),
                item.instalmentId(),
                item.amount(),
                item.contribution(),
                run.payDate(),
                hold.isOn(item.accountId(), run.payDate()),
                true);
        try {
            periods.act(run.payDate(), call, () -> commands.send(payment, call, at.eventId()));
            return new Outcome(item.number(), null);
        } catch (RuleBroken refusal) {
            if (PASSING.contains(refusal.code())) {
                throw refusal;
            }
            return new Outcome(item.number(), refusal.code());
        }
    }

    /** The same whoever asks and how often; unique within the account. */
    static String paymentId(String runId, Item item) {
        return "run-" + Hashes.hex("payment", runId, item.instalmentId()).substring(0, 32);
    }

    private <T> Collection<T> inParallel(List<Callable<T>> work) {
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> part :
                    workers.invokeAll(work.stream().map(Carried::over).toList())) {
                results.add(part.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuleBroken("BUSY", "The ledger is stopping; it goes on with the run when it starts again.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("a payment could not be issued", e.getCause());
        }
        return results;
    }

    private void recordFiles(RunEntry run, Recorded at) {
        if (run.issued() == 0) {
            return;
        }
        for (FileFormat format : FileFormat.values()) {
            RunFile.Written written;
            try {
                written = file.write(run, format, OutputStream.nullOutputStream());
            } catch (RuleBroken refusal) {
                if (refusal.code().equals("CONTENT_ERASED")) {
                    return; // nobody will ever be able to send this file
                }
                throw refusal;
            }
            send(
                    new RunCommand.RecordFile(
                            run.runId(),
                            format,
                            written.sha256(),
                            written.total(),
                            written.count(),
                            BusinessDay.of(at.recordedAt())),
                    at,
                    format.word());
        }
    }

    /** The payments go back to their allocations: on the day they came back, or that on which they would have been paid. */
    @When
    void on(PaymentsRejected e, Recorded at) {
        View then = atTheEvent(at);
        RunEntry run = register.find(at.id(), then)
                .orElseThrow(() -> new IllegalStateException("no run at position " + at.position()));
        LocalDate on = e.on().isBefore(run.payDate()) ? run.payDate() : e.on();
        for (Rejection rejection : e.rejections()) {
            Item item = register.item(run.runId(), rejection.number(), then);
            send(
                    new AccountCommand.ReturnPayment(
                            item.accountId(), paymentId(run.runId(), item), on, rejection.reasonCode(), on),
                    at,
                    " " + rejection.number());
        }
    }

    private static View atTheEvent(Recorded at) {
        return View.now(BusinessDay.of(at.recordedAt())).at(at.position());
    }

    @Override
    public void destroy() {
        workers.shutdown();
    }
}
