package uk.directpayments.ledger.intake;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.intake.ReconciliationEvent.PeriodReconciled;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.View;

/** {@code /accounts/{accountId}/reconciliations}: a period of an account is held against its bank. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/reconciliations")
class ReconciliationApi {

    private final Commands commands;
    private final AccountAccess access;
    private final AccountRegister accounts;
    private final AccountBalances balances;
    private final StatementLines statementLines;
    private final Reconciliations reconciliations;
    private final Clock clock;

    ReconciliationApi(
            Commands commands,
            AccountAccess access,
            AccountRegister accounts,
            AccountBalances balances,
            StatementLines statementLines,
            Reconciliations reconciliations,
            Clock clock) {
        this.commands = commands;
        this.access = access;
        this.accounts = accounts;
        this.balances = balances;
        this.statementLines = statementLines;
        this.reconciliations = reconciliations;
        this.clock = clock;
    }

    /** @param bankBalance on the last day of the period */
    record Period(
            @NotNull LocalDate from,
            @NotNull LocalDate to,
            @NotNull Money bankBalance) {}

    /** @param difference nothing: else it would have been refused */
    record Reconciled(
            String accountId, LocalDate from, LocalDate to, Money ledgerBalance, Money bankBalance, Money difference) {}

    /**
     * A period that was found to agree with the bank.
     *
     * @param balance          what ledger and bank held on its last day, then
     * @param ledgerBalanceNow what the ledger holds on that day as far as the view knows; null if that cannot be told at present
     * @param agrees           whether that is still the same: if it is not, the period is to be reconciled again. Null with it
     */
    record PeriodView(
            LocalDate from,
            LocalDate to,
            Money balance,
            String reconciledBy,
            LocalDate on,
            long position,
            @Nullable Money ledgerBalanceNow,
            @Nullable Boolean agrees) {

        static PeriodView of(Reconciliations.Period period, @Nullable Money now) {
            return new PeriodView(
                    period.from(),
                    period.to(),
                    period.balance(),
                    period.reconciledBy(),
                    period.on(),
                    period.position(),
                    now,
                    now == null ? null : now.equals(period.balance()));
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Reconciled> reconcile(@PathVariable String accountId, @Valid @RequestBody Period body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        View pinned = accounts.pinned(View.now(body.to()));
        Long position = pinned.atPosition();
        Outcome outcome = commands.send(
                new ReconciliationCommand.ReconcilePeriod(
                        accountId,
                        owner.personId(),
                        body.from(),
                        body.to(),
                        body.bankBalance(),
                        balances.of(accountId, pinned).total(),
                        statementLines.openLines(accountId, body.from(), body.to(), pinned),
                        position == null ? 0 : position,
                        call.actor().userId(),
                        today()),
                call);
        PeriodReconciled done = outcome.event(PeriodReconciled.class);
        return Answers.created(
                "/accounts/" + accountId + "/reconciliations",
                outcome,
                new Reconciled(accountId, done.from(), done.to(), done.balance(), done.balance(), Money.ZERO));
    }

    @GetMapping
    Page<PeriodView> reconciled(@PathVariable String accountId, Paging paging, Actor actor) {
        access.seen(accountId, paging.view(), actor);
        long after = paging.after() == null ? 0 : Long.parseLong(paging.after());
        Page<Reconciliations.Period> page = paging.page(
                reconciliations.list(accountId, after, paging.fetch(), paging.view()),
                period -> Long.toString(period.position()));
        Map<LocalDate, Money> held = balances.onDays(
                        accountId,
                        page.items().stream().map(Reconciliations.Period::to).toList(),
                        paging.view())
                .orElse(Map.of());
        return new Page<>(
                page.items().stream()
                        .map(period -> PeriodView.of(period, held.get(period.to())))
                        .toList(),
                page.next());
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
