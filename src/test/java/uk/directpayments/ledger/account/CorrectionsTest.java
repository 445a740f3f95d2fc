package uk.directpayments.ledger.account;

import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.*;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountCommand.ReceiveRefund;
import uk.directpayments.ledger.account.AccountCommand.ReclassifyExpenditure;
import uk.directpayments.ledger.account.AccountCommand.ReverseExpenditure;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

/** Expenditure taken back, given back and put elsewhere: always by a new event. */
class CorrectionsTest {

    private static final LocalDate DAY = LocalDate.of(2025, 6, 2);
    private static final ExpenditureRecorded SPENT = spent(
            spend("E-1", "590.25", DAY),
            share(EDUCATION_HIGH_NEEDS, "education", "236.10"),
            share(NHS_CONTINUING_CARE, "health", "295.13"),
            share(PERSONAL_TRAVEL, "travel", "59.02"));

    /** A spend before it, so that the expenditure is not simply the newest event. */
    private final Fixtures<PaymentAccount> account = account(
                    line("education", EDUCATION_HIGH_NEEDS, "4000.00"),
                    line("health", NHS_CONTINUING_CARE, "5000.00"),
                    line("travel", PERSONAL_TRAVEL, "1000.00"))
            .given(SPENT, spent(spend("E-2", "1.00", DAY), share(CARER, null, "1.00")));

