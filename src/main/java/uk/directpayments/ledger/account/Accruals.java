package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;

/**
 * What instalments were paid for days after a day (prepayments), or not paid for days up to it (accruals): rulebook 4.21. An instalment is paid
 * in advance and covers the days until the next pay day, or, where it is a part period, the days that it names; start-up money covers no period.
 */
@Component
public class Accruals {

    private final AccountSchedules schedules;
    private final AccountRegister accounts;
    private final AccountSettlements settlements;
    private final LineFigures figures;

    Accruals(
            AccountSchedules schedules, AccountRegister accounts, AccountSettlements settlements, LineFigures figures) {
        this.schedules = schedules;
        this.accounts = accounts;
        this.settlements = settlements;
        this.figures = figures;
    }

    /**
     * An instalment that is prepaid or accrued on a day.
     *
     * @param from    the first day it covers: its pay day, unless it is paid for days before (rulebook 4.7)
     * @param to      the last: the day before the next pay day, or the last day of the line
     * @param net     what the council paid or, until it has, is to pay: gross less contribution, and no more than is left of the line
     * @param prepaid paid for days after the day, rounded half up
     * @param accrued unpaid for days up to and including it, rounded half up
     */
    public record Accrual(
            String accountId,
            String lineId,
            String instalmentId,
            LocalDate from,
            LocalDate to,
            Money net,
            Money prepaid,
            Money accrued) {}

    /**
     * By account, and in the order of schedules and pay days. Accounts whose figures are unavailable at present are not in the answer. What falls
     * due after the end of the budget, a death or a closure is never paid, so nothing is accrued for it; what a suspension holds may be paid in
     * arrears. Nor is more accrued than may still be paid: in the order of their days, instalments use what is left of their line's allocation.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, List<Accrual>> of(Collection<String> accountIds, View view) {
        View pinned = view.at(accounts.positionOf(view));
        Map<String, List<AccountSchedules.Schedule>> agreed = schedules.among(accountIds, pinned).stream()
                .collect(Collectors.groupingBy(AccountSchedules.Schedule::accountId));
        Set<String> unavailable = schedules.unavailableAccounts(pinned);
        Map<String, Map<String, Money>> paid = schedules.paidAmong(accountIds, pinned);
        Map<String, LocalDate> budgetEnds = schedules.budgetEnds(accountIds, pinned);
        Map<String, AccountSettlements.Entry> settled = settlements.of(accountIds, pinned);
        Map<String, Map<String, LineFigures.Figure>> lines = figures.of(accountIds, pinned);
        Map<String, List<Accrual>> accruals = new HashMap<>();
        for (AccountRegister.Entry account : accounts.among(Set.copyOf(accountIds), pinned)) {
            String id = account.accountId();
            AccountSettlements.Entry settlement = settled.get(id);
            Map<String, LineFigures.Figure> moved = lines.get(id);
            if (settlement != null && moved != null && !unavailable.contains(id)) {
                Facts facts = new Facts(
                        id,
                        settlement.terms(),
                        moved,
                        paid.getOrDefault(id, Map.of()),
                        PaymentEnd.of(account, budgetEnds.get(id)),
                        view.asOf());
                accruals.put(id, facts.accruals(agreed.getOrDefault(id, List.of())));
            }
        }
        return accruals;
    }

    /**
     * What must be known of an account.
     *
     * @param lines what has been paid, by line
     * @param paid  … and by instalment, less the client's contribution
     */
    private record Facts(
            String accountId,
            Terms terms,
            Map<String, LineFigures.Figure> lines,
            Map<String, Money> paid,
            PaymentEnd end,
            LocalDate asOf) {

        List<Accrual> accruals(List<AccountSchedules.Schedule> agreed) {
            Map<String, Money> due = due(agreed);
            List<Accrual> accruals = new ArrayList<>();
            agreed.stream()
                    .filter(schedule -> schedule.frequency() != Frequency.ONE_OFF)
                    .forEach(schedule -> schedule.instalments().forEach(one -> add(schedule, one, due, accruals)));
            return accruals;
        }

        /** By instalment, what may still be paid of it: no more than those before it leave of its line. */
        private Map<String, Money> due(List<AccountSchedules.Schedule> agreed) {
            Map<String, Money> taken = new HashMap<>();
            Map<String, Money> due = new HashMap<>();
            agreed.stream()
                    .flatMap(schedule -> schedule.instalments().stream().map(one -> Map.entry(schedule, one)))
                    .filter(one -> !paid.containsKey(one.getValue().instalmentId()) && !end.stops(one.getValue(), asOf))
                    .sorted(Comparator.comparing(one -> one.getValue().payOn()))
                    .forEach(one -> {
                        String line = one.getKey().lineId();
                        LocalDate on = BusinessDay.later(asOf, one.getKey().countsOn(one.getValue()));
                        Money left = remaining(line, on).minus(taken.getOrDefault(line, Money.ZERO));
                        Instalment worth = one.getValue().atMost(left);
                        taken.merge(line, worth.amount(), Money::plus);
                        due.put(worth.instalmentId(), worth.net());
                    });
            return due;
        }

        /** As {@link AccountRules#remaining}, of what had been paid on the day. */
        private Money remaining(String lineId, LocalDate on) {
            Money paidHere =
                    lines.getOrDefault(lineId, LineFigures.Figure.NOTHING).paid();
            return terms.line(lineId)
                    .map(line -> terms.allocation(line, on)
                            .minus(accountId.equals(line.accountId()) ? line.paidElsewhere() : Money.ZERO)
                            .minus(paidHere))
                    .orElse(Money.ZERO);
        }

        private void add(
                AccountSchedules.Schedule schedule,
                Instalment instalment,
                Map<String, Money> due,
                List<Accrual> accruals) {
            LocalDate from = instalment.firstDay();
            LocalDate to = schedule.coversTo(instalment);
            boolean isPaid = paid.containsKey(instalment.instalmentId());
            Money net = (isPaid ? paid : due).getOrDefault(instalment.instalmentId(), Money.ZERO);
            long days = ChronoUnit.DAYS.between(from, to) + 1;
            long gone = Math.max(0, Math.min(days, ChronoUnit.DAYS.between(from, asOf) + 1));
            Money prepaid = isPaid ? net.part(days - gone, days) : Money.ZERO;
            Money accrued = isPaid ? Money.ZERO : net.part(gone, days);
            if (!prepaid.isZero() || !accrued.isZero()) {
                accruals.add(new Accrual(
                        accountId, schedule.lineId(), instalment.instalmentId(), from, to, net, prepaid, accrued));
            }
        }
    }
}
