package uk.directpayments.ledger.kernel;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** Business dates are days in London, whatever zone the server stands in. */
public final class BusinessDay {

    public static final ZoneId LONDON = ZoneId.of("Europe/London");

    /** The first day that callers may name: nothing in the ledger is dated earlier. */
    public static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);

    /** The last one. */
    public static final LocalDate LATEST = LocalDate.of(2200, 12, 31);

    private BusinessDay() {}

    /** Whether callers may name days of a year. */
    public static boolean isOfYear(int year) {
        return year >= EARLIEST.getYear() && year <= LATEST.getYear();
    }

    public static LocalDate today(Clock clock) {
        return of(clock.instant());
    }

    public static LocalDate of(Instant instant) {
        return LocalDate.ofInstant(instant, LONDON);
    }

    /**
     * A day as the ledger writes it, like {@code 2026-11-29}: reads what {@link LocalDate#parse(CharSequence)} does, most days in a fraction of the
     * time. Every event names one, and every projection that handles it reads it.
     *
     * @throws java.time.format.DateTimeParseException if it is none
     */
    public static LocalDate parse(String text) {
        if (text.length() == 10 && text.charAt(4) == '-' && text.charAt(7) == '-') {
            int year = number(text, 0, 4);
            int month = number(text, 5, 7);
            int day = number(text, 8, 10);
            if (year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28) {
                return LocalDate.of(year, month, day);
            }
        }
        return LocalDate.parse(text);
    }

    /** Negative if there is anything but digits. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    public static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    public static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    /**
     * The day on which somebody reaches an age, at its start: born on 29 February, that is 1 March in a common year (rulebook 2.7).
     */
    public static LocalDate reaches(int years, LocalDate dateOfBirth) {
        LocalDate birthday = dateOfBirth.plusYears(years);
        return birthday.getDayOfMonth() == dateOfBirth.getDayOfMonth() ? birthday : birthday.plusDays(1);
    }
}
