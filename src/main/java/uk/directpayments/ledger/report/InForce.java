package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.kernel.Money;

/**
 * A budget line that is worth something on a day.
 *
 * @param annualAmount pounds a year, on that day
 */
record InForce(BudgetEntry budget, Terms.Line terms, Mode mode, String category, Money annualAmount) {

    /** The lines of a budget, in the order in which they were agreed; on its last day they still are. */
    static List<InForce> of(BudgetPages.Seen seen, LocalDate day) {
        BudgetEntry budget = seen.entry();
        List<InForce> inForce = new ArrayList<>();
        Terms terms = budget.terms();
        LocalDate last = terms.endsOn();
        if (budget.agreedBy(day) != null && (last == null || !day.isAfter(last))) {
            for (int i = 0; i < terms.lines().size(); i++) {
                Terms.Line line = terms.lines().get(i);
                Money annual = line.yearlyAmount(day);
                if (annual.isPositive()) {
                    var agreed = budget.lines().get(i).agreed();
                    inForce.add(new InForce(budget, line, agreed.mode(), agreed.category(), annual));
                }
            }
        }
        return inForce;
    }
}
