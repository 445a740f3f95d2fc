package uk.directpayments.ledger.budget;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeClosed;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeOpened;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeStage;
import uk.directpayments.ledger.budget.BudgetEvent.LineRevised;
import uk.directpayments.ledger.budget.BudgetEvent.PanelDecisionRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.RelativeAgreementWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.ReviewRecorded;

/** What a budget must remember of how it is looked after, to decide. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class BudgetCareState {

    int reviews;

    /** Agreements with relatives. */
    final Map<String, Agreement> agreements = new HashMap<>();

    /** Whether the newest decision about the budget has had its reconsideration. */
    boolean reconsidered;

    /** The day on which each was opened. */
    final Map<String, LocalDate> disputes = new HashMap<>();

    private final Set<String> closed = new HashSet<>();

    /** @param to the last day, or null */
    record Agreement(LocalDate from, @Nullable LocalDate to, boolean withdrawn) {}

    @Nullable
    LocalDate openedOn(String disputeId) {
        return disputes.get(disputeId);
    }

    boolean isClosed(String disputeId) {
        return closed.contains(disputeId);
    }

    void evolve(BudgetEvent event) {
        if (event instanceof RelativePaymentAgreed e) {
            agreements.put(e.agreementId(), new Agreement(e.from(), e.to(), false));
        } else if (event instanceof RelativeAgreementWithdrawn e) {
            agreements.computeIfPresent(e.agreementId(), (id, old) -> new Agreement(old.from, old.to, true));
        } else if (event instanceof ReviewRecorded) {
            reviews++;
        } else if (event instanceof DisputeOpened e) {
            disputes.put(e.disputeId(), e.on());
            reconsidered |= e.stage() == DisputeStage.RECONSIDERATION;
        } else if (event instanceof DisputeClosed e) {
            closed.add(e.disputeId());
        } else if (event instanceof PanelDecisionRecorded
                || event instanceof BudgetRefused
                || event instanceof BudgetFinalised
                || event instanceof LineRevised) {
            reconsidered = false;
        }
    }
}
