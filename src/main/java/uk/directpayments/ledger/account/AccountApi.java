package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

/** {@code /accounts}: what the council does on payment accounts. Spending is {@link ExpenditureApi}'s, reading {@link AccountReads}'. */
@RestController
@RequestMapping("/api/v1/accounts")
class AccountApi {

    private final Commands commands;
    private final AccountAccess access;
    private final Budgets budgets;
    private final Organisations organisations;
    private final BankReference bankReference;
    private final Sealing sealing;
    private final Clock clock;
    private final Policies policies;
    private final SealedPeriods periods;
    private final Flags flags;
    private final UnmatchedLines unmatchedLines;
    private final PaymentHold hold;

    AccountApi(
            Commands commands,
            AccountAccess access,
            Budgets budgets,
            Organisations organisations,
            BankReference bankReference,
            Sealing sealing,
            Clock clock,
            Policies policies,
            SealedPeriods periods,
            Flags flags,
            UnmatchedLines unmatchedLines,
            PaymentHold hold) {
        this.commands = commands;
        this.access = access;
        this.budgets = budgets;
        this.organisations = organisations;
        this.bankReference = bankReference;
        this.sealing = sealing;
        this.clock = clock;
        this.policies = policies;
        this.periods = periods;
        this.flags = flags;
        this.unmatchedLines = unmatchedLines;
        this.hold = hold;
    }

    record Opening(
            @Nullable @Id String accountId,
            @NotNull @Id String budgetId,
            @NotNull AccountType type,
            @NotNull HolderType holderType,
            @Nullable @Id String organisationId,
            @Nullable Boolean dedicated,
            @Nullable BankDetails bankDetails,
            @NotNull LocalDate openedOn) {}

    /** Either a bank account (six and eight digits) or a card's reference. */
    record BankDetails(
            @Nullable String sortCode,
            @Nullable String accountNumber,
            @Nullable String cardRef) {}

    /** @param coversFrom the first day paid for, where the line begins between two pay days; by default {@code firstPayOn} */
    record Schedule(
            @Nullable @Id String scheduleId,
            @NotNull @Id String lineId,
            @NotNull Frequency frequency,
            @NotNull LocalDate firstPayOn,
            @Nullable LocalDate coversFrom,
            @Nullable Money contributionPerInstalment) {}

    record Payment(
            @Nullable @Id String paymentId,
            @NotNull @Id String lineId,
            @Nullable String instalmentId,
            @NotNull Money amount,
            @Nullable Money contribution,
            @NotNull LocalDate on) {}

    record PaymentReturn(
            @NotNull LocalDate on, @NotBlank @Size(max = 64) String reasonCode) {}

    record TopUp(
            @NotNull Money amount,
            @Nullable FundingSource source,
            @NotNull LocalDate on) {}

    record Contribution(@NotNull Money amount, @NotNull LocalDate on) {}

    record Reserve(
            @Nullable @Id String reserveId,
            @NotNull ReserveKind kind,
            @NotNull Money amount,
            @NotNull LocalDate until,
            @Nullable String reason) {}

    record Suspension(
            @NotNull LocalDate from,
            @NotBlank @Size(max = 64) String cause,
            @Nullable String reason) {}

    /** @param riskBand one of the policy's {@code returnCycle} */
    record RiskBand(
            @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{1,32}", message = "must be a risk band of the policy")
            String riskBand,

            @NotNull LocalDate from,
            @Nullable @Size(max = 1000) String reason) {}

    record Day(@NotNull LocalDate on) {}

    record AccountId(String accountId) {}

    record PaymentId(String accountId, String paymentId) {}

    record TransactionId(String accountId, String transactionId) {}

    record ReserveId(String accountId, String reserveId) {}

    /**
     * @param coversFrom of a part period the first day it is paid for, and {@code coversTo} the last (rulebook 4.7)
     * @param state      {@code SCHEDULED}, until it is paid
     */
    record Instalment(
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
            String state) {}

    record Scheduled(String accountId, String scheduleId, String lineId, List<Instalment> instalments) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<AccountId> open(@Valid @RequestBody Opening body, Call call) {
        Budgets.Facts budget = budgets.facts(body.budgetId())
                .orElseThrow(() -> new RuleBroken("BUDGET_NOT_FOUND", "There is no such budget.", "budgetId"));
        if (sealing.destroyed(budget.personId())) {
            throw Sealing.erased();
        }
        String organisationId = body.organisationId();
        if (organisationId != null && !organisations.exists(organisationId)) {
            throw new RuleBroken("ORGANISATION_NOT_FOUND", "There is no such organisation.", "organisationId");
        }
        BankReference.Given given = bankReference.read(budget.personId(), body.bankDetails());
        String accountId = call.id(body.accountId(), "account");
        Outcome outcome = commands.sendAndSettle(
                new AccountCommand.OpenAccount(
                        accountId,
                        budget.budgetId(),
                        budget.personId(),
                        budget.legalBasis(),
                        body.type(),
                        body.holderType(),
                        organisationId,
                        body.dedicated() == null || body.dedicated(),
                        given == null ? null : given.details(),
                        given == null ? null : given.token(),
                        body.openedOn(),
                        budget.endedOn(),
                        budget.refused(),
                        budget.terms(),
                        budget.position()),
                call);
        return Answers.created("/accounts/" + accountId, outcome, new AccountId(accountId));
    }

