package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRequested;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.IndicativeAmountSet;
import uk.directpayments.ledger.budget.BudgetEvent.Line;
import uk.directpayments.ledger.budget.BudgetEvent.Method;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.budget.BudgetEvent.PanelDecisionRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.PanelOutcome;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/** A child's budget of 1,000.00 a year from April 2026, in two lines that pay and one that does not; asked about on 10 May 2026. */
final class Examples {

    static final LocalDate START = LocalDate.of(2026, 4, 1);
    static final LocalDate END = LocalDate.of(2027, 3, 31);
    static final LocalDate TODAY = LocalDate.of(2026, 5, 10);
    static final LocalDate REQUESTED = LocalDate.of(2026, 2, 1);
    static final LocalDate DECIDED = LocalDate.of(2026, 3, 20);
    static final Sealed TEXT = new Sealed("text");

    private Examples() {}

    static BudgetRequested requested(LegalBasis basis) {
        return new BudgetRequested("B", "P", basis, TEXT, null, REQUESTED, TEXT);
    }

    static BudgetRequested requested() {
        return requested(LegalBasis.CHILD_S17A);
    }

    static IndicativeAmountSet indicative() {
        return new IndicativeAmountSet(money("1000.00"), START, END, Method.RAS, null, "finance");
    }

    static PanelDecisionRecorded approved() {
        return new PanelDecisionRecorded(PanelOutcome.APPROVED, money("1000.00"), null, null, DECIDED);
    }

    static Line line(String lineId, Mode mode, String amount) {
        return new Line(lineId, FundingSource.SOCIAL_CARE_CHILD, mode, "PERSONAL_CARE", money(amount), null, List.of());
    }

    static List<Line> lines() {
        return List.of(
                line("care", Mode.DIRECT_PAYMENT, "600.00"),
                line("club", Mode.THIRD_PARTY, "300.00"),
                line("respite", Mode.COUNCIL_MANAGED, "100.00"));
    }

    static BudgetFinalised finalised() {
        return new BudgetFinalised(START, END, money("1000.00"), lines());
    }

    static ConsentRecorded consent() {
        return new ConsentRecorded("C", RecipientType.PARENT, TEXT, "key", START, null);
    }

    static List<BudgetEvent> finalBudget(BudgetEvent... more) {
        List<BudgetEvent> events = new ArrayList<>(List.of(requested(), indicative(), approved(), finalised()));
        events.addAll(List.of(more));
        return events;
    }

    static Money money(String pounds) {
        return Money.parse(pounds);
    }
}
