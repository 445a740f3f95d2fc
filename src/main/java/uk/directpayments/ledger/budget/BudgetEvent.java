package uk.directpayments.ledger.budget;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/** What has happened to a budget, from the request to its end. Rulebook 7.1. */
public sealed interface BudgetEvent {

    /** How an indicative amount was found. */
    enum Method {
        RAS,
        QUESTIONNAIRE,
        PANEL,
        COSTED_PLAN
    }

    /** What a panel may decide; to refuse is an act of its own. */
    enum PanelOutcome {
        APPROVED,
        APPROVED_LOWER,
        DEFERRED
    }

    /** How a line is managed. Rulebook 4.4. */
    enum Mode {
        DIRECT_PAYMENT,
        /** The council commissions the support itself: the line pays nothing out. */
        COUNCIL_MANAGED,
        /** An individual service fund or supported account. */
        THIRD_PARTY;

        boolean pays() {
            return this != COUNCIL_MANAGED;
        }

        /** What of an allocation is used without a payment: what the council manages itself it has committed. Rulebook 4.4. */
        public Money committed(Money allocated) {
            return this == COUNCIL_MANAGED ? allocated : Money.ZERO;
        }
    }

    /** Who adds money on top of the budget. */
    enum TopUpSource {
        COUNCIL_TOP_UP,
        PARENT_TOP_UP
    }

    /** In which capacity somebody receives the payments. Who may, {@link BudgetRules#requirePermitted} says. */
    enum RecipientType {
        YOUNG_PERSON,
        PARENT,
        NOMINEE,
        ADULT,
        AUTHORISED_PERSON
    }

    /**
     * @param requestedBy        who asked, in the caller's words
     * @param exclusionCheckedOn the day on which it was checked that no order excludes the person from direct payments; rulebook 1.1
     */
    @EventName("budget.requested")
    record BudgetRequested(
            String budgetId,
            String personId,
            LegalBasis legalBasis,
            @Nullable Sealed ehcPlanRef,
            @Nullable LocalDate exclusionCheckedOn,
            LocalDate requestedOn,
            Sealed requestedBy)
            implements BudgetEvent {}

    /**
     * What the person may expect.
     *
     * @param amount pounds a year
     * @param setBy  login name of who set it: somebody else must decide
     */
    @EventName("budget.indicative-amount-set")
    record IndicativeAmountSet(
            Money amount,
            LocalDate from,
            LocalDate to,
            Method method,
            @Nullable BigDecimal score,
            String setBy) implements BudgetEvent {}

    /** @param amount what was approved, pounds a year; null if the decision was put off */
    @EventName("budget.panel-decision-recorded")
    record PanelDecisionRecorded(
            PanelOutcome outcome,
            @Nullable Money amount,
            @Nullable Sealed reasons,
            @Nullable Sealed conditions,
            LocalDate decidedOn)
            implements BudgetEvent {}

    @EventName("budget.refused")
    record BudgetRefused(Sealed reasons, @Nullable LocalDate reviewRightNotifiedOn, LocalDate on)
            implements BudgetEvent {}

    /** @param annualAmount the sum of the lines' */
    @EventName("budget.finalised")
    record BudgetFinalised(LocalDate from, LocalDate to, Money annualAmount, List<Line> lines) implements BudgetEvent {}

    /**
     * What a part of the budget is for, over the whole period of the budget.
     *
     * @param category in clear, the council's word for it
     * @param outcome  what it is meant to achieve for the person
     * @param allows   reason codes or merchant category codes that this plan item permits
     */
    record Line(
            String lineId,
            FundingSource fundingSource,
            Mode mode,
            String category,
            Money annualAmount,
            @Nullable Sealed outcome,
            List<String> allows) {}

    /** A line is worth another amount a year from a day on; a reduction with its reasons and the day on which notice was given. */
    @EventName("budget.line-revised")
    record LineRevised(
            String lineId,
            Money annualAmount,
            LocalDate from,
            @Nullable Sealed reasons,
            @Nullable LocalDate noticeGivenOn)
            implements BudgetEvent {}

    @EventName("budget.top-up-agreed")
    record TopUpAgreed(String topUpId, TopUpSource source, Money amount, Sealed purpose, LocalDate agreedOn)
            implements BudgetEvent {}

