package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

class BudgetRulesTest {

    /** Born on 10 March 2010: 16 on 10 March 2026, over school age from 27 June 2026, 18 on 10 March 2028. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // basis         | recipient         | last day not permitted | first day permitted
                "CHILD_S17A      | YOUNG_PERSON      | 2026-03-09 | 2026-03-10",
                "NHS_12A         | YOUNG_PERSON      | 2026-03-09 | 2026-03-10",
                "SEN_S49         | YOUNG_PERSON      | 2026-06-26 | 2026-06-27",
                "TRAVEL          | YOUNG_PERSON      | 2026-06-26 | 2026-06-27",
                "ADULT_CARE_ACT  | YOUNG_PERSON      | 2040-01-01 |           ",
                "CHILD_S17A      | PARENT            |            | 2026-01-01",
                "SEN_S49         | PARENT            |            | 2026-01-01",
                "NHS_12A         | PARENT            |            | 2026-01-01",
                "TRAVEL          | PARENT            |            | 2026-01-01",
                "ADULT_CARE_ACT  | PARENT            | 2040-01-01 |           ",
                "CHILD_S17A      | ADULT             | 2028-03-09 | 2028-03-10",
                "ADULT_CARE_ACT  | ADULT             | 2028-03-09 | 2028-03-10",
                "NHS_12A         | ADULT             | 2028-03-09 | 2028-03-10",
                "ADULT_CARE_ACT  | NOMINEE           |            | 2026-01-01",
                "SEN_S49         | NOMINEE           |            | 2026-01-01",
                "ADULT_CARE_ACT  | AUTHORISED_PERSON |            | 2026-01-01"
            })
    void aRecipientIsPermittedByBasisAndAge(LegalBasis basis, RecipientType type, LocalDate not, LocalDate permitted) {
        LocalDate born = LocalDate.of(2010, 3, 10);
        if (not != null) {
            assertThatThrownBy(() -> BudgetRules.requirePermitted(basis, type, born, not))
                    .isInstanceOfSatisfying(
                            RuleBroken.class, e -> assertThat(e.code()).isEqualTo("RECIPIENT_NOT_PERMITTED"));
        }
        if (permitted != null) {
            assertThatCode(() -> BudgetRules.requirePermitted(basis, type, born, permitted))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // the school year ends on 31 August: born that day is the youngest of a year, a day later the eldest of the
        // next
        "2010-08-31, 2026-06-27",
        "2010-09-01, 2027-06-26",
        "2010-01-01, 2026-06-27",
        // the last day of June is a Friday
        "2006-12-01, 2023-07-01",
        "2012-02-29, 2028-07-01"
    })
    void compulsorySchoolAgeEndsWithTheLastFridayOfJune(LocalDate born, LocalDate over) {
        assertThat(BudgetRules.overSchoolAge(born)).isEqualTo(over);
    }

    @Test
    void revisionsStandInTheOrderOfTheirDaysAndTheLaterDecisionHoldsForADay() {
        YearlyAmount april = new YearlyAmount(LocalDate.of(2026, 4, 1), Money.parse("100"));
        YearlyAmount july = new YearlyAmount(LocalDate.of(2026, 7, 1), Money.parse("120"));
        YearlyAmount may = new YearlyAmount(LocalDate.of(2026, 5, 1), Money.parse("110"));
        YearlyAmount julyAgain = new YearlyAmount(july.from(), Money.parse("130"));

        List<YearlyAmount> amounts = BudgetRules.revised(List.of(april), july);
        assertThat(BudgetRules.revised(amounts, may)).containsExactly(april, may, july);
        assertThat(BudgetRules.revised(amounts, julyAgain)).containsExactly(april, julyAgain);
    }
}
