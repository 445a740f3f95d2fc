package uk.directpayments.ledger.kernel;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Business dates are days in London, whatever zone the server stands in. */
public final class BusinessDay {

    public static final ZoneId LONDON = ZoneId.of("Europe/London");

    private BusinessDay() {}

    public static LocalDate today(Clock clock) {
        return of(clock.instant());
    }

    public static LocalDate of(Instant instant) {
        return LocalDate.ofInstant(instant, LONDON);
    }

    /**
     * The day on which somebody reaches an age, at its start: born on 29 February, that is 1 March in a common year (rulebook 2.7).
     */
    public static LocalDate reaches(int years, LocalDate dateOfBirth) {
        LocalDate birthday = dateOfBirth.plusYears(years);
        return birthday.getDayOfMonth() == dateOfBirth.getDayOfMonth() ? birthday : birthday.plusDays(1);
    }
}
