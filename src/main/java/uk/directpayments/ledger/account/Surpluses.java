package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

/**
 * The surpluses of accounts on two dates, and how long they have lasted: rulebook 4.9, 4.11, 4.21. A set of accounts costs four queries, two more
 * if one of them has a line that is paid once, and its age one or two again, however many accounts it has; where a surplus is older than
 * {@link #FIRST_STRETCH_DAYS} days, as many again for each time that twice as many days lie before.
 */
@Component
public class Surpluses {

    /** How many days back the age of a surplus is looked for at first; of what is older, twice as many the next time. */
    static final int FIRST_STRETCH_DAYS = 181;

    private final AccountRegister register;
    private final AccountBalances balances;
    private final AccountSettlements settlements;
    private final AccountTransactions transactions;
    private final StartUpPayments startUps;
    private final Policies policies;

    Surpluses(
            AccountRegister register,
            AccountBalances balances,
            AccountSettlements settlements,
            AccountTransactions transactions,
            StartUpPayments startUps,
            Policies policies) {
        this.register = register;
        this.balances = balances;
        this.settlements = settlements;
        this.transactions = transactions;
        this.startUps = startUps;
        this.policies = policies;
    }

    /**
     * A surplus and its age.
     *
     * @param since the first day of those on which it has lasted without a break; null if there is none
     * @param days  how long: 0 on the first day
     */
    public record Aged(Surplus surplus, LocalDate since, int days) {}

    /**
     * A surplus, and what of it has been asked for.
     *
     * @param unclaimed what no recovery has asked for yet, never less than nothing
     */
    public record Claimed(Surplus surplus, Money unclaimed) {

        private static Claimed of(Surplus surplus, Money claimed) {
            Money left = surplus.reclaimable().minus(claimed);
            return new Claimed(surplus, left.isPositive() ? left : Money.ZERO);
        }
    }

    /**
     * What a surplus is made of.
     *
     * @param unspent by line that is paid once, as on the view's day
     * @param paid    on those lines
     */
    private record Facts(
            AccountRegister.Entry account,
            AccountSettlements.Entry settlement,
            Money balance,
            Map<String, Money> unspent,
            List<StartUpPayments.Paid> paid) {

        /** @param moved what has moved on each line since that day, up to the view's */
        Surplus on(LocalDate day, Money balance, Map<String, Money> moved, Surplus.Weeks weeks) {
            StartUp startUp = StartUp.none(weeks.startUpReview());
            if (!settlement.isOver(day, account.closedOn())) {
                for (Map.Entry<String, Money> line : unspent.entrySet()) {
                    Money since = moved.getOrDefault(line.getKey(), Money.ZERO);
                    startUp = startUp.plus(StartUp.of(
                            line.getValue().minus(since), paidBy(day, line.getKey()), day, weeks.startUpReview()));
                }
            }
            return Surplus.of(
                    balance,
                    settlement.owedOn(day),
                    account.reservedOn(day),
                    settlement.yearlyOn(day, account.closedOn()),
                    startUp,
                    weeks);
        }

        private List<StartUp.Payment> paidBy(LocalDate day, String lineId) {
            return paid.stream()
                    .filter(payment -> payment.lineId().equals(lineId) && payment.stands(day))
                    .map(payment -> new StartUp.Payment(payment.on(), payment.amount()))
                    .toList();
        }
    }

