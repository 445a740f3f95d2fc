package uk.directpayments.ledger.budget;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeStage;
import uk.directpayments.ledger.budget.BudgetEvent.Line;
import uk.directpayments.ledger.budget.BudgetEvent.Method;
import uk.directpayments.ledger.budget.BudgetEvent.PanelOutcome;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePurpose;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;

/**
 * What may be asked of a budget: rulebook 7.1. {@code today} is the business day on which it is asked. Every command that people send is
 * refused with {@code BUDGET_ENDED} from the day of the budget's end on.
 */
public sealed interface BudgetCommand extends LedgerCommand {

    String budgetId();

    @Override
    default String streamId() {
        return "budget/" + budgetId();
    }

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code REQUEST_ALREADY_OPEN}, {@code EHC_PLAN_REQUIRED}, {@code DATE_IN_FUTURE}.
     *
     * @param openBudgetId another budget of the person whose request still waits for its decision, or null
     */
    record RequestBudget(
            String budgetId,
            String personId,
            LegalBasis legalBasis,
            @Nullable Sealed ehcPlanRef,
            @Nullable LocalDate exclusionCheckedOn,
            LocalDate requestedOn,
            Sealed requestedBy,
            @Nullable String openBudgetId,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * A later one replaces an earlier, and whatever a panel had decided about that. Refused: {@code AMOUNT_NOT_POSITIVE},
     * {@code BUDGET_ALREADY_FINAL}, {@code BUDGET_REFUSED}, {@code FIELD_INVALID} (from after to).
     *
     * @param by login name of who sets it
     */
    record SetIndicativeAmount(
            String budgetId,
            Money amount,
            LocalDate from,
            LocalDate to,
            Method method,
            @Nullable BigDecimal score,
            String by,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code INDICATIVE_AMOUNT_REQUIRED}, {@code SEPARATION_OF_DUTIES}, {@code REASONS_REQUIRED} (less than the indicative
     * amount), {@code FIELD_INVALID} (no amount for {@code APPROVED_LOWER}), {@code AMOUNT_NOT_POSITIVE}, {@code AMOUNT_NOT_LOWER},
     * {@code BUDGET_ALREADY_FINAL}, {@code BUDGET_REFUSED}, {@code DATE_IN_FUTURE}.
     *
     * @param by login name of who records it
     */
    record RecordPanelDecision(
            String budgetId,
            PanelOutcome outcome,
            @Nullable Money amount,
            @Nullable Sealed reasons,
            @Nullable Sealed conditions,
            LocalDate decidedOn,
            String by,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code REASONS_REQUIRED}, {@code REVIEW_RIGHT_NOT_NOTIFIED}, {@code BUDGET_ALREADY_FINAL}, {@code BUDGET_REFUSED},
     * {@code DATE_IN_FUTURE}.
     */
    record RefuseBudget(
            String budgetId,
            @Nullable Sealed reasons,
            @Nullable LocalDate reviewRightNotifiedOn,
            LocalDate on,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code BUDGET_ALREADY_FINAL}, {@code NOT_APPROVED}, {@code FIELD_INVALID} (from after to), {@code AMOUNT_NOT_POSITIVE},
     * {@code ID_ALREADY_USED} (a line id twice), {@code LINES_DO_NOT_SUM}, {@code SCHOOL_PLACE_NOT_ALLOWED}.
     */
    record FinaliseBudget(
            String budgetId, LocalDate from, LocalDate to, Money annualAmount, List<Line> lines, LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code BUDGET_NOT_FINAL}, {@code LINE_NOT_FOUND}, {@code AMOUNT_NOT_POSITIVE}, {@code DATE_BEFORE_START},
     * {@code DATE_AFTER_END}, {@code NOTICE_REQUIRED} (a reduction without reasons or notice before it), {@code DATE_IN_FUTURE} (the
     * notice), {@code LIMIT_REACHED}.
     */
    record ReviseLine(
            String budgetId,
            String lineId,
            Money annualAmount,
            LocalDate from,
            @Nullable Sealed reasons,
            @Nullable LocalDate noticeGivenOn,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code BUDGET_REFUSED}, {@code AMOUNT_NOT_POSITIVE}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_START} (of the budget,
     * or of its request while it is not final), {@code LIMIT_REACHED}.
     */
    record AgreeTopUp(
            String budgetId,
            String topUpId,
            TopUpSource source,
            Money amount,
            Sealed purpose,
            LocalDate agreedOn,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code BUDGET_REFUSED}, {@code ID_ALREADY_USED}, {@code RECIPIENT_NOT_PERMITTED}, {@code DATE_IN_FUTURE},
     * {@code LIMIT_REACHED}.
     *
     * @param dateOfBirth of the person whose budget it is; used for the decision, never recorded
     */
    record RecordConsent(
            String budgetId,
            String consentId,
            RecipientType recipientType,
            Sealed recipientName,
            String recipientKey,
            LocalDate on,
            @Nullable Sealed documentRef,
            LocalDate dateOfBirth,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code CONSENT_NOT_FOUND}, {@code CONSENT_ALREADY_WITHDRAWN}, {@code DATE_BEFORE_START} (of the consent),
     * {@code DATE_IN_FUTURE}.
     */
    record WithdrawConsent(String budgetId, String consentId, LocalDate on, LocalDate today) implements BudgetCommand {}

    /** May lie in the future. Refused: {@code BUDGET_ENDED} (also before that day), {@code BUDGET_REFUSED}, {@code DATE_BEFORE_START}. */
    record EndBudget(String budgetId, LocalDate on, String cause, LocalDate today) implements BudgetCommand {}

    /** From the automation, never refused: the person died, or the date of it was corrected. */
    record EndByDeath(String budgetId, LocalDate on) implements BudgetCommand {}

    /** From the automation, never refused: an account was opened for the budget. */
    record AttachAccount(String budgetId, String accountId, LocalDate on) implements BudgetCommand {}

    /** From the automation, never refused: an account was closed, having paid so much on each line. */
    record DetachAccount(String budgetId, String accountId, Map<String, Money> paid, LocalDate on)
            implements BudgetCommand {}

    /**
     * Refused: {@code LINE_NOT_FOUND}, {@code LINE_NOT_PAYABLE}, {@code BUSY} (the line has just been routed anew).
     *
     * @param presentAccountId the account through which the line was paid when it was asked, or null
     * @param used             true if that account has paid or scheduled on the line
     */
    record RouteLine(
            String budgetId,
            String lineId,
            String accountId,
            @Nullable String presentAccountId,
            boolean used,
            LocalDate today)
            implements BudgetCommand {}

    /** From the automation, never refused: an account has let go of a line, having paid so much on it. */
    record HandOverLine(String budgetId, String lineId, String accountId, Money paid, LocalDate on)
            implements BudgetCommand {}

    /** From the automation: a payment came back that an account had made on a line before it let go of it. Refused: {@code LINE_NOT_FOUND}. */
    record ReducePaidBefore(String budgetId, String lineId, String accountId, Money amount, LocalDate on)
            implements BudgetCommand {}

    /** Refused: {@code REASONS_REQUIRED}, {@code PURPOSE_NOT_AVAILABLE}, {@code BUDGET_ENDED}, {@code PERIOD_INVALID}. */
    record AgreeRelativePayment(
            String budgetId,
            String agreementId,
            Sealed payee,
            String payeeKey,
            String relation,
            boolean sameHousehold,
            RelativePurpose purpose,
            @Nullable Sealed necessityReason,
            LocalDate from,
            @Nullable LocalDate to,
            LocalDate today)
            implements BudgetCommand {}

    /**
     * Refused: {@code AGREEMENT_NOT_FOUND}, {@code AGREEMENT_ALREADY_WITHDRAWN}, {@code REASONS_REQUIRED}, {@code DATE_BEFORE_START},
     * {@code DATE_AFTER_END}, {@code BUDGET_ENDED}.
     */
    record WithdrawRelativeAgreement(
            String budgetId,
            String agreementId,
            LocalDate on,
            @Nullable Sealed reason,
            LocalDate today) implements BudgetCommand {}

    /** Refused: {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_START}. */
    record RecordReview(
            String budgetId,
            String reviewId,
            LocalDate on,
            String kind,
            Sealed findings,
            @Nullable LocalDate nextDue,
            LocalDate today)
            implements BudgetCommand {}

    /** Refused: {@code ID_ALREADY_USED}, {@code REASONS_REQUIRED}, {@code DATE_IN_FUTURE}, {@code RECONSIDERATION_USED}. */
    record OpenDispute(
            String budgetId,
            String disputeId,
            DisputeStage stage,
            LocalDate on,
            @Nullable Sealed reason,
            LocalDate today)
            implements BudgetCommand {}

    /** Refused: {@code DISPUTE_NOT_FOUND}, {@code DISPUTE_ALREADY_CLOSED}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_START}. */
    record CloseDispute(String budgetId, String disputeId, Sealed outcome, LocalDate on, LocalDate today)
            implements BudgetCommand {}
}
