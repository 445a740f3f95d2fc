package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.Remark;
import uk.directpayments.ledger.payout.RunRegister.ItemState;
import uk.directpayments.ledger.payout.RunRegister.Seen;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;

/** {@code GET /payment-runs/{runId}}: where a run stands. */
@RestController
@RequestMapping("/api/v1/payment-runs")
class RunReads {

    /** How many held items and exceptions an answer shows; the counts count all. */
    private static final int SHOWN = 500;

    private static final Set<ItemState> PAID_OR_TO_BE = EnumSet.complementOf(EnumSet.of(ItemState.HELD));

    private final RunRegister register;
    private final Sealing sealing;

    RunReads(RunRegister register, Sealing sealing) {
        this.register = register;
        this.sealing = sealing;
    }

    /**
     * An instalment in a run.
     *
     * @param net        goes to the bank: {@code amount} less {@code contribution}
     * @param exceptions what a person should look at
     * @param code       why it was refused by its account or rejected by the bank
     * @param reason     why a person held it
     */
    record RunItemView(
            String instalmentId,
            String accountId,
            String personId,
            String lineId,
            LocalDate payOn,
            Money amount,
            Money contribution,
            Money net,
            ItemState state,
            List<Remark> exceptions,
            @Nullable String code,
            @Nullable String reason) {}

    /** @param code the exception, or the code with which an account or the bank refused the payment */
    record RunExceptionView(
            String instalmentId, String accountId, String code, Money net, ItemState state, boolean resolved) {}

    /** How far the payments of an approved run have come. */
    record RunProgressView(int toIssue, int issued, int refused) {}

    record RunFileView(String format, String sha256, Money controlTotal, int count) {}

    /**
     * What must agree with the bank's file: {@code total} and {@code count} of what is included, and once there is a file, of what is in it.
     *
     * @param exceptions how many items have one, also beyond those shown
     */
    record RunTotals(Money total, int count, Money heldTotal, int held, int rejected, int exceptions) {}

    /**
     * A payment run. Before it was created or known it has no state and holds nothing.
     *
     * @param items      what is or was to be paid, a page of it; {@code next} fetches more
     * @param held       the first 500
     * @param exceptions the first 500 items with one, one entry for each
     * @param total      what goes to the bank: net, without what is held, or was refused by its account; nothing of a run that was closed before
     *                   it was approved, or given back
     */
    record RunView(
            String runId,
            RunState.@Nullable Stage state,
            LocalDate cutOff,
            LocalDate payDate,
            String createdBy,
            @Nullable String approvedBy,
            @Nullable LocalDate submittedOn,
            @Nullable String channel,
            Money total,
            int count,
            RunTotals controlTotals,
            RunProgressView progress,
            List<RunFileView> files,
            List<RunItemView> items,
            @Nullable String next,
            List<RunItemView> held,
            List<RunExceptionView> exceptions) {}

    /** A run in a list: where it stands, without what it pays. */
    record RunOverview(
            String runId,
            RunState.Stage state,
            LocalDate cutOff,
            LocalDate payDate,
            String createdBy,
            @Nullable String approvedBy,
            Money total,
            int count,
            int held,
            int refused,
            int rejected) {

        private static RunOverview of(RunEntry run) {
            return new RunOverview(
                    run.runId(),
                    run.stage(),
                    run.cutOff(),
                    run.payDate(),
                    run.createdBy(),
                    run.approvedBy(),
                    run.totalToBank(),
                    run.countToBank(),
                    run.held(),
                    run.refused(),
                    run.rejected());
        }
    }

    /** Runs that had been created by the day, those that pay last first. */
    @Tells(Tells.Of.NOBODY)
    @GetMapping
    Page<RunOverview> runs(@RequestParam(required = false) RunState.@Nullable Stage state, Paging paging) {
        Page<RunEntry> page =
                paging.page(register.list(state, paging.after(), paging.fetch(), paging.view()), RunRegister::placeOf);
        return new Page<>(page.items().stream().map(RunOverview::of).toList(), page.next());
    }

