package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.SOCIAL_CARE_CHILD;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.kernel.Money;

/** What a line allows by a day: rulebook 7.10, number 3. */
class TermsTest {

    @Test
    void aLineOfAYearIsWorthItsYearlyAmountFromItsFirstDayOn() {
        Terms.Line line = care("8000.00");
        assertThat(line.allocation(FROM.minusDays(1))).isEqualTo(Money.ZERO);
        assertThat(line.allocation(FROM)).isEqualTo(pounds("8000.00"));
        assertThat(line.allocation(TO)).isEqualTo(pounds("8000.00"));
        assertThat(line.allocation(TO.plusYears(3))).isEqualTo(pounds("8000.00"));
    }

    @Test
    void aShorterLineIsWorthItsYearlyAmountToo() {
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, FROM, FROM.plusMonths(3), "900.00");
        assertThat(line.allocation(TODAY)).isEqualTo(pounds("900.00"));
    }

    @Test
    void eachYearOfALongLineAddsItsAmountWhenItBegins() {
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, FROM, TO.plusYears(2), "8000.00");
        assertThat(line.allocation(TO)).isEqualTo(pounds("8000.00"));
        assertThat(line.allocation(TO.plusDays(1))).isEqualTo(pounds("16000.00"));
        assertThat(line.allocation(TO.plusYears(1).plusDays(1))).isEqualTo(pounds("24000.00"));
        assertThat(line.allocation(TO.plusYears(2))).isEqualTo(pounds("24000.00"));
    }

    @Test
    void aRevisionCountsForItsYearFromItsDayOnAndNotForYearsThatAreOver() {
        LocalDate october = LocalDate.of(2026, 10, 1);
        Terms.Line line = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO.plusYears(1),
                new YearlyAmount(FROM, pounds("8000.00")),
                new YearlyAmount(october, pounds("9000.00")));
        assertThat(line.yearlyAmount(october.minusDays(1))).isEqualTo(pounds("8000.00"));
        assertThat(line.yearlyAmount(october)).isEqualTo(pounds("9000.00"));
        assertThat(line.allocation(october.minusDays(1))).isEqualTo(pounds("16000.00"));
        assertThat(line.allocation(october)).isEqualTo(pounds("17000.00"));
        assertThat(line.allocation(TO.plusYears(5))).isEqualTo(pounds("17000.00"));
    }

    /** Rulebook 4.7. */
    @Test
    void thePartOfAPeriodIsByDaysAndRoundedOnceSoThatAWholeYearHasItsWholeAmount() {
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, FROM, TO.plusYears(1), "8000.00");
        assertThat(terms(line).allocation(line, FROM, TO, TO)).isEqualTo(pounds("8000.00"));
        assertThat(terms(line).allocation(line, FROM.minusYears(1), TO.plusYears(5), TO))
                .isEqualTo(pounds("16000.00"));
        assertThat(terms(line).allocation(line, FROM, FROM, TO)).isEqualTo(pounds("21.92"));
        // 60 days of 8000/365, not 60 times a rounded day
        assertThat(terms(line).allocation(line, TO.minusDays(29), TO.plusDays(30), TO))
                .isEqualTo(pounds("1315.07"));
        assertThat(terms(line).allocation(line, FROM.minusDays(9), FROM.minusDays(1), TO))
                .isEqualTo(Money.ZERO);
        assertThat(terms(line).allocation(line, TO.plusYears(1).plusDays(1), TO.plusYears(2), TO))
                .isEqualTo(Money.ZERO);
    }

    @Test
    void thePartOfAShorterLineIsOfItsOwnDaysAndARevisionCountsForItsWholeYear() {
        Terms.Line shorter = line("care", SOCIAL_CARE_CHILD, FROM, FROM.plusDays(99), "1000.00");
        assertThat(terms(shorter).allocation(shorter, FROM.plusDays(90), TO, TO))
                .isEqualTo(pounds("100.00"));
        LocalDate october = LocalDate.of(2025, 10, 1);
        Terms.Line revised = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO,
                new YearlyAmount(FROM, pounds("3650.00")),
                new YearlyAmount(october, pounds("7300.00")));
        assertThat(terms(revised).allocation(revised, FROM, FROM.plusDays(9), october.minusDays(1)))
                .isEqualTo(pounds("100.00"));
        assertThat(terms(revised).allocation(revised, FROM, FROM.plusDays(9), october))
                .isEqualTo(pounds("200.00"));
    }

    @Test
    void aLineFromALeapDayHasItsYearsFromTheEndOfFebruaryAndTheLeapDayAgain() {
        LocalDate leapDay = LocalDate.of(2024, 2, 29);
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, leapDay, LocalDate.of(2029, 2, 27), "100.00");
        assertThat(line.allocation(LocalDate.of(2025, 2, 27))).isEqualTo(pounds("100.00"));
        assertThat(line.allocation(LocalDate.of(2025, 2, 28))).isEqualTo(pounds("200.00"));
        assertThat(line.allocation(LocalDate.of(2028, 2, 28))).isEqualTo(pounds("400.00"));
        assertThat(line.allocation(LocalDate.of(2028, 2, 29))).isEqualTo(pounds("500.00"));
        assertThat(line.allocation(LocalDate.of(2029, 2, 27))).isEqualTo(pounds("500.00"));
    }

    /** Rulebook 4.16. */
    @Test
    void onceABudgetHasEndedNoYearBeginsAndNoRevisionCounts() {
        Terms.Line line = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO.plusYears(2),
                new YearlyAmount(FROM, pounds("3650.00")),
                new YearlyAmount(TODAY.plusDays(1), pounds("7300.00")));
        Terms ended = endedOn(TODAY, line);
        assertThat(ended.lastDay(line)).isEqualTo(TODAY);
        assertThat(ended.allocation(line, FROM.minusDays(1))).isEqualTo(Money.ZERO);
        assertThat(ended.allocation(line, TODAY)).isEqualTo(pounds("3650.00"));
        assertThat(ended.allocation(line, TO.plusYears(2))).isEqualTo(pounds("3650.00"));
        assertThat(ended.allocation(line, FROM, TO.plusYears(2), TO.plusYears(2)))
                .isEqualTo(pounds("3650.00"));
        assertThat(ended.allocation(line, TO.minusDays(9), TO.plusDays(10), TO)).isEqualTo(pounds("100.00"));
        assertThat(ended.allocation(line, TO.plusDays(1), TO.plusYears(2), TO.plusYears(2)))
                .isEqualTo(Money.ZERO);

        Terms onTheFirstDayOfAYear = endedOn(TO.plusDays(1), line);
        assertThat(onTheFirstDayOfAYear.allocation(line, TO.plusYears(2))).isEqualTo(pounds("14600.00"));
        Terms never = endedOn(FROM.minusDays(1), line);
        assertThat(never.allocation(line, TO)).isEqualTo(Money.ZERO);
        assertThat(never.allocation(line, FROM, TO, TO)).isEqualTo(Money.ZERO);
        assertThat(terms(line).allocation(line, TO.plusYears(2))).isEqualTo(pounds("21900.00"));
        assertThat(terms(line).lastDay(line)).isEqualTo(TO.plusYears(2));
    }

    private static Terms endedOn(LocalDate day, Terms.Line line) {
        return new Terms(1, day, FROM, null, null, List.of(line));
    }

    @Test
    void outsideItsPeriodALineIsWorthNothingAYear() {
        assertThat(care("8000.00").yearlyAmount(FROM.minusDays(1))).isEqualTo(Money.ZERO);
        assertThat(care("8000.00").yearlyAmount(TO.plusDays(1))).isEqualTo(Money.ZERO);
    }
}
