package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsProposed;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What the council may do on a payment account: rulebook 7.2, 7.12, 4.6. Pure: state and command in, event out, or the refusal. What has
 * happened in the world is recorded by {@link Spending} and is never refused for what it is.
 */
final class AccountRules {

    /**
     * The budget pays this line through another account, or none. Not for callers: the Api then has the budget route the line here, and
     * asks again.
     */
    static final String LINE_ROUTED_ELSEWHERE = "LINE_ROUTED_ELSEWHERE";

    private AccountRules() {}

    /** {@code ID_ALREADY_USED}, {@code BUDGET_ENDED}, {@code CONSENT_REQUIRED}, {@code DEDICATED_ACCOUNT_REQUIRED} (rulebook 1.5, reg 8). */
    static void open(AccountState state, AccountCommand.OpenAccount c) {
        if (state.isOpened()) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already an account with this id.", "accountId");
        }
        if (c.budgetEndedOn() != null && !c.openedOn().isBefore(c.budgetEndedOn())) {
            throw new RuleBroken("BUDGET_ENDED", "The budget ended on " + c.budgetEndedOn() + ".");
        }
        if (c.terms().consentFrom() == null || c.terms().consentUntil() != null) {
            throw new RuleBroken(
                    "CONSENT_REQUIRED", "Nobody has consented to receive the direct payments of this budget.");
        }
        if (c.legalBasis() == LegalBasis.SEN_S49 && !c.dedicated()) {
            throw new RuleBroken(
                    "DEDICATED_ACCOUNT_REQUIRED",
                    "Money under an EHC plan needs an account used for nothing else.",
                    "dedicated");
        }
    }

    /** {@code BANK_DETAILS_CHANGE_NOT_FOUND}, {@code SEPARATION_OF_DUTIES}, {@code ACCOUNT_CLOSED}. */
    static BankDetailsApproved approveBankDetails(AccountState state, AccountCommand.ApproveBankDetails c) {
        requireNotClosed(state);
        BankDetailsProposed proposed = state.proposedBankDetails;
        if (proposed == null || !proposed.changeId().equals(c.changeId())) {
            throw new RuleBroken(
                    "BANK_DETAILS_CHANGE_NOT_FOUND", "No such change of bank details waits for an approval.");
        }
        if (proposed.proposedBy().equals(c.by())) {
            throw new RuleBroken("SEPARATION_OF_DUTIES", "Whoever proposed the bank details may not approve them.");
        }
        return new BankDetailsApproved(c.changeId(), proposed.bankDetails(), proposed.bankToken(), c.by(), c.today());
    }

    /**
     * Agrees instalments: the yearly amount in {@link #perYear} parts (rulebook 4.6), from the first pay day to the last day of the line and the
     * budget, at most as many a year as the frequency has.
     */
    static InstalmentsScheduled schedule(AccountState state, AccountCommand.ScheduleInstalments c) {
        requireNotClosed(state);
        if (state.instalments.values().stream().anyMatch(i -> i.scheduleId().equals(c.scheduleId()))) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a schedule with this id.", "scheduleId");
        }
        Terms.Line line = payableLine(state, c.lineId());
        requireWithinBudget(state, line, c.firstPayOn());
        List<Instalment> instalments = instalments(line, lastDay(state, line), c);
        Money sum = instalments.stream().map(Instalment::amount).reduce(Money.ZERO, Money::plus);
        if (instalments.stream().anyMatch(i -> !i.amount().isMoreThan(i.contribution()))) {
            throw new RuleBroken(
                    "NOTHING_TO_PAY",
                    "The contribution is as much as an instalment or more, so nothing would be paid.",
                    "contributionPerInstalment");
        }
        Money remaining = remaining(state, line, line.to());
        if (sum.isMoreThan(remaining)) {
            throw new RuleBroken(
                    "EXCEEDS_ALLOCATION",
                    "The instalments add up to " + sum + ", but only " + remaining
                            + " of the line's allocation remain.");
        }
        requireRoutedHere(state, line);
        return new InstalmentsScheduled(c.scheduleId(), c.lineId(), c.frequency(), instalments, c.today());
    }

    private static List<Instalment> instalments(Terms.Line line, LocalDate last, AccountCommand.ScheduleInstalments c) {
        int perYear = perYear(c.frequency());
        int years = 1;
        while (c.frequency() != Frequency.ONE_OFF
                && !line.from().plusYears(years).isAfter(line.to())) {
            years++;
        }
        List<Instalment> instalments = new ArrayList<>();
        for (int i = 0; i < perYear * years; i++) {
            LocalDate payOn = payDay(c.firstPayOn(), c.frequency(), i);
            if (payOn.isAfter(last)) {
                break;
            }
            LocalDate countsOn = earlier(countsOn(c.firstPayOn(), c.frequency(), i), line.to());
            Money amount = amount(line, c.frequency(), i, countsOn);
            instalments.add(new Instalment(
                    instalmentId(c.scheduleId(), i + 1), i + 1, payOn, amount, c.contributionPerInstalment()));
        }
        return List.copyOf(instalments);
    }

    /** The n-th instalment, from 0: its part of what the line is worth a year on the day that it counts on. */
    private static Money amount(Terms.Line line, Frequency frequency, int n, LocalDate countsOn) {
        int perYear = perYear(frequency);
        return line.yearlyAmount(countsOn).instalments(perYear).get(n % perYear);
    }

    /**
     * What becomes of the schedules when the budget changes: instalments that are not paid and count on a day with another amount are
     * agreed anew, by schedule; paid ones are as they were. None for a line that is not paid here, or had ended by then.
     */
    static List<InstalmentsRecomputed> recomputed(AccountState state, Terms terms, LocalDate today) {
        Map<String, List<Instalment>> changed = new LinkedHashMap<>();
        Map<String, String> lines = new HashMap<>();
        state.instalments.forEach((id, old) -> terms.line(old.lineId())
                .filter(line -> !old.paid() && Objects.equals(line.accountId(), state.accountId))
                .ifPresent(line -> {
                    Money amount = amount(line, old.frequency(), old.number() - 1, earlier(old.countsOn(), line.to()));
                    if (amount.isPositive() && !amount.equals(old.amount())) {
                        lines.put(old.scheduleId(), old.lineId());
                        changed.computeIfAbsent(old.scheduleId(), none -> new ArrayList<>())
                                .add(new Instalment(id, old.number(), old.payOn(), amount, old.contribution()));
                    }
                }));
        return changed.entrySet().stream()
                .map(schedule -> new InstalmentsRecomputed(
                        schedule.getKey(),
                        Objects.requireNonNull(lines.get(schedule.getKey())),
                        List.copyOf(schedule.getValue()),
                        today))
                .toList();
    }

    /** Short enough for a payment file's end-to-end id where the schedule's id is. */
    private static String instalmentId(String scheduleId, int number) {
        return scheduleId + "." + number;
    }

    /** How many instalments a year. Rulebook 4.6. */
    static int perYear(Frequency frequency) {
        return switch (frequency) {
            case WEEKLY -> 52;
            case FOUR_WEEKLY -> 13;
            case MONTHLY -> 12;
            case QUARTERLY -> 4;
            case ANNUAL, ONE_OFF -> 1;
        };
    }

    /** The pay day of the n-th instalment, from 0: months are counted from the first pay day, so the 31st comes back after February. */
    static LocalDate payDay(LocalDate first, Frequency frequency, int n) {
        return switch (frequency) {
            case WEEKLY -> first.plusWeeks(n);
            case FOUR_WEEKLY -> first.plusWeeks(4L * n);
            case MONTHLY -> first.plusMonths(n);
            case QUARTERLY -> first.plusMonths(3L * n);
            case ANNUAL, ONE_OFF -> first.plusYears(n);
        };
    }

    /**
     * The day whose allocation the n-th instalment uses. Four weeks times thirteen are a day or two short of a year: the first
     * instalment of a new year may fall due on one of the last days of the old, and is the new year's all the same.
     */
    static LocalDate countsOn(LocalDate first, Frequency frequency, int n) {
        return later(payDay(first, frequency, n), first.plusYears(n / perYear(frequency)));
    }

    /**
     * Issues a payment: {@code ID_ALREADY_USED}, {@code ACCOUNT_CLOSED}, {@code LINE_NOT_FOUND}, {@code LINE_NOT_PAYABLE},
     * {@code DATE_BEFORE_OPENING}, {@code DATE_BEFORE_START}, {@code BUDGET_ENDED}, {@code CONSENT_REQUIRED}, {@code ACCOUNT_SUSPENDED},
     * {@code PAYMENTS_ON_HOLD}, {@code INSTALMENT_NOT_FOUND}, {@code ALREADY_PAID}, {@code AMOUNT_NOT_POSITIVE}, {@code NOTHING_TO_PAY}, {@code EXCEEDS_ALLOCATION}.
     */
    static PaymentIssued issue(AccountState state, AccountCommand.IssuePayment c) {
        requireNotClosed(state);
        if (state.payments.containsKey(c.paymentId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a payment with this id.", "paymentId");
        }
        Require.positive(c.amount(), "amount");
        Terms.Line line = payableLine(state, c.lineId());
        requireAfterOpening(state, c.on());
        requireWithinBudget(state, line, c.on());
        requireConsent(state, c.on());
        if (state.isSuspendedOn(c.on())) {
            throw new RuleBroken("ACCOUNT_SUSPENDED", "The account is suspended on that day: nothing may be paid.");
        }
        if (c.onHold()) {
            throw new RuleBroken(
                    "PAYMENTS_ON_HOLD",
                    "A dispute about the budget is open, and the council's policy pays nothing until it is closed.");
        }
        requireUnpaid(state, c);
        Money net = c.amount().minus(c.contribution());
        if (!net.isPositive()) {
            throw new RuleBroken("NOTHING_TO_PAY", "The contribution leaves nothing to pay.", "contribution");
        }
        LocalDate countsOn = countsOn(state, c);
        Money remaining = remaining(state, line, countsOn);
        if (c.amount().isMoreThan(remaining)) {
            throw new RuleBroken(
                    "EXCEEDS_ALLOCATION",
                    "Only " + remaining + " of the line's allocation of " + line.allocation(countsOn)
                            + " remain; a payment never exceeds it.",
                    "amount");
        }
        requireRoutedHere(state, line);
        return new PaymentIssued(
                c.paymentId(), c.lineId(), line.source(), c.instalmentId(), c.amount(), c.contribution(), net, c.on());
    }

    private static void requireUnpaid(AccountState state, AccountCommand.IssuePayment c) {
        if (c.instalmentId() == null) {
            return;
        }
        AccountState.Instalment instalment = state.instalments.get(c.instalmentId());
        if (instalment == null || !instalment.lineId().equals(c.lineId())) {
            throw new RuleBroken(
                    "INSTALMENT_NOT_FOUND", "The line has no such instalment on this account.", "instalmentId");
        }
        if (instalment.paid()) {
            throw new RuleBroken("ALREADY_PAID", "This instalment has been paid.", "instalmentId");
        }
    }

    /** An instalment that is due uses the allocation it was agreed for; one that is paid early, what there is on the day. */
    private static LocalDate countsOn(AccountState state, AccountCommand.IssuePayment c) {
        AccountState.Instalment instalment = c.instalmentId() == null ? null : state.instalments.get(c.instalmentId());
        return instalment == null || c.on().isBefore(instalment.payOn())
                ? c.on()
                : later(c.on(), instalment.countsOn());
    }

    /** What may still be paid on a line by a day, gross: never counting a payment twice that another account made before. */
    static Money remaining(AccountState state, Terms.Line line, LocalDate on) {
        return line.allocation(on).minus(line.paidElsewhere()).minus(state.paid(line.lineId()));
    }

    /**
     * {@code BALANCE_NOT_ZERO}, {@code ACCOUNT_CLOSED}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}, and what
     * {@link RecoveryRules#requireSettled} refuses.
     */
    static void close(AccountState state, AccountCommand.CloseAccount c) {
        requireNotClosed(state);
        Require.notFuture(c.on(), c.today());
        requireAfterOpening(state, c.on());
        if (!state.balance().isZero()) {
            throw new RuleBroken(
                    "BALANCE_NOT_ZERO",
                    "There is still " + state.balance() + " in the account; it must be settled first.");
        }
        if (c.openFlags() > 0) {
            throw new RuleBroken(
                    "OPEN_FLAGS",
                    c.openFlags() + " flags of this account are open; they must be decided and settled first.");
        }
        RecoveryRules.requireSettled(state);
        if (c.unmatchedLines()) {
            throw new RuleBroken(
                    "UNRECONCILED_LINES",
                    "A line of a statement of this account is not matched yet: match or ignore it.");
        }
    }

    /** {@code ALREADY_SUSPENDED}, {@code REASONS_REQUIRED}, {@code ACCOUNT_CLOSED}. */
    static void suspend(AccountState state, AccountCommand.SuspendAccount c) {
        requireNotClosed(state);
        Require.reason(c.reason());
        if (state.openSuspension() != null || state.isSuspendedOn(c.from())) {
            throw new RuleBroken("ALREADY_SUSPENDED", "The account is suspended already.");
        }
    }

    /** {@code NOT_SUSPENDED}, {@code DATE_BEFORE_START}. */
    static void resume(AccountState state, AccountCommand.ResumeAccount c) {
        AccountState.Suspension suspension = state.openSuspension();
        if (suspension == null) {
            throw new RuleBroken("NOT_SUSPENDED", "The account is not suspended.");
        }
        if (c.on().isBefore(suspension.from())) {
            throw new RuleBroken("DATE_BEFORE_START", "The suspension began on " + suspension.from() + ".", "on");
        }
    }

    /** {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code REASONS_REQUIRED}, {@code RESERVE_OVER_LIMIT}, {@code ACCOUNT_CLOSED}. */
    static void reserve(AccountState state, AccountCommand.ApproveReserve c) {
        requireNotClosed(state);
        if (state.reserves.containsKey(c.reserveId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a reserve with this id.", "reserveId");
        }
        Require.positive(c.amount(), "amount");
        Require.reason(c.reason());
        Money sameKind = state.reserves.values().stream()
                .filter(reserve -> reserve.kind() == c.kind()
                        && !reserve.released()
                        && !reserve.until().isBefore(c.today()))
                .map(AccountState.Reserve::amount)
                .reduce(c.amount(), Money::plus);
        if (sameKind.isMoreThan(c.limit())) {
            throw new RuleBroken(
                    "RESERVE_OVER_LIMIT",
                    "Reserves of one kind may come to " + c.limit()
                            + " in all (the policy's reserveLimits); this would make " + sameKind + ".",
                    "amount");
        }
    }

    // ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────

    static void requireNotClosed(AccountState state) {
        if (state.closedOn != null) {
            throw new RuleBroken("ACCOUNT_CLOSED", "The account was closed on " + state.closedOn + ".");
        }
    }

    static void requireAfterOpening(AccountState state, LocalDate on) {
        if (state.openedOn != null && on.isBefore(state.openedOn)) {
            throw new RuleBroken("DATE_BEFORE_OPENING", "The account was opened on " + state.openedOn + ".", "on");
        }
    }

    static Terms.Line line(AccountState state, String lineId) {
        return state.terms
                .line(lineId)
                .orElseThrow(() -> new RuleBroken("LINE_NOT_FOUND", "The budget has no such line.", "lineId"));
    }

    private static Terms.Line payableLine(AccountState state, String lineId) {
        Terms.Line line = line(state, lineId);
        if (!line.payable()) {
            throw new RuleBroken(
                    "LINE_NOT_PAYABLE", "The council manages this line itself: it is not paid out.", "lineId");
        }
        return line;
    }

    private static void requireRoutedHere(AccountState state, Terms.Line line) {
        if (!Objects.equals(line.accountId(), state.accountId)) {
            throw new RuleBroken(LINE_ROUTED_ELSEWHERE, "The line is paid through another account.", "lineId");
        }
    }

    private static void requireWithinBudget(AccountState state, Terms.Line line, LocalDate on) {
        if (on.isBefore(line.from())) {
            throw new RuleBroken("DATE_BEFORE_START", "The line begins on " + line.from() + ".", "on");
        }
        LocalDate last = lastDay(state, line);
        if (on.isAfter(last)) {
            throw new RuleBroken("BUDGET_ENDED", "The budget ended on " + last + ".", "on");
        }
    }

    /** The last day on which anything may be paid on a line. */
    private static LocalDate lastDay(AccountState state, Terms.Line line) {
        LocalDate last = line.to();
        if (state.terms.endsOn() != null) {
            last = earlier(last, state.terms.endsOn());
        }
        return state.diedOn == null ? last : earlier(last, state.diedOn);
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    private static void requireConsent(AccountState state, LocalDate on) {
        if (!state.terms.consented(on)) {
            throw new RuleBroken(
                    "CONSENT_REQUIRED", "Nobody consents to receive direct payments of this budget on that day.");
        }
    }
}
