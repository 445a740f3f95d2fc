package uk.directpayments.ledger.budget;

import static uk.directpayments.ledger.budget.Examples.DECIDED;
import static uk.directpayments.ledger.budget.Examples.END;
import static uk.directpayments.ledger.budget.Examples.REQUESTED;
import static uk.directpayments.ledger.budget.Examples.START;
import static uk.directpayments.ledger.budget.Examples.TEXT;
import static uk.directpayments.ledger.budget.Examples.TODAY;
import static uk.directpayments.ledger.budget.Examples.approved;
import static uk.directpayments.ledger.budget.Examples.finalised;
import static uk.directpayments.ledger.budget.Examples.indicative;
import static uk.directpayments.ledger.budget.Examples.line;
import static uk.directpayments.ledger.budget.Examples.lines;
import static uk.directpayments.ledger.budget.Examples.money;
import static uk.directpayments.ledger.budget.Examples.requested;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.directpayments.ledger.budget.BudgetCommand.FinaliseBudget;
import uk.directpayments.ledger.budget.BudgetCommand.RecordPanelDecision;
import uk.directpayments.ledger.budget.BudgetCommand.RefuseBudget;
import uk.directpayments.ledger.budget.BudgetCommand.RequestBudget;
import uk.directpayments.ledger.budget.BudgetCommand.SetIndicativeAmount;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.budget.BudgetEvent.IndicativeAmountSet;
import uk.directpayments.ledger.budget.BudgetEvent.Line;
import uk.directpayments.ledger.budget.BudgetEvent.Method;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.budget.BudgetEvent.PanelDecisionRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.PanelOutcome;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.support.Fixtures;

/** From the request to the final budget. */
class BudgetTest {

    private static final BudgetRefused REFUSED = new BudgetRefused(TEXT, null, DECIDED);

    private static Fixtures<Budget> given(BudgetEvent... events) {
        return Fixtures.of(Budget.class).given((Object[]) events);
    }

