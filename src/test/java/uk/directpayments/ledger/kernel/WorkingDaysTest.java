package uk.directpayments.ledger.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bank holidays of England and Wales, as they were published. */
class WorkingDaysTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "2002:2002-01-01 2002-03-29 2002-04-01 2002-05-06 2002-06-03 2002-06-04 2002-08-26 2002-12-25 2002-12-26",
                "2011:2011-01-03 2011-04-22 2011-04-25 2011-04-29 2011-05-02 2011-05-30 2011-08-29 2011-12-26 2011-12-27",
                "2012:2012-01-02 2012-04-06 2012-04-09 2012-05-07 2012-06-04 2012-06-05 2012-08-27 2012-12-25 2012-12-26",
                "2020:2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28",
                "2021:2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28",
                "2022:2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27",
                "2023:2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26",
                "2025:2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26",
                "2026:2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28",
                "2027:2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28",
                "2028:2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26"
            })
    void theHolidaysOfAYearAreThoseThatWerePublished(int year, String days) {
        assertThat(WorkingDays.bankHolidays(year))
                .containsExactlyElementsOf(
                        Stream.of(days.split(" ")).map(LocalDate::parse).toList());
    }

    @Test
    void weekendsAndHolidaysAreNoWorkingDays() {
        assertThat(WorkingDays.isWorkingDay(LocalDate.of(2026, 12, 24))).isTrue();
        assertThat(WorkingDays.isWorkingDay(LocalDate.of(2026, 12, 25))).isFalse();
        assertThat(WorkingDays.isWorkingDay(LocalDate.of(2026, 12, 26))).isFalse();
        assertThat(WorkingDays.isWorkingDay(LocalDate.of(2026, 12, 28))).isFalse();
        assertThat(WorkingDays.isWorkingDay(LocalDate.of(2026, 12, 29))).isTrue();
    }

    @Test
    void workingDaysBeforeADayLeaveOutEasterAndWeekends() {
        assertThat(WorkingDays.before(LocalDate.of(2026, 4, 8), 2)).isEqualTo(LocalDate.of(2026, 4, 2));
        assertThat(WorkingDays.before(LocalDate.of(2026, 4, 8), 1)).isEqualTo(LocalDate.of(2026, 4, 7));
    }
}
