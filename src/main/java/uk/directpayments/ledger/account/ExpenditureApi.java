package uk.directpayments.ledger.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

/** {@code /accounts/…/expenditures} and refunds: what the holder of an account, or a support organisation, has spent. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}")
class ExpenditureApi {

    /** Names a class of spending or ledger account: clear text, so no room for personal data. */
    static final String CATEGORY = "[A-Za-z0-9][A-Za-z0-9 &/_.,'()-]{0,63}";

    private final Commands commands;
    private final AccountAccess access;
    private final AccountTransactions transactions;
    private final SealedPeriods periods;
    private final Stays stays;
    private final Policies policies;
    private final Sealing sealing;
    private final Clock clock;

    ExpenditureApi(
            Commands commands,
            AccountAccess access,
            AccountTransactions transactions,
            SealedPeriods periods,
            Stays stays,
            Policies policies,
            Sealing sealing,
            Clock clock) {
        this.commands = commands;
        this.access = access;
        this.transactions = transactions;
        this.periods = periods;
        this.stays = stays;
        this.policies = policies;
        this.sealing = sealing;
        this.clock = clock;
    }

    /** @param mcc merchant category code, four digits */
    record Expenditure(
            @Nullable @Id String expenditureId,
            @NotNull Money amount,
            @NotNull LocalDate on,
            @NotBlank @Size(max = 255) String payee,

            @Nullable @Pattern(regexp = CATEGORY, message = "must be 1 to 64 letters, digits and simple signs")
            String category,

            @Nullable @Pattern(regexp = "[0-9]{4}", message = "must be four digits")
            String mcc,

            @Nullable SpendType type,
            @Nullable @Size(min = 1, max = 128) String externalRef,
            @Nullable @Id String lineId,
            @Nullable @Id String stayId,
            @Nullable String description) {}

    record Reversal(@Nullable String reason, @Nullable LocalDate on) {}

    record Reclassification(
            @NotNull @Pattern(regexp = CATEGORY, message = "must be 1 to 64 letters, digits and simple signs")
            String category,

            @Nullable String reason) {}

    record Refund(
            @Nullable @Id String refundId,
            @NotNull @Id String expenditureId,
            @NotNull Money amount,
            @NotNull LocalDate on) {}

    record ExpenditureId(String accountId, String expenditureId) {}

    record ReversalId(String accountId, String expenditureId, String reversalId) {}

    record RefundId(String accountId, String refundId, String expenditureId) {}

    @PostMapping("/expenditures")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<ExpenditureId> spend(
            @PathVariable String accountId, @Valid @RequestBody Expenditure body, Call call) {
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), body.on());
        String expenditureId = call.id(body.expenditureId(), "expenditure");
        RuleBroken refusal = body.stayId() == null
                ? null
                : stays.refusal(call.actor(), owner.personId(), body.stayId(), body.on())
                        .orElse(null);
        if (refusal != null) {
            return spent(accountId, expenditureId, commands.refuse(refusal, call));
        }
        Policy policy = policies.on(body.on());
        Outcome outcome = commands.send(
                new AccountCommand.RecordExpenditure(
                        accountId,
                        expenditureId,
                        body.amount(),
                        body.on(),
                        sealing.seal(owner.personId(), body.payee()),
                        sealing.opaque(owner.personId(), body.payee()),
                        body.category(),
                        body.mcc(),
                        body.type() == null ? SpendType.PURCHASE : body.type(),
                        null,
                        body.externalRef(),
                        body.lineId(),
                        body.stayId(),
                        sealing.sealIfGiven(owner.personId(), body.description()),
                        policy.settings().merchant(body.payee(), body.mcc()),
                        policy.version(),
                        today()),
                call);
        return spent(accountId, expenditureId, outcome);
    }

    private static ResponseEntity<ExpenditureId> spent(String accountId, String expenditureId, Outcome outcome) {
        return Answers.created(
                "/accounts/" + accountId + "/transactions", outcome, new ExpenditureId(accountId, expenditureId));
    }

    @PostMapping("/expenditures/{expenditureId}/reversal")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<ReversalId> reverse(
            @PathVariable String accountId,
            @PathVariable String expenditureId,
            @Valid @RequestBody Reversal body,
            Call call) {
        LocalDate on = body.on() == null ? ownDay(accountId, expenditureId, call.actor()) : body.on();
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), on);
        String reversalId = call.id(null, "reversal");
        Outcome outcome = isHidden(accountId, expenditureId, body.on(), call.actor())
                ? commands.refuse(PaymentAccount.expenditureNotFound(), call)
                : commands.send(
                        new AccountCommand.ReverseExpenditure(
                                accountId,
                                reversalId,
                                expenditureId,
                                sealing.sealIfGiven(owner.personId(), body.reason()),
                                body.on(),
                                today()),
                        call);
        return Answers.created(
                "/accounts/" + accountId + "/transactions",
                outcome,
                new ReversalId(accountId, expenditureId, reversalId));
    }

    @PostMapping("/expenditures/{expenditureId}/reclassification")
    ResponseEntity<ExpenditureId> reclassify(
            @PathVariable String accountId,
            @PathVariable String expenditureId,
            @Valid @RequestBody Reclassification body,
            Call call) {
        LocalDate on = ownDay(accountId, expenditureId, call.actor());
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), on);
        AccountCommand command = new AccountCommand.ReclassifyExpenditure(
                accountId,
                expenditureId,
                body.category(),
                sealing.sealIfGiven(owner.personId(), body.reason()),
                today());
        Outcome outcome = isHidden(accountId, expenditureId, null, call.actor())
                ? commands.refuse(PaymentAccount.expenditureNotFound(), call)
                : periods.act(on, call, () -> commands.send(command, call));
        return Answers.ok(outcome, new ExpenditureId(accountId, expenditureId));
    }

    /**
     * The day on which an expenditure counts, and what corrects it with it; today if there is none, or none that they see on that day, of
     * which the account then tells.
     */
    private LocalDate ownDay(String accountId, String expenditureId, Actor actor) {
        return transactions
                .dayOf(accountId, expenditureId, today())
                .filter(day -> access.sees(actor, accountId, day))
                .orElseGet(this::today);
    }

    /**
     * Whether an expenditure is not there for somebody: on days of which they see the account it has not happened yet.
     *
     * @param on the day on which it would be corrected; null if on its own
     * @throws RuleBroken {@code FIGURE_UNAVAILABLE}: whether it is cannot be told at present
     */
    private boolean isHidden(String accountId, String expenditureId, @Nullable LocalDate on, Actor actor) {
        return !AccountAccess.seesAll(actor)
                && transactions
                        .knownDayOf(accountId, expenditureId, today())
                        .filter(day -> on == null || on.isBefore(day))
                        .filter(day -> !access.sees(actor, accountId, day))
                        .isPresent();
    }

    @PostMapping("/refunds")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<RefundId> refund(@PathVariable String accountId, @Valid @RequestBody Refund body, Call call) {
        access.owner(accountId, call.actor(), body.on());
        String refundId = call.id(body.refundId(), "refund");
        Outcome outcome = isHidden(accountId, body.expenditureId(), body.on(), call.actor())
                ? commands.refuse(PaymentAccount.expenditureNotFound(), call)
                : commands.send(
                        new AccountCommand.ReceiveRefund(
                                accountId, refundId, body.expenditureId(), body.amount(), body.on(), today()),
                        call);
        return Answers.created(
                "/accounts/" + accountId + "/transactions",
                outcome,
                new RefundId(accountId, refundId, body.expenditureId()));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