    /**
     * The surpluses of accounts. One that is not known, or whose figures are unavailable at present, is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, Claimed> of(Collection<String> accountIds, View view) {
        View pinned = view.at(register.positionOf(view));
        Surplus.Weeks weeks = weeks(view.asOf(), pinned);
        LocalDate asOf = view.asOf();
        Map<String, Claimed> surpluses = new HashMap<>();
        facts(accountIds, pinned)
                .forEach((id, facts) -> surpluses.put(
                        id,
                        Claimed.of(facts.on(asOf, facts.balance, Map.of(), weeks), facts.settlement.claimedOn(asOf))));
        return surpluses;
    }

    /**
     * The surplus of one account; nothing before it was opened or known.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    Claimed of(String accountId, View view) {
        settlements.of(accountId, view);
        startUps.requireAvailable(accountId, view);
        Claimed surplus = of(List.of(accountId), view).get(accountId);
        if (surplus != null) {
            return surplus;
        }
        Surplus.Weeks weeks = weeks(view.asOf(), view);
        StartUp none = StartUp.none(weeks.startUpReview());
        return Claimed.of(Surplus.of(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, none, weeks), Money.ZERO);
    }

    /**
     * The surpluses that are more than nothing, with their age.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, Aged> aged(Collection<String> accountIds, View view) {
        View pinned = view.at(register.positionOf(view));
        LocalDate asOf = view.asOf();
        Function<LocalDate, Policy> policy = policies.byDay(pinned);
        Surplus.Weeks weeks = Surplus.Weeks.of(policy.apply(asOf));
        Map<String, Walk> walks = new HashMap<>();
        facts(accountIds, pinned).forEach((id, of) -> {
            if (of.on(asOf, of.balance, Map.of(), weeks).reclaimable().isPositive()) {
                walks.put(id, new Walk(of, asOf));
            }
        });
        Map<String, Walk> going = new HashMap<>(walks);
        LocalDate reached = asOf;
        for (int stretch = FIRST_STRETCH_DAYS; !going.isEmpty(); stretch *= 2) {
            LocalDate from = reached;
            reached = walkOn(going, from, from.minusDays(stretch), policy, pinned);
            going.values().removeIf(walk -> walk.ended);
        }
        Map<String, Aged> aged = new HashMap<>();
        walks.forEach((id, walk) -> {
            Surplus surplus = walk.facts.on(asOf, walk.facts.balance, Map.of(), weeks);
            aged.put(id, new Aged(surplus, walk.since, (int) ChronoUnit.DAYS.between(walk.since, asOf)));
        });
        return aged;
    }

    /** Walks on from a day back to another, or to the opening of the accounts if they were all opened after that; returns it. */
    private LocalDate walkOn(
            Map<String, Walk> going, LocalDate from, LocalDate back, Function<LocalDate, Policy> policy, View pinned) {
        LocalDate opened = going.values().stream()
                .map(walk -> walk.facts.account.openedOn())
                .reduce(from, BusinessDay::earlier);
        LocalDate to = BusinessDay.later(back, opened.minusDays(1));
        View view = pinned.asOf(from);
        Map<String, Map<LocalDate, Money>> moved = transactions.byDay(going.keySet(), to, view);
        List<String> startUp = going.entrySet().stream()
                .filter(of -> !of.getValue().facts.unspent.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        var lines = startUp.isEmpty()
                ? Map.<String, Map<String, Map<LocalDate, LineFigures.Figure>>>of()
                : balances.lineDays(startUp, to, view);
        Map<LocalDate, Surplus.Weeks> weeks =
                to.datesUntil(from).collect(Collectors.toMap(day -> day, day -> Surplus.Weeks.of(policy.apply(day))));
        going.forEach(
                (id, walk) -> walk.on(to, moved.getOrDefault(id, Map.of()), lines.getOrDefault(id, Map.of()), weeks));
        return to;
    }

    /** Walks back day by day for as long as there is a surplus, at the longest to the day on which the account was opened. */
    private static final class Walk {

        private final Facts facts;
        private final Map<String, Money> movedSince = new HashMap<>();
        private LocalDate since;
        private Money balance;
        private boolean ended;

        private Walk(Facts facts, LocalDate asOf) {
            this.facts = facts;
            this.since = asOf;
            this.balance = facts.balance;
        }

        /** @param moved what moved on the days after {@code to} and up to the first of the surplus so far; {@code lines} the same, by line */
        private void on(
                LocalDate to,
                Map<LocalDate, Money> moved,
                Map<String, Map<LocalDate, LineFigures.Figure>> lines,
                Map<LocalDate, Surplus.Weeks> weeks) {
            while (!ended && since.isAfter(to)) {
                LocalDate day = since.minusDays(1);
                balance = balance.minus(moved.getOrDefault(since, Money.ZERO));
                for (String line : facts.unspent.keySet()) {
                    LineFigures.Figure ofDay =
                            lines.getOrDefault(line, Map.of()).get(since);
                    if (ofDay != null) {
                        movedSince.merge(line, ofDay.unspent(), Money::plus);
                    }
                }
                if (day.isBefore(facts.account.openedOn())
                        || !facts.on(day, balance, movedSince, Objects.requireNonNull(weeks.get(day)))
                                .reclaimable()
                                .isPositive()) {
                    ended = true;
                } else {
                    since = day;
                }
            }
        }
    }

    private Map<String, Facts> facts(Collection<String> accountIds, View pinned) {
        Set<String> unavailable = register.unavailableAmong(accountIds, pinned);
        Map<String, AccountRegister.Entry> accounts = register.among(Set.copyOf(accountIds), pinned).stream()
                .filter(entry -> !unavailable.contains(entry.accountId())
                        && !entry.openedOn().isAfter(pinned.asOf()))
                .collect(Collectors.toMap(AccountRegister.Entry::accountId, entry -> entry));
        Map<String, AccountSettlements.Entry> settled = settlements.of(accounts.keySet(), pinned);
        Map<String, AccountBalances.Balance> held = balances.of(accounts.keySet(), pinned);
        List<String> startUp = settled.values().stream()
                .filter(settlement -> !settlement.oneOff().isEmpty())
                .map(AccountSettlements.Entry::accountId)
                .toList();
        Map<String, List<StartUpPayments.Paid>> paid = startUp.isEmpty() ? Map.of() : startUps.of(startUp, pinned);
        var figures =
                startUp.isEmpty() ? Map.<String, Map<String, LineFigures.Figure>>of() : balances.lines(startUp, pinned);
        Map<String, Facts> facts = new HashMap<>();
        accounts.forEach((id, account) -> {
            AccountSettlements.Entry settlement = settled.get(id);
            AccountBalances.Balance balance = held.get(id);
            if (settlement == null || balance == null) {
                return;
            }
            if (settlement.oneOff().isEmpty()) {
                facts.put(id, new Facts(account, settlement, balance.total(), Map.of(), List.of()));
            } else if (paid.containsKey(id)) {
                Map<String, LineFigures.Figure> lines = figures.getOrDefault(id, Map.of());
                Map<String, Money> unspent = new TreeMap<>();
                settlement
                        .oneOff()
                        .forEach(line -> unspent.put(
                                line,
                                lines.getOrDefault(line, LineFigures.Figure.NOTHING)
                                        .unspent()));
                facts.put(id, new Facts(account, settlement, balance.total(), unspent, paid.get(id)));
            }
        });
        return facts;
    }

    private Surplus.Weeks weeks(LocalDate day, View view) {
        return Surplus.Weeks.of(policies.on(day, view));
    }
}
