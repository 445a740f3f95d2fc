package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/** When instalments are agreed, and agreed anew: rulebook 4.6, 4.7, 7.2. Pure. */
final class ScheduleRules {

    private ScheduleRules() {}

    /**
     * Agrees instalments, see {@link Instalments}: {@code ACCOUNT_CLOSED}, {@code ID_ALREADY_USED}, {@code LINE_NOT_FOUND}, {@code LINE_NOT_PAYABLE},
     * {@code DATE_BEFORE_START}, {@code BUDGET_ENDED}, {@code FIELD_INVALID}, {@code NOTHING_TO_PAY}, {@code EXCEEDS_ALLOCATION}.
     */
    static InstalmentsScheduled schedule(AccountState state, AccountCommand.ScheduleInstalments c) {
        AccountRules.requireNotClosed(state);
        if (state.schedules.containsKey(c.scheduleId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a schedule with this id.", "scheduleId");
        }
        Terms.Line line = AccountRules.payableLine(state, c.lineId());
        AccountRules.requireWithinBudget(state, line, c.firstPayOn(), "firstPayOn");
        Instalments schedule = new Instalments(
                line,
                AccountRules.lastDay(state, line),
                c.frequency(),
                c.firstPayOn(),
                coversFrom(line, c),
                c.contributionPerInstalment());
        List<Instalment> instalments = schedule.all(c.scheduleId());
        if (instalments.isEmpty()) {
            throw new RuleBroken(
                    "NOTHING_TO_PAY", "The line is worth nothing on the days of this schedule.", "firstPayOn");
        }
        if (instalments.stream().anyMatch(i -> !i.net().isPositive())) {
            throw new RuleBroken(
                    "NOTHING_TO_PAY",
                    "The contribution is as much as an instalment or more, so nothing would be paid.",
                    "contributionPerInstalment");
        }
        Money sum = instalments.stream().map(Instalment::amount).reduce(Money.ZERO, Money::plus);
        Money remaining = AccountRules.remaining(state, line, line.to());
        List<Instalment> most = Instalments.atMost(instalments, remaining);
        if (most.isEmpty() || sum.minus(remaining).isMoreThan(schedule.leeway(instalments.size()))) {
            throw new RuleBroken(
                    "EXCEEDS_ALLOCATION",
                    "The instalments add up to " + sum + ", but only " + remaining
                            + " of the line's allocation remain.");
        }
        AccountRules.requireRoutedHere(state, line);
        return new InstalmentsScheduled(
                c.scheduleId(), c.lineId(), c.frequency(), most, c.contributionPerInstalment(), c.today());
    }

    /** The first day paid for; the line may begin between two pay days, within the period before the first. */
    private static LocalDate coversFrom(Terms.Line line, AccountCommand.ScheduleInstalments c) {
        LocalDate from = c.coversFrom();
        if (from == null || from.equals(c.firstPayOn())) {
            return c.firstPayOn();
        }
        if (from.isBefore(line.from())) {
            throw new RuleBroken("DATE_BEFORE_START", "The line begins on " + line.from() + ".", "coversFrom");
        }
        LocalDate payDayBefore = Instalments.payDay(c.firstPayOn(), c.frequency(), -1);
        if (Instalments.isLump(c.frequency()) || from.isAfter(c.firstPayOn()) || !from.isAfter(payDayBefore)) {
            throw new RuleBroken(
                    "FIELD_INVALID",
                    "The first instalment covers days from its pay day on, or from within the period before it.",
                    "coversFrom");
        }
        return from;
    }

    /**
     * What the unpaid instalments come to as matters stand, by id, in the order in which they use the allocation: none more than is left of it, and
     * nothing where nothing is, or where the account has let go of the line. One that falls due after the last day is never paid, and not among
     * them; nor is one that the closure has stopped.
     */
    static Map<String, Instalment> planned(AccountState state, LocalDate today) {
        Map<String, Instalment> planned = new LinkedHashMap<>();
        if (state.closedOn == null) {
            state.terms.lines().forEach(line -> plan(state, line, today, planned));
        }
        return planned;
    }

    private static void plan(AccountState state, Terms.Line line, LocalDate today, Map<String, Instalment> planned) {
        boolean here = Objects.equals(line.accountId(), state.accountId);
        LocalDate last = AccountRules.lastDay(state, line);
        List<Map.Entry<String, AccountState.Instalment>> unpaid = state.instalments.entrySet().stream()
                .filter(entry -> entry.getValue().lineId().equals(line.lineId())
                        && !entry.getValue().paid()
                        && !entry.getValue().payOn().isAfter(last))
                .sorted(Comparator.comparing(entry -> entry.getValue().payOn()))
                .toList();
        Money used = line.paidElsewhere().plus(state.paid(line.lineId()));
        for (Map.Entry<String, AccountState.Instalment> entry : unpaid) {
            AccountState.Instalment agreed = entry.getValue();
            AccountState.Schedule schedule = Objects.requireNonNull(state.schedules.get(agreed.scheduleId()));
            // one in arrears is paid today, from all that has been allocated by then: so is it decided when it is
            // issued
            LocalDate on = agreed.countsOn().isAfter(today) ? agreed.countsOn() : today;
            Money left = here ? AccountRules.allocation(state, line, on).minus(used) : Money.ZERO;
            Instalment instalment = schedule.of(line, last)
                    .instalment(entry.getKey(), agreed.number())
                    .atMost(left);
            planned.put(entry.getKey(), instalment);
            used = used.plus(instalment.amount());
        }
    }

    /**
     * What is agreed anew, by schedule, after something has happened: the unpaid instalments that come to something else since. What nothing has
     * changed for stays as it was agreed, by whatever rule; what was paid stays paid.
     *
     * @param before {@link #planned} before it happened
     */
    static List<InstalmentsRecomputed> recomputed(AccountState state, Map<String, Instalment> before, LocalDate today) {
        Map<String, List<Instalment>> changed = new LinkedHashMap<>();
        Map<String, Instalment> now = planned(state, today);
        state.instalments.forEach((id, agreed) -> {
            Instalment instalment = now.get(id);
            if (instalment != null
                    && !instalment.equals(before.get(id))
                    && !agreed.isWorth(instalment.amount(), instalment.contribution())) {
                changed.computeIfAbsent(agreed.scheduleId(), none -> new ArrayList<>())
                        .add(instalment);
            }
        });
        return changed.entrySet().stream()
                .map(schedule -> new InstalmentsRecomputed(
                        schedule.getKey(),
                        Objects.requireNonNull(state.schedules.get(schedule.getKey()))
                                .lineId(),
                        List.copyOf(schedule.getValue()),
                        today))
                .toList();
    }
}
