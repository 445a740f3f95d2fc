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

    /** The lines of a budget, in the order in which they were agreed; none once it has ended. */
    static List<InForce> of(BudgetPages.Seen seen, LocalDate day) {
        BudgetEntry budget = seen.entry();
        List<InForce> inForce = new ArrayList<>();
        if (budget.agreedBy(day) != null && !seen.hasEnded()) {
            List<Terms.Line> terms = budget.terms().lines();
            for (int i = 0; i < terms.size(); i++) {
                Money annual = terms.get(i).yearlyAmount(day);
                if (annual.isPositive()) {
                    var agreed = budget.lines().get(i).agreed();
                    inForce.add(new InForce(budget, terms.get(i), agreed.mode(), agreed.category(), annual));
                }
            }
        }
        return inForce;
    }
}
