package uk.directpayments.ledger.budget;

import static uk.directpayments.ledger.budget.Examples.END;
import static uk.directpayments.ledger.budget.Examples.REQUESTED;
import static uk.directpayments.ledger.budget.Examples.START;
import static uk.directpayments.ledger.budget.Examples.TEXT;
import static uk.directpayments.ledger.budget.Examples.TODAY;
import static uk.directpayments.ledger.budget.Examples.consent;
import static uk.directpayments.ledger.budget.Examples.finalBudget;
import static uk.directpayments.ledger.budget.Examples.money;
import static uk.directpayments.ledger.budget.Examples.requested;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.directpayments.ledger.budget.BudgetCommand.AgreeTopUp;
import uk.directpayments.ledger.budget.BudgetCommand.EndBudget;
import uk.directpayments.ledger.budget.BudgetCommand.EndByDeath;
import uk.directpayments.ledger.budget.BudgetCommand.RecordConsent;
import uk.directpayments.ledger.budget.BudgetCommand.ReviseLine;
import uk.directpayments.ledger.budget.BudgetCommand.WithdrawConsent;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.LineRevised;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpSource;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.support.Fixtures;

/** Changes of a final budget, consent, and its end. */
class FinalBudgetTest {

    private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);
    private static final LocalDate BORN = LocalDate.of(2010, 6, 10);
    private static final BudgetEnded ENDED_TODAY = BudgetEnded.decided(TODAY, "MOVED_AWAY");
    private static final BudgetEnded ENDS_IN_JUNE = BudgetEnded.decided(JUNE, "MOVED_AWAY");

    private static Fixtures<Budget> given(List<BudgetEvent> events) {
        return Fixtures.of(Budget.class).given(events.toArray());
    }

    // ── revision ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aLineCanBeRaisedInMidYear() {
        given(finalBudget())
                .when(revise("care", "700.00", JUNE, null, null))
                .records(new LineRevised("care", money("700.00"), JUNE, null, null))
                .occurredOn(JUNE);
    }

    @Test
    void aReductionNeedsReasonsAndNoticeBeforeIt() {
        given(finalBudget())
                .when(revise("care", "500.00", JUNE, TEXT, TODAY))
                .records(new LineRevised("care", money("500.00"), JUNE, TEXT, TODAY));
        given(finalBudget()).when(revise("care", "500.00", JUNE, null, TODAY)).refuses("NOTICE_REQUIRED");
        given(finalBudget()).when(revise("care", "500.00", JUNE, TEXT, null)).refuses("NOTICE_REQUIRED");
        given(finalBudget())
                .when(revise("care", "500.00", START, TEXT, START.plusDays(1)))
                .refuses("NOTICE_REQUIRED");
        given(finalBudget())
                .when(revise("care", "500.00", JUNE, TEXT, TODAY.plusDays(1)))
                .refuses("DATE_IN_FUTURE");
    }

    @Test
    void whatIsAReductionIsToldByTheAmountInForceOnItsDay() {
        LineRevised raised = new LineRevised("care", money("900.00"), JUNE, null, null);
        given(finalBudget(raised))
                .when(revise("care", "800.00", JUNE, null, null))
                .refuses("NOTICE_REQUIRED");
        given(finalBudget(raised))
                .when(revise("care", "800.00", JUNE.minusDays(1), null, null))
                .records(new LineRevised("care", money("800.00"), JUNE.minusDays(1), null, null));
    }

    @Test
    void aRevisionLiesWithinTheLine() {
        given(finalBudget())
                .when(revise("care", "700.00", START, null, null))
                .records(new LineRevised("care", money("700.00"), START, null, null));
        given(finalBudget())
                .when(revise("care", "700.00", START.minusDays(1), null, null))
                .refuses("DATE_BEFORE_START");
        given(finalBudget())
                .when(revise("care", "700.00", END.plusDays(1), null, null))
                .refuses("DATE_AFTER_END");
    }

    @Test
    void aRevisionIsOfALineThatThereIsAndToMoreThanNothing() {
        given(finalBudget()).when(revise("none", "700.00", JUNE, null, null)).refuses("LINE_NOT_FOUND");
        given(finalBudget()).when(revise("care", "0.00", JUNE, TEXT, TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        given(List.of(requested()))
                .when(revise("care", "1.00", JUNE, null, null))
                .refuses("BUDGET_NOT_FINAL");
    }

    @Test
    void aLineCanBeRevisedSoOftenAndNoMore() {
        List<BudgetEvent> events = new ArrayList<>(finalBudget());
        IntStream.range(1, BudgetRules.MOST_OF_A_KIND)
                .forEach(i -> events.add(new LineRevised("care", money("600.00"), START.plusDays(i), null, null)));
        given(events).when(revise("care", "700.00", END, null, null)).refuses("LIMIT_REACHED");
    }

    // ── top-ups ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aTopUpCanBeAgreed() {
        given(finalBudget())
                .when(topUp("50.00", TODAY))
                .records(new TopUpAgreed("T", TopUpSource.PARENT_TOP_UP, money("50.00"), TEXT, TODAY));
        given(List.of(requested()))
                .when(topUp("50.00", REQUESTED))
                .records(new TopUpAgreed("T", TopUpSource.PARENT_TOP_UP, money("50.00"), TEXT, REQUESTED));
    }

    @Test
    void aTopUpIsRefusedWhenItsAmountOrDayIsWrong() {
        given(finalBudget()).when(topUp("0.00", TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        given(finalBudget()).when(topUp("1.00", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        given(finalBudget()).when(topUp("1.00", START.minusDays(1))).refuses("DATE_BEFORE_START");
        given(List.of(requested())).when(topUp("1.00", REQUESTED.minusDays(1))).refuses("DATE_BEFORE_START");
    }

    @Test
    void soManyTopUpsAndNoMore() {
        List<BudgetEvent> events = new ArrayList<>(finalBudget());
        IntStream.range(0, BudgetRules.MOST_OF_A_KIND)
                .forEach(i ->
                        events.add(new TopUpAgreed("T" + i, TopUpSource.PARENT_TOP_UP, money("1.00"), TEXT, TODAY)));
        given(events).when(topUp("1.00", TODAY)).refuses("LIMIT_REACHED");
    }

    // ── consent ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aConsentCanBeRecordedAlsoBeforeTheBudgetIsFinal() {
        given(finalBudget()).when(consents("C", RecipientType.PARENT, START)).records(consent());
        given(List.of(requested()))
                .when(consents("C", RecipientType.PARENT, START))
                .records(consent());
    }

    @Test
    void aConsentIsRefusedWhenIdDayOrRecipientAreWrong() {
        given(finalBudget(consent()))
                .when(consents("C", RecipientType.PARENT, START))
                .refuses("ID_ALREADY_USED");
        given(finalBudget())
                .when(consents("C", RecipientType.PARENT, TODAY.plusDays(1)))
                .refuses("DATE_IN_FUTURE");
        given(finalBudget())
                .when(consents("C", RecipientType.YOUNG_PERSON, TODAY))
                .refuses("RECIPIENT_NOT_PERMITTED");
    }

    @Test
    void soManyConsentsAndNoMore() {
        List<BudgetEvent> events = new ArrayList<>(finalBudget());
        IntStream.range(0, BudgetRules.MOST_OF_A_KIND)
                .forEach(i -> events.add(new ConsentRecorded("C" + i, RecipientType.PARENT, TEXT, "key", START, null)));
        given(events).when(consents("C", RecipientType.PARENT, START)).refuses("LIMIT_REACHED");
    }

    @Test
    void aConsentCanBeWithdrawnOnce() {
        ConsentWithdrawn withdrawn = new ConsentWithdrawn("C", TODAY);
        given(finalBudget(consent())).when(withdraw("C", TODAY)).records(withdrawn);
        given(finalBudget(consent(), withdrawn)).when(withdraw("C", TODAY)).refuses("CONSENT_ALREADY_WITHDRAWN");
        given(finalBudget(consent())).when(withdraw("D", TODAY)).refuses("CONSENT_NOT_FOUND");
    }

    @Test
    void aWithdrawalLiesBetweenTheConsentAndToday() {
        given(finalBudget(consent())).when(withdraw("C", START)).records(new ConsentWithdrawn("C", START));
        given(finalBudget(consent())).when(withdraw("C", START.minusDays(1))).refuses("DATE_BEFORE_START");
        given(finalBudget(consent())).when(withdraw("C", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
    }

    // ── end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aBudgetCanBeEndedAlsoInTheFuture() {
        given(finalBudget()).when(end(JUNE)).records(ENDS_IN_JUNE);
        given(finalBudget()).when(end(REQUESTED.minusDays(1))).refuses("DATE_BEFORE_START");
    }

    @Test
    void aBudgetEndsOnce() {
        given(finalBudget(ENDS_IN_JUNE)).when(end(TODAY)).refuses("BUDGET_ENDED");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void nothingChangesFromTheDayOfTheEndOn(LedgerCommand change) {
        given(finalBudget(consent(), ENDED_TODAY)).when(change).refuses("BUDGET_ENDED");
    }

    @Test
    void untilTheDayOfTheEndItCanBeChanged() {
        given(finalBudget(ENDS_IN_JUNE))
                .when(topUp("1.00", TODAY))
                .records(new TopUpAgreed("T", TopUpSource.PARENT_TOP_UP, money("1.00"), TEXT, TODAY));
    }

    @Test
    void aRefusedBudgetIsNeitherEndedNorChanged() {
        List<BudgetEvent> refused = List.of(requested(), new BudgetRefused(TEXT, null, START));
        given(refused).when(end(TODAY)).refuses("BUDGET_REFUSED");
        given(refused).when(topUp("1.00", TODAY)).refuses("BUDGET_REFUSED");
        given(refused).when(consents("C", RecipientType.PARENT, START)).refuses("BUDGET_REFUSED");
        given(refused).when(new EndByDeath("B", TODAY)).recordsNothing();
    }

    static Stream<LedgerCommand> changes() {
        return Stream.of(
                revise("care", "700.00", JUNE, null, null),
                topUp("1.00", TODAY),
                consents("D", RecipientType.PARENT, TODAY),
                withdraw("C", TODAY),
                end(TODAY));
    }

    @Test
    void deathEndsABudgetAndACorrectedDateCorrectsTheEnd() {
        BudgetEnded died = BudgetEnded.byDeath(TODAY);
        given(finalBudget()).when(new EndByDeath("B", TODAY)).records(died);
        given(finalBudget(died)).when(new EndByDeath("B", TODAY)).recordsNothing();
        given(finalBudget(died)).when(new EndByDeath("B", JUNE)).records(BudgetEnded.byDeath(JUNE));
        given(finalBudget(died)).when(new EndByDeath("B", START)).records(BudgetEnded.byDeath(START));
    }

    @Test
    void deathEndsABudgetThatWasToEndLaterButNoneThatHadEnded() {
        given(finalBudget(ENDS_IN_JUNE)).when(new EndByDeath("B", TODAY)).records(BudgetEnded.byDeath(TODAY));
        given(finalBudget(ENDED_TODAY)).when(new EndByDeath("B", JUNE)).recordsNothing();
    }

    private static ReviseLine revise(String line, String amount, LocalDate from, Sealed reasons, LocalDate notice) {
        return new ReviseLine("B", line, money(amount), from, reasons, notice, TODAY);
    }

    private static AgreeTopUp topUp(String amount, LocalDate on) {
        return new AgreeTopUp("B", "T", TopUpSource.PARENT_TOP_UP, money(amount), TEXT, on, TODAY);
    }

    private static RecordConsent consents(String id, RecipientType type, LocalDate on) {
        return new RecordConsent("B", id, type, TEXT, "key", on, null, BORN, TODAY);
    }

    private static WithdrawConsent withdraw(String id, LocalDate on) {
        return new WithdrawConsent("B", id, on, TODAY);
    }

    private static EndBudget end(LocalDate on) {
        return new EndBudget("B", on, "MOVED_AWAY", TODAY);
    }
}
