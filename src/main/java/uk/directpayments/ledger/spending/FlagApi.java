package uk.directpayments.ledger.spending;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.Reasons;
import uk.directpayments.ledger.spending.FlagCommand.Subject;
import uk.directpayments.ledger.spending.FlagEvent.Ground;

/** {@code /flags}: what people do about flags. Reading is {@link FlagReads}'. */
@RestController
@RequestMapping("/api/v1/flags")
class FlagApi {

    private final Commands commands;
    private final FlagRegister register;
    private final AccountTransactions transactions;
    private final AccountAccess access;
    private final Policies policies;
    private final Sealing sealing;
    private final Clock clock;

    FlagApi(
            Commands commands,
            FlagRegister register,
            AccountTransactions transactions,
            AccountAccess access,
            Policies policies,
            Sealing sealing,
            Clock clock) {
        this.commands = commands;
        this.register = register;
        this.transactions = transactions;
        this.access = access;
        this.policies = policies;
        this.sealing = sealing;
        this.clock = clock;
    }

    record NewFlag(
            @NotNull @Id String accountId,
            @NotNull @Id String transactionId,

            @NotNull String reason,
            @NotNull Money amount,
            @NotBlank String explanation) {}

    record EvidenceRequest(
            @Nullable LocalDate due,
            @Nullable @Size(max = 64) String letterRef) {}

    record Evidence(
            @NotNull @Pattern(regexp = "[0-9a-fA-F]{64}", message = "must be 64 hexadecimal digits")
            String sha256,

            @NotBlank @Size(max = 255) String name) {}

    /** @param waiver true, or why nobody waits for evidence */
    record Upholding(
            @NotNull Money amount,
            @NotNull Ground ground,
            @Nullable String reason,
            @Nullable JsonNode waiver) {}

    record Reason(@Nullable String reason) {}

    record RepaymentRequest(
            @NotNull Money amount,
            @NotNull LocalDate due,
            @NotBlank @Size(max = 255) String debtor) {}

    record Repayment(
            @NotNull Money amount,
            @NotNull LocalDate on,
            @NotBlank @Size(max = 64) String method) {}

    record WriteOff(
            @NotNull Money amount,
            @NotBlank @Size(max = 64) String authority,
            @Nullable String reason) {}

    record Referral(@NotBlank @Size(max = 64) String reference) {}

    record FlagId(String flagId, FlagState state) {}

    /** @param amount that was repaid or written off: what the flag stands at, it says itself */
    record Settled(String flagId, Money amount) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<FlagId> raise(@Valid @RequestBody NewFlag body, Call call) {
        AccountAccess.Owner owner = access.owner(body.accountId(), call.actor(), today());
        if (!Reasons.isKnown(body.reason()) && !policies.on(today()).settings().givesReason(body.reason())) {
            throw new RuleBroken("FIELD_INVALID", "must be a reason code like OUTSIDE_PLAN", "reason");
        }
        View now = View.now(today());
        Transaction transaction = transactions
                .find(body.accountId(), body.transactionId(), now)
                .orElseThrow(() -> new RuleBroken(
                        "TRANSACTION_NOT_FOUND", "There is no such transaction on this account.", "transactionId"));
        FlagRegister.NewId id = register.newFlagId(body.accountId(), body.transactionId(), body.reason(), now);
        Outcome outcome = commands.send(
                new FlagCommand.RaiseFlag(
                        new Subject(id.flagId(), body.accountId(), owner.personId(), body.amount(), false, false),
                        body.transactionId(),
                        body.reason(),
                        left(body.accountId(), transaction),
                        sealing.seal(owner.personId(), body.explanation()),
                        call.actor().userId(),
                        id.duplicate(),
                        transaction.on()),
                call);
        String raised = outcome.event(FlagEvent.FlagRaised.class).flagId();
        return Answers.created("/flags/" + raised, outcome, new FlagId(raised, FlagState.RAISED));
    }

    @PostMapping("/{flagId}/evidence-request")
    ResponseEntity<FlagId> request(@PathVariable String flagId, @Valid @RequestBody EvidenceRequest body, Call call) {
        Subject subject = subject(flagId, call.actor());
        int days = policies.on(today()).settings().number("evidenceDays");
        LocalDate due = body.due() == null ? today().plusDays(days) : body.due();
        return done(
                new FlagCommand.RequestEvidence(
                        subject, due, sealing.sealIfGiven(subject.personId(), body.letterRef()), today()),
                FlagState.EVIDENCE_REQUESTED,
                call);
    }

    @PostMapping("/{flagId}/evidence")
    ResponseEntity<FlagId> evidence(@PathVariable String flagId, @Valid @RequestBody Evidence body, Call call) {
        Subject subject = subject(flagId, call.actor());
        Sealed name = sealing.seal(subject.personId(), body.name());
        return done(
                new FlagCommand.AddEvidence(subject, body.sha256().toLowerCase(java.util.Locale.ROOT), name, today()),
                FlagState.EVIDENCE_RECEIVED,
                call);
    }

    @PostMapping("/{flagId}/upholding")
    ResponseEntity<FlagId> uphold(@PathVariable String flagId, @Valid @RequestBody Upholding body, Call call) {
        Flag flag = flag(flagId, call.actor());
        Subject subject = subject(flag);
        return done(
                new FlagCommand.UpholdFlag(
                        subject,
                        most(flag),
                        body.amount(),
                        body.ground(),
                        sealing.sealIfGiven(subject.personId(), body.reason()),
                        sealing.sealIfGiven(subject.personId(), waiver(body.waiver())),
                        call.actor().userId(),
                        today()),
                FlagState.UPHELD,
                call);
    }

