package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
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

    Accruals(AccountSchedules schedules, AccountRegister accounts) {
        this.schedules = schedules;
        this.accounts = accounts;
    }

    /**
     * An instalment that is prepaid or accrued on a day.
     *
     * @param from    the first day it covers: its pay day, unless it is paid for days before (rulebook 4.7)
     * @param to      the last: the day before the next pay day, or the last day of the line
     * @param net     what the council paid or, until it has, is to pay: gross less contribution
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
     * By account, schedule and pay day. Accounts whose figures are unavailable at present are not in the answer. What falls due after the end
     * of the budget, a death or a closure is never paid, so nothing is accrued for it; what a suspension holds may be paid in arrears.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public List<Accrual> of(Collection<String> accountIds, View view) {
        List<Accrual> accruals = new ArrayList<>();
        Map<String, LocalDate> budgetEnds = schedules.budgetEnds(accountIds, view);
        Map<String, PaymentEnd> ends = accounts.among(Set.copyOf(accountIds), view).stream()
                .collect(Collectors.toMap(
                        AccountRegister.Entry::accountId,
                        account -> PaymentEnd.of(account, budgetEnds.get(account.accountId()))));
        List<AccountSchedules.Schedule> agreed = schedules.among(accountIds, view);
        Map<String, Map<String, Money>> paid = schedules.paidAmong(accountIds, view);
        for (AccountSchedules.Schedule schedule : agreed) {
            if (schedule.frequency() != Frequency.ONE_OFF && ends.containsKey(schedule.accountId())) {
                String accountId = schedule.accountId();
                PaymentEnd end = Objects.requireNonNull(ends.get(accountId));
                add(schedule, paid.getOrDefault(accountId, Map.of()), end, view.asOf(), accruals);
            }
        }
        return accruals;
    }

    /** The accounts of which {@link #of} cannot tell at present whether they have any. */
    public Set<String> unavailableAccounts(View view) {
        return schedules.unavailableAccounts(view);
    }

    private static void add(
            AccountSchedules.Schedule schedule,
            Map<String, Money> payments,
            PaymentEnd end,
            LocalDate asOf,
            List<Accrual> accruals) {
        for (Instalment instalment : schedule.instalments()) {
            LocalDate from = instalment.firstDay();
            LocalDate to = schedule.coversTo(instalment);
            Money paid = payments.get(instalment.instalmentId());
            Money net = paid == null ? instalment.net() : paid;
            long days = ChronoUnit.DAYS.between(from, to) + 1;
            long gone = Math.max(0, Math.min(days, ChronoUnit.DAYS.between(from, asOf) + 1));
            Money prepaid = paid == null ? Money.ZERO : net.part(days - gone, days);
            Money accrued = paid != null || end.stops(instalment, asOf) ? Money.ZERO : net.part(gone, days);
            if (!prepaid.isZero() || !accrued.isZero()) {
                accruals.add(new Accrual(
                        schedule.accountId(),
                        schedule.lineId(),
                        instalment.instalmentId(),
                        from,
                        to,
                        net,
                        prepaid,
                        accrued));
            }
        }
    }
}
