package uk.directpayments.ledger.report;

import java.time.Clock;
import java.util.Optional;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
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

    /**
     * Who receives the direct payment of a budget on the view's day, by the consent in force; a blank if nobody does. Nobody writes to the
     * dead: where that was the person, those who see to what the person left.
     */
    String recipient(String budgetId, View view) {
        return budgets.find(budgetId, view)
                .flatMap(budget -> inForce(budget, view)
                        .map(given -> hasDied(budget, given, view)
                                ? "The representatives of " + person(budget.personId())
                                : sealing.open(budget.personId(), given.recipientName())))
                .orElse("");
    }

    /** Whether the person received the direct payment and has died by the view's day. */
    boolean isToRepresentatives(String budgetId, View view) {
        return budgets.find(budgetId, view)
                .filter(budget -> inForce(budget, view)
                        .filter(given -> hasDied(budget, given, view))
                        .isPresent())
                .isPresent();
    }

    private boolean hasDied(BudgetEntry budget, ConsentRecorded given, View view) {
        boolean person =
                given.recipientType() == RecipientType.ADULT || given.recipientType() == RecipientType.YOUNG_PERSON;
        return person
                && people.find(budget.personId(), view)
                        .map(PersonDirectory.Entry::diedOn)
                        .filter(day -> !day.isAfter(view.asOf()))
                        .isPresent();
    }

    private static Optional<ConsentRecorded> inForce(BudgetEntry budget, View view) {
        return budget.consents().stream()
                .filter(consent -> isInForce(consent, view))
                .reduce((earlier, later) -> later)
                .map(BudgetEntry.Consent::given);
    }

    private static boolean isInForce(BudgetEntry.Consent consent, View view) {
        return !consent.given().on().isAfter(view.asOf())
                && (consent.withdrawnOn() == null || consent.withdrawnOn().isAfter(view.asOf()));
    }
}
