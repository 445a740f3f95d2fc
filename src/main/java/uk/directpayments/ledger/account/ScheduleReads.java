package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.View;

/** {@code GET /accounts/{accountId}/schedules}: what is to be paid and when, and what has become of it, on two dates. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/schedules")
class ScheduleReads {

    private final AccountSchedules schedules;
    private final AccountAccess access;

    ScheduleReads(AccountSchedules schedules, AccountAccess access) {
        this.schedules = schedules;
        this.access = access;
    }

    /** @param coversFrom of a part period the first day it is paid for, and {@code coversTo} the last (rulebook 4.7) */
    record InstalmentView(
            String instalmentId,
            int number,
            LocalDate payOn,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            LocalDate coversFrom,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            LocalDate coversTo,

            Money amount,
            Money contribution,
            Money net,
            AccountSchedules.State state) {}

    record ScheduleView(String scheduleId, String lineId, List<InstalmentView> instalments) {}

    @GetMapping
    Page<ScheduleView> schedules(@PathVariable String accountId, Paging paging, Actor actor) {
        View view = paging.view();
        AccountRegister.Entry entry = access.seen(accountId, view, actor);
        if (entry.openedOn().isAfter(view.asOf())) {
            return new Page<>(List.of(), null);
        }
        long after = paging.after() == null ? 0 : Long.parseLong(paging.after());
        var page = paging.page(
                schedules.list(accountId, after, paging.fetch(), view), schedule -> Long.toString(schedule.position()));
        var states = schedules.states(accountId, page.items(), view);
        LocalDate ends = schedules.budgetEnds(Set.of(accountId), view).get(accountId);
        return new Page<>(
                page.items().stream()
                        .map(schedule ->
                                view(schedule, instalment -> state(instalment, states, entry, ends, view.asOf())))
                        .toList(),
                page.next());
    }

    /** What is not paid may never be: the account is suspended on its day, or has come to its end by then. */
    private static AccountSchedules.State state(
            AccountEvent.Instalment instalment,
            Map<String, AccountSchedules.State> states,
            AccountRegister.Entry entry,
            @Nullable LocalDate budgetEnds,
            LocalDate asOf) {
        AccountSchedules.State state = states.getOrDefault(instalment.instalmentId(), AccountSchedules.State.SCHEDULED);
        if (state == AccountSchedules.State.ISSUED) {
            return state;
        }
        if (!instalment.net().isPositive() || PaymentEnd.of(entry, budgetEnds).stops(instalment, asOf)) {
            return AccountSchedules.State.STOPPED;
        }
        boolean suspended = entry.suspensions().stream()
                .anyMatch(suspension -> suspension.covers(instalment.payOn())
                        && suspension.covers(BusinessDay.later(asOf, instalment.payOn())));
        return suspended ? AccountSchedules.State.SUSPENDED : state;
    }

    private static ScheduleView view(
            AccountSchedules.Schedule schedule, Function<AccountEvent.Instalment, AccountSchedules.State> state) {
        return new ScheduleView(
                schedule.scheduleId(),
                schedule.lineId(),
                schedule.instalments().stream()
                        .map(instalment -> new InstalmentView(
                                instalment.instalmentId(),
                                instalment.number(),
                                instalment.payOn(),
                                instalment.coversFrom(),
                                instalment.coversTo(),
                                instalment.amount(),
                                instalment.contribution(),
                                instalment.net(),
                                state.apply(instalment)))
                        .toList());
    }
}
