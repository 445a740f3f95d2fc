package uk.directpayments.ledger.account;

import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.SOCIAL_CARE_CHILD;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.AccountCommand.CarryAllocation;
import uk.directpayments.ledger.account.AccountCommand.IssuePayment;
import uk.directpayments.ledger.account.AccountCommand.ReleaseLine;
import uk.directpayments.ledger.account.AccountCommand.ReturnPayment;
import uk.directpayments.ledger.account.AccountCommand.ScheduleInstalments;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LineRefunded;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.support.Fixtures;

/** The council pays: what it may not do is refused. Rulebook 7.2, 7.10 number 3, 7.12. */
class PaymentTest {

    private static final InstalmentsScheduled MONTHLY = ScheduleRules.schedule(
            state(opened(terms(care("8000.00")))),
            new ScheduleInstalments(ACCOUNT, "S-1", "care", Frequency.MONTHLY, FROM, null, Money.ZERO, TODAY));

    private final Fixtures<PaymentAccount> account = account(care("8000.00"));

    @Test
    void nothingIsPaidWhilePaymentsAreOnHold() {
        account.when(new IssuePayment(ACCOUNT, "PAY-1", "care", null, pounds("20.00"), Money.ZERO, TODAY, true, false))
                .refuses("PAYMENTS_ON_HOLD");
    }

    @Test
    void aPaymentUsesTheAllocationByItsGrossAmountAndPaysTheNet() {
        account.when(pay("PAY-1", "care", null, pounds("620.00"), pounds("20.50"), TODAY))
                .records(new PaymentIssued(
                        "PAY-1",
                        "care",
                        SOCIAL_CARE_CHILD,
                        null,
                        pounds("620.00"),
                        pounds("20.50"),
                        pounds("599.50"),
                        TODAY))
                .occurredOn(TODAY);
    }