    // ── money in ─────────────────────────────────────────────────────────────────────────────────────────────────

    @PostMapping("/{accountId}/schedules")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Scheduled> schedule(@PathVariable String accountId, @Valid @RequestBody Schedule body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        AccountCommand.ScheduleInstalments command = new AccountCommand.ScheduleInstalments(
                accountId,
                call.id(body.scheduleId(), "schedule"),
                body.lineId(),
                body.frequency(),
                body.firstPayOn(),
                body.coversFrom(),
                orNothing(body.contributionPerInstalment()),
                today());
        Outcome outcome = routed(owner, body.lineId(), command, call);
        InstalmentsScheduled scheduled = outcome.event(InstalmentsScheduled.class);
        return Answers.created(
                "/accounts/" + accountId + "/schedules",
                outcome,
                new Scheduled(
                        accountId,
                        scheduled.scheduleId(),
                        scheduled.lineId(),
                        scheduled.instalments().stream()
                                .map(i -> new Instalment(
                                        i.instalmentId(),
                                        i.number(),
                                        i.payOn(),
                                        i.coversFrom(),
                                        i.coversTo(),
                                        i.amount(),
                                        i.contribution(),
                                        i.net(),
                                        "SCHEDULED"))
                                .toList()));
    }

    @PostMapping("/{accountId}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PaymentId> pay(@PathVariable String accountId, @Valid @RequestBody Payment body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        String paymentId = call.id(body.paymentId(), "payment");
        AccountCommand.IssuePayment command = new AccountCommand.IssuePayment(
                accountId,
                paymentId,
                body.lineId(),
                body.instalmentId(),
                body.amount(),
                body.contribution(),
                body.on(),
                hold.isOn(accountId, body.on()),
                false);
        Outcome outcome = periods.act(body.on(), call, () -> routed(owner, body.lineId(), command, call));
        return Answers.created(
                "/accounts/" + accountId + "/transactions", outcome, new PaymentId(accountId, paymentId));
    }

    /** A line that is paid through another account, or none yet, is first routed here by its budget, if the budget agrees: decision 7. */
    private Outcome routed(AccountAccess.Owner owner, String lineId, AccountCommand command, Call call) {
        try {
            return commands.send(command, call);
        } catch (RuleBroken refusal) {
            if (!refusal.code().equals(AccountRules.LINE_ROUTED_ELSEWHERE)) {
                throw refusal;
            }
            budgets.routeLine(
                    owner.budgetId(),
                    lineId,
                    command.accountId(),
                    Call.byLedger(
                            call.correlationId(), "route " + command.streamId() + " " + lineId, call.correlationId()));
            return onceRouted(command, call);
        }
    }

    /** Another request may have routed the line away again meanwhile. */
    private Outcome onceRouted(AccountCommand command, Call call) {
        try {
            return commands.send(command, call);
        } catch (RuleBroken refusal) {
            throw refusal.code().equals(AccountRules.LINE_ROUTED_ELSEWHERE)
                    ? new RuleBroken("BUSY", "The line is being moved to another account. Please repeat the request.")
                    : refusal;
        }
    }

    @PostMapping("/{accountId}/payments/{paymentId}/return")
    ResponseEntity<PaymentId> paymentReturned(
            @PathVariable String accountId,
            @PathVariable String paymentId,
            @Valid @RequestBody PaymentReturn body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        Outcome outcome = commands.sendAndSettle(
                new AccountCommand.ReturnPayment(accountId, paymentId, body.on(), body.reasonCode(), today()), call);
        return Answers.ok(outcome, new PaymentId(accountId, paymentId));
    }

