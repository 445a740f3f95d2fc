package uk.directpayments.ledger.report;

import java.time.Clock;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetRegister;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** The names that a document is addressed with. */
@Component
class DocumentNames {

    private final PersonDirectory people;
    private final BudgetRegister budgets;
    private final Sealing sealing;
    private final Clock clock;

    DocumentNames(PersonDirectory people, BudgetRegister budgets, Sealing sealing, Clock clock) {
        this.people = people;
        this.budgets = budgets;
        this.sealing = sealing;
        this.clock = clock;
    }

    /** The person's name as it is known now: a paper is posted today, whatever day it is about. */
    String person(String personId) {
        return people.find(personId, View.now(BusinessDay.today(clock)))
                .map(person -> sealing.open(personId, person.name()))
                .orElse("");
    }

    /** Who receives the direct payment of a budget on the view's day, by the consent in force; a blank if nobody does. */
    String recipient(String budgetId, View view) {
        return budgets.find(budgetId, view)
                .flatMap(budget -> budget.consents().stream()
                        .filter(consent -> isInForce(consent, view))
                        .reduce((earlier, later) -> later)
                        .map(consent ->
                                sealing.open(budget.personId(), consent.given().recipientName())))
                .orElse("");
    }

    private static boolean isInForce(BudgetEntry.Consent consent, View view) {
        return !consent.given().on().isAfter(view.asOf())
                && (consent.withdrawnOn() == null || consent.withdrawnOn().isAfter(view.asOf()));
    }
}
