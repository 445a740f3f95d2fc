package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/**
 * Whose money a recovery is: first what is due of start-up money, line by line; then pro rata to the allocation in force, of which the client's part
 * is what was withheld as contribution (rulebook 4.12), and no more than the client has paid in. The council's part is no more than its sources have
 * together: the rest is the family's. Once no line is in force, the family's top-up first, for it is theirs, and then what the council's sources have left together and the client
 * has, the council's part of what each has left, of its lines. What approved recoveries are to take is not there any more. Pure.
 */
final class RecoveryShares {

    private RecoveryShares() {}

    /** @param surplus of the day, with the amount in it */
    static List<Share> of(AccountState state, Surplus surplus, Surplus.Weeks weeks, Money amount, LocalDate on) {
        Money startUp = surplus.ofStartUp().least(amount).least(ofCouncil(free(state, List.of())));
        List<Share> shares = new ArrayList<>(ofStartUp(state, startUp, weeks, on));
        Money rest = amount.minus(Spending.sum(shares));
        if (rest.isPositive()) {
            List<Terms.Line> lines = Surplus.lines(
                    state.terms, state.accountId, state.settlement.oneOff, RecoveryRules.lastDay(state), on);
            Map<FundingSource, Money> free = free(state, shares);
            shares.addAll(lines.isEmpty() ? byBalance(free, rest) : byAllocation(state, free, lines, rest, on));
        }
        return state.settlement.onLines(shares, state.terms);
    }

    /** What each source has left beside what approved recoveries, and this one with {@code taken}, are to take of it: the same money goes back once. */
    private static Map<FundingSource, Money> free(AccountState state, List<Share> taken) {
        SortedMap<FundingSource, Money> free = new TreeMap<>();
        state.balances.forEach((source, balance) -> free.put(
                source, balance.minus(state.settlement.claimedOf(source)).minus(sum(taken, source))));
        return free;
    }

    /** What the council's sources have left together: they stand for each other, but the family's money for none of them. */
    private static Money ofCouncil(Map<FundingSource, Money> free) {
        return RecoveryRules.atLeastNothing(free.entrySet().stream()
                .filter(source -> !source.getKey().isOfTheFamily())
                .map(Map.Entry::getValue)
                .reduce(Money.ZERO, Money::plus));
    }

    private static Money left(Map<FundingSource, Money> free, FundingSource source) {
        return RecoveryRules.atLeastNothing(free.getOrDefault(source, Money.ZERO));
    }

    private static List<Share> ofStartUp(AccountState state, Money amount, Surplus.Weeks weeks, LocalDate on) {
        List<Share> shares = new ArrayList<>();
        Money left = amount;
        for (Map.Entry<String, StartUp> line :
                RecoveryRules.startUp(state, weeks, on).entrySet()) {
            Money due = line.getValue().due().minus(state.settlement.claimedOf(line.getKey()));
            Money part = due.least(left);
            if (part.isPositive()) {
                shares.add(new Share(AccountRules.line(state, line.getKey()).source(), line.getKey(), part));
                left = left.minus(part);
            }
        }
        return shares;
    }

    private static List<Share> byAllocation(
            AccountState state, Map<FundingSource, Money> free, List<Terms.Line> lines, Money amount, LocalDate on) {
        List<Share> weights = new ArrayList<>();
        Money client = Money.ZERO;
        for (Terms.Line line : lines) {
            Money yearly = line.yearlyAmount(on);
            Money withheld = withheld(state, line, yearly);
            client = client.plus(withheld);
            weights.add(new Share(line.source(), line.lineId(), yearly.minus(withheld)));
        }
        weights.add(new Share(FundingSource.CLIENT_CONTRIBUTION, null, client));
        List<Share> shares = Spending.part(weights, amount);
        Money withheld = sum(shares, FundingSource.CLIENT_CONTRIBUTION);
        Money clients = withheld.least(left(free, FundingSource.CLIENT_CONTRIBUTION));
        Money council = amount.minus(clients).least(ofCouncil(free));
        if (clients.equals(withheld) && clients.plus(council).equals(amount)) {
            return shares;
        }
        Money parents = amount.minus(clients).minus(council).least(left(free, FundingSource.PARENT_TOP_UP));
        weights.remove(weights.size() - 1);
        List<Share> capped = new ArrayList<>(Spending.part(weights, council));
        add(capped, FundingSource.PARENT_TOP_UP, parents);
        add(capped, FundingSource.CLIENT_CONTRIBUTION, amount.minus(council).minus(parents));
        return List.copyOf(capped);
    }

    private static void add(List<Share> shares, FundingSource source, Money amount) {
        if (amount.isPositive()) {
            shares.add(new Share(source, null, amount));
        }
    }

    /** What of a line's yearly amount the client pays: in the proportion in which it was withheld from what has been paid. */
    private static Money withheld(AccountState state, Terms.Line line, Money yearly) {
        Money withheld = state.settlement.withheld.getOrDefault(line.lineId(), Money.ZERO);
        Money paid = state.paid(line.lineId());
        if (!withheld.isPositive() || !paid.isMoreThan(withheld)) {
            return Money.ZERO;
        }
        return yearly.shared(List.of(withheld, paid.minus(withheld))).get(0);
    }

    private static List<Share> byBalance(Map<FundingSource, Money> free, Money amount) {
        List<Share> shares = new ArrayList<>();
        Money parents = left(free, FundingSource.PARENT_TOP_UP).least(amount);
        add(shares, FundingSource.PARENT_TOP_UP, parents);
        Money rest = amount.minus(parents);
        if (rest.isPositive()) {
            List<Money> parts = rest.shared(List.of(ofCouncil(free), left(free, FundingSource.CLIENT_CONTRIBUTION)));
            List<Share> council = free.entrySet().stream()
                    .filter(source -> !source.getKey().isOfTheFamily()
                            && source.getValue().isPositive())
                    .map(source -> new Share(source.getKey(), null, source.getValue()))
                    .toList();
            if (parts.get(0).isPositive()) {
                shares.addAll(Spending.part(council, parts.get(0)));
            }
            add(shares, FundingSource.CLIENT_CONTRIBUTION, parts.get(1));
        }
        return List.copyOf(shares);
    }

    private static Money sum(List<Share> shares, FundingSource source) {
        return Spending.sum(
                shares.stream().filter(share -> share.source() == source).toList());
    }
}
