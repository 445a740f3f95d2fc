package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.spending.FlagEvent.RepaymentReceived;

/**
 * A question about spending, or about what should have been paid and was not. Immutable.
 *
 * @param finding     what is in question, as it was last found
 * @param explanation of one that was raised by hand, sealed
 * @param withdrawn   whether its cause has gone; a human decision stays all the same
 * @param reversed    whether nothing is left of its expenditure: then nothing is to be done about it either, whatever was decided
 * @param life        what people have done about it
 * @param history     its states, and what was in question, by business day, in the order of the days; the last is to come, if it is known already
 *                    that its cause will go while nobody has decided
 */
record Flag(
        String personId,
        Finding finding,
        @Nullable Sealed explanation,
        boolean withdrawn,
        boolean reversed,
        FlagLife life,
        List<Step> history) {

    /** A state from a business day on, what people had done by then, and what was in question. */
    record Step(LocalDate on, FlagState state, FlagLife life, Money amount) {

        /** Nothing is claimed of what has come back whole, whatever has been paid. */
        private Step paid(RepaymentReceived event, LocalDate on) {
            FlagLife next = life.after(event);
            boolean back = state == FlagState.WITHDRAWN && next.state().claimed();
            return new Step(on, back ? FlagState.WITHDRAWN : next.state(), next, amount);
        }
    }

    static Flag of(String personId, Finding finding) {
        return new Flag(
                        personId,
                        finding,
                        null,
                        false,
                        false,
                        FlagLife.BEGUN,
                        List.of(new Step(finding.on(), FlagState.RAISED, FlagLife.BEGUN, finding.amount())))
                .found(finding, finding.on());
    }

    /** @param item the expenditure it is about, or null of another transaction */
    static Flag byHand(String personId, FlagEvent.FlagRaised e, @Nullable Item item, Recorded at) {
        Finding finding = new Finding(
                e.flagId(),
                e.accountId(),
                e.transactionId(),
                null,
                e.reason(),
                Decision.QUERY,
                e.amount(),
                e.on(),
                Detector.MANUAL,
                item == null ? Policy.standard().version() : item.policyVersion(),
                null,
                item == null ? null : item.mcc(),
                null);
        return new Flag(
                personId,
                finding,
                e.explanation(),
                false,
                false,
                FlagLife.BEGUN,
                List.of(new Step(at.occurredOn(), FlagState.RAISED, FlagLife.BEGUN, e.amount())));
    }

    String flagId() {
        return finding.flagId();
    }

    Severity severity() {
        return Severity.of(finding.decision());
    }

    /** The state on a day; null before it was raised. */
    @Nullable
    FlagState stateOn(LocalDate day) {
        Step step = stepOn(day);
        return step == null ? null : step.state;
    }

    /** Whether it waits on a day for somebody to decide. */
    boolean undecidedOn(LocalDate day) {
        FlagState state = stateOn(day);
        return state != null && state.undecided();
    }

    /** Whether something is to be done about it on a day. */
    boolean openOn(LocalDate day) {
        FlagState state = stateOn(day);
        return state != null && state.open();
    }

    /** Whether its cause has gone by a day. */
    boolean withdrawnOn(LocalDate day) {
        LocalDate until = finding.until();
        return withdrawn || (until != null && !until.isAfter(day));
    }

    /** What people had done about it by a day. */
    FlagLife lifeOn(LocalDate day) {
        Step step = stepOn(day);
        return step == null ? FlagLife.BEGUN : step.life;
    }

    /** What was in question on a day; nothing before it was raised. */
    Money amountOn(LocalDate day) {
        Step step = stepOn(day);
        return step == null ? Money.ZERO : step.amount;
    }

    /** What is still to come back on a day: nothing once its expenditure has come back. */
    Money outstandingOn(LocalDate day) {
        return stateOn(day) == FlagState.WITHDRAWN ? Money.ZERO : lifeOn(day).outstanding();
    }

    /** The day, by another, on which repayment was last asked for of what is upheld; null if it was not. */
    @Nullable
    LocalDate repaymentAskedOn(LocalDate day) {
        LocalDate asked = null;
        FlagState before = null;
        for (Step step : history) {
            if (!step.on.isAfter(day)) {
                // what is paid in part leaves it asked for
                boolean asks = step.state == FlagState.REPAYMENT_REQUESTED && before != step.state;
                asked = step.life.upheld() == null ? null : asks ? step.on : asked;
                before = step.state;
            }
        }
        return asked;
    }

    private @Nullable Step stepOn(LocalDate day) {
        Step last = null;
        for (Step step : history) {
            if (!step.on.isAfter(day)) {
                last = step;
            }
        }
        return last;
    }

    /** Found again, perhaps otherwise than before. What a person decided about stays as it was decided. */
    Flag found(Finding again, LocalDate on) {
        Finding now = life.state().undecided() ? again : finding.until(again.until());
        return with(now, false, false, life, on);
    }

    /** Its cause has gone. */
    Flag withdrawn(LocalDate on) {
        return with(finding, true, reversed, life, on);
    }

    /** Its expenditure has come back whole. */
    Flag reversed(LocalDate on) {
        return with(finding, true, true, life, on);
    }

    Flag after(FlagEvent event, LocalDate on) {
        if (event instanceof RepaymentReceived paid) {
            return paid(paid, on);
        }
        return with(finding, withdrawn, reversed, life.after(event), on);
    }

    /** Paid back on its own day, or on that on which it was upheld if that is later; what was recorded of later days comes after it. */
    private Flag paid(RepaymentReceived event, LocalDate on) {
        int upheld = history.size() - 1;
        while (upheld > 0 && history.get(upheld - 1).life.upheld() != null) {
            upheld--;
        }
        LocalDate day = BusinessDay.later(on, history.get(upheld).on);
        int next = history.size();
        while (history.get(next - 1).on.isAfter(day)) {
            next--;
        }
        List<Step> steps = new ArrayList<>(history.subList(0, next));
        steps.add(history.get(next - 1).paid(event, day));
        history.subList(next, history.size()).forEach(step -> steps.add(step.paid(event, step.on)));
        return new Flag(personId, finding, explanation, withdrawn, reversed, life.after(event), List.copyOf(steps));
    }

    private Flag with(Finding now, boolean gone, boolean back, FlagLife next, LocalDate on) {
        List<Step> steps = new ArrayList<>(begunOn(now.on(), come(on)));
        Flag changed = new Flag(personId, now, explanation, gone, back, next, steps);
        changed.step(steps, changed.withdrawnOn(on), on);
        LocalDate until = now.until();
        if (until != null && until.isAfter(on)) {
            changed.step(steps, true, until);
        }
        return new Flag(personId, now, explanation, gone, back, next, List.copyOf(steps));
    }

    /** Adds how it stands from a day on, if that is otherwise than before. */
    private void step(List<Step> steps, boolean gone, LocalDate on) {
        boolean settled =
                gone && (life.state().undecided() || (reversed && life.state().claimed()));
        FlagState state = settled ? FlagState.WITHDRAWN : life.state();
        Step last = steps.get(steps.size() - 1);
        Step next = new Step(BusinessDay.later(on, last.on), state, life, finding.amount());
        boolean alike = last.state == state && last.life.equals(life);
        if (alike && last.on.equals(next.on)) {
            steps.set(steps.size() - 1, next);
        } else if (!alike || !last.amount.equals(next.amount)) {
            steps.add(next);
        }
    }

    /** The steps, without the one that was still to come on a day. */
    private List<Step> come(LocalDate day) {
        Step last = history.get(history.size() - 1);
        boolean toCome = !withdrawn && last.state == FlagState.WITHDRAWN && last.on.isAfter(day);
        return toCome ? history.subList(0, history.size() - 1) : history;
    }

    /** Steps, where what is in question is of another day than before: from that day on, and none of them earlier. */
    private List<Step> begunOn(LocalDate day, List<Step> steps) {
        if (day.equals(finding.on())) {
            return steps;
        }
        List<Step> moved = new ArrayList<>();
        for (Step step : steps) {
            moved.add(new Step(
                    moved.isEmpty() ? day : BusinessDay.later(day, step.on), step.state, step.life, step.amount));
        }
        return moved;
    }
}
