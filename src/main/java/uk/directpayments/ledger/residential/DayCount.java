package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.residential.DaySet.Run;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/**
 * Counts the days of residential accommodation bought with a person's direct payments, rulebook 2: over all accounts, under the law
 * for children up to the 18th birthday and the law for adults from it on. Pure: the same question has the same answer for ever, in
 * whatever order and through whichever accounts the stays came.
 */
public final class DayCount {

    private DayCount() {}

    /**
     * What is asked.
     *
     * @param stays          those that are not voided, in any order
     * @param eighteenOn     the day of the 18th birthday
     * @param childUntil     the last day on which the law for children still applies by the council's decision, or null
     * @param asOf           actual stays are cut after this day; a stay without an end lasts up to and including it
     * @param includePlanned whether planned stays count, each in full
     */
    public record Question(
            List<Stay> stays,
            LocalDate eighteenOn,
            @Nullable LocalDate childUntil,
            Basis basis,
            LocalDate asOf,
            boolean includePlanned,
            ResidentialPolicy policy) {

        /** The first day under the law for adults. */
        LocalDate adultFrom() {
            return childUntil == null || childUntil.isBefore(eighteenOn) ? eighteenOn : childUntil.plusDays(1);
        }

        /** The dates of a stay, by nights or inclusively, so far as they are looked at. */
        private Run dates(Stay stay, Basis by) {
            Stay.Facts facts = stay.facts();
            LocalDate discharged = facts.discharged();
            LocalDate last = discharged == null ? asOf : by == Basis.NIGHTS ? discharged.minusDays(1) : discharged;
            return new Run(facts.admitted(), stay.planned() || last.isBefore(asOf) ? last : asOf);
        }

        private Stream<Stay> looked() {
            return stays.stream().filter(stay -> includePlanned || !stay.planned());
        }

        /** The dates of a stay that count; an empty run if none does. */
        Run counted(Stay stay) {
            Run dates = dates(stay, basis);
            return stay.facts().counts()
                    ? dates
                    : new Run(dates.first(), dates.first().minusDays(1));
        }

        private DaySet days() {
            return DaySet.of(looked().map(this::counted).toList());
        }

        DaySet childDays() {
            return days().before(adultFrom());
        }

        DaySet adultDays() {
            return days().from(adultFrom());
        }

        /** By night, whatever the basis: a transfer day is not an overlap. */
        private int overlappingPairs() {
            List<Run> nights = looked().map(stay -> dates(stay, Basis.NIGHTS)).toList();
            int pairs = 0;
            for (int i = 0; i < nights.size(); i++) {
                for (int j = 0; j < i; j++) {
                    pairs += nights.get(i).overlaps(nights.get(j)) ? 1 : 0;
                }
            }
            return pairs;
        }

        private boolean spansBirthday() {
            return looked().map(this::counted)
                    .anyMatch(run -> run.holds(eighteenOn) && run.first().isBefore(eighteenOn));
        }
    }

    /** @param overlappingStayPairs pairs of stays with a night in common, counting towards limits or not */
    public record Answer(
            Child child, Adult adult, int overlappingStayPairs, boolean spansEighteenthBirthday, Forecast forecast) {}

    /**
     * Under the law for children.
     *
     * @param longestRun           the most consecutive days
     * @param singlePeriodBreachOn the first day on which a run was too long, or null
     * @param max12Months          the most days in any twelve months
     * @param limit120BreachOn     the first day on which twelve months held too many, or null
     * @param remaining            days still free in the twelve months to {@code asOf}; negative once there were too many
     * @param nextReleaseOn        the first day after {@code asOf} on which one of the days in those twelve months is no longer among
     *                             them, or null if there is none
     */
    public record Child(
            int countedTotal,
            int longestRun,
            @Nullable LocalDate singlePeriodBreachOn,
            int max12Months,
            int in12MonthsToAsOf,
            @Nullable LocalDate limit120BreachOn,
            int remaining,
            @Nullable LocalDate nextReleaseOn) {}

    /**
     * Under the law for adults.
     *
     * @param maxLinked12Months the most days of one linked group in twelve months
     * @param breachOn          the first day on which those were too many, or null
     */
    public record Adult(
            int countedTotal,
            List<LinkedGroup> linkedGroups,
            int maxLinked12Months,
            @Nullable LocalDate breachOn) {}

    /**
     * The first day after {@code asOf} that is too many, by limit, or null: since actual stays are cut at {@code asOf}, it is so by what is planned,
     * whatever was exceeded before.
     *
     * @param singlePeriod under the law for children, as is {@code twelveMonths}
     * @param linked       under the law for adults
     */
    public record Forecast(
            @Nullable LocalDate singlePeriod,
            @Nullable LocalDate twelveMonths,
            @Nullable LocalDate linked) {}

    /** Periods with less than four weeks between each and the next. */
    public record LinkedGroup(LocalDate first, LocalDate last, int counted) {}

