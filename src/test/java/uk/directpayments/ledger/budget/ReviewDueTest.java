package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.budget.BudgetCare.ReviewDue;
import uk.directpayments.ledger.budget.BudgetEvent.ReviewRecorded;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Sealed;

/** Rulebook 1.6. */
class ReviewDueTest {

    private static final LocalDate PAID = LocalDate.parse("2026-03-01");

    private BudgetCare care = BudgetCare.NONE;

    @ParameterizedTest
    @CsvSource({
        "SEN_S49, 2026-03-01, 2026-06-01",
        "NHS_12A, 2025-11-30, 2026-02-28",
        "ADULT_CARE_ACT, 2025-08-31, 2026-02-28",
        "CHILD_S17A, 2024-02-29, 2025-02-28",
        "TRAVEL, 2026-03-01, 2027-03-01"
    })
    void theFirstIsDueSoManyMonthsAfterTheFirstPayment(LegalBasis basis, LocalDate paid, LocalDate due) {
        assertThat(care.reviewDue(basis, paid, paid)).isEqualTo(new ReviewDue(due, false));
        assertThat(care.reviewDue(basis, paid, due)).isEqualTo(new ReviewDue(due, false));
        assertThat(care.reviewDue(basis, paid, due.plusDays(1))).isEqualTo(new ReviewDue(due, true));
    }

    @Test
    void noneIsDueBeforeAnythingIsPaid() {
        assertThat(care.reviewDue(LegalBasis.SEN_S49, null, PAID)).isNull();
        assertThat(care.reviewDue(LegalBasis.SEN_S49, PAID, PAID.minusDays(1))).isNull();
    }

    @Test
    void oneThatWasHeldBeforeTheFirstPaymentIsNotTheFirstThatTheLawAsksFor() {
        held("2026-02-28", "2027-02-28");
        assertThat(due(LegalBasis.SEN_S49, "2026-03-02")).isEqualTo("2026-06-01");
        held("2026-03-01", null);
        assertThat(due(LegalBasis.SEN_S49, "2026-03-02")).isEqualTo("2027-03-01");
    }

    @Test
    void eachNamesTheNextOrItIsDueAYearLater() {
        held("2026-05-10", "2026-09-01");
        assertThat(due(LegalBasis.SEN_S49, "2026-05-10")).isEqualTo("2026-09-01");
        held("2026-09-02", null);
        assertThat(due(LegalBasis.SEN_S49, "2026-09-02")).isEqualTo("2027-09-02");
        assertThat(due(LegalBasis.SEN_S49, "2026-09-01"))
                .as("as of the day before")
                .isEqualTo("2026-09-01");
    }

    @Test
    void oneThatIsRecordedLateChangesNothingOfALaterOne() {
        held("2026-09-02", null);
        held("2026-05-10", "2026-06-01");
        assertThat(due(LegalBasis.SEN_S49, "2026-09-02")).isEqualTo("2027-09-02");
    }

    @ParameterizedTest
    @CsvSource({"ADULT_CARE_ACT, 2027-05-10", "NHS_12A, 2027-05-10", "CHILD_S17A, 2030-01-01", "SEN_S49, 2030-01-01"})
    void ofAdultsAndOfHealthTheNextIsDueWithinAYearWhateverIsNamed(LegalBasis basis, String due) {
        held("2026-05-10", "2030-01-01");
        assertThat(due(basis, "2026-05-10")).isEqualTo(due);
    }

    private void held(String on, @Nullable String next) {
        care = care.review(new ReviewRecorded(
                "R-" + on,
                LocalDate.parse(on),
                "REVIEW",
                new Sealed("sealed"),
                next == null ? null : LocalDate.parse(next)));
    }

    private String due(LegalBasis basis, String asOf) {
        ReviewDue due = care.reviewDue(basis, PAID, LocalDate.parse(asOf));
        return due == null ? "none" : due.due().toString();
    }
}
