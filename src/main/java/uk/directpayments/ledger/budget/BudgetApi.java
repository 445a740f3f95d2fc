package uk.directpayments.ledger.budget;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.Line;
import uk.directpayments.ledger.budget.BudgetEvent.Method;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.budget.BudgetEvent.PanelOutcome;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpSource;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.NodesLock;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code /budgets}: what the council decides about budgets. Reading is {@link BudgetReads}'. */
@RestController
@RequestMapping("/api/v1/budgets")
class BudgetApi {

    /** The most lines of a budget, and the most reason or merchant codes that a line allows. */
    private static final int MOST = 50;

    /** The longest word for a category, a code or a cause: kept in clear, so it has no room for a story. */
    private static final int LONGEST_WORD = 64;

    private final Commands commands;
    private final BudgetRegister register;
    private final PersonDirectory people;
    private final PlanItems planItems;
    private final Sealing sealing;
    private final Clock clock;

    /** Of the locks {@link #asking}: this and the next ones. */
    private static final long ASKING = 0x6470_6c72_6571_0000L;

    /** Each holds a connection while somebody asks, so they are few. */
    private static final int LANES = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** One request of a person at a time, over all nodes: between looking for an open request and making one. */
    private final List<NodesLock> asking;

    BudgetApi(
            Commands commands,
            BudgetRegister register,
            PersonDirectory people,
            PlanItems planItems,
            Sealing sealing,
            DataSource database,
            Clock clock) {
        this.commands = commands;
        this.register = register;
        this.people = people;
        this.planItems = planItems;
        this.sealing = sealing;
        this.clock = clock;
        this.asking = IntStream.range(0, LANES)
                .mapToObj(lane -> new NodesLock(
                        database,
                        ASKING + lane,
                        "Other budgets are being requested. Please repeat the request in a while."))
                .toList();
    }

    record BudgetRequest(
            @Nullable @Id String budgetId,
            @NotNull @Id String personId,
            @NotNull LegalBasis legalBasis,
            @Nullable String ehcPlanRef,
            @Nullable LocalDate exclusionCheckedOn,
            @NotNull LocalDate requestedOn,
            @NotBlank String requestedBy) {}

    record IndicativeAmount(
            @NotNull Money amount,
            @NotNull LocalDate from,
            @NotNull LocalDate to,
            @NotNull Method method,
            @Nullable BigDecimal score) {}

    record PanelDecision(
            @NotNull PanelOutcome outcome,
            @Nullable Money amount,
            @Nullable String reasons,
            @Nullable String conditions,
            @NotNull LocalDate decidedOn) {}

    record BudgetRefusal(
            @Nullable String reasons,
            @Nullable LocalDate reviewRightNotifiedOn,
            @NotNull LocalDate on) {}

    record Finalisation(
            @NotNull LocalDate from,
            @NotNull LocalDate to,
            @NotNull Money annualAmount,
            @NotNull @Size(max = MOST) List<@NotNull @Valid FinalLine> lines) {}

    record FinalLine(
            @Nullable @Id String lineId,
            @NotNull FundingSource fundingSource,
            @NotNull Mode mode,
            @NotBlank @Size(max = LONGEST_WORD) String category,
            @NotNull Money annualAmount,
            @Nullable String outcome,

            @Nullable @Size(max = MOST) List<@NotBlank @Size(max = LONGEST_WORD) String> allows) {}

    record LineRevision(
            @NotNull Money annualAmount,
            @NotNull LocalDate from,
            @Nullable String reasons,
            @Nullable LocalDate noticeGivenOn) {}

    record AgreedTopUp(
            @NotNull TopUpSource source,
            @NotNull Money amount,
            @NotBlank String purpose,
            @NotNull LocalDate agreedOn) {}

    record Consent(
            @Nullable @Id String consentId,
            @NotNull RecipientType recipientType,
            @NotBlank String recipientName,
            @NotNull LocalDate on,
            @Nullable String documentRef) {}

    record ConsentWithdrawal(@NotNull LocalDate on) {}

    record BudgetEnding(
            @NotNull LocalDate on,
            @NotBlank @Size(max = LONGEST_WORD) String cause) {}

    record BudgetId(String budgetId) {}

