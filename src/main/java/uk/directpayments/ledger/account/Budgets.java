package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.platform.Call;

/**
 * What the account room asks of budgets. The budget room answers: it knows accounts, accounts do not know it, so that the rooms
 * stand in one order.
 */
public interface Budgets {

    /**
     * A budget as an account needs it, as of everything recorded so far.
     *
     * @param position  the position of the log at which this was true
     * @param endedOn   the day on which it was ended, or null
     * @param refused   whether its request was refused
     */
    record Facts(
            String budgetId,
            String personId,
            LegalBasis legalBasis,
            @Nullable LocalDate endedOn,
            boolean refused,
            Terms terms,
            long position) {}

    /** Empty if there is no such budget. */
    Optional<Facts> facts(String budgetId);

    /** Whether a dispute about a budget is open on a day, as of everything recorded so far. */
    boolean disputed(String budgetId, LocalDate on);

    /**
     * Has the budget pay a line through an account from now on, and waits until both accounts know. A line is paid through one account at a
     * time: the account that has paid or scheduled on it must have been closed.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code LINE_NOT_PAYABLE}
     */
    void routeLine(String budgetId, String lineId, String accountId, Call call);
}
