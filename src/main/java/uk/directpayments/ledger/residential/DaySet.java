package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A set of days, kept as its runs: maximal sequences of consecutive days, in order. */
final class DaySet {

    /** Consecutive days, both ends included; none if the last lies before the first. */
    record Run(LocalDate first, LocalDate last) {

        boolean isEmpty() {
            return last.isBefore(first);
        }

        int days() {
            return (int) (last.toEpochDay() - first.toEpochDay()) + 1;
        }

        boolean holds(LocalDate day) {
            return !day.isBefore(first) && !day.isAfter(last);
        }

        boolean overlaps(Run other) {
            return !isEmpty() && !other.isEmpty() && !first.isAfter(other.last) && !other.first.isAfter(last);
        }
    }

    private final List<Run> runs;
    /** How many days lie before each run. */
    private final int[] before;

    private final int size;

    private DaySet(List<Run> runs) {
        this.runs = runs;
        this.before = new int[runs.size()];
        int days = 0;
        for (int i = 0; i < before.length; i++) {
            before[i] = days;
            days += runs.get(i).days();
        }
        this.size = days;
    }

    /** The union of runs that may overlap and stand in any order. */
    static DaySet of(List<Run> given) {
        List<Run> merged = new ArrayList<>();
        given.stream()
                .filter(run -> !run.isEmpty())
                .sorted(Comparator.comparing(Run::first))
                .forEach(run -> {
                    Run latest = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                    if (latest == null || run.first().isAfter(latest.last().plusDays(1))) {
                        merged.add(run);
                    } else if (run.last().isAfter(latest.last())) {
                        merged.set(merged.size() - 1, new Run(latest.first(), run.last()));
                    }
                });
        return new DaySet(List.copyOf(merged));
    }

    /** The first day of the twelve months that end on a day, rulebook 2.6: calendar months, not 365 days. */
    static LocalDate windowStart(LocalDate day) {
        return day.minusYears(1).plusDays(1);
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    int size() {
        return size;
    }

    LocalDate first() {
        return runs.get(0).first();
    }

    LocalDate last() {
        return runs.get(runs.size() - 1).last();
    }

    List<Run> runs() {
        return runs;
    }

    /** The days before a day. */
    DaySet before(LocalDate day) {
        LocalDate end = day.minusDays(1);
        return of(runs.stream()
                .map(run -> run.last().isBefore(day) ? run : new Run(run.first(), end))
                .toList());
    }

    /** The days from a day on. */
    DaySet from(LocalDate day) {
        return of(runs.stream()
                .map(run -> run.first().isBefore(day) ? new Run(day, run.last()) : run)
                .toList());
    }

    /** The first of these days that lies in a run. */
    Optional<LocalDate> firstIn(Run run) {
        return runs.stream()
                .filter(run::overlaps)
                .findFirst()
                .map(one -> one.first().isAfter(run.first()) ? one.first() : run.first());
    }

    /** Each run as a set of its own. */
    List<DaySet> periods() {
        return runs.stream().map(run -> new DaySet(List.of(run))).toList();
    }

    /**
     * The runs grouped, rulebook 2.5: two that follow each other belong together when fewer than four weeks of other days lie between
     * them.
     *
     * @param linkFullPeriods false if a run of four weeks or more stands apart from what follows it
     */
    List<DaySet> linked(boolean linkFullPeriods) {
        List<DaySet> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= runs.size(); i++) {
            if (i == runs.size() || !linksOn(runs.get(i - 1), runs.get(i).first(), linkFullPeriods)) {
                groups.add(new DaySet(runs.subList(start, i)));
                start = i;
            }
        }
        return groups;
    }

    /** Whether a day of accommodation on {@code next} would be added to a period that ended before. */
    static boolean linksOn(Run period, LocalDate next, boolean linkFullPeriods) {
        long between = next.toEpochDay() - period.last().toEpochDay() - 1;
        return between < ResidentialPolicy.FOUR_WEEKS
                && (linkFullPeriods || period.days() < ResidentialPolicy.FOUR_WEEKS);
    }

    /** How many days lie in the twelve months that end on a day. */
    int inTwelveMonthsTo(LocalDate day) {
        return upTo(day) - upTo(windowStart(day).minusDays(1));
    }

    /** How many days lie on or before a day. */
    private int upTo(LocalDate day) {
        int low = 0;
        int high = runs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).first().isAfter(day)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        if (low == 0) {
            return 0;
        }
        Run run = runs.get(low - 1);
        return before[low - 1] + (day.isAfter(run.last()) ? run.days() : new Run(run.first(), day).days());
    }

    void forEach(Consumer<LocalDate> visit) {
        for (Run run : runs) {
            for (LocalDate day = run.first(); !day.isAfter(run.last()); day = day.plusDays(1)) {
                visit.accept(day);
            }
        }
    }
}
