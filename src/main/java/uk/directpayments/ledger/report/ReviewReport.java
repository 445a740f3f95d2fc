package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.budget.BudgetCare;
import uk.directpayments.ledger.budget.BudgetEntry;

/** The next review of every budget that has paid and is not over, and whether it is overdue. Rulebook 1.6. */
@Component
class ReviewReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("legalBasis"),
            Column.date("firstPaidOn"),
            Column.date("due"),
            Column.yesNo("overdue"),
            Column.number("daysOverdue"));

    private final BudgetPages budgets;

    ReviewReport(BudgetPages budgets) {
        super("reviews-due", COLUMNS, BudgetPages.FILTERS);
        this.budgets = budgets;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        budgets.each(
                asked,
                seen -> {
                    BudgetEntry budget = seen.entry();
                    BudgetCare.ReviewDue due = budget.reviewDue(seen.firstPaidOn(), asOf);
                    if (!seen.isKnown()) {
                        each.accept(Row.unavailable(budget.budgetId(), budget.personId()));
                    } else if (due != null) {
                        each.accept(Row.of(
                                budget.budgetId(),
                                budget.personId(),
                                budget.request().legalBasis(),
                                seen.firstPaidOn(),
                                due.due(),
                                due.overdue(),
                                due.overdue() ? ChronoUnit.DAYS.between(due.due(), asOf) : 0));
                    }
                },
                person -> each.accept(Row.unavailable(null, person)));
    }
}
