package uk.directpayments.ledger.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusinessDayTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z,   2026-01-01",
        "2025-12-31T23:59:59Z,   2025-12-31",
        "2026-06-30T22:59:59Z,   2026-06-30",
        "2026-06-30T23:00:00Z,   2026-07-01",
        "2026-03-29T00:59:59Z,   2026-03-29",
        "2026-10-24T22:59:59Z,   2026-10-24",
        "2026-10-24T23:00:00Z,   2026-10-25",
        "2026-10-25T23:59:59Z,   2026-10-25"
    })
    void aBusinessDayIsADayInLondonInWinterAndInSummer(Instant instant, LocalDate day) {
        assertThat(BusinessDay.of(instant)).isEqualTo(day);
        assertThat(BusinessDay.today(Clock.fixed(instant, ZoneId.of("Pacific/Auckland"))))
                .isEqualTo(day);
    }

    @Test
    void everyDayOfFourHundredYearsIsReadAsItIsWritten() {
        LocalDate last = LocalDate.of(2200, 12, 31);
        for (LocalDate day = LocalDate.of(1800, 1, 1); !day.isAfter(last); day = day.plusDays(1)) {
            assertThat(BusinessDay.parse(day.toString())).isEqualTo(day);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-1-01",
                "2026-13-01",
                "2026-00-10",
                "2026-02-30",
                "2026-02-29",
                "2026-11-31",
                "2026-11-00",
                "2026/11/29",
                "20261129",
                "2026-11-2x",
                "x026-11-29",
                "2026-11-29Z",
                " 2026-11-2",
                "2026-+1-01",
                "٢٠٢٦-١١-٢٩"
            })
    void whatIsNoDayIsRefused(String text) {
        assertThatThrownBy(() -> BusinessDay.parse(text)).isInstanceOf(DateTimeParseException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "18, 2008-02-29, 2026-03-01",
        "16, 2008-02-29, 2024-02-29",
        "20, 2008-02-29, 2028-02-29",
        "18, 2008-02-28, 2026-02-28",
        "18, 2008-03-01, 2026-03-01",
        "18, 2008-12-31, 2026-12-31",
        "0,  2008-02-29, 2008-02-29"
    })
    void anAgeIsReachedOnTheBirthdayAndALeapDayChildsOnTheFirstOfMarch(int years, LocalDate born, LocalDate day) {
        assertThat(BusinessDay.reaches(years, born)).isEqualTo(day);
    }

    @Test
    void aChildBornInALeapYearCentury() {
        assertThat(BusinessDay.reaches(100, LocalDate.of(2000, 2, 29))).isEqualTo(LocalDate.of(2100, 3, 1));
    }
}
