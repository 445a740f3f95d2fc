package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.budget.Examples.*;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.budget.BudgetCommand.AgreeRelativePayment;
import uk.directpayments.ledger.budget.BudgetCommand.CloseDispute;
import uk.directpayments.ledger.budget.BudgetCommand.OpenDispute;
import uk.directpayments.ledger.budget.BudgetCommand.RecordReview;
import uk.directpayments.ledger.budget.BudgetCommand.WithdrawRelativeAgreement;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRequested;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeClosed;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeOpened;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeStage;
import uk.directpayments.ledger.budget.BudgetEvent.RelativeAgreementWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePurpose;
import uk.directpayments.ledger.budget.BudgetEvent.ReviewRecorded;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

/** Agreements with relatives, reviews and when they are due, disputes. Rulebook 1.3, 1.4, 1.6, 4.3. */
class BudgetCareTest {

    private static final Sealed WHY = new Sealed("d2h5");

    // ── relatives ────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aRelativeIsPaidByAgreementWithAReason() {
        of(LegalBasis.CHILD_S17A)
                .when(relative(RelativePurpose.CARE, WHY, null))
                .records(agreed(RelativePurpose.CARE));
        of(LegalBasis.CHILD_S17A)
                .when(relative(RelativePurpose.CARE, null, null))
                .refuses("REASONS_REQUIRED");
        of(LegalBasis.CHILD_S17A)
                .when(relative(RelativePurpose.CARE, WHY, START.minusDays(1)))
                .refuses("DATE_BEFORE_START");
    }

    @Test
    void onlyAnAdultsRelativeIsPaidForAdministration() {
        of(LegalBasis.CHILD_S17A)
                .when(relative(RelativePurpose.ADMIN, WHY, null))
                .refuses("PURPOSE_NOT_AVAILABLE");
        of(LegalBasis.ADULT_CARE_ACT)
                .when(relative(RelativePurpose.ADMIN, WHY, null))
                .records(agreed(RelativePurpose.ADMIN));
    }

    @Test
    void anAgreementIsWithdrawnOnceWithAReasonAndWithinItsDays() {
        var agreed = of(LegalBasis.CHILD_S17A).given(agreed(RelativePurpose.CARE));
        agreed.when(withdraw("A", TODAY, WHY))
                .records(new RelativeAgreementWithdrawn("A", TODAY, WHY))
                .occurredOn(TODAY);
        agreed.when(withdraw("A", START, WHY)).records(new RelativeAgreementWithdrawn("A", START, WHY));
        agreed.when(withdraw("A", TODAY.plusDays(30), WHY))
                .records(new RelativeAgreementWithdrawn("A", TODAY.plusDays(30), WHY))
                .occurredOn(TODAY);
        agreed.when(withdraw("B", TODAY, WHY)).refuses("AGREEMENT_NOT_FOUND");
        agreed.when(withdraw("A", TODAY, null)).refuses("REASONS_REQUIRED");
        agreed.when(withdraw("A", START.minusDays(1), WHY)).refuses("DATE_BEFORE_START");
        agreed.given(new RelativeAgreementWithdrawn("A", TODAY, WHY))
                .when(withdraw("A", TODAY, WHY))
                .refuses("AGREEMENT_ALREADY_WITHDRAWN");
        var brief = of(LegalBasis.CHILD_S17A)
                .given(new RelativePaymentAgreed(
                        "A", TEXT, "key", "aunt", true, RelativePurpose.CARE, WHY, START, START.plusDays(9)));
        brief.when(withdraw("A", START.plusDays(10), WHY)).refuses("DATE_AFTER_END");
        brief.when(withdraw("A", START.plusDays(9), WHY))
                .records(new RelativeAgreementWithdrawn("A", START.plusDays(9), WHY));
        agreed.given(BudgetEnded.decided(TODAY, "MOVED"))
                .when(withdraw("A", TODAY, WHY))
                .refuses("BUDGET_ENDED");
    }

    // ── reviews ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aReviewHasHappenedAndNamesALaterNextOne() {
        of(LegalBasis.CHILD_S17A)
                .when(new RecordReview("B", "R", START, "ANNUAL", WHY, START.plusMonths(6), TODAY))
                .records(new ReviewRecorded("R", START, "ANNUAL", WHY, START.plusMonths(6)))
                .occurredOn(START);
        of(LegalBasis.CHILD_S17A)
                .when(new RecordReview("B", "R", TODAY.plusDays(1), "ANNUAL", WHY, null, TODAY))
                .refuses("DATE_IN_FUTURE");
        of(LegalBasis.CHILD_S17A)
                .when(new RecordReview("B", "R", START, "ANNUAL", WHY, START.minusDays(1), TODAY))
                .refuses("DATE_BEFORE_START");
    }

    @ParameterizedTest(name = "{0}, first paid on {1}: due {2}")
    @CsvSource({
        "SEN_S49, 2025-11-30, 2026-02-28",
        "NHS_12A, 2025-04-07, 2025-07-07",
        "ADULT_CARE_ACT, 2025-08-31, 2026-02-28",
        "CHILD_S17A, 2025-04-07, 2026-04-07",
        "TRAVEL, 2024-02-29, 2025-02-28"
    })
    void theFirstReviewIsDueFromTheFirstPaymentByLegalBasis(LegalBasis basis, LocalDate paid, LocalDate due) {
        assertThat(BudgetCare.NONE.reviewDue(basis, paid, due)).isEqualTo(new BudgetCare.ReviewDue(due, false));
        assertThat(BudgetCare.NONE.reviewDue(basis, paid, due.plusDays(1)))
                .isEqualTo(new BudgetCare.ReviewDue(due, true));
        assertThat(BudgetCare.NONE.reviewDue(basis, paid, paid.minusDays(1))).isNull();
        assertThat(BudgetCare.NONE.reviewDue(basis, null, due)).isNull();
    }

    @Test
    void theNextIsDueAYearAfterTheLastOrWhenTheLastSays() {
        LocalDate paid = day("2025-04-07");
        var once = BudgetCare.NONE.review(new ReviewRecorded("R", day("2025-06-01"), "FIRST", WHY, null));
        assertThat(once.reviewDue(LegalBasis.SEN_S49, paid, day("2025-05-31")))
                .isEqualTo(new BudgetCare.ReviewDue(day("2025-07-07"), false));
        assertThat(once.reviewDue(LegalBasis.SEN_S49, paid, day("2025-06-01")))
                .isEqualTo(new BudgetCare.ReviewDue(day("2026-06-01"), false));
        var named = once.review(new ReviewRecorded("R2", day("2025-09-01"), "EHC", WHY, day("2025-12-01")));
        assertThat(named.reviewDue(LegalBasis.SEN_S49, paid, day("2025-12-02")))
                .isEqualTo(new BudgetCare.ReviewDue(day("2025-12-01"), true));
    }

    @Test
    void aReviewBeforeTheFirstPaymentIsNotTheFirstThatTheLawAsksFor() {
        LocalDate paid = day("2025-04-07");
        var early =
                BudgetCare.NONE.review(new ReviewRecorded("R", day("2025-04-06"), "PLANNING", WHY, day("2026-04-06")));
        assertThat(early.reviewDue(LegalBasis.SEN_S49, paid, paid))
                .isEqualTo(new BudgetCare.ReviewDue(day("2025-07-07"), false));
        var onTheDay = early.review(new ReviewRecorded("R2", paid, "FIRST", WHY, null));
        assertThat(onTheDay.reviewDue(LegalBasis.SEN_S49, paid, paid))
                .isEqualTo(new BudgetCare.ReviewDue(day("2026-04-07"), false));
    }

    @Test
    void aReviewThatIsRecordedLateChangesNothingOfALaterOne() {
        var later = BudgetCare.NONE.review(new ReviewRecorded("R", day("2025-09-02"), "EHC", WHY, null));
        var both = later.review(new ReviewRecorded("R2", day("2025-05-10"), "FIRST", WHY, day("2025-06-01")));
        assertThat(both.reviewDue(LegalBasis.SEN_S49, day("2025-04-07"), day("2025-09-02")))
                .isEqualTo(new BudgetCare.ReviewDue(day("2026-09-02"), false));
    }

    @ParameterizedTest
    @CsvSource({"ADULT_CARE_ACT, 2026-05-10", "NHS_12A, 2026-05-10", "CHILD_S17A, 2030-01-01", "SEN_S49, 2030-01-01"})
    void ofAdultsAndOfHealthTheNextIsDueWithinAYearWhateverIsNamed(LegalBasis basis, LocalDate due) {
        var named = BudgetCare.NONE.review(new ReviewRecorded("R", day("2025-05-10"), "FIRST", WHY, day("2030-01-01")));
        assertThat(named.reviewDue(basis, day("2025-04-07"), day("2025-05-10")))
                .isEqualTo(new BudgetCare.ReviewDue(due, false));
    }

    // ── disputes ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aDecisionIsReconsideredOnceAndADisputeClosedOnce() {
        var opened = new DisputeOpened("D", DisputeStage.RECONSIDERATION, TODAY, WHY);
        var budget = of(LegalBasis.CHILD_S17A);
        budget.when(dispute("D", DisputeStage.RECONSIDERATION, WHY)).records(opened);
        budget.when(dispute("D", DisputeStage.RECONSIDERATION, null)).refuses("REASONS_REQUIRED");
        var disputed = budget.given(opened);
        disputed.when(dispute("D", DisputeStage.COMPLAINT, WHY)).refuses("ID_ALREADY_USED");
        disputed.when(dispute("D2", DisputeStage.RECONSIDERATION, WHY)).refuses("RECONSIDERATION_USED");
        disputed.when(dispute("D2", DisputeStage.TRIBUNAL, WHY))
                .records(new DisputeOpened("D2", DisputeStage.TRIBUNAL, TODAY, WHY));
        disputed.given(new BudgetRefused(WHY, null, TODAY))
                .when(dispute("D2", DisputeStage.RECONSIDERATION, WHY))
                .records(new DisputeOpened("D2", DisputeStage.RECONSIDERATION, TODAY, WHY));

        var close = new CloseDispute("B", "D", WHY, TODAY, TODAY);
        disputed.when(close).records(new DisputeClosed("D", WHY, TODAY));
        disputed.given(new DisputeClosed("D", WHY, TODAY)).when(close).refuses("DISPUTE_ALREADY_CLOSED");
        budget.when(close).refuses("DISPUTE_NOT_FOUND");
        disputed.when(new CloseDispute("B", "D", WHY, TODAY.minusDays(1), TODAY))
                .refuses("DATE_BEFORE_START");
    }

    private static Fixtures<Budget> of(LegalBasis basis) {
        return Fixtures.of(Budget.class)
                .given(new BudgetRequested("B", "P", basis, null, null, START.minusMonths(1), TEXT));
    }

    private static AgreeRelativePayment relative(
            RelativePurpose purpose, @Nullable Sealed reason, @Nullable LocalDate to) {
        return new AgreeRelativePayment("B", "A", TEXT, "key", "aunt", true, purpose, reason, START, to, TODAY);
    }

    private static WithdrawRelativeAgreement withdraw(String agreement, LocalDate on, @Nullable Sealed reason) {
        return new WithdrawRelativeAgreement("B", agreement, on, reason, TODAY);
    }

    private static RelativePaymentAgreed agreed(RelativePurpose purpose) {
        return new RelativePaymentAgreed("A", TEXT, "key", "aunt", true, purpose, WHY, START, null);
    }

    @Test
    void whileADisputeIsOpenALineIsNotReduced() {
        List<YearlyAmount> agreed = List.of(worth("2025-04-07", "6000"), worth("2025-12-01", "4800"));
        var noticed = opened(BudgetCare.NONE, "D", "2025-11-20");
        assertThat(BudgetCare.NONE.payable(agreed)).isEqualTo(agreed);
        assertThat(noticed.payable(agreed))
                .as("as long as it is open")
                .containsExactly(agreed.get(0), worth("2025-12-01", "6000"));
        assertThat(noticed.closed("D", day("2026-02-10"), WHY).payable(agreed))
                .containsExactly(agreed.get(0), worth("2025-12-01", "6000"), worth("2026-02-10", "4800"));
        assertThat(noticed.closed("D", day("2025-12-01"), WHY).payable(agreed))
                .as("closed on the day on which the reduction begins")
                .isEqualTo(agreed);
        assertThat(opened(BudgetCare.NONE, "D", "2025-12-01").payable(agreed))
                .as("opened on the day on which the reduction begins")
                .containsExactly(agreed.get(0), worth("2025-12-01", "6000"));
        assertThat(opened(BudgetCare.NONE, "D", "2025-12-02").payable(agreed))
                .as("what had begun before goes on")
                .isEqualTo(agreed);
    }

    @Test
    void whileADisputeIsOpenALineMayRise() {
        List<YearlyAmount> agreed = List.of(
                worth("2025-04-07", "6000"),
                worth("2025-06-01", "4800"),
                worth("2025-07-01", "5000"),
                worth("2025-08-01", "7000"),
                worth("2025-09-01", "6500"));
        var open = opened(BudgetCare.NONE, "D", "2025-05-20");
        assertThat(open.payable(agreed))
                .containsExactly(
                        worth("2025-04-07", "6000"),
                        worth("2025-06-01", "6000"),
                        worth("2025-07-01", "6000"),
                        worth("2025-08-01", "7000"),
                        worth("2025-09-01", "7000"));
        var another = opened(open, "D2", "2025-06-10").closed("D", day("2025-06-20"), WHY);
        assertThat(another.closed("D2", day("2025-10-01"), WHY).payable(agreed))
                .as("a dispute that another outlasts")
                .endsWith(worth("2025-09-01", "7000"), worth("2025-10-01", "6500"));
    }

    private static YearlyAmount worth(String from, String pounds) {
        return new YearlyAmount(day(from), Money.parse(pounds));
    }

    private static BudgetCare opened(BudgetCare care, String disputeId, String on) {
        return care.dispute(new DisputeOpened(disputeId, DisputeStage.RECONSIDERATION, day(on), WHY));
    }

    private static OpenDispute dispute(String id, DisputeStage stage, @Nullable Sealed reason) {
        return new OpenDispute("B", id, stage, TODAY, reason, TODAY);
    }

    private static LocalDate day(String day) {
        return LocalDate.parse(day);
    }
}