    @Test
    void aLineIsPaidToThePennyAndNotAPennyMore() {
        account.when(pay("PAY-1", "8000.00", FROM)).records(paid("PAY-1", "8000.00", FROM));
        account.when(pay("PAY-1", "8000.01", FROM)).refuses("EXCEEDS_ALLOCATION");
        var almost = account.given(paid("PAY-1", "7999.99", FROM));
        almost.when(pay("PAY-2", "0.01", TO)).records(paid("PAY-2", "0.01", TO));
        almost.when(pay("PAY-2", "0.02", TO)).refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void theGrossAmountCountsAgainstTheAllocationThoughTheNetWouldFit() {
        account.when(pay("PAY-1", "care", null, pounds("8000.01"), pounds("100.00"), TODAY))
                .refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void aLaterYearIsPayableFromItsFirstDay() {
        var twoYears = account(line("care", SOCIAL_CARE_CHILD, FROM, TO.plusYears(1), "8000.00"))
                .given(paid("PAY-1", "8000.00", FROM));
        twoYears.when(pay("PAY-2", "0.01", TO)).refuses("EXCEEDS_ALLOCATION");
        twoYears.when(pay("PAY-2", "8000.00", TO.plusDays(1))).records(paid("PAY-2", "8000.00", TO.plusDays(1)));
    }

    @Test
    void aReducedLinePaysNothingMoreOnceItIsUsedUpAndWhatWasPaidStays() {
        Terms reduced = terms(2, care("5000.00"));
        var overpaid = account.given(paid("PAY-1", "6000.00", FROM), new AllocationCarried(reduced));
        overpaid.when(pay("PAY-2", "0.01", TODAY)).refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void nothingIsNotPaid() {
        account.when(pay("PAY-1", "0.00", TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        account.when(pay("PAY-1", "care", null, pounds("20.00"), pounds("20.00"), TODAY))
                .refuses("NOTHING_TO_PAY");
        account.when(pay("PAY-1", "care", null, pounds("20.00"), pounds("20.01"), TODAY))
                .refuses("NOTHING_TO_PAY");
    }

    @Test
    void aPaymentIdIsUsedOnceEvenIfThePaymentCameBack() {
        var paid = paid("PAY-1", "10.00", FROM);
        account.given(paid).when(pay("PAY-1", "10.00", TODAY)).refuses("ID_ALREADY_USED");
        account.given(paid, returned(paid, TODAY))
                .when(pay("PAY-1", "10.00", TODAY))
                .refuses("ID_ALREADY_USED");
    }

    @Test
    void onlyAPayableLineOfTheBudgetIsPaid() {
        account().when(pay("PAY-1", "10.00", TODAY)).refuses("LINE_NOT_FOUND");
        account(councilManaged(care("8000.00")))
                .when(pay("PAY-1", "10.00", TODAY))
                .refuses("LINE_NOT_PAYABLE");
    }

    @Test
    void aPaymentMayFallOnAnyDayOfTheBudgetAndNoOther() {
        account.when(pay("PAY-1", "10.00", FROM)).records(paid("PAY-1", "10.00", FROM));
        account.when(pay("PAY-1", "10.00", TO)).records(paid("PAY-1", "10.00", TO));
        account.when(pay("PAY-1", "10.00", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
        account.when(pay("PAY-1", "10.00", TO.plusDays(1))).refuses("BUDGET_ENDED");
        account(line("care", SOCIAL_CARE_CHILD, TODAY, TO, "8000.00"))
                .when(pay("PAY-1", "10.00", TODAY.minusDays(1)))
                .refuses("DATE_BEFORE_START");
    }

    @Test
    void aBudgetThatEndedIsPaidUpToItsLastDay() {
        var ended = account(new Terms(1, TODAY, FROM, null, null, List.of(care("8000.00"))));
        ended.when(pay("PAY-1", "10.00", TODAY)).records(paid("PAY-1", "10.00", TODAY));
        ended.when(pay("PAY-1", "10.00", TODAY.plusDays(1))).refuses("BUDGET_ENDED");
    }

    @Test
    void afterADeathNothingIsPaidUntilTheDateIsCorrected() {
        var dead = account.given(new DeathNoted(TODAY));
        dead.when(pay("PAY-1", "10.00", TODAY)).records(paid("PAY-1", "10.00", TODAY));
        dead.when(pay("PAY-1", "10.00", TODAY.plusDays(1))).refuses("BUDGET_ENDED");
        dead.given(new DeathNoted(TODAY.plusDays(1)))
                .when(pay("PAY-1", "10.00", TODAY.plusDays(1)))
                .records(paid("PAY-1", "10.00", TODAY.plusDays(1)));
    }

    @Test
    void withoutConsentOnTheDayNothingIsPaid() {
        Terms.Line line = care("8000.00");
        account(new Terms(1, null, null, null, null, List.of(line)))
                .when(pay("PAY-1", "10.00", TODAY))
                .refuses("CONSENT_REQUIRED");
        var later = account(new Terms(1, null, TODAY, null, null, List.of(line)));
        later.when(pay("PAY-1", "10.00", TODAY.minusDays(1))).refuses("CONSENT_REQUIRED");
        later.when(pay("PAY-1", "10.00", TODAY)).records(paid("PAY-1", "10.00", TODAY));
        var withdrawn = account(new Terms(1, null, FROM, TODAY, null, List.of(line)));
        withdrawn.when(pay("PAY-1", "10.00", TODAY)).records(paid("PAY-1", "10.00", TODAY));
        withdrawn.when(pay("PAY-1", "10.00", TODAY.plusDays(1))).refuses("CONSENT_REQUIRED");
    }

    @Test
    void betweenTwoConsentsNothingIsPaid() {
        var gap = new Terms.Gap(TODAY.minusDays(2), TODAY);
        var again = account(new Terms(1, null, FROM, null, List.of(gap), List.of(care("8000.00"))));
        again.when(pay("PAY-1", "10.00", TODAY.minusDays(3))).records(paid("PAY-1", "10.00", TODAY.minusDays(3)));
        again.when(pay("PAY-1", "10.00", TODAY.minusDays(2))).refuses("CONSENT_REQUIRED");
        again.when(pay("PAY-1", "10.00", TODAY)).refuses("CONSENT_REQUIRED");
        again.when(pay("PAY-1", "10.00", TODAY.plusDays(1))).records(paid("PAY-1", "10.00", TODAY.plusDays(1)));
    }

    @Test
    void nothingIsPaidOnADayOfASuspension() {
        var suspended = account.given(new AccountSuspended(TODAY, "HOSPITAL", REASON));
        suspended.when(pay("PAY-1", "10.00", TODAY.minusDays(1))).records(paid("PAY-1", "10.00", TODAY.minusDays(1)));
        suspended.when(pay("PAY-1", "10.00", TODAY)).refuses("ACCOUNT_SUSPENDED");
        var resumed = suspended.given(new AccountResumed(TODAY.plusDays(10)));
        resumed.when(pay("PAY-1", "10.00", TODAY.plusDays(9))).refuses("ACCOUNT_SUSPENDED");
        resumed.when(pay("PAY-1", "10.00", TODAY.plusDays(10))).records(paid("PAY-1", "10.00", TODAY.plusDays(10)));
    }

    @Test
    void aClosedAccountIsNotPaid() {
        account.given(new AccountClosed(TODAY, Map.of()))
                .when(pay("PAY-1", "10.00", TODAY))
                .refuses("ACCOUNT_CLOSED");
    }

    @Test
    void anInstalmentIsPaidOnceUnlessItCameBack() {
        var scheduled = account.given(MONTHLY);
        var first = payInstalment("PAY-1", "S-1.1");
        scheduled.when(first).records(paidInstalment("PAY-1", "S-1.1"));
        var paid = scheduled.given(paidInstalment("PAY-1", "S-1.1"));
        paid.when(payInstalment("PAY-2", "S-1.1")).refuses("ALREADY_PAID");
        paid.when(payInstalment("PAY-2", "S-1.2")).records(paidInstalment("PAY-2", "S-1.2"));
        paid.given(returned(paidInstalment("PAY-1", "S-1.1"), TODAY))
                .when(payInstalment("PAY-2", "S-1.1"))
                .records(paidInstalment("PAY-2", "S-1.1"));
    }

    @Test
    void anInstalmentThatARunSelectedIsPaidOnlyAsLongAsItIsWorthThat() {
        var scheduled = account.given(MONTHLY);
        scheduled.when(select("666.67", "0")).records(paidInstalment("PAY-1", "S-1.1"));
        scheduled.when(select("666.66", "0")).refuses("CALCULATION_STALE");
        scheduled.when(select("666.68", "0")).refuses("CALCULATION_STALE");
        scheduled.when(select("666.67", "0.01")).refuses("CALCULATION_STALE");
        scheduled
                .given(paidInstalment("PAY-0", "S-1.1"))
                .when(select("666.66", "0"))
                .refuses("ALREADY_PAID");
    }

    /** Rulebook 4.8: what the client was assessed to pay is the client's, whoever pays the instalment. */
    @ParameterizedTest
    @CsvSource({"650.00, , 50.00", "325.00, , 25.00", "700.00, , 50.00", "650.00, 0.00, 0.00"})
    void anInstalmentThatIsPaidByHandIsPaidLessItsContribution(String amount, String given, String contribution) {
        var first = new AccountEvent.Instalment("S-1.1", 1, FROM, pounds("650.00"), pounds("50.00"), null, null);
        Money gross = pounds(amount);
        Money clients = pounds(contribution);
        account.given(new InstalmentsScheduled("S-1", "care", Frequency.MONTHLY, List.of(first), clients, FROM))
                .when(pay("PAY-1", "care", "S-1.1", gross, given == null ? null : pounds(given), TODAY))
                .records(new PaymentIssued(
                        "PAY-1", "care", SOCIAL_CARE_CHILD, "S-1.1", gross, clients, gross.minus(clients), TODAY));
    }

    private static IssuePayment select(String amount, String contribution) {
        return new IssuePayment(
                ACCOUNT, "PAY-1", "care", "S-1.1", pounds(amount), pounds(contribution), TODAY, false, true);
    }

    @Test
    void anInstalmentMustBeOfTheLineAndOfThisAccount() {
        account.when(payInstalment("PAY-1", "S-1.1")).refuses("INSTALMENT_NOT_FOUND");
        var two = account(care("8000.00"), line("play", SOCIAL_CARE_CHILD, "500.00"))
                .given(MONTHLY);
        two.when(pay("PAY-1", "play", "S-1.1", pounds("10.00"), Money.ZERO, TODAY))
                .refuses("INSTALMENT_NOT_FOUND");
    }

    @Test
    void whatAnotherAccountPaidIsNotPaidAgain() {
        var second = account(paidThrough(ACCOUNT, care("8000.00"), "7900.00"));
        second.when(pay("PAY-1", "100.00", TODAY)).records(paid("PAY-1", "100.00", TODAY));
        second.when(pay("PAY-1", "100.01", TODAY)).refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void aLineIsPaidThroughOneAccountAtATime() {
        account(paidThrough("ACC-2", care("8000.00"), "0"))
                .when(pay("PAY-1", "10.00", TODAY))
                .refuses(AccountRules.LINE_ROUTED_ELSEWHERE);
    }

    // ── a line leaves and comes back ─────────────────────────────────────────────────────────────────────────────

    @Test
    void aLineIsReleasedWithWhatWasPaidOnIt() {
        var paid = paid("PAY-2", "50.00", FROM);
        account.given(paid("PAY-1", "100.00", FROM), paid, returned(paid, TODAY))
                .when(new ReleaseLine(ACCOUNT, "care", TODAY))
                .records(new LineReleased("care", pounds("100.00")))
                .occurredOn(TODAY);
        account.when(new ReleaseLine(ACCOUNT, "care", TODAY)).records(new LineReleased("care", Money.ZERO));
    }

    @Test
    void aReleasedLineIsNotPaidHereThoughTheBudgetHasNotSpokenYet() {
        account.given(paid("PAY-1", "8000.00", FROM), new LineReleased("care", pounds("8000.00")))
                .when(pay("PAY-2", "0.01", TODAY))
                .refuses("EXCEEDS_ALLOCATION");
        account.given(new LineReleased("care", Money.ZERO))
                .when(pay("PAY-2", "0.01", TODAY))
                .refuses(AccountRules.LINE_ROUTED_ELSEWHERE);
    }

    @Test
    void aLineThatComesBackRemembersWhatWasPaidByEveryAccountBefore() {
        var back = account.given(
                paid("PAY-1", "3000.00", FROM),
                new LineReleased("care", pounds("3000.00")),
                new AllocationCarried(terms(2, paidThrough("ACC-2", care("8000.00"), "3000.00"))),
                new AllocationCarried(terms(3, paidThrough(ACCOUNT, care("8000.00"), "7000.00"))));
        back.when(pay("PAY-2", "1000.00", TODAY)).records(paid("PAY-2", "1000.00", TODAY));
        back.when(pay("PAY-2", "1000.01", TODAY)).refuses("EXCEEDS_ALLOCATION");
        back.given(paid("PAY-2", "400.00", TODAY))
                .when(new ReleaseLine(ACCOUNT, "care", TODAY))
                .records(new LineReleased("care", pounds("400.00")));
    }

    @Test
    void aPaymentFromBeforeTheLineLeftFreesTheAllocationWhenItComesBack() {
        var old = paid("PAY-1", "3000.00", FROM);
        var back = account.given(
                old,
                new LineReleased("care", pounds("3000.00")),
                new AllocationCarried(terms(2, paidThrough(ACCOUNT, care("8000.00"), "3000.00"))),
                returned(old, TODAY));
        back.when(pay("PAY-2", "8000.00", TODAY)).records(paid("PAY-2", "8000.00", TODAY));
        back.when(pay("PAY-2", "8000.01", TODAY)).refuses("EXCEEDS_ALLOCATION");
    }

    // ── what the budget says ─────────────────────────────────────────────────────────────────────────────────────

    @Test
    void newerTermsAreCarriedAndOlderOrTheSameAreIgnored() {
        var atFive = account(terms(5, care("8000.00")));
        Terms newer = terms(6, care("9000.00"));
        atFive.when(new CarryAllocation(ACCOUNT, newer, TODAY))
                .records(new AllocationCarried(newer))
                .occurredOn(TODAY);
        atFive.when(new CarryAllocation(ACCOUNT, terms(5, care("9000.00")), TODAY))
                .recordsNothing();
        atFive.when(new CarryAllocation(ACCOUNT, terms(4, care("9000.00")), TODAY))
                .recordsNothing();
        atFive.given(new AllocationCarried(newer))
                .when(pay("PAY-1", "9000.00", TODAY))
                .records(paid("PAY-1", "9000.00", TODAY));
    }

    // ── a payment comes back ─────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aReturnTakesBackExactlyWhatWasPaid() {
        var net = new PaymentIssued(
                "PAY-1", "care", SOCIAL_CARE_CHILD, "S-1.1", pounds("666.67"), pounds("6.67"), pounds("660.00"), FROM);
        account.given(MONTHLY, net)
                .when(giveBack("PAY-1", FROM))
                .records(returned(net, FROM))
                .occurredOn(FROM);
    }

    @Test
    void aReturnFreesTheAllocation() {
        var all = paid("PAY-1", "8000.00", FROM);
        account.given(all, returned(all, TODAY))
                .when(pay("PAY-2", "8000.00", TODAY))
                .records(paid("PAY-2", "8000.00", TODAY));
    }

    @Test
    void aPaymentComesBackOnceAfterItWasMadeAndNotInTheFuture() {
        var paid = paid("PAY-1", "10.00", FROM.plusDays(5));
        account.when(giveBack("PAY-1", TODAY)).refuses("PAYMENT_NOT_FOUND");
        account.given(paid, returned(paid, TODAY))
                .when(giveBack("PAY-1", TODAY))
                .refuses("ALREADY_RETURNED");
        account.given(paid).when(giveBack("PAY-1", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        account.given(paid).when(giveBack("PAY-1", FROM.plusDays(4))).refuses("DATE_BEFORE_START");
    }

    @Test
    void aReturnIsAFactAndIsRecordedAfterClosureTooAndTheBudgetHearsOfIt() {
        var paid = paid("PAY-1", "10.00", FROM);
        account.given(paid, new AccountClosed(TODAY, Map.of("care", pounds("10.00"))))
                .when(giveBack("PAY-1", TODAY))
                .records(returned(paid, TODAY), new LineRefunded("care", pounds("10.00")));
    }

    @Test
    void whatComesBackOnALineThatWasLetGoOfIsTheBudgetsToCount() {
        var paid = paid("PAY-1", "3000.00", FROM);
        var released = account.given(paid, new LineReleased("care", pounds("3000.00")));
        var refunded = new LineRefunded("care", pounds("3000.00"));
        released.when(giveBack("PAY-1", TODAY)).records(returned(paid, TODAY), refunded);
        var back = released.given(
                returned(paid, TODAY),
                refunded,
                new AllocationCarried(terms(2, paidThrough(ACCOUNT, care("8000.00"), "0.00"))));
        back.when(pay("PAY-2", "8000.00", TODAY)).records(paid("PAY-2", "8000.00", TODAY));
        back.when(pay("PAY-2", "8000.01", TODAY)).refuses("EXCEEDS_ALLOCATION");
        back.when(new ReleaseLine(ACCOUNT, "care", TODAY)).records(new LineReleased("care", Money.ZERO));
    }

    private static ReturnPayment giveBack(String paymentId, LocalDate on) {
        return new ReturnPayment(ACCOUNT, paymentId, on, "BAD_ACCOUNT", TODAY);
    }

    private static IssuePayment payInstalment(String paymentId, String instalmentId) {
        return pay(paymentId, "care", instalmentId, pounds("666.67"), Money.ZERO, TODAY);
    }

    private static PaymentIssued paidInstalment(String paymentId, String instalmentId) {
        return new PaymentIssued(
                paymentId,
                "care",
                SOCIAL_CARE_CHILD,
                instalmentId,
                pounds("666.67"),
                Money.ZERO,
                pounds("666.67"),
                TODAY);
    }
}