    @GetMapping("/{runId}")
    RunView run(@PathVariable String runId, Paging paging) {
        View view = paging.view();
        RunEntry known = register.findAsOf(runId, view).orElse(null);
        if (known == null) {
            return notYet(register.find(runId, View.now(view.asOf())).orElseThrow(RunReads::notFound));
        }
        int after = paging.after() == null ? 0 : Integer.parseInt(paging.after());
        Page<Seen> page = paging.page(
                register.items(runId, PAID_OR_TO_BE, false, view.asOf(), after, paging.fetch(), view),
                seen -> Integer.toString(seen.item().number()));
        List<Seen> held = register.items(runId, Set.of(ItemState.HELD), false, view.asOf(), 0, SHOWN, view);
        List<Seen> remarked = register.items(runId, EnumSet.allOf(ItemState.class), true, view.asOf(), 0, SHOWN, view);
        sealing.warm(held.stream().map(seen -> seen.item().personId()).collect(Collectors.toSet()));
        List<RunExceptionView> exceptions =
                remarked.stream().flatMap(seen -> exceptions(known, seen)).toList();
        int all = remarked.size() < SHOWN ? remarked.size() : register.exceptions(runId, view);
        return view(known, page, held, exceptions, all);
    }

    private RunView view(
            RunEntry run, Page<Seen> page, List<Seen> held, List<RunExceptionView> exceptions, int allExceptions) {
        return new RunView(
                run.runId(),
                run.stage(),
                run.cutOff(),
                run.payDate(),
                run.createdBy(),
                run.approvedBy(),
                run.submittedOn(),
                run.channel(),
                run.totalToBank(),
                run.countToBank(),
                new RunTotals(
                        run.totalToBank(),
                        run.countToBank(),
                        run.heldTotal(),
                        run.held(),
                        run.rejected(),
                        allExceptions),
                new RunProgressView(
                        run.approvedBy() == null ? 0 : run.count() - run.issued() - run.refused(),
                        run.issued(),
                        run.refused()),
                run.files().stream().map(RunReads::view).toList(),
                page.items().stream().map(this::view).toList(),
                page.next(),
                held.stream().map(this::view).toList(),
                exceptions);
    }

    private static RunView notYet(RunEntry run) {
        return new RunView(
                run.runId(),
                null,
                run.cutOff(),
                run.payDate(),
                run.createdBy(),
                null,
                null,
                null,
                Money.ZERO,
                0,
                new RunTotals(Money.ZERO, 0, Money.ZERO, 0, 0, 0),
                new RunProgressView(0, 0, 0),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of());
    }

    private static RunFileView view(FileGenerated file) {
        return new RunFileView(file.format().word(), file.sha256(), file.controlTotal(), file.count());
    }

    private RunItemView view(Seen seen) {
        Item item = seen.item();
        return new RunItemView(
                item.instalmentId(),
                item.accountId(),
                item.personId(),
                item.lineId(),
                item.payOn(),
                item.amount(),
                item.contribution(),
                item.net(),
                seen.state(),
                item.exceptions(),
                seen.code(),
                sealing.openIfGiven(item.personId(), seen.reason()));
    }

    private static Stream<RunExceptionView> exceptions(RunEntry run, Seen seen) {
        Item item = seen.item();
        Stream<String> outcome = Stream.ofNullable(seen.code());
        return Stream.concat(item.exceptions().stream().map(Enum::name), outcome)
                .map(code -> new RunExceptionView(
                        item.instalmentId(),
                        item.accountId(),
                        code,
                        item.net(),
                        seen.state(),
                        run.givenUp() || seen.state().isPaid()));
    }

    static RuleBroken notFound() {
        return new RuleBroken("RUN_NOT_FOUND", "There is no such payment run.");
    }
}
