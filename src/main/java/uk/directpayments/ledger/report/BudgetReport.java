package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.LineFigures.Figure;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetMode;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Settings;

/**
 * Budget against actual, line by line or by source of money, its cost centre and who pays it, in all or of a period: what is allocated, paid, spent, and not
 * spent. Rulebook 4.21. What the council itself spends on a line that it manages, the ledger does not know: all of it counts as committed.
 */
@Component
class BudgetReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("lineId"),
            Column.text("fundingSource"),
            Column.text("costCentre"),
            Column.text("payerOrganisation"),
            Column.yesNo("recoverable"),
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
    private final Policies policies;

    BudgetReport(BudgetPages budgets, Policies policies) {
        super("budget-v-actual", COLUMNS, heeded());
        this.budgets = budgets;
        this.policies = policies;
    }

    private static Set<String> heeded() {
        Set<String> filters = new HashSet<>(BudgetPages.FILTERS);
        filters.addAll(Set.of("from", "to", "by"));
        return Set.copyOf(filters);
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        Question.Period period = asked.filters().period();
        LocalDate last = period == null || period.to().isAfter(asOf) ? asOf : period.to();
        Settings policy = policies.on(last, asked.view()).settings();
        boolean bySource = asked.filters().by() == Question.By.SOURCE;
        Map<FundingSource, Sums> sources = new TreeMap<>();
        budgets.each(
                asked,
                seen -> {
                    BudgetEntry budget = seen.entry();
                    if (!seen.hasFigures()) {
                        each.accept(Row.unavailable(budget.budgetId(), budget.personId()));
                    } else if (budget.agreedBy(asOf) != null) {
                        Terms terms = budget.terms();
                        for (int i = 0; i < terms.lines().size(); i++) {
                            Terms.Line allowed = terms.lines().get(i);
                            BudgetEntry.Line line = budget.lines().get(i);
                            FundingSource source = line.agreed().fundingSource();
                            Sums sums = Sums.of(
                                    line,
                                    allocated(terms, allowed, period, asOf),
                                    seen.figure(line.agreed().lineId()));
                            if (bySource) {
                                sources.merge(source, sums, Sums::plus);
                            } else if (period == null || overlaps(allowed, period) || sums.moved()) {
                                each.accept(row(budget, line, allowed, policy, sums));
                            }
                        }
                    }
                },
                person -> each.accept(Row.unavailable(null, person)));
        sources.forEach((source, sums) -> each.accept(row(source, policy, sums)));
    }

    private static Money allocated(Terms terms, Terms.Line line, Question.@Nullable Period period, LocalDate asOf) {
        return period == null ? terms.allocation(line, asOf) : terms.allocation(line, period.from(), period.to(), asOf);
    }

    private static boolean overlaps(Terms.Line line, Question.Period period) {
        return !line.from().isAfter(period.to()) && !line.to().isBefore(period.from());
    }

    /** The figures of a row. */
    private record Sums(Money allocated, Money committed, Figure figure) {

        static Sums of(BudgetEntry.Line line, Money allocated, Figure figure) {
            return new Sums(allocated, line.agreed().mode().committed(allocated), figure);
        }

        Sums plus(Sums other) {
            return new Sums(
                    allocated.plus(other.allocated), committed.plus(other.committed), figure.plus(other.figure));
        }

        boolean moved() {
            return !figure.equals(Figure.NOTHING);
        }

        List<@Nullable Object> values() {
            return Arrays.asList(
                    allocated,
                    committed,
                    figure.paid(),
                    figure.spent(),
                    figure.recovered(),
                    figure.unspent(),
                    allocated.minus(figure.spent()).minus(committed));
        }
    }

    private static Row row(BudgetEntry budget, BudgetEntry.Line line, Terms.Line terms, Settings policy, Sums sums) {
        BudgetMode mode = BudgetMode.of(
                budget.lines().stream().map(one -> one.agreed().mode()).toList());
        FundingSource source = line.agreed().fundingSource();
        return row(
                sums,
                budget.budgetId(),
                budget.personId(),
                line.agreed().lineId(),
                source,
                policy.costCentre(source),
                policy.payerOrganisation(source),
                policy.isRecoverable(source),
                mode,
                line.agreed().mode(),
                line.agreed().category(),
                terms.from(),
                terms.to(),
                line.accountId());
    }

    private static Row row(FundingSource source, Settings policy, Sums sums) {
        return row(
                sums,
                null,
                null,
                null,
                source,
                policy.costCentre(source),
                policy.payerOrganisation(source),
                policy.isRecoverable(source),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static Row row(Sums sums, @Nullable Object... which) {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(which));
        values.addAll(sums.values());
        return new Row(values, false);
    }
}
