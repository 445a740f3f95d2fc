package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.LineFigures.Figure;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetMode;
import uk.directpayments.ledger.kernel.Money;

/**
 * Budget against actual, line by line: what is allocated by the day, paid, spent, and not spent. Rulebook 4.21. What the council itself spends on
 * a line that it manages, the ledger does not know: all of it counts as committed.
 */
@Component
class BudgetReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("lineId"),
            Column.text("fundingSource"),
            Column.text("budgetMode"),
            Column.text("mode"),
            Column.text("category"),
            Column.date("from"),
            Column.date("to"),
            Column.text("accountId"),
            Column.money("allocated"),
            Column.money("committed"),
            Column.money("paid"),
            Column.money("spent"),
            Column.money("recovered"),
            Column.money("unspent"),
            Column.money("variance"));

    private final BudgetPages budgets;

    BudgetReport(BudgetPages budgets) {
        super("budget-v-actual", COLUMNS, BudgetPages.FILTERS);
        this.budgets = budgets;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        budgets.each(
                asked,
                seen -> {
                    BudgetEntry budget = seen.entry();
                    if (!seen.hasFigures()) {
                        each.accept(Row.unavailable(budget.budgetId(), budget.personId()));
                    } else if (budget.agreedBy(asOf) != null) {
                        List<Terms.Line> terms = budget.terms().lines();
                        BudgetMode mode = BudgetMode.of(budget.lines().stream()
                                .map(line -> line.agreed().mode())
                                .toList());
                        for (int i = 0; i < terms.size(); i++) {
                            BudgetEntry.Line line = budget.lines().get(i);
                            Figure moved = seen.figure(line.agreed().lineId());
                            each.accept(row(budget, mode, line, terms.get(i), moved, asOf));
                        }
                    }
                },
                person -> each.accept(Row.unavailable(null, person)));
    }

    private static Row row(
            BudgetEntry budget,
            @Nullable BudgetMode mode,
            BudgetEntry.Line line,
            Terms.Line terms,
            Figure moved,
            LocalDate asOf) {
        Money allocated = terms.allocation(asOf);
        Money committed = line.agreed().mode().committed(allocated);
        return Row.of(
                budget.budgetId(),
                budget.personId(),
                line.agreed().lineId(),
                line.agreed().fundingSource(),
                mode,
                line.agreed().mode(),
                line.agreed().category(),
                terms.from(),
                terms.to(),
                line.accountId(),
                allocated,
                committed,
                moved.paid(),
                moved.spent(),
                moved.recovered(),
                moved.unspent(),
                allocated.minus(moved.spent()).minus(committed));
    }
}
