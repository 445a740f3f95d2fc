package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.kernel.LegalBasis;

/**
 * The lines of adults' budgets in force on a day, with the delivery mechanism that the national client level data set asks for. Whether somebody has
 * a part direct payment is derived from the mix of all their budgets, never kept: it is gathered first, some modes a person. Rulebook 4.21.
 */
@Component
class ClientLevelReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("personId"),
            Column.text("budgetId"),
            Column.text("lineId"),
            Column.text("category"),
            Column.text("fundingSource"),
            Column.text("deliveryMechanism"),
            Column.text("directPayment"),
            Column.date("from"),
            Column.date("to"),
            Column.money("annualAmount"));

    /** How much of what somebody has is paid to them. */
    private enum Extent {
        FULL,
        PART,
        NONE
    }

    private final BudgetPages budgets;

    ClientLevelReport(BudgetPages budgets) {
        super("client-level-data", COLUMNS, BudgetPages.FILTERS);
        this.budgets = budgets;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        Map<String, Set<Mode>> modes = new HashMap<>();
        each(
                allBudgets(asked),
                line -> modes.computeIfAbsent(line.budget().personId(), none -> EnumSet.noneOf(Mode.class))
                        .add(line.mode()),
                unavailable -> {});
        each(
                asked,
                line -> each.accept(
                        row(line, extent(modes.getOrDefault(line.budget().personId(), Set.of())))),
                each);
    }

    /** Where one budget is asked for: all of the same person. */
    private Question allBudgets(Question asked) {
        if (asked.filters().budgetId() == null) {
            return asked;
        }
        List<String> people = new ArrayList<>();
        budgets.each(asked, seen -> people.add(seen.entry().personId()), unknown -> {});
        return people.isEmpty() ? asked : new Question(asked.view(), Question.Filters.ofPerson(people.get(0)));
    }

    private void each(Question asked, Consumer<InForce> each, Consumer<Row> unavailable) {
        LocalDate asOf = asked.view().asOf();
        budgets.each(
                asked,
                seen -> {
                    BudgetEntry budget = seen.entry();
                    if (!seen.isKnown()) {
                        unavailable.accept(Row.unavailable(budget.personId(), budget.budgetId()));
                    } else if (budget.request().legalBasis() == LegalBasis.ADULT_CARE_ACT) {
                        InForce.of(seen, asOf).forEach(each);
                    }
                },
                person -> unavailable.accept(Row.unavailable(person)));
    }

    private static Extent extent(Set<Mode> modes) {
        if (!modes.contains(Mode.DIRECT_PAYMENT)) {
            return Extent.NONE;
        }
        return modes.size() == 1 ? Extent.FULL : Extent.PART;
    }

    private static Row row(InForce line, Extent extent) {
        Terms.Line terms = line.terms();
        return Row.of(
                line.budget().personId(),
                line.budget().budgetId(),
                terms.lineId(),
                line.category(),
                terms.source(),
                mechanism(line.mode()),
                extent,
                terms.from(),
                terms.to(),
                line.annualAmount());
    }

    /** In the words of the data set. Support commissioned outside a personal budget is not in this ledger. */
    private static String mechanism(Mode mode) {
        return switch (mode) {
            case DIRECT_PAYMENT -> "Direct Payment";
            case COUNCIL_MANAGED, THIRD_PARTY -> "CASSR Managed Personal Budget";
        };
    }
}
