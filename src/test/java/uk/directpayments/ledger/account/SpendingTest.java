package uk.directpayments.ledger.account;

import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.*;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import uk.directpayments.ledger.account.AccountCommand.RecordExpenditure;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

/** Spending is a fact: recorded, whatever one may think of it, and shared to the penny. Rulebook 4.12, 7.11. */
class SpendingTest {

    private static final Terms.Line EDUCATION = line("education", EDUCATION_HIGH_NEEDS, "4000.00");
    private static final Terms.Line HEALTH = line("health", NHS_CONTINUING_CARE, "5000.00");
    private static final Terms.Line TRAVEL = line("travel", PERSONAL_TRAVEL, "1000.00");
    private static final RecordExpenditure TEN = spend("E-1", "10.00", TODAY);

    private final Fixtures<PaymentAccount> account = account(care("8000.00"));

    @Test
    void everythingThatIsKnownIsRecorded() {
        var c = new RecordExpenditure(
                ACCOUNT,
                "E-1",
                pounds("12.30"),
                FROM,
                PAYEE,
                "payee-key",
                "cash",
                "6011",
                SpendType.CASH,
                pounds("2.00"),
                "REF-1",
                "care",
                "ST-1",
                new Sealed("d29yZHM"),
                "agency",
                POLICY,
                TODAY);
        account.when(c).records(spent(c, care(pounds("12.30")))).occurredOn(FROM);
    }

    @Test
    void overspendingStaysOnTheLines() {
        var c = spend("E-1", "100.00", TODAY);
        account.when(c).records(spent(c, care(pounds("100.00"))));
        account.given(paid("PAY-1", "30.00", FROM)).when(c).records(spent(c, care(pounds("100.00"))));
    }

    @Test
    void spendingIsRecordedAfterSuspensionDeathClosureAndTheEndOfTheBudget() {
        var recorded = spent(TEN, care(pounds("10.00")));
        account.given(new AccountSuspended(FROM, "MISSING_RETURNS", REASON))
                .when(TEN)
                .records(recorded);
        account.given(new DeathNoted(FROM)).when(TEN).records(recorded);
        account.given(new AccountClosed(FROM, Map.of())).when(TEN).records(recorded);
        account(new Terms(1, FROM, FROM, FROM, null, List.of(care("8000.00"))))
                .when(TEN)
                .records(recorded);
        account(line("care", SOCIAL_CARE_CHILD, FROM, FROM.plusDays(1), "8000.00"))
                .when(TEN)
                .records(recorded);
    }

    @Test
    void nothingIsNoExpenditure() {
        account.when(spend("E-1", "0.00", TODAY)).refuses("AMOUNT_ZERO");
    }

