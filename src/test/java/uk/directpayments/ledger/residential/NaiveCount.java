package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.residential.DayCount.Adult;
import uk.directpayments.ledger.residential.DayCount.Answer;
import uk.directpayments.ledger.residential.DayCount.Child;
import uk.directpayments.ledger.residential.DayCount.Forecast;
import uk.directpayments.ledger.residential.DayCount.LinkedGroup;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/**
 * The count of days once more, as the rulebook's sentences stand: a set of single dates, looked through again for every window. Slow, and
 * shares nothing with {@link DayCount} but the words of question and answer.
 */
final class NaiveCount {

    private final Question asked;
    private final TreeSet<LocalDate> child = new TreeSet<>();
    private final TreeSet<LocalDate> adult = new TreeSet<>();
    private @Nullable LocalDate singleNext;
    private @Nullable LocalDate rollingNext;
    private @Nullable LocalDate linkedNext;

    NaiveCount(Question asked) {
        this.asked = asked;
        for (Stay stay : asked.stays()) {
            for (LocalDate date : counted(stay)) {
                (isChild(date) ? child : adult).add(date);
            }
        }
    }

    private boolean isChild(LocalDate date) {
        LocalDate until = asked.childUntil();
        return date.isBefore(asked.eighteenOn()) || (until != null && !date.isAfter(until));
    }

    private Set<LocalDate> counted(Stay stay) {
        boolean counts = stay.facts().fundedByDirectPayment()
                && Set.of("CARE_HOME", "NURSING_HOME", "CHILDRENS_HOME", "RESIDENTIAL_SHORT_BREAK_UNIT")
                        .contains(stay.facts().setting().name());
        return counts ? dates(stay, asked.basis()) : Set.of();
    }

    private Set<LocalDate> dates(Stay stay, Basis basis) {
        Set<LocalDate> dates = new HashSet<>();
        if (stay.planned() && !asked.includePlanned()) {
            return dates;
        }
        LocalDate discharged = stay.facts().discharged();
        for (LocalDate d = stay.facts().admitted(); ; d = d.plusDays(1)) {
            boolean inStay = discharged == null
                    ? !d.isAfter(asked.asOf())
                    : basis == Basis.NIGHTS ? d.isBefore(discharged) : !d.isAfter(discharged);
            if (!inStay || (!stay.planned() && d.isAfter(asked.asOf()))) {
                return dates;
            }
            dates.add(d);
        }
    }

    private static int inWindow(Set<LocalDate> dates, LocalDate end) {
        LocalDate start = end.minusYears(1).plusDays(1);
        int count = 0;
        for (LocalDate d = start; !d.isAfter(end); d = d.plusDays(1)) {
            count += dates.contains(d) ? 1 : 0;
        }
        return count;
    }

    Answer answer() {
        Child ofChild = child();
        Adult ofAdult = adult();
        return new Answer(ofChild, ofAdult, overlaps(), spans(), new Forecast(singleNext, rollingNext, linkedNext));
    }

    private Child child() {
        int longest = 0;
        int run = 0;
        int max = 0;
        LocalDate single = null;
        LocalDate rolling = null;
        for (LocalDate d : child) {
            run = child.contains(d.minusDays(1)) ? run + 1 : 1;
            longest = Math.max(longest, run);
            if (run > 28 && single == null) {
                single = d;
            }
            if (run > 28 && singleNext == null && d.isAfter(asked.asOf())) {
                singleNext = d;
            }
            int count = inWindow(child, d);
            max = Math.max(max, count);
            if (count > 120 && rolling == null) {
                rolling = d;
            }
            if (count > 120 && rollingNext == null && d.isAfter(asked.asOf())) {
                rollingNext = d;
            }
        }
        int now = inWindow(child, asked.asOf());
        return new Child(child.size(), longest, single, max, now, rolling, 120 - now, release());
    }

    private @Nullable LocalDate release() {
        LocalDate start = asked.asOf().minusYears(1).plusDays(1);
        LocalDate earliest = child.ceiling(start);
        if (earliest == null || earliest.isAfter(asked.asOf())) {
            return null;
        }
        LocalDate d = asked.asOf();
        while (!earliest.isBefore(d.minusYears(1).plusDays(1))) {
            d = d.plusDays(1);
        }
        return d;
    }

    private Adult adult() {
        List<TreeSet<LocalDate>> groups = new ArrayList<>();
        LocalDate last = null;
        int run = 0;
        for (LocalDate d : adult) {
            long between = last == null ? 999 : last.datesUntil(d).count() - 1;
            boolean full = run >= 28 && between > 0 && !asked.policy().adultLinkFullPeriods();
            if (between >= 28 || full) {
                groups.add(new TreeSet<>());
            }
            groups.get(groups.size() - 1).add(d);
            run = between == 0 ? run + 1 : 1;
            last = d;
        }
        int max = 0;
        LocalDate breach = null;
        for (TreeSet<LocalDate> group : groups) {
            for (LocalDate d : group) {
                int count = inWindow(group, d);
                max = Math.max(max, count);
                if (count > 28 && (breach == null || d.isBefore(breach))) {
                    breach = d;
                }
                if (count > 28 && d.isAfter(asked.asOf()) && (linkedNext == null || d.isBefore(linkedNext))) {
                    linkedNext = d;
                }
            }
        }
        return new Adult(
                adult.size(),
                groups.stream()
                        .map(group -> new LinkedGroup(group.first(), group.last(), group.size()))
                        .toList(),
                max,
                breach);
    }

    private int overlaps() {
        int pairs = 0;
        for (Stay a : asked.stays()) {
            for (Stay b : asked.stays()) {
                if (a.stayId().compareTo(b.stayId()) < 0) {
                    Set<LocalDate> both = dates(a, Basis.NIGHTS);
                    both.retainAll(dates(b, Basis.NIGHTS));
                    pairs += both.isEmpty() ? 0 : 1;
                }
            }
        }
        return pairs;
    }

    private boolean spans() {
        return asked.stays().stream()
                .map(this::counted)
                .anyMatch(dates -> dates.stream().anyMatch(d -> d.isBefore(asked.eighteenOn()))
                        && dates.stream().anyMatch(d -> !d.isBefore(asked.eighteenOn())));
    }
}
