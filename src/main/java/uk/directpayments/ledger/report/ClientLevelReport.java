package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.kernel.LegalBasis;

/**
 * The lines of adults' budgets in force on a day, with the delivery mechanism that the national client level data set asks for. Whether somebody has
 * a part direct payment is derived from the mix, never kept. Rulebook 4.21.
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

    /** How much of a budget is paid to the person. */
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
        LocalDate asOf = asked.view().asOf();
        budgets.each(
                asked,
                seen -> {
                    BudgetEntry budget = seen.entry();
                    if (!seen.isKnown()) {
                        each.accept(Row.unavailable(budget.personId(), budget.budgetId()));
                    } else if (budget.request().legalBasis() == LegalBasis.ADULT_CARE_ACT) {
                        lines(InForce.of(seen, asOf), each);
                    }
                },
                person -> each.accept(Row.unavailable(person)));
    }

    private static void lines(List<InForce> lines, Consumer<Row> each) {
        long paid = lines.stream()
                .filter(line -> line.mode() == Mode.DIRECT_PAYMENT)
                .count();
        Extent extent = paid == 0 ? Extent.NONE : paid == lines.size() ? Extent.FULL : Extent.PART;
        for (InForce line : lines) {
            Terms.Line terms = line.terms();
            each.accept(Row.of(
                    line.budget().personId(),
                    line.budget().budgetId(),
                    terms.lineId(),
                    line.category(),
                    terms.source(),
                    mechanism(line.mode()),
                    extent,
                    terms.from(),
                    terms.to(),
                    line.annualAmount()));
        }
    }

    /** In the words of the data set. Support commissioned outside a personal budget is not in this ledger. */
    private static String mechanism(Mode mode) {
        return switch (mode) {
            case DIRECT_PAYMENT -> "Direct Payment";
            case COUNCIL_MANAGED, THIRD_PARTY -> "CASSR Managed Personal Budget";
        };
    }
}
