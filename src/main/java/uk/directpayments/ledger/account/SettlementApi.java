package uk.directpayments.ledger.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
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
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

/** {@code /accounts/{accountId}/liabilities} and {@code /recoveries}: what an account owes, and what is taken back from it. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}")
class SettlementApi {

    private final Commands commands;
    private final AccountAccess access;
    private final AccountSettlements settlements;
    private final Policies policies;
    private final Sealing sealing;
    private final Clock clock;

    SettlementApi(
            Commands commands,
            AccountAccess access,
            AccountSettlements settlements,
            Policies policies,
            Sealing sealing,
            Clock clock) {
        this.commands = commands;
        this.access = access;
        this.settlements = settlements;
        this.policies = policies;
        this.sealing = sealing;
        this.clock = clock;
    }

    record NewLiability(
            @Nullable @Id String liabilityId,
            @NotBlank @Size(max = 64) String kind,
            @NotNull Money amount,
            @NotNull LocalDate due,
            @NotBlank @Size(max = 200) String payee) {}

    record Day(@NotNull LocalDate on) {}

    record Proposal(
            @Nullable @Id String recoveryId, @NotNull Money amount) {}

    record Receipt(@NotNull Money amount, @NotNull LocalDate on) {}

    record WriteOff(
            @NotBlank @Size(max = 64) String authority,
            @Nullable String reason) {}

    record LiabilityId(String accountId, String liabilityId) {}

    record RecoveryId(String accountId, String recoveryId) {}

    /** @param transactionId null where no money moved */
    record ReceiptId(
            String accountId, String recoveryId, @Nullable String transactionId) {}

    /** @param calculation on which the amount was checked, with the version of the policy that said how */
    record Calculated(String accountId, String recoveryId, Money amount, Surplus calculation) {}

    /** @param settledOn null while it is owed */
    record LiabilityView(
            String liabilityId,
            String kind,
            Money amount,
            LocalDate due,
            String payee,
            LocalDate on,
            @Nullable LocalDate settledOn) {}

    /** @param calculation the surplus that the amount was held against: at the proposal, from the day of the approval on at that */
    record RecoveryView(
            String recoveryId,
            AccountSettlements.@Nullable RecoveryState state,
            Money amount,
            Money received,
            Money writtenOff,
            Money outstanding,
            LocalDate proposedOn,
            @Nullable LocalDate approvedOn,
            Surplus calculation) {}

    @GetMapping("/liabilities")
    Page<LiabilityView> liabilities(@PathVariable String accountId, Paging paging, Actor actor) {
        LocalDate asOf = paging.view().asOf();
        String personId = access.visible(accountId, paging.view(), actor).personId();
        var known = settlements.of(accountId, paging.view()).stream()
                .flatMap(entry -> entry.liabilities().stream())
                .filter(liability -> !liability.on().isAfter(asOf))
                .toList();
        return page(known, AccountSettlements.Liability::liabilityId, paging, liability -> {
            LocalDate settledOn = liability.settledOn();
            return new LiabilityView(
                    liability.liabilityId(),
                    liability.kind(),
                    liability.amount(),
                    liability.due(),
                    sealing.open(personId, liability.payee()),
                    liability.on(),
                    settledOn == null || settledOn.isAfter(asOf) ? null : settledOn);
        });
    }

    @GetMapping("/recoveries")
    Page<RecoveryView> recoveries(@PathVariable String accountId, Paging paging, Actor actor) {
        LocalDate asOf = paging.view().asOf();
        access.visible(accountId, paging.view(), actor);
        var known = settlements.of(accountId, paging.view()).stream()
                .flatMap(entry -> entry.recoveries().stream())
                .filter(recovery -> recovery.stateOn(asOf) != null)
                .toList();
        return page(known, AccountSettlements.Recovery::recoveryId, paging, recovery -> {
            return new RecoveryView(
                    recovery.recoveryId(),
                    recovery.stateOn(asOf),
                    recovery.amount(),
                    recovery.received(asOf),
                    recovery.writtenOff(asOf),
                    recovery.outstanding(asOf),
                    recovery.proposedOn(),
                    recovery.approvedBy(asOf),
                    recovery.calculationOn(asOf));
        });
    }

    /** In the order of their ids; one account's are few enough to be read whole. */
    private static <T, V> Page<V> page(List<T> all, Function<T, String> id, Paging paging, Function<T, V> view) {
        String after = paging.after();
        Page<T> page = paging.page(
                all.stream()
                        .filter(one -> after == null || id.apply(one).compareTo(after) > 0)
                        .sorted(Comparator.comparing(id))
                        .limit(paging.fetch())
                        .toList(),
                id);
        return new Page<>(page.items().stream().map(view).toList(), page.next());
    }

    @PostMapping("/liabilities")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<LiabilityId> owe(@PathVariable String accountId, @Valid @RequestBody NewLiability body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        String liabilityId = call.id(body.liabilityId(), "liability");
        Outcome outcome = commands.send(
                new AccountCommand.RecordLiability(
                        accountId,
                        liabilityId,
                        body.kind(),
                        body.amount(),
                        body.due(),
                        sealing.seal(owner.personId(), body.payee()),
                        today()),
                call);
        return Answers.created(
                "/accounts/" + accountId + "/liabilities", outcome, new LiabilityId(accountId, liabilityId));
    }

    @PostMapping("/liabilities/{liabilityId}/settlement")
    ResponseEntity<LiabilityId> settle(
            @PathVariable String accountId, @PathVariable String liabilityId, @Valid @RequestBody Day body, Call call) {
        access.owner(accountId, call.actor(), today());
        Outcome outcome =
                commands.send(new AccountCommand.SettleLiability(accountId, liabilityId, body.on(), today()), call);
        return Answers.ok(outcome, new LiabilityId(accountId, liabilityId));
    }

    @PostMapping("/recoveries")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Calculated> propose(@PathVariable String accountId, @Valid @RequestBody Proposal body, Call call) {
        access.owner(accountId, call.actor(), today());
        String recoveryId = call.id(body.recoveryId(), "recovery");
        Outcome outcome = commands.send(
                new AccountCommand.ProposeRecovery(
                        accountId,
                        recoveryId,
                        body.amount(),
                        call.actor().userId(),
                        Surplus.Weeks.of(policies.on(today())),
                        today()),
                call);
        SurplusProposed proposed = outcome.event(SurplusProposed.class);
        return Answers.created(
                "/accounts/" + accountId + "/recoveries",
                outcome,
                new Calculated(accountId, recoveryId, proposed.amount(), proposed.calculation()));
    }

    @PostMapping("/recoveries/{recoveryId}/approval")
    ResponseEntity<Calculated> approve(
            @PathVariable String accountId,
            @PathVariable String recoveryId,
            @Valid @RequestBody Nothing body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        Outcome outcome = commands.send(
                new AccountCommand.ApproveRecovery(
                        accountId, recoveryId, call.actor().userId(), Surplus.Weeks.of(policies.on(today())), today()),
                call);
        SurplusRecoveryApproved approved = outcome.event(SurplusRecoveryApproved.class);
        return Answers.ok(outcome, new Calculated(accountId, recoveryId, approved.amount(), approved.calculation()));
    }

    @PostMapping("/recoveries/{recoveryId}/receipt")
    ResponseEntity<ReceiptId> receive(
            @PathVariable String accountId,
            @PathVariable String recoveryId,
            @Valid @RequestBody Receipt body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        String receiptId = call.id(null, "receipt");
        Outcome outcome = commands.send(
                new AccountCommand.ReceiveRecovery(accountId, receiptId, recoveryId, body.amount(), body.on(), today()),
                call);
        return Answers.ok(outcome, new ReceiptId(accountId, recoveryId, receiptId));
    }

    @PostMapping("/recoveries/{recoveryId}/write-off")
    ResponseEntity<ReceiptId> writeOff(
            @PathVariable String accountId,
            @PathVariable String recoveryId,
            @Valid @RequestBody WriteOff body,
            Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        Policy policy = policies.on(today());
        Outcome outcome = commands.send(
                new AccountCommand.WriteOffRecovery(
                        accountId,
                        call.id(null, "write-off"),
                        recoveryId,
                        body.authority(),
                        sealing.sealIfGiven(owner.personId(), body.reason()),
                        policy.settings().writeOffLimit(body.authority()),
                        policy.version(),
                        today()),
                call);
        String writeOffId = outcome.events().stream()
                .filter(RecoveryWrittenOff.class::isInstance)
                .map(event -> ((RecoveryWrittenOff) event).writeOffId())
                .findFirst()
                .orElse(null);
        return Answers.ok(outcome, new ReceiptId(accountId, recoveryId, writeOffId));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