    private static @Nullable String waiver(@Nullable JsonNode given) {
        if (given == null || given.isNull() || (given.isBoolean() && !given.asBoolean())) {
            return null;
        }
        if (given.isBoolean()) {
            return "waived";
        }
        if (given.isString()) {
            return given.asString();
        }
        throw new RuleBroken("FIELD_INVALID", "must be true, or the reason in words", "waiver");
    }

    @PostMapping("/{flagId}/dismissal")
    ResponseEntity<FlagId> dismiss(@PathVariable String flagId, @Valid @RequestBody Reason body, Call call) {
        Subject subject = subject(flagId, call.actor());
        return done(
                new FlagCommand.DismissFlag(subject, reason(subject, body.reason()), today()),
                FlagState.DISMISSED,
                call);
    }

    @PostMapping("/{flagId}/reopening")
    ResponseEntity<FlagId> reopen(@PathVariable String flagId, @Valid @RequestBody Reason body, Call call) {
        Subject subject = subject(flagId, call.actor());
        return done(
                new FlagCommand.ReopenFlag(subject, reason(subject, body.reason()), today()),
                subject.withdrawn() ? FlagState.WITHDRAWN : FlagState.RAISED,
                call);
    }

    @PostMapping("/{flagId}/repayment-request")
    ResponseEntity<FlagId> requestRepayment(
            @PathVariable String flagId, @Valid @RequestBody RepaymentRequest body, Call call) {
        Subject subject = subject(flagId, call.actor());
        Sealed debtor = sealing.seal(subject.personId(), body.debtor());
        return done(
                new FlagCommand.RequestRepayment(subject, body.amount(), body.due(), debtor, today()),
                FlagState.REPAYMENT_REQUESTED,
                call);
    }

    @PostMapping("/{flagId}/repayments")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Settled> repay(@PathVariable String flagId, @Valid @RequestBody Repayment body, Call call) {
        Flag flag = flag(flagId, call.actor());
        LocalDate spentOn =
                flag.finding().transactionId() == null ? null : flag.finding().on();
        Outcome outcome = commands.send(
                new FlagCommand.ReceiveRepayment(
                        subject(flag), body.amount(), body.method(), body.on(), spentOn, today()),
                call);
        return Answers.created("/flags/" + flagId, outcome, new Settled(flagId, body.amount()));
    }

    @PostMapping("/{flagId}/write-off")
    ResponseEntity<Settled> writeOff(@PathVariable String flagId, @Valid @RequestBody WriteOff body, Call call) {
        Subject subject = subject(flagId, call.actor());
        Policy policy = policies.on(today());
        Outcome outcome = commands.send(
                new FlagCommand.WriteOffFlag(
                        subject,
                        body.amount(),
                        body.authority(),
                        reason(subject, body.reason()),
                        policy.settings().writeOffLimit(body.authority()),
                        policy.version(),
                        today()),
                call);
        return Answers.ok(outcome, new Settled(flagId, body.amount()));
    }

    @PostMapping("/{flagId}/fraud-referral")
    ResponseEntity<FlagId> refer(@PathVariable String flagId, @Valid @RequestBody Referral body, Call call) {
        Subject subject = subject(flagId, call.actor());
        Sealed reference = sealing.seal(subject.personId(), body.reference());
        return done(new FlagCommand.ReferFraud(subject, reference, today()), FlagState.REFERRED_FRAUD, call);
    }

    // ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    private ResponseEntity<FlagId> done(FlagCommand command, FlagState state, Call call) {
        Outcome outcome = commands.send(command, call);
        return Answers.ok(outcome, new FlagId(command.subject().flagId(), state));
    }

    private Subject subject(String flagId, Actor actor) {
        return subject(flag(flagId, actor));
    }

    private Subject subject(Flag flag) {
        return new Subject(
                flag.flagId(),
                flag.finding().accountId(),
                flag.personId(),
                flag.finding().amount(),
                flag.withdrawnOn(today()),
                flag.reversed());
    }

    /** The flag as it stands; another organisation's is not there. */
    private Flag flag(String flagId, Actor actor) {
        return register.find(flagId, account -> access.sees(actor, account, today()), View.now(today()))
                .orElseThrow(FlagReads::notFound);
    }

    /**
     * The most that a flag is upheld by: what no other flag of its transaction was upheld by, and of what has not come back what none of them still
     * asks for, as what has come back may be what another was about. Null if it is about no transaction.
     */
    private @Nullable Money most(Flag flag) {
        String transactionId = flag.finding().transactionId();
        if (transactionId == null) {
            return null;
        }
        String accountId = flag.finding().accountId();
        View now = View.now(today());
        Optional<Transaction> transaction = transactions.find(accountId, transactionId, now);
        Money whole = transaction.map(FlagApi::whole).orElse(flag.finding().amount());
        Money left = transaction.map(found -> left(accountId, found)).orElse(whole);
        for (FlagLife other : register.others(accountId, transactionId, flag.flagId(), now)) {
            whole = whole.minus(Objects.requireNonNull(other.upheld()));
            left = left.minus(other.outstanding());
        }
        Money most = whole.least(left);
        return most.isNegative() ? Money.ZERO : most;
    }

    private static Money whole(Transaction transaction) {
        return transaction.amount().isNegative() ? transaction.amount().negated() : transaction.amount();
    }

    /** What of a transaction has not come back. */
    private Money left(String accountId, Transaction transaction) {
        return register.left(accountId, transaction.transactionId()).orElseGet(() -> whole(transaction));
    }

    private @Nullable Sealed reason(Subject subject, @Nullable String reason) {
        return sealing.sealIfGiven(subject.personId(), reason);
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
