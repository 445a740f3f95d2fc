package uk.directpayments.ledger.budget;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
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
import uk.directpayments.ledger.budget.BudgetEvent.DisputeStage;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePurpose;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code /budgets/{budgetId}}: agreements with relatives, reviews and disputes. */
@RestController
@RequestMapping("/api/v1/budgets/{budgetId}")
class BudgetCareApi {

    private final Commands commands;
    private final BudgetRegister register;
    private final Sealing sealing;
    private final Clock clock;

    BudgetCareApi(Commands commands, BudgetRegister register, Sealing sealing, Clock clock) {
        this.commands = commands;
        this.register = register;
        this.sealing = sealing;
        this.clock = clock;
    }

    record RelativeAgreement(
            @NotBlank @Size(max = 255) String payee,
            @NotBlank @Size(max = 64) String relation,
            @NotNull Boolean sameHousehold,
            @NotNull RelativePurpose purpose,
            @Nullable String necessityReason,
            @NotNull LocalDate from,
            @Nullable LocalDate to) {}

    /** @param on the first day without the agreement */
    record AgreementWithdrawal(
            @NotNull LocalDate on, @Nullable String reason) {}

    record Review(
            @NotNull LocalDate on,
            @NotBlank @Size(max = 64) String kind,
            @NotBlank String findings,
            @Nullable LocalDate nextDue) {}

    record NewDispute(
            @Nullable @Id String disputeId,
            @NotNull DisputeStage stage,
            @NotNull LocalDate on,
            @Nullable String reason) {}

    record DisputeClosure(
            @NotBlank @Size(max = 2000) String outcome,
            @NotNull LocalDate on) {}

    record AgreementId(String budgetId, String agreementId) {}

    record ReviewId(String budgetId, String reviewId) {}

    record DisputeId(String budgetId, String disputeId) {}

    @PostMapping("/relative-agreements")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<AgreementId> agree(
            @PathVariable String budgetId, @Valid @RequestBody RelativeAgreement body, Call call) {
        String personId = personOf(budgetId);
        String agreementId = call.id(null, "relative-agreement");
        Outcome outcome = commands.send(
                new BudgetCommand.AgreeRelativePayment(
                        budgetId,
                        agreementId,
                        sealing.seal(personId, body.payee()),
                        sealing.opaque(personId, body.payee()),
                        body.relation(),
                        body.sameHousehold(),
                        body.purpose(),
                        sealing.sealIfGiven(personId, body.necessityReason()),
                        body.from(),
                        body.to(),
                        today()),
                call);
        return Answers.created("/budgets/" + budgetId, outcome, new AgreementId(budgetId, agreementId));
    }

    @PostMapping("/relative-agreements/{agreementId}/withdrawal")
    ResponseEntity<AgreementId> withdraw(
            @PathVariable String budgetId,
            @PathVariable String agreementId,
            @Valid @RequestBody AgreementWithdrawal body,
            Call call) {
        String personId = personOf(budgetId);
        Outcome outcome = commands.send(
                new BudgetCommand.WithdrawRelativeAgreement(
                        budgetId, agreementId, body.on(), sealing.sealIfGiven(personId, body.reason()), today()),
                call);
        return Answers.ok(outcome, new AgreementId(budgetId, agreementId));
    }

    @PostMapping("/reviews")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<ReviewId> review(@PathVariable String budgetId, @Valid @RequestBody Review body, Call call) {
        String personId = personOf(budgetId);
        String reviewId = call.id(null, "review");
        Outcome outcome = commands.send(
                new BudgetCommand.RecordReview(
                        budgetId,
                        reviewId,
                        body.on(),
                        body.kind(),
                        sealing.seal(personId, body.findings()),
                        body.nextDue(),
                        today()),
                call);
        return Answers.created("/budgets/" + budgetId, outcome, new ReviewId(budgetId, reviewId));
    }

    @PostMapping("/disputes")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<DisputeId> dispute(@PathVariable String budgetId, @Valid @RequestBody NewDispute body, Call call) {
        String personId = personOf(budgetId);
        String disputeId = call.id(body.disputeId(), "dispute");
        Outcome outcome = commands.sendAndSettle(
                new BudgetCommand.OpenDispute(
                        budgetId,
                        disputeId,
                        body.stage(),
                        body.on(),
                        sealing.sealIfGiven(personId, body.reason()),
                        today()),
                call);
        return Answers.created("/budgets/" + budgetId, outcome, new DisputeId(budgetId, disputeId));
    }

    @PostMapping("/disputes/{disputeId}/closure")
    ResponseEntity<DisputeId> close(
            @PathVariable String budgetId,
            @PathVariable String disputeId,
            @Valid @RequestBody DisputeClosure body,
            Call call) {
        String personId = personOf(budgetId);
        Outcome outcome = commands.sendAndSettle(
                new BudgetCommand.CloseDispute(
                        budgetId, disputeId, sealing.seal(personId, body.outcome()), body.on(), today()),
                call);
        return Answers.ok(outcome, new DisputeId(budgetId, disputeId));
    }

    private String personOf(String budgetId) {
        return register.find(budgetId, View.now(today()))
                .map(BudgetEntry::personId)
                .orElseThrow(BudgetReads::notFound);
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