    // ── reversal ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aReversalTakesEverythingBackOnTheDayOfTheExpenditure() {
        account.when(reverse(REASON, null))
                .records(reversed(DAY, "590.25", SPENT.shares().toArray(Share[]::new)))
                .occurredOn(DAY);
    }

    @Test
    void aReversalMayNameItsOwnDay() {
        account.when(reverse(REASON, TODAY))
                .records(reversed(TODAY, "590.25", SPENT.shares().toArray(Share[]::new)))
                .occurredOn(TODAY);
    }

    @Test
    void aReversalNeedsAnExpenditureAReasonAndADayOfTheAccountThatHasCome() {
        account.when(new ReverseExpenditure(ACCOUNT, "R-1", "E-9", REASON, null, TODAY))
                .refuses("EXPENDITURE_NOT_FOUND");
        account.when(reverse(null, null)).refuses("REASONS_REQUIRED");
        account.when(reverse(REASON, TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        account.when(reverse(REASON, FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
    }

    @Test
    void nothingComesBackBeforeItWasSpent() {
        account.when(reverse(REASON, DAY.minusDays(1))).refuses("DATE_BEFORE_START");
        account.when(refund("F-1", "1.00", DAY.minusDays(1))).refuses("DATE_BEFORE_START");
        account.when(refund("F-1", "999.00", DAY.minusDays(1))).refuses("DATE_BEFORE_START");
        account.when(reverse(REASON, DAY)).occurredOn(DAY);
    }

    @Test
    void anExpenditureIsReversedOnce() {
        account.given(reversed(DAY, "590.25", SPENT.shares().toArray(Share[]::new)))
                .when(reverse(REASON, null))
                .refuses("ALREADY_REVERSED");
    }

    @Test
    void afterARefundOnlyTheRestIsReversed() {
        account.given(refunded(
                        "F-1",
                        "100.00",
                        share(EDUCATION_HIGH_NEEDS, "education", "40.00"),
                        share(NHS_CONTINUING_CARE, "health", "50.00"),
                        share(PERSONAL_TRAVEL, "travel", "10.00")))
                .when(reverse(REASON, null))
                .records(reversed(
                        DAY,
                        "490.25",
                        share(EDUCATION_HIGH_NEEDS, "education", "196.10"),
                        share(NHS_CONTINUING_CARE, "health", "245.13"),
                        share(PERSONAL_TRAVEL, "travel", "49.02")));
    }

    @Test
    void whatWasRefundedInFullHasNothingLeftToReverse() {
        account.given(refunded("F-1", "590.25", SPENT.shares().toArray(Share[]::new)))
                .when(reverse(REASON, null))
                .refuses("ALREADY_REVERSED");
    }

    // ── refunds ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aRefundComesBackProRata() {
        account.when(refund("F-1", "59.03", TODAY))
                .records(refunded(
                        "F-1",
                        "59.03",
                        share(EDUCATION_HIGH_NEEDS, "education", "23.61"),
                        share(NHS_CONTINUING_CARE, "health", "29.52"),
                        share(PERSONAL_TRAVEL, "travel", "5.90")))
                .occurredOn(TODAY);
    }

    @Test
    void refundsInPartsAddUpToEveryShareExactly() {
        var first = refunded("F-1", "0.01", share(NHS_CONTINUING_CARE, "health", "0.01"));
        account.when(refund("F-1", "0.01", TODAY)).records(first);
        account.given(first)
                .when(refund("F-2", "590.24", TODAY))
                .records(refunded(
                        "F-2",
                        "590.24",
                        share(EDUCATION_HIGH_NEEDS, "education", "236.10"),
                        share(NHS_CONTINUING_CARE, "health", "295.12"),
                        share(PERSONAL_TRAVEL, "travel", "59.02")));
    }

    @Test
    void aPennyComesBackToASourceThatIsStillOwedOne() {
        var pennies = account(care("1.00"))
                .given(spent(
                        spend("E-1", "0.02", DAY),
                        share(EDUCATION_HIGH_NEEDS, "education", "0.01"),
                        share(NHS_CONTINUING_CARE, "health", "0.01")));
        var first = refunded("F-1", "0.01", share(EDUCATION_HIGH_NEEDS, "education", "0.01"));
        pennies.when(refund("F-1", "0.01", TODAY)).records(first);
        pennies.given(first)
                .when(refund("F-2", "0.01", TODAY))
                .records(refunded("F-2", "0.01", share(NHS_CONTINUING_CARE, "health", "0.01")));
    }

    @Test
    void noMoreIsRefundedThanWasSpent() {
        account.when(refund("F-1", "590.26", TODAY)).refuses("REFUND_EXCEEDS_ORIGINAL");
        var all = account.given(refunded("F-1", "590.25", SPENT.shares().toArray(Share[]::new)));
        all.when(refund("F-2", "0.01", TODAY)).refuses("REFUND_EXCEEDS_ORIGINAL");
        account.given(reversed(DAY, "590.25", SPENT.shares().toArray(Share[]::new)))
                .when(refund("F-1", "0.01", TODAY))
                .refuses("REFUND_EXCEEDS_ORIGINAL");
    }

    @Test
    void aRefundNeedsAnExpenditureAnAmountAFreshIdAndADayOfTheAccountThatHasCome() {
        account.when(new ReceiveRefund(ACCOUNT, "F-1", "E-9", pounds("1.00"), TODAY, TODAY))
                .refuses("EXPENDITURE_NOT_FOUND");
        account.when(refund("F-1", "0.00", TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        account.when(refund("F-1", "1.00", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        account.when(refund("F-1", "1.00", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
        account.given(refunded("F-1", "0.01", share(NHS_CONTINUING_CARE, "health", "0.01")))
                .when(refund("F-1", "1.00", TODAY))
                .refuses("ID_ALREADY_USED");
    }

    // ── reclassification ─────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aReclassificationMovesWhatIsLeftOnTheDayOfTheExpenditure() {
        account.when(reclassify("travel", REASON))
                .records(new ExpenditureReclassified("E-1", "respite", "travel", pounds("590.25"), REASON, DAY))
                .occurredOn(DAY);
        account.given(refunded("F-1", "0.01", share(NHS_CONTINUING_CARE, "health", "0.01")))
                .when(reclassify("travel", REASON))
                .records(new ExpenditureReclassified("E-1", "respite", "travel", pounds("590.24"), REASON, DAY));
    }

    @Test
    void theSameCategoryIsNoReclassification() {
        account.when(reclassify("respite", REASON)).recordsNothing();
        var moved =
                account.given(new ExpenditureReclassified("E-1", "respite", "travel", pounds("590.25"), REASON, DAY));
        moved.when(reclassify("travel", REASON)).recordsNothing();
        moved.when(reclassify("respite", REASON))
                .records(new ExpenditureReclassified("E-1", "travel", "respite", pounds("590.25"), REASON, DAY));
    }

    @Test
    void refundAndReversalNameTheCategoryThatTheExpenditureHasNow() {
        var moved =
                account.given(new ExpenditureReclassified("E-1", "respite", "travel", pounds("590.25"), REASON, DAY));
        moved.when(reverse(REASON, null))
                .records(
                        new ExpenditureReversed("R-1", "E-1", pounds("590.25"), "travel", REASON, DAY, SPENT.shares()));
        moved.when(refund("F-1", "590.25", TODAY))
                .records(new RefundReceived("F-1", "E-1", pounds("590.25"), "travel", TODAY, SPENT.shares()));
    }

    @Test
    void aReclassificationNeedsAReasonAndAnExpenditureThatStands() {
        account.when(new ReclassifyExpenditure(ACCOUNT, "E-9", "travel", REASON, TODAY))
                .refuses("EXPENDITURE_NOT_FOUND");
        account.when(reclassify("travel", null)).refuses("REASONS_REQUIRED");
        account.given(reversed(DAY, "590.25", SPENT.shares().toArray(Share[]::new)))
                .when(reclassify("travel", REASON))
                .refuses("ALREADY_REVERSED");
    }

    private static ReverseExpenditure reverse(@Nullable Sealed reason, @Nullable LocalDate on) {
        return new ReverseExpenditure(ACCOUNT, "R-1", "E-1", reason, on, TODAY);
    }

    private static ExpenditureReversed reversed(LocalDate on, String amount, Share... shares) {
        return new ExpenditureReversed("R-1", "E-1", pounds(amount), "respite", REASON, on, List.of(shares));
    }

    private static ReceiveRefund refund(String refundId, String amount, LocalDate on) {
        return new ReceiveRefund(ACCOUNT, refundId, "E-1", pounds(amount), on, TODAY);
    }

    private static RefundReceived refunded(String refundId, String amount, Share... shares) {
        return new RefundReceived(refundId, "E-1", pounds(amount), "respite", TODAY, List.of(shares));
    }

    private static ReclassifyExpenditure reclassify(String category, @Nullable Sealed reason) {
        return new ReclassifyExpenditure(ACCOUNT, "E-1", category, reason, TODAY);
    }
}
