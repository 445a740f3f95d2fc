package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.WorkingDays;
import uk.directpayments.ledger.payout.RunEvent.ItemHeld;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunClosed;
import uk.directpayments.ledger.payout.RunState.Stage;

/** What the council may do with a payment run: rulebook 7.5. Pure. */
final class RunRules {

    /** Of the three days of Bacs: input, processing, credit. */
    private static final int BACS_DAYS_BEFORE = 2;

    private RunRules() {}

    /** {@code ID_ALREADY_USED}, {@code PAY_DATE_NOT_WORKING_DAY}, {@code EMPTY_RUN}. */
    static void create(RunState run, RunCommand.CreateRun c) {
        if (run.stage != null) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a payment run with this id.", "runId");
        }
        requireWorkingDay(c.payDate());
        if (c.items().isEmpty()) {
            throw new RuleBroken("EMPTY_RUN", "No instalment is due by " + c.cutOff() + " that is not in another run.");
        }
    }

    static void requireWorkingDay(LocalDate payDate) {
        if (!WorkingDays.isWorkingDay(payDate)) {
            throw new RuleBroken(
                    "PAY_DATE_NOT_WORKING_DAY",
                    "Banks do not pay on " + payDate + ": it is a weekend or a bank holiday.",
                    "payDate");
        }
    }

    static ItemHeld hold(RunState run, RunCommand.HoldItem c) {
        requireOpen(run);
        byte item = item(run, c.number());
        if (item == RunState.HELD || item == RunState.NOWHERE) {
            throw new RuleBroken("ALREADY_HELD", "This instalment is held already.");
        }
        return new ItemHeld(c.number(), run.net(c.number()), Require.reason(c.reason()));
    }

    static void release(RunState run, int number) {
        requireOpen(run);
        byte item = item(run, number);
        if (item == RunState.NOWHERE) {
            throw new RuleBroken(
                    "NO_BANK_DETAILS",
                    "The account has no bank details to pay to, nobody consents to be paid on the pay date, or the bank's file would"
                            + " name its card like another one of the run; the instalment is paid by a later run once that has changed.");
        }
        if (item != RunState.HELD) {
            throw new RuleBroken("NOT_HELD", "This instalment is not held.");
        }
    }

    static RunApproved approve(RunState run, RunCommand.ApproveRun c) {
        requireOpen(run);
        if (c.by().equals(run.createdBy)) {
            throw new RuleBroken("SEPARATION_OF_DUTIES", "Whoever created the run may not approve it.");
        }
        int count = run.count(RunState.INCLUDED);
        if (count == 0) {
            throw new RuleBroken("EMPTY_RUN", "Every instalment of the run is held: there is nothing to pay.");
        }
        Money total = run.total(RunState.INCLUDED);
        requireTotals(total, count, c.total(), c.count());
        return new RunApproved(total, count, c.by());
    }

    /** What somebody else has added up, where they have. */
    static void requireTotals(Money total, int count, @Nullable Money theirTotal, @Nullable Integer theirCount) {
        if ((theirTotal != null && !theirTotal.equals(total)) || (theirCount != null && theirCount != count)) {
            throw new RuleBroken("CONTROL_TOTAL_MISMATCH", "The run comes to " + total + " in " + count + " payments.");
        }
    }

    static void submit(RunState run, RunCommand.SubmitRun c) {
        if (run.stage == Stage.SUBMITTED || run.stage == Stage.CLOSED) {
            throw locked();
        }
        if (run.stage != Stage.APPROVED) {
            throw new RuleBroken("RUN_NOT_APPROVED", "The run has not been approved.");
        }
        if (!run.isIssued()) {
            throw new RuleBroken("BUSY", "The run's payments are still being issued; see its progress.");
        }
        Require.notFuture(c.on(), c.today());
        LocalDate payDate = Objects.requireNonNull(run.payDate);
        LocalDate approved = c.approvedOn();
        // one that was approved after its pay date had gone to the bank before, see decision 19
        if (approved != null && !payDate.isBefore(approved) && c.on().isBefore(approved)) {
            throw new RuleBroken(
                    "DATE_BEFORE_START",
                    "There was no file to submit before the run was approved, on " + approved + ".",
                    "on");
        }
        LocalDate last = lastDay(payDate, c.channel());
        if (c.on().isAfter(last)) {
            throw new RuleBroken(
                    "CUT_OFF_PASSED",
                    "To be paid on " + run.payDate + " the file had to be submitted by " + last + ".",
                    "on");
        }
    }

    /** The last day on which a file may go to the bank; Bacs takes three working days, other channels pay on the day. */
    private static LocalDate lastDay(LocalDate payDate, String channel) {
        return channel.toUpperCase(Locale.ROOT).startsWith("BACS")
                ? WorkingDays.before(payDate, BACS_DAYS_BEFORE)
                : payDate;
    }

    static void reject(RunState run, RunCommand.RecordRejections c) {
        if (run.stage == Stage.CLOSED) {
            throw locked();
        }
        if (run.stage != Stage.SUBMITTED) {
            throw new RuleBroken("RUN_NOT_SUBMITTED", "The run has not been submitted: no bank can have rejected it.");
        }
        Set<Integer> seen = new HashSet<>();
        for (Rejection rejection : c.rejections()) {
            byte item = item(run, rejection.number());
            if (item == RunState.REJECTED || !seen.add(rejection.number())) {
                throw new RuleBroken("ALREADY_RETURNED", "One of these payments has come back already.");
            }
            if (item != RunState.ISSUED) {
                throw new RuleBroken("PAYMENT_NOT_FOUND", "One of these instalments was not paid by the run.");
            }
        }
    }

    /**
     * Every payment of an approved run that was never submitted and, its pay date gone, no longer can be: given back where the closing says with which
     * code. {@code RUN_LOCKED}, {@code BUSY}, {@code RUN_NOT_SUBMITTED} while a file may still go to the bank.
     */
    static List<Rejection> giveBack(RunState run, RunCommand.CloseRun c) {
        String reasonCode = c.reasonCode();
        if (reasonCode == null || run.stage == Stage.CREATED) {
            return List.of();
        }
        if (run.stage != Stage.APPROVED) {
            throw locked();
        }
        if (!c.today().isAfter(Objects.requireNonNull(run.payDate))) {
            throw new RuleBroken(
                    "RUN_NOT_SUBMITTED",
                    "The run can still be submitted until " + run.payDate + "; only after that is it given back.");
        }
        if (!run.isIssued()) {
            throw new RuleBroken("BUSY", "The run's payments are still being issued; see its progress.");
        }
        return IntStream.rangeClosed(1, run.items.length)
                .filter(number -> run.item(number) == RunState.ISSUED)
                .mapToObj(number -> new Rejection(number, reasonCode))
                .toList();
    }

    static RunClosed close(RunState run, LocalDate today) {
        if (run.stage == Stage.CLOSED) {
            throw locked();
        }
        boolean nothingPaid = run.isIssued() && run.count(RunState.ISSUED) == 0;
        if (run.stage == Stage.APPROVED && !nothingPaid) {
            throw new RuleBroken(
                    "RUN_NOT_SUBMITTED",
                    "The run has not been submitted to the bank. If it never was, its payments are given back once the pay date has"
                            + " passed: name a reasonCode for that.");
        }
        return new RunClosed(
                run.count(RunState.ISSUED), run.total(RunState.ISSUED), run.count(RunState.REJECTED), today);
    }

    private static void requireOpen(RunState run) {
        if (run.stage != Stage.CREATED) {
            throw locked();
        }
    }

    private static byte item(RunState run, int number) {
        if (!run.has(number)) {
            throw new RuleBroken("INSTALMENT_NOT_FOUND", "The run has no such instalment.");
        }
        return run.item(number);
    }

    private static RuleBroken locked() {
        return new RuleBroken("RUN_LOCKED", "The run has gone past that: it cannot be changed so any more.");
    }
}