    /**
     * How far some days go in twelve months: the most there are, the first day with too many, the first such day after {@code asOf}, and how many
     * such days.
     */
    private record Peak(
            int most,
            @Nullable LocalDate firstOver,
            @Nullable LocalDate nextOver,
            int daysOver) {

        static final Peak NONE = new Peak(0, null, null, 0);

        Peak or(Peak other) {
            return new Peak(
                    Math.max(most, other.most),
                    earlier(firstOver, other.firstOver),
                    earlier(nextOver, other.nextOver),
                    daysOver + other.daysOver);
        }

        private static @Nullable LocalDate earlier(@Nullable LocalDate one, @Nullable LocalDate other) {
            return one == null || (other != null && other.isBefore(one)) ? other : one;
        }

        /** It is enough to look at twelve months that end on a counted day: there is no more in any other. */
        static Peak inTwelveMonths(DaySet days, int limit, LocalDate asOf) {
            int[] found = new int[2];
            LocalDate[] first = new LocalDate[2];
            days.forEach(day -> {
                int count = days.inTwelveMonthsTo(day);
                found[0] = Math.max(found[0], count);
                if (count > limit) {
                    found[1]++;
                    first[0] = first[0] == null ? day : first[0];
                    first[1] = first[1] == null && day.isAfter(asOf) ? day : first[1];
                }
            });
            return new Peak(found[0], first[0], first[1], found[1]);
        }

        static Peak ofRun(Run run, int limit, LocalDate asOf) {
            int over = Math.max(0, run.days() - limit);
            if (over == 0) {
                return new Peak(run.days(), null, null, 0);
            }
            LocalDate first = run.first().plusDays(limit);
            LocalDate next = first.isAfter(asOf) ? first : asOf.plusDays(1);
            return new Peak(run.days(), first, next.isAfter(run.last()) ? null : next, over);
        }
    }

    private record Peaks(Peak singlePeriod, Peak twelveMonths, Peak linked) {

        static Peaks of(Question asked) {
            ResidentialPolicy policy = asked.policy();
            LocalDate asOf = asked.asOf();
            DaySet child = asked.childDays();
            return new Peaks(
                    child.runs().stream()
                            .map(run -> Peak.ofRun(run, policy.singlePeriodMost(), asOf))
                            .reduce(Peak.NONE, Peak::or),
                    Peak.inTwelveMonths(child, policy.twelveMonthsMost(), asOf),
                    asked.adultDays().linked(policy.adultLinkFullPeriods()).stream()
                            .map(group -> Peak.inTwelveMonths(group, policy.linkedMost(), asOf))
                            .reduce(Peak.NONE, Peak::or));
        }
    }

    public static Answer answer(Question asked) {
        Peaks peaks = Peaks.of(asked);
        DaySet child = asked.childDays();
        DaySet adult = asked.adultDays();
        int inWindow = child.inTwelveMonthsTo(asked.asOf());
        return new Answer(
                new Child(
                        child.size(),
                        peaks.singlePeriod.most,
                        peaks.singlePeriod.firstOver,
                        peaks.twelveMonths.most,
                        inWindow,
                        peaks.twelveMonths.firstOver,
                        asked.policy().twelveMonthsMost() - inWindow,
                        nextRelease(child, asked.asOf())),
                new Adult(
                        adult.size(),
                        adult.linked(asked.policy().adultLinkFullPeriods()).stream()
                                .map(group -> new LinkedGroup(group.first(), group.last(), group.size()))
                                .toList(),
                        peaks.linked.most,
                        peaks.linked.firstOver),
                asked.overlappingPairs(),
                asked.spansBirthday(),
                new Forecast(peaks.singlePeriod.nextOver, peaks.twelveMonths.nextOver, peaks.linked.nextOver));
    }

    private static @Nullable LocalDate nextRelease(DaySet days, LocalDate asOf) {
        DaySet since = days.from(DaySet.windowStart(asOf));
        if (since.isEmpty() || since.first().isAfter(asOf)) {
            return null;
        }
        // 29 February is still among the twelve months to 28 February
        LocalDate earliest = since.first();
        LocalDate yearLater = earliest.plusYears(1);
        return DaySet.windowStart(yearLater).isAfter(earliest) ? yearLater : yearLater.plusDays(1);
    }

    /** Whether a further stay makes more days exceed one of the limits than do without it. */
    static boolean exceedsWith(Question without, Stay further) {
        Question with = new Question(
                Stream.concat(without.stays().stream(), Stream.of(further)).toList(),
                without.eighteenOn(),
                without.childUntil(),
                without.basis(),
                without.asOf(),
                without.includePlanned(),
                without.policy());
        Peaks before = Peaks.of(without);
        Peaks after = Peaks.of(with);
        return after.singlePeriod.daysOver > before.singlePeriod.daysOver
                || after.twelveMonths.daysOver > before.twelveMonths.daysOver
                || after.linked.daysOver > before.linked.daysOver;
    }
}
