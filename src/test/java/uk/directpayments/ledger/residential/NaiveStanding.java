package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.LimitSpan.Level;

/**
 * How somebody stands at each limit on one day, worked out from the single dates up to that day. A run or group that cannot grow any more
 * is nothing to warn of, unless the last twelve months hold too many of its days.
 */
final class NaiveStanding {

    private final LocalDate day;
    private final boolean linkFull;
    private final boolean childOnTheDay;
    private final TreeSet<LocalDate> child = new TreeSet<>();
    private final TreeSet<LocalDate> adult = new TreeSet<>();

    NaiveStanding(Question asked, LocalDate day) {
        this.day = day;
        this.linkFull = asked.policy().adultLinkFullPeriods();
        LocalDate until = asked.childUntil();
        this.childOnTheDay = day.isBefore(asked.eighteenOn()) || (until != null && !day.isAfter(until));
        for (Stay stay : asked.stays()) {
            if (stay.planned() || !stay.facts().counts()) {
                continue;
            }
            LocalDate end = stay.facts().discharged();
            for (LocalDate d = stay.facts().admitted(); !d.isAfter(day); d = d.plusDays(1)) {
                if (end != null
                        && (d.isAfter(end) || (d.equals(end) && asked.basis() == ResidentialPolicy.Basis.NIGHTS))) {
                    break;
                }
                (d.isBefore(asked.eighteenOn()) || (until != null && !d.isAfter(until)) ? child : adult).add(d);
            }
        }
    }

    Set<Level> single() {
        return levels(groups(child, 1, true), 21, 28, group -> group.last().equals(day));
    }

    Set<Level> rolling() {
        return levels(List.of(child), 90, 120, group -> childOnTheDay);
    }

    Set<Level> linked() {
        return levels(groups(adult, 28, linkFull), 21, 28, group -> {
            long between = group.last().until(day, ChronoUnit.DAYS) - 1;
            return between < 0 || (between < 28 && (linkFull || lastRun(group) < 28));
        });
    }

    private Set<Level> levels(
            List<TreeSet<LocalDate>> groups, int amber, int most, Predicate<TreeSet<LocalDate>> grows) {
        Set<Level> levels = new TreeSet<>();
        for (TreeSet<LocalDate> group : groups) {
            int count = group.tailSet(day.minusYears(1).plusDays(1)).size();
            Level level = count > most
                    ? Level.OVER
                    : count < amber || !grows.test(group) ? null : count == most ? Level.RED : Level.AMBER;
            if (level != null) {
                levels.add(level);
            }
        }
        return levels;
    }

    private static int lastRun(TreeSet<LocalDate> group) {
        int run = 0;
        for (LocalDate d = group.last(); group.contains(d); d = d.minusDays(1)) {
            run++;
        }
        return run;
    }

    private static List<TreeSet<LocalDate>> groups(TreeSet<LocalDate> dates, int near, boolean linkFull) {
        List<TreeSet<LocalDate>> groups = new ArrayList<>();
        @Nullable TreeSet<LocalDate> group = null;
        for (LocalDate d : dates) {
            long between = group == null ? 0 : group.last().until(d, ChronoUnit.DAYS) - 1;
            if (group == null || between >= near || (between > 0 && !linkFull && lastRun(group) >= 28)) {
                group = new TreeSet<>();
                groups.add(group);
            }
            group.add(d);
        }
        return groups;
    }
}
