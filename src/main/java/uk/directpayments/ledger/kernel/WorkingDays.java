package uk.directpayments.ledger.kernel;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.temporal.TemporalAdjusters;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Days on which English banks settle payments: not Saturdays, Sundays or the bank holidays of England and Wales. Holidays are worked out for
 * any year; those that a proclamation moved or added are listed, and the list grows with each proclamation. Rulebook 6.
 */
public final class WorkingDays {

    /** Extra days that were proclaimed. */
    private static final Set<LocalDate> ADDED = Set.of(
            LocalDate.of(1999, 12, 31),
            LocalDate.of(2002, 6, 3),
            LocalDate.of(2011, 4, 29),
            LocalDate.of(2012, 6, 5),
            LocalDate.of(2022, 6, 3),
            LocalDate.of(2022, 9, 19),
            LocalDate.of(2023, 5, 8));

    /** Regular holidays that were held on another day, by the day they would have been. */
    private static final Map<LocalDate, LocalDate> MOVED = Map.of(
            LocalDate.of(1995, 5, 1), LocalDate.of(1995, 5, 8),
            LocalDate.of(2002, 5, 27), LocalDate.of(2002, 6, 4),
            LocalDate.of(2012, 5, 28), LocalDate.of(2012, 6, 4),
            LocalDate.of(2020, 5, 4), LocalDate.of(2020, 5, 8),
            LocalDate.of(2022, 5, 30), LocalDate.of(2022, 6, 2));

    private static final Map<Integer, Set<LocalDate>> BY_YEAR = new ConcurrentHashMap<>();

    private WorkingDays() {}

    public static boolean isWorkingDay(LocalDate day) {
        return day.getDayOfWeek().getValue() <= DayOfWeek.FRIDAY.getValue()
                && !bankHolidays(day.getYear()).contains(day);
    }

    /** So many working days before a day, which need not be one itself. */
    public static LocalDate before(LocalDate day, int workingDays) {
        LocalDate earlier = day;
        for (int left = workingDays; left > 0; ) {
            earlier = earlier.minusDays(1);
            if (isWorkingDay(earlier)) {
                left--;
            }
        }
        return earlier;
    }

    /** The bank holidays of a year, in order. */
    static Set<LocalDate> bankHolidays(int year) {
        return BY_YEAR.computeIfAbsent(year, WorkingDays::workOut);
    }

    private static Set<LocalDate> workOut(int year) {
        Set<LocalDate> holidays = new TreeSet<>();
        substituted(holidays, LocalDate.of(year, Month.JANUARY, 1));
        LocalDate easter = easter(year);
        holidays.add(easter.minusDays(2));
        holidays.add(easter.plusDays(1));
        if (year >= 1978) {
            regular(holidays, LocalDate.of(year, Month.MAY, 1).with(TemporalAdjusters.firstInMonth(DayOfWeek.MONDAY)));
        }
        regular(holidays, LocalDate.of(year, Month.MAY, 1).with(TemporalAdjusters.lastInMonth(DayOfWeek.MONDAY)));
        regular(holidays, LocalDate.of(year, Month.AUGUST, 1).with(TemporalAdjusters.lastInMonth(DayOfWeek.MONDAY)));
        substituted(holidays, LocalDate.of(year, Month.DECEMBER, 25));
        substituted(holidays, LocalDate.of(year, Month.DECEMBER, 26));
        ADDED.stream().filter(day -> day.getYear() == year).forEach(holidays::add);
        return holidays;
    }

    private static void regular(Set<LocalDate> holidays, LocalDate day) {
        holidays.add(MOVED.getOrDefault(day, day));
    }

    /**
     * A fixed day on a weekend is kept on the next weekday that is no holiday: Christmas on a Sunday on Tuesday, for Boxing Day keeps its
     * Monday.
     */
    private static void substituted(Set<LocalDate> holidays, LocalDate day) {
        LocalDate kept = day;
        boolean christmas = day.getMonth() == Month.DECEMBER && day.getDayOfMonth() == 25;
        if (day.getDayOfWeek() == DayOfWeek.SATURDAY) {
            kept = day.plusDays(2);
        } else if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
            kept = day.plusDays(christmas ? 2 : 1);
        }
        holidays.add(holidays.contains(kept) ? kept.plusDays(1) : kept);
    }

    /** Easter Sunday: the Gregorian computus of Meeus, Jones and Butcher. */
    private static LocalDate easter(int year) {
        int a = year % 19;
        int b = year / 100;
        int c = year % 100;
        int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
        int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
        return LocalDate.of(year, f / 31, f % 31 + 1);
    }
}