    /** @param lineIds in the order of the request */
    record Finalised(String budgetId, List<String> lineIds) {}

    record LineId(String budgetId, String lineId) {}

    record TopUpId(String budgetId, String topUpId) {}

    record ConsentId(String budgetId, String consentId) {}

    // ── the way to a final budget ────────────────────────────────────────────────────────────────────────────────

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<BudgetId> request(@Valid @RequestBody BudgetRequest body, Call call) {
        String personId = body.personId();
        person(personId);
        String budgetId = call.id(body.budgetId(), "budget");
        NodesLock lane = asking.get(Math.floorMod(personId.hashCode(), LANES));
        Outcome outcome = lane.alone(
                PATIENCE,
                () -> commands.sendAndSettle(
                        new BudgetCommand.RequestBudget(
                                budgetId,
                                personId,
                                body.legalBasis(),
                                sealing.sealIfGiven(personId, body.ehcPlanRef()),
                                body.exclusionCheckedOn(),
                                body.requestedOn(),
                                sealing.seal(personId, body.requestedBy()),
                                openRequest(personId, budgetId),
                                today()),
                        call));
        return Answers.created("/budgets/" + budgetId, outcome, new BudgetId(budgetId));
    }

    private @Nullable String openRequest(String personId, String budgetId) {
        return register.ofPerson(personId, View.now(today())).stream()
                .filter(budget -> budget.undecided() && !budget.budgetId().equals(budgetId))
                .map(BudgetEntry::budgetId)
                .findFirst()
                .orElse(null);
    }

    @PostMapping("/{budgetId}/indicative-amount")
    ResponseEntity<BudgetId> indicativeAmount(
            @PathVariable String budgetId, @Valid @RequestBody IndicativeAmount body, Call call) {
        personOf(budgetId);
        Outcome outcome = commands.send(
                new BudgetCommand.SetIndicativeAmount(
                        budgetId,
                        body.amount(),
                        body.from(),
                        body.to(),
                        body.method(),
                        body.score(),
                        call.actor().userId(),
                        today()),
                call);
        return Answers.ok(outcome, new BudgetId(budgetId));
    }

    @PostMapping("/{budgetId}/panel-decision")
    ResponseEntity<BudgetId> panelDecision(
            @PathVariable String budgetId, @Valid @RequestBody PanelDecision body, Call call) {
        String personId = personOf(budgetId);
        Outcome outcome = commands.send(
                new BudgetCommand.RecordPanelDecision(
                        budgetId,
                        body.outcome(),
                        body.amount(),
                        sealing.sealIfGiven(personId, body.reasons()),
                        sealing.sealIfGiven(personId, body.conditions()),
                        body.decidedOn(),
                        call.actor().userId(),
                        today()),
                call);
        return Answers.ok(outcome, new BudgetId(budgetId));
    }

    @PostMapping("/{budgetId}/refusal")
    ResponseEntity<BudgetId> refuse(@PathVariable String budgetId, @Valid @RequestBody BudgetRefusal body, Call call) {
        String personId = personOf(budgetId);
        Outcome outcome = commands.send(
                new BudgetCommand.RefuseBudget(
                        budgetId,
                        sealing.sealIfGiven(personId, body.reasons()),
                        body.reviewRightNotifiedOn(),
                        body.on(),
                        today()),
                call);
        return Answers.ok(outcome, new BudgetId(budgetId));
    }

    @PostMapping("/{budgetId}/finalisation")
    ResponseEntity<Finalised> finalise(
            @PathVariable String budgetId, @Valid @RequestBody Finalisation body, Call call) {
        String personId = personOf(budgetId);
        planItems.require(body);
        Outcome outcome = commands.sendAndSettle(
                new BudgetCommand.FinaliseBudget(
                        budgetId, body.from(), body.to(), body.annualAmount(), lines(personId, body.lines()), today()),
                call);
        List<String> lineIds = outcome.event(BudgetFinalised.class).lines().stream()
                .map(Line::lineId)
                .toList();
        return Answers.ok(outcome, new Finalised(budgetId, lineIds));
    }