    /** @param recipientKey keyed hash of the name under the person's key: is money paid to whoever receives it? Null in old events */
    @EventName(value = "budget.consent-recorded", revision = 2, readsFrom = 1)
    record ConsentRecorded(
            String consentId,
            RecipientType recipientType,
            Sealed recipientName,
            @Nullable String recipientKey,
            LocalDate on,
            @Nullable Sealed documentRef)
            implements BudgetEvent {}

    /** What a relative is paid for. Rulebook 1.3, 1.4. */
    enum RelativePurpose {
        CARE,
        /** Administrative and management support: with an adult's direct payment alone. */
        ADMIN
    }

    /**
     * The council agrees that a relative is paid, because it is necessary. Rulebook 1.3, 1.4.
     *
     * @param payeeKey keyed hash of the payee under the person's key: is money paid to this relative?
     * @param relation in the council's words, in clear
     * @param to       the last day, or null
     */
    @EventName("budget.relative-payment-agreed")
    record RelativePaymentAgreed(
            String agreementId,
            Sealed payee,
            String payeeKey,
            String relation,
            boolean sameHousehold,
            RelativePurpose purpose,
            Sealed necessityReason,
            LocalDate from,
            @Nullable LocalDate to)
            implements BudgetEvent {}

    /**
     * The council takes back its agreement to a relative's being paid: what they are paid from then on is in question again.
     *
     * @param on the first day without it
     */
    @EventName("budget.relative-agreement-withdrawn")
    record RelativeAgreementWithdrawn(String agreementId, LocalDate on, Sealed reason) implements BudgetEvent {}

    /** @param nextDue when the next is due, if the review says so */
    @EventName("budget.review-recorded")
    record ReviewRecorded(
            String reviewId,
            LocalDate on,
            String kind,
            Sealed findings,
            @Nullable LocalDate nextDue) implements BudgetEvent {}

    /** How far a dispute has come. Rulebook 4.3. */
    enum DisputeStage {
        /** Statutory, once for each decision. */
        RECONSIDERATION,
        COMPLAINT,
        MEDIATION,
        TRIBUNAL,
        OMBUDSMAN
    }

    @EventName("budget.dispute-opened")
    record DisputeOpened(String disputeId, DisputeStage stage, LocalDate on, Sealed reason) implements BudgetEvent {}

    @EventName("budget.dispute-closed")
    record DisputeClosed(String disputeId, Sealed outcome, LocalDate on) implements BudgetEvent {}

    /** @param on the first day without the consent */
    @EventName("budget.consent-withdrawn")
    record ConsentWithdrawn(String consentId, LocalDate on) implements BudgetEvent {}

    /**
     * The budget ends, by decision or by death. A second end by death corrects the first; the earlier of decision and death holds.
     *
     * @param on    the last day of the budget
     * @param cause in clear, the council's word for it, which may be {@link #DEATH} too, or that for a death
     * @param death whether a death was recorded; null in old events, which say so by their cause
     */
    @EventName(value = "budget.ended", revision = 2, readsFrom = 1)
    record BudgetEnded(LocalDate on, String cause, @Nullable Boolean death) implements BudgetEvent {

        static final String DEATH = "DEATH";

        public static BudgetEnded decided(LocalDate on, String cause) {
            return new BudgetEnded(on, cause, false);
        }

        static BudgetEnded byDeath(LocalDate on) {
            return new BudgetEnded(on, DEATH, true);
        }

        boolean tellsOfDeath() {
            return death == null ? cause.equals(DEATH) : death;
        }
    }

    /** An account was opened for the budget. */
    @EventName("budget.account-attached")
    record AccountAttached(String accountId) implements BudgetEvent {}

    /**
     * An account of the budget was closed: its lines are paid through no account until they are routed anew.
     *
     * @param paid gross pence paid through it on each of the lines that were routed to it, by line id
     */
    @EventName("budget.account-detached")
    record AccountDetached(String accountId, Map<String, Money> paid) implements BudgetEvent {}

    /** A line shall be paid through another account, as soon as its present one has let go of it. */
    @EventName("budget.line-route-requested")
    record LineRouteRequested(String lineId, String from, String to) implements BudgetEvent {}

    /** A line is paid through this account from now on; {@code paidBefore} gross pence were paid on it through others. */
    @EventName("budget.line-routed")
    record LineRouted(String lineId, String accountId, Money paidBefore) implements BudgetEvent {}

    /** A payment came back that {@code accountId} had made before it let go of the line, or was closed: {@code amount} gross pence less were paid. */
    @EventName("budget.paid-before-reduced")
    record PaidBeforeReduced(String lineId, String accountId, Money amount) implements BudgetEvent {}
}