    @PostMapping("/{accountId}/top-ups")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<TransactionId> topUp(@PathVariable String accountId, @Valid @RequestBody TopUp body, Call call) {
        access.owner(accountId, call.actor(), today());
        FundingSource source = body.source() == null ? FundingSource.PARENT_TOP_UP : body.source();
        if (source != FundingSource.PARENT_TOP_UP && source != FundingSource.COUNCIL_TOP_UP) {
            throw new RuleBroken("FIELD_INVALID", "must be COUNCIL_TOP_UP or PARENT_TOP_UP", "source");
        }
        String topUpId = call.id(null, "top-up");
        AccountCommand command =
                new AccountCommand.ReceiveTopUp(accountId, topUpId, source, body.amount(), body.on(), today());
        // what the council pays is its own act, what the family pays a fact
        Outcome outcome = source == FundingSource.COUNCIL_TOP_UP
                ? periods.act(body.on(), call, () -> commands.send(command, call))
                : commands.send(command, call);
        return Answers.created(
                "/accounts/" + accountId + "/transactions", outcome, new TransactionId(accountId, topUpId));
    }

    @PostMapping("/{accountId}/contributions")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<TransactionId> contribution(
            @PathVariable String accountId, @Valid @RequestBody Contribution body, Call call) {
        access.owner(accountId, call.actor(), today());
        String contributionId = call.id(null, "contribution");
        Outcome outcome = commands.send(
                new AccountCommand.ReceiveContribution(accountId, contributionId, body.amount(), body.on(), today()),
                call);
        return Answers.created(
                "/accounts/" + accountId + "/transactions", outcome, new TransactionId(accountId, contributionId));
    }

    // ── money kept, and the account's life ───────────────────────────────────────────────────────────────────────

    @PostMapping("/{accountId}/reserves")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<ReserveId> reserve(@PathVariable String accountId, @Valid @RequestBody Reserve body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        String reserveId = call.id(body.reserveId(), "reserve");
        Policy policy = policies.on(today());
        Outcome outcome = commands.send(
                new AccountCommand.ApproveReserve(
                        accountId,
                        reserveId,
                        body.kind(),
                        body.amount(),
                        body.until(),
                        sealing.sealIfGiven(owner.personId(), body.reason()),
                        policy.settings().reserveLimit(body.kind().name()),
                        policy.version(),
                        today()),
                call);
        return Answers.created("/accounts/" + accountId, outcome, new ReserveId(accountId, reserveId));
    }

    @PostMapping("/{accountId}/reserves/{reserveId}/release")
    ResponseEntity<ReserveId> release(
            @PathVariable String accountId,
            @PathVariable String reserveId,
            @Valid @RequestBody Nothing body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        Outcome outcome = commands.send(new AccountCommand.ReleaseReserve(accountId, reserveId, today()), call);
        return Answers.ok(outcome, new ReserveId(accountId, reserveId));
    }

    @PostMapping("/{accountId}/risk-band")
    ResponseEntity<AccountId> riskBand(@PathVariable String accountId, @Valid @RequestBody RiskBand body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        Policy policy = policies.on(today());
        Outcome outcome = commands.send(
                new AccountCommand.SetRiskBand(
                        accountId,
                        body.riskBand(),
                        sealing.sealIfGiven(owner.personId(), body.reason()),
                        body.from(),
                        policy.settings().returnCycle(),
                        policy.version(),
                        today()),
                call);
        return Answers.ok(outcome, new AccountId(accountId));
    }

    @PostMapping("/{accountId}/suspension")
    ResponseEntity<AccountId> suspend(@PathVariable String accountId, @Valid @RequestBody Suspension body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        Outcome outcome = commands.send(
                new AccountCommand.SuspendAccount(
                        accountId,
                        body.from(),
                        body.cause(),
                        sealing.sealIfGiven(owner.personId(), body.reason()),
                        today()),
                call);
        return Answers.ok(outcome, new AccountId(accountId));
    }

    @PostMapping("/{accountId}/resumption")
    ResponseEntity<AccountId> resume(@PathVariable String accountId, @Valid @RequestBody Day body, Call call) {
        access.owner(accountId, call.actor(), today());
        Outcome outcome = commands.send(new AccountCommand.ResumeAccount(accountId, body.on(), today()), call);
        return Answers.ok(outcome, new AccountId(accountId));
    }

    @PostMapping("/{accountId}/closure")
    ResponseEntity<AccountId> close(@PathVariable String accountId, @Valid @RequestBody Day body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today());
        View now = View.now(today());
        flags.require(owner.personId(), now);
        int openFlags = flags.open(List.of(accountId), now).getOrDefault(accountId, 0);
        AccountCommand command = new AccountCommand.CloseAccount(
                accountId, body.on(), openFlags, unmatchedLines.any(accountId, now), today());
        Outcome outcome = periods.act(body.on(), call, () -> commands.sendAndSettle(command, call));
        return Answers.ok(outcome, new AccountId(accountId));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }

    private static Money orNothing(@Nullable Money amount) {
        return amount == null ? Money.ZERO : amount;
    }
}