    @Test
    void spendingLiesBetweenTheOpeningAndToday() {
        account.when(spend("E-1", "10.00", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        account.when(spend("E-1", "10.00", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
        account.when(spend("E-1", "10.00", FROM)).records(spent(spend("E-1", "10.00", FROM), care(pounds("10.00"))));
    }

    @Test
    void anIdAndABanksReferenceAreRecordedOnce() {
        var c = spend("E-1", "10.00", TODAY, null, "REF-1");
        var once = account.given(spent(c, care(pounds("10.00"))));
        once.when(spend("E-1", "11.00", TODAY)).refuses("DUPLICATE_TRANSACTION");
        once.when(spend("E-2", "10.00", TODAY, null, "REF-1")).refuses("DUPLICATE_TRANSACTION");
        var other = spend("REF-1", "10.00", TODAY, null, "E-1");
        once.when(other).records(spent(other, care(pounds("10.00"))));
    }

    @Test
    void aNamedLineMustBeTheBudgets() {
        account.when(spend("E-1", "10.00", TODAY, "play", null)).refuses("LINE_NOT_FOUND");
    }

    // ── sharing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void severalSourcesShareProRataToTheAllocationInForce() {
        var c = spend("E-1", "590.25", TODAY);
        account(EDUCATION, HEALTH, TRAVEL)
                .when(c)
                .records(spent(
                        c,
                        share(EDUCATION_HIGH_NEEDS, "education", "236.10"),
                        share(NHS_CONTINUING_CARE, "health", "295.13"),
                        share(PERSONAL_TRAVEL, "travel", "59.02")));
    }

    @Test
    void aNamedLineTakesItAllWhateverItHolds() {
        var c = spend("E-1", "590.25", TODAY, "travel", null);
        account(EDUCATION, HEALTH, TRAVEL)
                .given(new TopUpReceived("T-1", COUNCIL_TOP_UP, pounds("1000.00"), FROM))
                .when(c)
                .records(spent(c, share(PERSONAL_TRAVEL, "travel", "590.25")));
    }

    @Test
    void linesOfOneSourceShareItsPartSoThatTheSourcesComeFirst() {
        var play = line("play", EDUCATION_HIGH_NEEDS, "1000.00");
        var c = spend("E-1", "0.05", TODAY);
        // Sources 5000:5000 share 3p and 2p; education's 3p go 4:1.
        account(EDUCATION, HEALTH, play)
                .when(c)
                .records(spent(
                        c,
                        share(EDUCATION_HIGH_NEEDS, "education", "0.02"),
                        share(EDUCATION_HIGH_NEEDS, "play", "0.01"),
                        share(NHS_CONTINUING_CARE, "health", "0.02")));
    }

    @Test
    void aPennyIsNotShared() {
        var c = spend("E-1", "0.01", TODAY);
        account(EDUCATION, HEALTH, TRAVEL).when(c).records(spent(c, share(NHS_CONTINUING_CARE, "health", "0.01")));
        account(TRAVEL, line("other", CARER, "1000.00"))
                .when(c)
                .records(spent(c, share(PERSONAL_TRAVEL, "travel", "0.01")));
    }

    @Test
    void theAllocationInForceOnTheDayWeighs() {
        var revised = line(
                "education",
                EDUCATION_HIGH_NEEDS,
                FROM,
                TO,
                new YearlyAmount(FROM, pounds("1000.00")),
                new YearlyAmount(TODAY, pounds("3000.00")));
        var before = spend("E-1", "4.00", TODAY.minusDays(1));
        account(revised, TRAVEL)
                .when(before)
                .records(spent(
                        before,
                        share(EDUCATION_HIGH_NEEDS, "education", "2.00"),
                        share(PERSONAL_TRAVEL, "travel", "2.00")));
        var after = spend("E-1", "4.00", TODAY);
        account(revised, TRAVEL)
                .when(after)
                .records(spent(
                        after,
                        share(EDUCATION_HIGH_NEEDS, "education", "3.00"),
                        share(PERSONAL_TRAVEL, "travel", "1.00")));
    }

    @Test
    void onlyLinesPaidThroughThisAccountAndInForceShare() {
        var ended = line("ended", CARER, FROM, TODAY.minusDays(1), "1000.00");
        var c = spend("E-1", "10.00", TODAY);
        account(EDUCATION, ended, paidThrough("ACC-2", HEALTH, "0"), councilManaged(TRAVEL))
                .when(c)
                .records(spent(c, share(EDUCATION_HIGH_NEEDS, "education", "10.00")));
    }

    @Test
    void aLineThatIsWorthNothingAnyMoreStillTakesItsSpending() {
        var stopped = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO,
                new YearlyAmount(FROM, pounds("1000.00")),
                new YearlyAmount(TODAY, Money.ZERO));
        account(stopped).when(TEN).records(spent(TEN, care(pounds("10.00"))));
    }

    @Test
    void whereNoLineIsPaidHereThePayableOnesShare() {
        account(paidThrough("ACC-2", EDUCATION, "0"), councilManaged(TRAVEL))
                .when(TEN)
                .records(spent(TEN, share(EDUCATION_HIGH_NEEDS, "education", "10.00")));
    }

    @ParameterizedTest
    @EnumSource(LegalBasis.class)
    void beforeAnyLineTheLawsUsualSourceIsSpent(LegalBasis basis) {
        var o = opened(terms());
        var opened = new AccountEvent.AccountOpened(
                o.accountId(),
                o.budgetId(),
                o.personId(),
                basis,
                o.type(),
                o.holderType(),
                null,
                true,
                null,
                null,
                o.openedOn(),
                o.terms(),
                o.termsAt());
        Fixtures.of(PaymentAccount.class)
                .given(opened)
                .when(TEN)
                .records(spent(TEN, share(basis.usualSource(), null, "10.00")));
    }

    @Test
    void theLinesMoneyIsSpentFirstThenTheCouncilsTopUpThenTheClientsThenTheFamilys() {
        var rich = account.given(
                paid("PAY-1", "10.00", FROM),
                new TopUpReceived("T-1", PARENT_TOP_UP, pounds("5.00"), FROM),
                new ContributionReceived("C-1", pounds("3.00"), FROM),
                new TopUpReceived("T-2", COUNCIL_TOP_UP, pounds("2.00"), FROM));
        shares(rich, "10.00", care(pounds("10.00")));
        shares(rich, "11.00", care(pounds("10.00")), share(COUNCIL_TOP_UP, null, "1.00"));
        shares(
                rich,
                "14.00",
                care(pounds("10.00")),
                share(COUNCIL_TOP_UP, null, "2.00"),
                share(CLIENT_CONTRIBUTION, null, "2.00"));
        shares(
                rich,
                "20.00",
                care(pounds("10.00")),
                share(COUNCIL_TOP_UP, null, "2.00"),
                share(CLIENT_CONTRIBUTION, null, "3.00"),
                share(PARENT_TOP_UP, null, "5.00"));
        shares(
                rich,
                "20.01",
                care(pounds("10.01")),
                share(COUNCIL_TOP_UP, null, "2.00"),
                share(CLIENT_CONTRIBUTION, null, "3.00"),
                share(PARENT_TOP_UP, null, "5.00"));
    }

    @Test
    void anOverspentLineDrawsOnTopForTheNewSpendingOnly() {
        var overspent = account.given(
                spent(spend("E-0", "50.00", FROM), care(pounds("50.00"))),
                new TopUpReceived("T-1", COUNCIL_TOP_UP, pounds("30.00"), FROM));
        shares(overspent, "10.00", share(COUNCIL_TOP_UP, null, "10.00"));
        shares(overspent, "40.00", care(pounds("10.00")), share(COUNCIL_TOP_UP, null, "30.00"));
    }

    @Test
    void aTopUpThatIsALineOfTheBudgetIsSpentAsALine() {
        var topUp = line("extra", COUNCIL_TOP_UP, "8000.00");
        var account = account(care("8000.00"), topUp).given(paid("PAY-1", "10.00", FROM));
        shares(account, "10.00", care(pounds("5.00")), share(COUNCIL_TOP_UP, "extra", "5.00"));
    }

    private static void shares(Fixtures<PaymentAccount> account, String amount, Share... shares) {
        var c = spend("E-1", amount, TODAY);
        account.when(c).records(spent(c, shares));
    }
}
