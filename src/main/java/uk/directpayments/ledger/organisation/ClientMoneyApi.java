package uk.directpayments.ledger.organisation;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.organisation.OrganisationEvent.ClientMoneyReconciled;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;

/** {@code /organisations/{organisationId}/client-money}: does the bank have what the ledger says it holds for the clients? */
@RestController
@RequestMapping("/api/v1/organisations/{organisationId}/client-money")
class ClientMoneyApi {

    private final Commands commands;
    private final Appointments appointments;
    private final ClientMoney clientMoney;
    private final AccountBalances balances;
    private final Clock clock;

    ClientMoneyApi(
            Commands commands,
            Appointments appointments,
            ClientMoney clientMoney,
            AccountBalances balances,
            Clock clock) {
        this.commands = commands;
        this.appointments = appointments;
        this.clientMoney = clientMoney;
        this.balances = balances;
        this.clock = clock;
    }

    /** @param bankBalance of all client accounts of the organisation, at the end of the day {@code on} */
    record BankBalance(@NotNull LocalDate on, @NotNull Money bankBalance) {}

    /** @param difference what the bank has more than the ledger; less than nothing if it has less */
    record Reconciled(
            String organisationId,
            LocalDate on,
            Money bankBalance,
            Money ledgerTotal,
            Money difference,
            int accounts) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Reconciled> reconcile(
            @PathVariable String organisationId, @Valid @RequestBody BankBalance body, Call call) {
        appointments.visible(organisationId, call.actor(), today());
        View view = appointments.pinned(View.now(body.on()));
        Set<String> accounts = appointments.accounts(organisationId, view);
        Outcome outcome = commands.send(
                new OrganisationCommand.ReconcileClientMoney(
                        organisationId,
                        body.on(),
                        body.bankBalance(),
                        total(accounts, view),
                        accounts.size(),
                        Objects.requireNonNull(view.atPosition()),
                        today()),
                call);
        ClientMoneyReconciled e = outcome.event(ClientMoneyReconciled.class);
        return Answers.created(
                "/organisations/" + organisationId + "/client-money",
                outcome,
                new Reconciled(organisationId, e.on(), e.bankBalance(), e.ledgerTotal(), e.difference(), e.accounts()));
    }

    /** A total without one of its parts would be wrong without showing it. */
    private Money total(Set<String> accounts, View view) {
        Map<String, AccountBalances.Balance> held = balances.of(accounts, view);
        if (held.size() < accounts.size()) {
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE",
                    "The balance of one of the organisation's accounts cannot be told at present.");
        }
        return held.values().stream().map(AccountBalances.Balance::total).reduce(Money.ZERO, Money::plus);
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping
    Page<ClientMoney.Entry> list(@PathVariable String organisationId, Paging paging, Actor actor) {
        appointments.visible(organisationId, actor, today());
        return paging.page(
                clientMoney.of(organisationId, paging.after(), paging.fetch(), paging.view()),
                entry -> entry.on().toString());
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
