package uk.directpayments.ledger.payout;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunCreated;
import uk.directpayments.ledger.payout.RunEvent.RunSubmitted;
import uk.directpayments.ledger.platform.Recorded;

/**
 * One version of a payment run in {@link RunRegister}. Money is net of contributions.
 *
 * @param knownTo  the position of the log at which its instalments were due
 * @param count    items included: to be paid, or once approved, approved
 * @param issuedAt the position of the newest event about issued payments, 0 before
 * @param day      from which this version counts: of what has happened the latest day, so that no version counts before an earlier one
 */
record RunEntry(
        String runId,
        LocalDate createdOn,
        LocalDate cutOff,
        LocalDate payDate,
        Originator originator,
        long knownTo,
        String createdBy,
        RunState.Stage stage,
        int count,
        Money total,
        int held,
        Money heldTotal,
        @Nullable String approvedBy,
        @Nullable Instant approvedAt,
        int issued,
        int refused,
        long issuedAt,
        List<FileGenerated> files,
        @Nullable LocalDate submittedOn,
        @Nullable String channel,
        int rejected,
        @Nullable LocalDate closedOn,
        LocalDate day) {

    static RunEntry of(RunCreated e, Recorded at) {
        return new RunEntry(
                e.runId(),
                at.occurredOn(),
                e.cutOff(),
                e.payDate(),
                e.originator(),
                e.knownTo(),
                e.createdBy(),
                RunState.Stage.CREATED,
                0,
                Money.ZERO,
                0,
                Money.ZERO,
                null,
                null,
                0,
                0,
                0,
                List.of(),
                null,
                null,
                0,
                null,
                at.occurredOn());
    }

    boolean allIssued() {
        return stage != RunState.Stage.CREATED && issued + refused == count;
    }

    /**
     * What goes to the bank: of what is included, only what its accounts did not refuse, once that has been decided; nothing of a run that was
     * given up or given back.
     */
    Money totalToBank() {
        if (nothingGoes()) {
            return Money.ZERO;
        }
        return files.isEmpty() ? total : files.get(0).controlTotal();
    }

    /** In how many payments {@link #totalToBank} goes there. */
    int countToBank() {
        if (nothingGoes()) {
            return 0;
        }
        return files.isEmpty() ? count : files.get(0).count();
    }

    private boolean nothingGoes() {
        return givenUp() || givenBack() || (allIssued() && issued == 0);
    }

    /** Closed though nobody had approved it: its instalments are due again. */
    boolean givenUp() {
        return stage == RunState.Stage.CLOSED && approvedBy == null;
    }

    /** Closed though it was issued and never submitted: nothing of it may go to the bank. */
    boolean givenBack() {
        return stage == RunState.Stage.CLOSED && submittedOn == null && issued > 0;
    }

    /** The run from a day on, on which something happens to it; what is told later of an earlier day counts from the day that the run has come to. */
    RunEntry on(LocalDate happened) {
        return at(stage, approvedBy, approvedAt, submittedOn, channel, closedOn, BusinessDay.later(day, happened));
    }

    RunEntry selected(List<Item> items) {
        RunEntry more = this;
        for (Item item : items) {
            more = item.held()
                    ? more.totals(more.count, more.total, more.held + 1, more.heldTotal.plus(item.net()))
                    : more.totals(more.count + 1, more.total.plus(item.net()), more.held, more.heldTotal);
        }
        return more;
    }

    RunEntry held(Money amount, int items) {
        return totals(count - items, total.minus(amount), held + items, heldTotal.plus(amount));
    }

    private RunEntry totals(int count, Money total, int held, Money heldTotal) {
        return new RunEntry(
                runId,
                createdOn,
                cutOff,
                payDate,
                originator,
                knownTo,
                createdBy,
                stage,
                count,
                total,
                held,
                heldTotal,
                approvedBy,
                approvedAt,
                issued,
                refused,
                issuedAt,
                files,
                submittedOn,
                channel,
                rejected,
                closedOn,
                day);
    }

    RunEntry approved(RunApproved e, Recorded at) {
        return at(RunState.Stage.APPROVED, e.approvedBy(), at.recordedAt(), submittedOn, channel, closedOn, day);
    }

    RunEntry submitted(RunSubmitted e) {
        return at(RunState.Stage.SUBMITTED, approvedBy, approvedAt, e.on(), e.channel(), closedOn, day);
    }

    RunEntry closed(LocalDate on) {
        return at(RunState.Stage.CLOSED, approvedBy, approvedAt, submittedOn, channel, on, day);
    }

    private RunEntry at(
            RunState.Stage stage,
            @Nullable String approvedBy,
            @Nullable Instant approvedAt,
            @Nullable LocalDate submittedOn,
            @Nullable String channel,
            @Nullable LocalDate closedOn,
            LocalDate day) {
        return new RunEntry(
                runId,
                createdOn,
                cutOff,
                payDate,
                originator,
                knownTo,
                createdBy,
                stage,
                count,
                total,
                held,
                heldTotal,
                approvedBy,
                approvedAt,
                issued,
                refused,
                issuedAt,
                files,
                submittedOn,
                channel,
                rejected,
                closedOn,
                day);
    }

    RunEntry issued(int more, int refusals, long position) {
        return payments(issued + more, refused + refusals, position, files, rejected);
    }

    RunEntry generated(FileGenerated file) {
        return payments(issued, refused, issuedAt, Lists.and(files, file), rejected);
    }

    RunEntry rejected(int more) {
        return payments(issued, refused, issuedAt, files, rejected + more);
    }

    private RunEntry payments(int issued, int refused, long issuedAt, List<FileGenerated> files, int rejected) {
        return new RunEntry(
                runId,
                createdOn,
                cutOff,
                payDate,
                originator,
                knownTo,
                createdBy,
                stage,
                count,
                total,
                held,
                heldTotal,
                approvedBy,
                approvedAt,
                issued,
                refused,
                issuedAt,
                files,
                submittedOn,
                channel,
                rejected,
                closedOn,
                day);
    }
}
