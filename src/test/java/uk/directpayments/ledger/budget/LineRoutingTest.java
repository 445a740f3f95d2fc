package uk.directpayments.ledger.budget;

import static uk.directpayments.ledger.budget.Examples.TODAY;
import static uk.directpayments.ledger.budget.Examples.approved;
import static uk.directpayments.ledger.budget.Examples.finalBudget;
import static uk.directpayments.ledger.budget.Examples.finalised;
import static uk.directpayments.ledger.budget.Examples.indicative;
import static uk.directpayments.ledger.budget.Examples.money;
import static uk.directpayments.ledger.budget.Examples.requested;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.budget.BudgetCommand.AttachAccount;
import uk.directpayments.ledger.budget.BudgetCommand.DetachAccount;
import uk.directpayments.ledger.budget.BudgetCommand.FinaliseBudget;
import uk.directpayments.ledger.budget.BudgetCommand.HandOverLine;
import uk.directpayments.ledger.budget.BudgetCommand.ReducePaidBefore;
import uk.directpayments.ledger.budget.BudgetCommand.RouteLine;
import uk.directpayments.ledger.budget.BudgetEvent.AccountAttached;
import uk.directpayments.ledger.budget.BudgetEvent.AccountDetached;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouteRequested;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouted;
import uk.directpayments.ledger.budget.BudgetEvent.PaidBeforeReduced;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.support.Fixtures;

/** Through which account a line is paid: through one at a time. */
class LineRoutingTest {

    private static final AccountAttached FIRST = new AccountAttached("A1");
    private static final AccountAttached SECOND = new AccountAttached("A2");
    private static final LineRouted CARE = new LineRouted("care", "A1", Money.ZERO);
    private static final LineRouted CLUB = new LineRouted("club", "A1", Money.ZERO);
    private static final LineRouteRequested MOVING = new LineRouteRequested("care", "A1", "A2");

    private static Fixtures<Budget> given(List<BudgetEvent> events) {
        return Fixtures.of(Budget.class).given(events.toArray());
    }

    /** Both paying lines go through the first account; a second one is open. */
    private static Fixtures<Budget> routed(BudgetEvent... more) {
        return given(finalBudget(FIRST, CARE, CLUB, SECOND)).given((Object[]) more);
    }

    @Test
    void theFirstAccountPaysEveryLineThatPays() {
        given(finalBudget()).when(new AttachAccount("B", "A1", TODAY)).records(FIRST, CARE, CLUB);
    }

    @Test
    void aFurtherAccountPaysNothingYet() {
        given(finalBudget(FIRST, CARE, CLUB))
                .when(new AttachAccount("B", "A2", TODAY))
                .records(SECOND);
    }

    @Test
    void anAccountIsAttachedOnce() {
        routed().when(new AttachAccount("B", "A1", TODAY)).recordsNothing();
    }

    @Test
    void anAccountOpenedBeforeTheBudgetWasFinalPaysItsLinesThen() {
        given(List.of(requested(), indicative(), approved(), FIRST, SECOND))
                .when(new FinaliseBudget("B", Examples.START, Examples.END, money("1000.00"), Examples.lines(), TODAY))
                .records(finalised(), CARE, CLUB);
    }

    @Test
    void theLinesOfAClosedAccountGoToTheNextWithWhatWasPaid() {
        Map<String, Money> paid = Map.of("care", money("150.00"), "other", money("1.00"));
        routed().when(new DetachAccount("B", "A1", paid, TODAY))
                .records(
                        new AccountDetached("A1", Map.of("care", money("150.00"))),
                        new LineRouted("care", "A2", money("150.00")),
                        new LineRouted("club", "A2", Money.ZERO));
    }

    @Test
    void withoutAnotherAccountTheLinesWaitForTheNextOne() {
        AccountDetached closed = new AccountDetached("A1", Map.of("care", money("150.00")));
        given(finalBudget(FIRST, CARE, CLUB))
                .when(new DetachAccount("B", "A1", Map.of("care", money("150.00")), TODAY))
                .records(closed);
        given(finalBudget(FIRST, CARE, CLUB, closed))
                .when(new AttachAccount("B", "A2", TODAY))
                .records(
                        SECOND,
                        new LineRouted("care", "A2", money("150.00")),
                        new LineRouted("club", "A2", Money.ZERO));
    }