    /** A line without an id of its own is named by its place: {@code line-1}. */
    private List<Line> lines(String personId, List<FinalLine> given) {
        List<Line> lines = new ArrayList<>();
        for (FinalLine line : given) {
            String lineId = line.lineId();
            List<String> allows = line.allows();
            lines.add(new Line(
                    lineId == null ? "line-" + (lines.size() + 1) : lineId,
                    line.fundingSource(),
                    line.mode(),
                    line.category(),
                    line.annualAmount(),
                    sealing.sealIfGiven(personId, line.outcome()),
                    allows == null ? List.of() : allows));
        }
        return lines;
    }

    // ── changes of a final budget ────────────────────────────────────────────────────────────────────────────────

    @PostMapping("/{budgetId}/lines/{lineId}/revision")
    ResponseEntity<LineId> revise(
            @PathVariable String budgetId,
            @PathVariable String lineId,
            @Valid @RequestBody LineRevision body,
            Call call) {
        String personId = personOf(budgetId);
        Outcome outcome = commands.sendAndSettle(
                new BudgetCommand.ReviseLine(
                        budgetId,
                        lineId,
                        body.annualAmount(),
                        body.from(),
                        sealing.sealIfGiven(personId, body.reasons()),
                        body.noticeGivenOn(),
                        today()),
                call);
        return Answers.ok(outcome, new LineId(budgetId, lineId));
    }

    @PostMapping("/{budgetId}/top-ups")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<TopUpId> topUp(@PathVariable String budgetId, @Valid @RequestBody AgreedTopUp body, Call call) {
        String personId = personOf(budgetId);
        String topUpId = call.id(null, "top-up");
        Outcome outcome = commands.send(
                new BudgetCommand.AgreeTopUp(
                        budgetId,
                        topUpId,
                        body.source(),
                        body.amount(),
                        sealing.seal(personId, body.purpose()),
                        body.agreedOn(),
                        today()),
                call);
        return Answers.created("/budgets/" + budgetId, outcome, new TopUpId(budgetId, topUpId));
    }

    @PostMapping("/{budgetId}/consents")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<ConsentId> consent(@PathVariable String budgetId, @Valid @RequestBody Consent body, Call call) {
        String personId = personOf(budgetId);
        String consentId = call.id(body.consentId(), "consent");
        Outcome outcome = commands.sendAndSettle(
                new BudgetCommand.RecordConsent(
                        budgetId,
                        consentId,
                        body.recipientType(),
                        sealing.seal(personId, body.recipientName()),
                        sealing.opaque(personId, body.recipientName()),
                        body.on(),
                        sealing.sealIfGiven(personId, body.documentRef()),
                        dateOfBirth(personId),
                        today()),
                call);
        return Answers.created("/budgets/" + budgetId, outcome, new ConsentId(budgetId, consentId));
    }

    private LocalDate dateOfBirth(String personId) {
        String text = sealing.open(personId, person(personId).dateOfBirth());
        if (text.equals(Sealing.ERASED)) {
            throw Sealing.erased();
        }
        return LocalDate.parse(text);
    }

    @PostMapping("/{budgetId}/consents/{consentId}/withdrawal")
    ResponseEntity<ConsentId> withdraw(
            @PathVariable String budgetId,
            @PathVariable String consentId,
            @Valid @RequestBody ConsentWithdrawal body,
            Call call) {
        personOf(budgetId);
        Outcome outcome = commands.sendAndSettle(
                new BudgetCommand.WithdrawConsent(budgetId, consentId, body.on(), today()), call);
        return Answers.ok(outcome, new ConsentId(budgetId, consentId));
    }

    @PostMapping("/{budgetId}/end")
    ResponseEntity<BudgetId> end(@PathVariable String budgetId, @Valid @RequestBody BudgetEnding body, Call call) {
        personOf(budgetId);
        Outcome outcome =
                commands.sendAndSettle(new BudgetCommand.EndBudget(budgetId, body.on(), body.cause(), today()), call);
        return Answers.ok(outcome, new BudgetId(budgetId));
    }

    // ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    private String personOf(String budgetId) {
        return register.find(budgetId, View.now(today()))
                .map(BudgetEntry::personId)
                .orElseThrow(BudgetReads::notFound);
    }

    private PersonDirectory.Entry person(String personId) {
        return people.find(personId, View.now(today()))
                .orElseThrow(() -> new RuleBroken("PERSON_NOT_FOUND", "There is no such person.", "personId"));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
