package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.DaySet.Run;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/**
 * Some days on which a person stands near or over a limit: computed from the actual stays, so that time alone, which lengthens a stay
 * without an end and releases days after a year, changes nothing that is stored. Whoever asks filters by the day.
 *
 * @param until   the first day on which it is so no longer, or null if it stays so
 * @param tooMany for {@link Level#OVER}, the stays that hold days too many, by the first such day of each
 */
public record LimitSpan(
        Limit limit, Level level, LocalDate from, @Nullable LocalDate until, List<TooMany> tooMany) {

    /** @param first of the stay's days that are too many */
    public record TooMany(String stayId, LocalDate first) {}

    /** Rulebook 2.4, 2.5. */
    public enum Limit {
        /** Child: consecutive days. */
        SINGLE_28,
        /** Child: days in twelve months. */
        ROLLING_120,
        /** Adult: days of one linked group in twelve months. */
        LINKED_28,
        /** Child, by way of advice only: days in twelve months of what an adult's law would link. */
        CHILD_LINKED_28
    }

    /** Rulebook 2.10, the lowest first. */
    public enum Level {
        /** Of {@link Limit#CHILD_LINKED_28} alone. */
        ADVISORY,
        /** Not yet, but what is planned leads to too many days: answered, never stored. */
        FORECAST,
        AMBER,
        /** Not a day is left. */
        RED,
        /** Too many days, and the last twelve months still hold them. */
        OVER
    }

    /** For {@link Level#OVER}, the stay that holds the first day too many; else null. */
    public @Nullable String stayId() {
        return tooMany.isEmpty() ? null : tooMany.get(0).stayId();
    }

    public boolean covers(LocalDate day) {
        return !from.isAfter(day) && (until == null || until.isAfter(day));
    }

    /**
     * Every span of a person's life so far as it is recorded.
     *
     * @param stays as in {@link Question}; planned ones are passed over
     */
    public static List<LimitSpan> of(
            List<Stay> stays,
            LocalDate eighteenOn,
            @Nullable LocalDate childUntil,
            Basis basis,
            ResidentialPolicy policy) {
        List<Stay> counting = stays.stream()
                .filter(stay -> !stay.planned() && stay.facts().counts())
                .sorted(Comparator.comparing((Stay stay) -> stay.facts().admitted())
                        .thenComparing(Stay::stayId))
                .toList();
        if (counting.isEmpty()) {
            return List.of();
        }
        LocalDate last = counting.stream()
                .flatMap(stay -> Stream.of(stay.facts().admitted(), stay.facts().discharged()))
                .filter(Objects::nonNull)
                .max(LocalDate::compareTo)
                .orElseThrow();
        Question asked = new Question(counting, eighteenOn, childUntil, basis, last, false, policy);
        boolean open = counting.stream().anyMatch(stay -> stay.facts().discharged() == null);
        if (open) {
            // By then an unending stay fills twelve months of whatever law it has come under: nothing changes any more.
            LocalDate adultFrom = asked.adultFrom();
            LocalDate steady = (adultFrom.isAfter(last) ? adultFrom : last).plusYears(2);
            asked = new Question(counting, eighteenOn, childUntil, basis, steady, false, policy);
        }
        return new Spans(asked, counting, open ? asked.asOf() : null).all();
    }

    /** @param steady the day from which on nothing changes, or null if every stay has an end */
    private record Spans(
            Question asked, List<Stay> stays, @Nullable LocalDate steady) {

        List<LimitSpan> all() {
            ResidentialPolicy policy = asked.policy();
            DaySet child = asked.childDays();
            List<LimitSpan> spans = new ArrayList<>();
            for (DaySet period : child.periods()) {
                add(
                        spans,
                        Limit.SINGLE_28,
                        period,
                        policy.amberPeriod(),
                        policy.singlePeriodMost(),
                        day -> !day.isAfter(period.last()));
            }
            add(
                    spans,
                    Limit.ROLLING_120,
                    child,
                    policy.amberTwelveMonths(),
                    policy.twelveMonthsMost(),
                    day -> day.isBefore(asked.adultFrom()));
            for (DaySet group : asked.adultDays().linked(policy.adultLinkFullPeriods())) {
                Run ending = group.runs().get(group.runs().size() - 1);
                add(
                        spans,
                        Limit.LINKED_28,
                        group,
                        policy.amberPeriod(),
                        policy.linkedMost(),
                        day -> !day.isAfter(ending.last())
                                || DaySet.linksOn(ending, day, policy.adultLinkFullPeriods()));
            }
            if (policy.childLinkAdvisory()) {
                for (DaySet group : child.linked(policy.adultLinkFullPeriods())) {
                    add(spans, Limit.CHILD_LINKED_28, group, policy.linkedMost(), policy.linkedMost(), day -> true);
                }
            }
            return spans;
        }

        /** @param growing whether one more day on a day would add to these: what cannot grow is no warning, unless it is over */
        private void add(
                List<LimitSpan> spans, Limit limit, DaySet days, int amber, int most, Predicate<LocalDate> growing) {
            if (days.size() < Math.min(amber, most)) {
                return;
            }
            LocalDate end = days.last().plusYears(1).plusDays(1);
            LocalDate since = null;
            Level level = null;
            for (LocalDate day = days.first(); !day.isAfter(end) && !day.equals(steady); day = day.plusDays(1)) {
                Level next = level(limit, days.inTwelveMonthsTo(day), amber, most, growing.test(day));
                if (next != level) {
                    close(spans, limit, level, since, day, days);
                    level = next;
                    since = day;
                }
            }
            close(spans, limit, level, since, null, days);
        }

        private static @Nullable Level level(Limit limit, int count, int amber, int most, boolean growing) {
            if (limit == Limit.CHILD_LINKED_28) {
                return count > most ? Level.ADVISORY : null;
            }
            if (count > most) {
                return Level.OVER;
            }
            if (!growing || count < Math.min(amber, most)) {
                return null;
            }
            return count == most ? Level.RED : Level.AMBER;
        }

        private void close(
                List<LimitSpan> spans,
                Limit limit,
                @Nullable Level level,
                @Nullable LocalDate since,
                @Nullable LocalDate until,
                DaySet days) {
            if (level != null && since != null) {
                DaySet within =
                        until == null ? days.from(since) : days.before(until).from(since);
                spans.add(new LimitSpan(limit, level, since, until, level == Level.OVER ? holders(within) : List.of()));
            }
        }

        private List<TooMany> holders(DaySet days) {
            return stays.stream()
                    .flatMap(stay ->
                            days.firstIn(asked.counted(stay)).map(day -> new TooMany(stay.stayId(), day)).stream())
                    .sorted(Comparator.comparing(TooMany::first))
                    .toList();
        }
    }
}