    @Test
    void whatWasPaidThroughSeveralAccountsAddsUp() {
        given(finalBudget(
                        FIRST,
                        CARE,
                        CLUB,
                        SECOND,
                        new AccountDetached("A1", Map.of("care", money("150.00"))),
                        new LineRouted("care", "A2", money("150.00")),
                        new LineRouted("club", "A2", Money.ZERO),
                        new AccountAttached("A3")))
                .when(new DetachAccount("B", "A2", Map.of("care", money("50.00")), TODAY))
                .records(
                        new AccountDetached("A2", Map.of("care", money("50.00"))),
                        new LineRouted("care", "A3", money("200.00")),
                        new LineRouted("club", "A3", Money.ZERO));
    }

    @Test
    void whatCameBackToAnAccountThatIsClosedCountsNoLonger() {
        AccountDetached closed = new AccountDetached("A1", Map.of("care", money("150.00")));
        ReducePaidBefore reduce = new ReducePaidBefore("B", "care", "A1", money("50.00"), TODAY);
        PaidBeforeReduced reduced = new PaidBeforeReduced("care", "A1", money("50.00"));
        given(finalBudget(FIRST, CARE, CLUB, closed)).when(reduce).records(reduced);
        given(finalBudget(FIRST, CARE, CLUB, closed, reduced))
                .when(new AttachAccount("B", "A2", TODAY))
                .records(
                        SECOND,
                        new LineRouted("care", "A2", money("100.00")),
                        new LineRouted("club", "A2", Money.ZERO));
        given(finalBudget(FIRST, CARE, CLUB))
                .when(new ReducePaidBefore("B", "none", "A1", money("50.00"), TODAY))
                .refuses("LINE_NOT_FOUND");
    }

    @Test
    void whatCameBackDoesNotStopALineThatIsMoving() {
        routed(MOVING, new PaidBeforeReduced("care", "A0", money("50.00")))
                .when(new HandOverLine("B", "care", "A1", money("80.00"), TODAY))
                .records(new LineRouted("care", "A2", money("30.00")));
    }

    @Test
    void anAccountThatIsNotAttachedIsNotDetached() {
        given(finalBudget()).when(new DetachAccount("B", "A1", Map.of(), TODAY)).recordsNothing();
    }

    @Test
    void aLineMovesOnlyOnceItsAccountHasLetGoOfIt() {
        routed().when(route("care", "A2", "A1", false)).records(MOVING);
        routed(MOVING)
                .when(new HandOverLine("B", "care", "A1", money("0.00"), TODAY))
                .records(new LineRouted("care", "A2", Money.ZERO));
    }

    @Test
    void whatTheAccountPaidUntilItLetGoIsCounted() {
        routed(MOVING)
                .when(new HandOverLine("B", "care", "A1", money("20.00"), TODAY))
                .records(new LineRouted("care", "A2", money("20.00")));
    }

    @Test
    void aLineThatHasMovedIsNotHandedOverAgain() {
        routed(MOVING, new LineRouted("care", "A2", money("20.00")))
                .when(new HandOverLine("B", "care", "A1", money("20.00"), TODAY))
                .recordsNothing();
        routed(MOVING, new LineRouted("care", "A2", money("20.00")))
                .when(new HandOverLine("B", "gone", "A1", money("20.00"), TODAY))
                .recordsNothing();
    }

    @Test
    void shouldTheOtherAccountCloseMeanwhileTheLineStays() {
        routed(MOVING, new AccountDetached("A2", Map.of()))
                .when(new HandOverLine("B", "care", "A1", money("20.00"), TODAY))
                .records(new LineRouted("care", "A1", Money.ZERO));
    }

    @Test
    void toAskAgainChangesNothing() {
        routed().when(route("care", "A1", "A1", true)).recordsNothing();
        routed(MOVING).when(route("care", "A2", "A1", false)).recordsNothing();
    }

    @Test
    void aLineThatNoAccountPaysIsRoutedAtOnce() {
        given(finalBudget(FIRST)).when(route("care", "A1", null, false)).records(CARE);
    }

    @Test
    void anAccountThatHasUsedALineKeepsItUntilItIsClosed() {
        routed().when(route("care", "A2", "A1", true)).refuses("LINE_NOT_PAYABLE");
    }

    @Test
    void whatPaysNothingOrIsNotAttachedIsRefused() {
        routed().when(route("respite", "A2", null, false)).refuses("LINE_NOT_PAYABLE");
        routed().when(route("care", "A9", "A1", false)).refuses("LINE_NOT_PAYABLE");
        routed().when(route("none", "A2", null, false)).refuses("LINE_NOT_FOUND");
    }

    @Test
    void aDecisionOnAStaleFactIsAskedAgain() {
        routed().when(route("care", "A2", null, false)).refuses("BUSY");
    }

    private static RouteLine route(String line, String account, String present, boolean used) {
        return new RouteLine("B", line, account, present, used, TODAY);
    }
}