    // ── request ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aBudgetCanBeRequested() {
        given().when(request(LegalBasis.CHILD_S17A, TEXT, REQUESTED, null)).records(requested());
    }

    @Test
    void anIdIsUsedOnce() {
        given(requested())
                .when(request(LegalBasis.TRAVEL, null, REQUESTED, "OTHER"))
                .refuses("ID_ALREADY_USED");
    }

    @Test
    void aPersonHasOneOpenRequest() {
        given().when(request(LegalBasis.TRAVEL, null, REQUESTED, "OTHER")).refuses("REQUEST_ALREADY_OPEN");
    }

    @Test
    void aBudgetUnderSection49NeedsAnEhcPlan() {
        given().when(request(LegalBasis.SEN_S49, null, REQUESTED, null)).refuses("EHC_PLAN_REQUIRED");
        given().when(request(LegalBasis.SEN_S49, TEXT, REQUESTED, null)).records(requested(LegalBasis.SEN_S49));
    }

    @Test
    void aRequestCannotLieInTheFuture() {
        given().when(request(LegalBasis.TRAVEL, null, TODAY.plusDays(1), null)).refuses("DATE_IN_FUTURE");
        given().when(new RequestBudget(
                        "B", "P", LegalBasis.TRAVEL, null, TODAY.plusDays(1), REQUESTED, TEXT, null, TODAY))
                .refuses("DATE_IN_FUTURE");
    }

    // ── indicative amount ────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anIndicativeAmountCanBeSetAndSetAgain() {
        given(requested()).when(setIndicative("1000.00", START, END)).records(indicative());
        given(requested(), indicative(), approved())
                .when(setIndicative("900.00", START, END))
                .records(new IndicativeAmountSet(money("900.00"), START, END, Method.RAS, null, "finance"));
    }

    @Test
    void anIndicativeAmountIsMoreThanNothing() {
        given(requested()).when(setIndicative("0.00", START, END)).refuses("AMOUNT_NOT_POSITIVE");
    }

    @Test
    void anIndicativePeriodDoesNotEndBeforeItBegins() {
        given(requested()).when(setIndicative("1.00", END, START)).refuses("FIELD_INVALID");
        given(requested())
                .when(setIndicative("1.00", END, END))
                .records(new IndicativeAmountSet(money("1.00"), END, END, Method.RAS, null, "finance"));
    }

    // ── panel ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anApprovalIsOfTheIndicativeAmountUnlessItNamesAnother() {
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED, null, null))
                .records(approved());
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED, "1200.00", null))
                .records(new PanelDecisionRecorded(PanelOutcome.APPROVED, money("1200.00"), null, null, DECIDED));
    }

    @Test
    void aLowerApprovalNeedsItsAmountAndReasons() {
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED_LOWER, "900.00", TEXT))
                .records(new PanelDecisionRecorded(PanelOutcome.APPROVED_LOWER, money("900.00"), TEXT, null, DECIDED));
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED_LOWER, "900.00", null))
                .refuses("REASONS_REQUIRED");
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED, "900.00", null))
                .refuses("REASONS_REQUIRED");
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED_LOWER, null, TEXT))
                .refuses("FIELD_INVALID");
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED_LOWER, "1000.00", TEXT))
                .refuses("AMOUNT_NOT_LOWER");
        given(requested(), indicative())
                .when(decide(PanelOutcome.APPROVED_LOWER, "0.00", TEXT))
                .refuses("AMOUNT_NOT_POSITIVE");
    }

    @Test
    void aDecisionCanBePutOffWithoutReasons() {
        given(requested(), indicative())
                .when(decide(PanelOutcome.DEFERRED, null, null))
                .records(new PanelDecisionRecorded(PanelOutcome.DEFERRED, null, null, null, DECIDED));
    }

    @Test
    void whoeverSetTheIndicativeAmountDoesNotDecide() {
        given(requested(), indicative())
                .when(new RecordPanelDecision("B", PanelOutcome.APPROVED, null, null, null, DECIDED, "finance", TODAY))
                .refuses("SEPARATION_OF_DUTIES");
    }

    @Test
    void aDecisionNeedsAnIndicativeAmountAndHasBeenMade() {
        given(requested()).when(decide(PanelOutcome.APPROVED, null, null)).refuses("INDICATIVE_AMOUNT_REQUIRED");
        given(requested(), indicative())
                .when(new RecordPanelDecision(
                        "B", PanelOutcome.APPROVED, null, null, null, TODAY.plusDays(1), "approver", TODAY))
                .refuses("DATE_IN_FUTURE");
    }

    // ── refusal ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aBudgetCanBeRefusedWithReasons() {
        given(requested()).when(refuse(TEXT, null, DECIDED)).records(REFUSED);
        given(requested()).when(refuse(null, null, DECIDED)).refuses("REASONS_REQUIRED");
        given(requested()).when(refuse(TEXT, null, TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
    }

    @ParameterizedTest
    @EnumSource(names = {"SEN_S49", "NHS_12A"})
    void theRightToAReviewMustHaveBeenNotified(LegalBasis basis) {
        given(requested(basis)).when(refuse(TEXT, null, DECIDED)).refuses("REVIEW_RIGHT_NOT_NOTIFIED");
        given(requested(basis)).when(refuse(TEXT, TODAY.plusDays(1), DECIDED)).refuses("DATE_IN_FUTURE");
        given(requested(basis)).when(refuse(TEXT, DECIDED, DECIDED)).records(new BudgetRefused(TEXT, DECIDED, DECIDED));
    }

    // ── finalisation ─────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anApprovedBudgetCanBeFinalised() {
        given(requested(), indicative(), approved())
                .when(finalise("1000.00", lines()))
                .records(finalised());
    }

    @Test
    void lessThanApprovedCanBeFinalisedButNotMore() {
        given(requested(), indicative(), approved())
                .when(finalise("999.99", List.of(line("care", Mode.DIRECT_PAYMENT, "999.99"))))
                .records(new BudgetFinalised(
                        START, END, money("999.99"), List.of(line("care", Mode.DIRECT_PAYMENT, "999.99"))));
        given(requested(), indicative(), approved())
                .when(finalise("1000.01", List.of(line("care", Mode.DIRECT_PAYMENT, "1000.01"))))
                .refuses("NOT_APPROVED");
    }

    @Test
    void withoutAStandingApprovalNothingIsFinal() {
        PanelDecisionRecorded deferred = new PanelDecisionRecorded(PanelOutcome.DEFERRED, null, null, null, DECIDED);
        given(requested(), indicative()).when(finalise("1000.00", lines())).refuses("NOT_APPROVED");
        given(requested(), indicative(), approved(), deferred)
                .when(finalise("1000.00", lines()))
                .refuses("NOT_APPROVED");
        given(requested(), indicative(), approved(), indicative())
                .when(finalise("1000.00", lines()))
                .refuses("NOT_APPROVED");
    }

    @Test
    void linesAddUpToTheBudgetAndHaveIdsOfTheirOwn() {
        given(requested(), indicative(), approved())
                .when(finalise("999.99", lines()))
                .refuses("LINES_DO_NOT_SUM");
        given(requested(), indicative(), approved())
                .when(finalise("1.00", List.of()))
                .refuses("LINES_DO_NOT_SUM");
        given(requested(), indicative(), approved())
                .when(finalise(
                        "2.00",
                        List.of(line("a", Mode.DIRECT_PAYMENT, "1.00"), line("a", Mode.DIRECT_PAYMENT, "1.00"))))
                .refuses("ID_ALREADY_USED");
        given(requested(), indicative(), approved())
                .when(finalise("0.00", List.of(line("a", Mode.DIRECT_PAYMENT, "0.00"))))
                .refuses("AMOUNT_NOT_POSITIVE");
    }

    @Test
    void aBudgetDoesNotEndBeforeItBegins() {
        given(requested(), indicative(), approved())
                .when(new FinaliseBudget("B", START, START.minusDays(1), money("1000.00"), lines(), TODAY))
                .refuses("FIELD_INVALID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCHOOL_PLACE", "POST_16_PLACE", "a School  Place", "college-place fees"})
    void educationMoneyBuysNoPlace(String category) {
        given(requested(), indicative(), approved())
                .when(finalise("1.00", List.of(place(FundingSource.EDUCATION_HIGH_NEEDS, category))))
                .refuses("SCHOOL_PLACE_NOT_ALLOWED");
    }

    @Test
    void otherMoneyAndOtherSupportAtSchoolIsAllowed() {
        Line transport = place(FundingSource.PERSONAL_TRAVEL, "SCHOOL_PLACE");
        Line support = place(FundingSource.EDUCATION_HIGH_NEEDS, "SCHOOL_SUPPORT");
        for (Line line : List.of(transport, support)) {
            given(requested(), indicative(), approved())
                    .when(finalise("1.00", List.of(line)))
                    .records(new BudgetFinalised(START, END, money("1.00"), List.of(line)));
        }
    }

    // ── wrong order ──────────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("decisions")
    void nothingIsDecidedAgainOnceTheBudgetIsFinal(LedgerCommand decision) {
        given(requested(), indicative(), approved(), finalised()).when(decision).refuses("BUDGET_ALREADY_FINAL");
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void nothingIsDecidedAfterARefusal(LedgerCommand decision) {
        given(requested(), indicative(), approved(), REFUSED).when(decision).refuses("BUDGET_REFUSED");
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void nothingIsDecidedAfterTheEnd(LedgerCommand decision) {
        given(requested(), indicative(), approved(), BudgetEnded.decided(TODAY, "WITHDRAWN"))
                .when(decision)
                .refuses("BUDGET_ENDED");
    }

    static Stream<LedgerCommand> decisions() {
        return Stream.of(
                setIndicative("1000.00", START, END),
                decide(PanelOutcome.APPROVED, null, null),
                refuse(TEXT, DECIDED, DECIDED),
                finalise("1000.00", lines()));
    }

    private static RequestBudget request(LegalBasis basis, Sealed plan, LocalDate on, String open) {
        return new RequestBudget("B", "P", basis, plan, null, on, TEXT, open, TODAY);
    }

    private static SetIndicativeAmount setIndicative(String amount, LocalDate from, LocalDate to) {
        return new SetIndicativeAmount("B", money(amount), from, to, Method.RAS, null, "finance", TODAY);
    }

    private static RecordPanelDecision decide(PanelOutcome outcome, String amount, Sealed reasons) {
        Money named = amount == null ? null : money(amount);
        return new RecordPanelDecision("B", outcome, named, reasons, null, DECIDED, "approver", TODAY);
    }

    private static RefuseBudget refuse(Sealed reasons, LocalDate notified, LocalDate on) {
        return new RefuseBudget("B", reasons, notified, on, TODAY);
    }

    private static FinaliseBudget finalise(String amount, List<Line> lines) {
        return new FinaliseBudget("B", START, END, money(amount), lines, TODAY);
    }

    private static Line place(FundingSource source, String category) {
        return new Line("a", source, Mode.DIRECT_PAYMENT, category, money("1.00"), null, List.of());
    }
}
