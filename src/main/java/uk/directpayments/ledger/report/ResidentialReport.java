package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.residential.DayCount;
import uk.directpayments.ledger.residential.DayCount.Answer;
import uk.directpayments.ledger.residential.ResidentialDays;
import uk.directpayments.ledger.residential.ResidentialDays.Found;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/** Residential days used and remaining of everybody who has a stay, and the day on which what is planned would be too much. Rulebook 2. */
@Component
class ResidentialReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("personId"),
            Column.text("basis"),
            Column.text("policyVersion"),
            Column.number("childCountedTotal"),
            Column.number("childLongestRun"),
            Column.date("childSinglePeriodBreachOn"),
            Column.number("childIn12MonthsToAsOf"),
            Column.date("childLimit120BreachOn"),
            Column.number("childRemaining"),
            Column.date("childNextReleaseOn"),
            Column.number("adultCountedTotal"),
            Column.number("adultMaxLinked12Months"),
            Column.date("adultBreachOn"),
            Column.number("overlappingStayPairs"),
            Column.date("forecastBreachOn"),
            Column.text("warnings"));

    private final ResidentialDays days;
    private final Policies policies;

    ResidentialReport(ResidentialDays days, Policies policies) {
        super("residential-days", COLUMNS, Set.of("personId", "basis"));
        this.days = days;
        this.policies = policies;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        View view = asked.view();
        String wanted = asked.filters().personId();
        ResidentialPolicy policy = ResidentialPolicy.of(policies.on(view.asOf(), view));
        Basis basis = Objects.requireNonNullElse(asked.filters().basis(), policy.basis());
        Set<String> unavailable = days.unavailablePersons(view);
        Set<String> unseen = new TreeSet<>(unavailable);
        Pages.<Found, String>each(
                after -> days.withStays(wanted, after, Pages.SIZE, view),
                found -> found.person().personId(),
                page -> page.forEach(found -> {
                    String personId = found.person().personId();
                    unseen.remove(personId);
                    if (unavailable.contains(personId)) {
                        each.accept(Row.unavailable(personId));
                    } else if (found.hasBegunOrIsPlanned(view.asOf())) {
                        each.accept(row(found, basis, policy, view.asOf()));
                    }
                }));
        unseen.stream()
                .filter(person -> wanted == null || wanted.equals(person))
                .forEach(person -> each.accept(Row.unavailable(person)));
    }

    private static Row row(Found found, Basis basis, ResidentialPolicy policy, LocalDate asOf) {
        Answer answer = DayCount.answer(found.question(basis, asOf, false, policy));
        DayCount.Child child = answer.child();
        DayCount.Adult adult = answer.adult();
        return Row.of(
                found.person().personId(),
                basis,
                policy.version(),
                child.countedTotal(),
                child.longestRun(),
                child.singlePeriodBreachOn(),
                child.in12MonthsToAsOf(),
                child.limit120BreachOn(),
                child.remaining(),
                child.nextReleaseOn(),
                adult.countedTotal(),
                adult.maxLinked12Months(),
                adult.breachOn(),
                answer.overlappingStayPairs(),
                forecast(DayCount.answer(found.question(basis, asOf, true, policy))
                        .forecast()),
                found.spans(basis, policy).stream()
                        .filter(span -> span.covers(asOf))
                        .map(span -> span.limit() + "/" + span.level())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(" ")));
    }

    /** The first day after {@code asOf} on which the planned stays, with those that have been, are too many. */
    private static @Nullable LocalDate forecast(DayCount.Forecast planned) {
        return Stream.of(planned.singlePeriod(), planned.twelveMonths(), planned.linked())
                .filter(Objects::nonNull)
                .min(LocalDate::compareTo)
                .orElse(null);
    }
}
