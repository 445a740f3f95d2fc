package uk.directpayments.ledger.budget;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.budget.BudgetCommand.FinaliseBudget;
import uk.directpayments.ledger.budget.BudgetCommand.RecordPanelDecision;
import uk.directpayments.ledger.budget.BudgetCommand.ReviseLine;
import uk.directpayments.ledger.budget.BudgetEvent.Line;
import uk.directpayments.ledger.budget.BudgetEvent.PanelOutcome;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/** What a budget's decisions must satisfy: rulebook 7.1, no state and no clock. */
final class BudgetRules {

    /** The most consents, top-ups, and revisions of one line that a budget holds. */
    static final int MOST_OF_A_KIND = 200;

    private static final Set<LegalBasis> REVIEW_RIGHT = Set.of(LegalBasis.SEN_S49, LegalBasis.NHS_12A);
    private static final List<String> SCHOOL_PLACES = List.of("school place", "college place", "post 16 place");

    private BudgetRules() {}

    // ── dates and amounts ────────────────────────────────────────────────────────────────────────────────────────

    static void requireNotFuture(@Nullable LocalDate fact, LocalDate today, String field) {
        if (fact != null && fact.isAfter(today)) {
            throw new RuleBroken("DATE_IN_FUTURE", "What has not happened yet cannot be recorded.", field);
        }
    }

    static void requireInOrder(LocalDate from, LocalDate to) {
        if (from.isAfter(to)) {
            throw new RuleBroken("FIELD_INVALID", "The period ends before it begins.", "to");
        }
    }

    static void requireRoom(int held, String what) {
        if (held >= MOST_OF_A_KIND) {
            throw new RuleBroken("LIMIT_REACHED", "There are already " + MOST_OF_A_KIND + " " + what + ".");
        }
    }

    /** The day from which an amount or period counts that was decided on a day: it may begin earlier, and is known no later. */
    static LocalDate effective(LocalDate from, LocalDate decided) {
        return from.isBefore(decided) ? from : decided;
    }

    // ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────

    static void requirePlan(LegalBasis basis, boolean planNamed) {
        if (basis == LegalBasis.SEN_S49 && !planNamed) {
            throw new RuleBroken(
                    "EHC_PLAN_REQUIRED",
                    "A budget under section 49 needs the reference of an education, health and care plan.",
                    "ehcPlanRef");
        }
    }

    /** What the panel has approved, or null if it put the decision off. */
    static @Nullable Money approved(RecordPanelDecision c, Money indicative, @Nullable String indicativeSetBy) {
        if (c.by().equals(indicativeSetBy)) {
            throw new RuleBroken(
                    "SEPARATION_OF_DUTIES",
                    "Whoever set the indicative amount cannot record the panel's decision about it.");
        }
        requireNotFuture(c.decidedOn(), c.today(), "decidedOn");
        if (c.outcome() == PanelOutcome.DEFERRED) {
            return null;
        }
        Money amount = c.amount();
        if (amount == null) {
            if (c.outcome() == PanelOutcome.APPROVED_LOWER) {
                throw new RuleBroken("FIELD_INVALID", "A lower approval needs its amount.", "amount");
            }
            return indicative;
        }
        Require.positive(amount, "amount");
        if (c.outcome() == PanelOutcome.APPROVED_LOWER && !indicative.isMoreThan(amount)) {
            throw new RuleBroken("AMOUNT_NOT_LOWER", "The amount is not lower than the indicative amount.", "amount");
        }
        if (indicative.isMoreThan(amount) && c.reasons() == null) {
            throw new RuleBroken(
                    "REASONS_REQUIRED", "To approve less than the indicative amount needs reasons.", "reasons");
        }
        return amount;
    }

    static void requireReviewRight(LegalBasis basis, @Nullable LocalDate notifiedOn) {
        if (REVIEW_RIGHT.contains(basis) && notifiedOn == null) {
            throw new RuleBroken(
                    "REVIEW_RIGHT_NOT_NOTIFIED",
                    "The person must have been told of the right to a review.",
                    "reviewRightNotifiedOn");
        }
    }

    static void requireFinalisable(FinaliseBudget c, @Nullable Money approved) {
        if (approved == null) {
            throw new RuleBroken("NOT_APPROVED", "The panel has not approved this budget.");
        }
        requireInOrder(c.from(), c.to());
        Require.positive(c.annualAmount(), "annualAmount");
        Money sum = Money.ZERO;
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < c.lines().size(); i++) {
            Line line = c.lines().get(i);
            String field = "lines[" + i + "]";
            if (!ids.add(line.lineId())) {
                throw new RuleBroken("ID_ALREADY_USED", "Two lines have the same id.", field + ".lineId");
            }
            Require.positive(line.annualAmount(), field + ".annualAmount");
            requireNoSchoolPlace(line, field + ".category");
            sum = sum.plus(line.annualAmount());
        }
        if (!sum.equals(c.annualAmount())) {
            throw new RuleBroken(
                    "LINES_DO_NOT_SUM",
                    "The lines add up to " + sum + ", not to " + c.annualAmount() + ".",
                    "annualAmount");
        }
        if (c.annualAmount().isMoreThan(approved)) {
            throw new RuleBroken("NOT_APPROVED", "The panel has approved " + approved + " a year.", "annualAmount");
        }
    }

    /** SI 2014/1652: education money never buys the place itself. Rulebook 0.11 and 1.5. */
    private static void requireNoSchoolPlace(Line line, String field) {
        String words = line.category()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", " ")
                .strip();
        if (line.fundingSource() == FundingSource.EDUCATION_HIGH_NEEDS
                && SCHOOL_PLACES.stream().anyMatch(words::contains)) {
            throw new RuleBroken(
                    "SCHOOL_PLACE_NOT_ALLOWED",
                    "Education money cannot pay for a place at a school or college.",
                    field);
        }
    }

    /** Checks a revision of a line against what the line is worth so far, and answers what it is worth with it. */
    static List<YearlyAmount> revised(List<YearlyAmount> amounts, LocalDate start, LocalDate end, ReviseLine c) {
        Require.positive(c.annualAmount(), "annualAmount");
        if (c.from().isBefore(start)) {
            throw new RuleBroken("DATE_BEFORE_START", "The line begins on " + start + ".", "from");
        }
        if (c.from().isAfter(end)) {
            throw new RuleBroken("DATE_AFTER_END", "The line ends on " + end + ".", "from");
        }
        LocalDate notice = c.noticeGivenOn();
        requireNotFuture(notice, c.today(), "noticeGivenOn");
        boolean noticed = notice != null && !notice.isAfter(c.from()) && c.reasons() != null;
        if (YearlyAmount.inForce(amounts, c.from()).isMoreThan(c.annualAmount()) && !noticed) {
            throw new RuleBroken(
                    "NOTICE_REQUIRED",
                    "A reduction needs reasons, and notice given before it begins.",
                    notice == null ? "noticeGivenOn" : c.reasons() == null ? "reasons" : "noticeGivenOn");
        }
        requireRoom(amounts.size(), "amounts of this line");
        return revised(amounts, new YearlyAmount(c.from(), c.annualAmount()));
    }

    /** The amounts with another, in the order of their days; of two for one day the later decision holds. */
    static List<YearlyAmount> revised(List<YearlyAmount> amounts, YearlyAmount revision) {
        List<YearlyAmount> all = new ArrayList<>(amounts);
        all.removeIf(amount -> amount.from().equals(revision.from()));
        all.add(revision);
        all.sort(Comparator.comparing(YearlyAmount::from));
        return List.copyOf(all);
    }

    // ── how a budget is looked after ─────────────────────────────────────────────────────────────────────────────

    /** {@code REASONS_REQUIRED}, {@code PURPOSE_NOT_AVAILABLE} (SI 2014/2871 reg 3: for adults alone), {@code DATE_BEFORE_START}. */
    static void requireRelative(LegalBasis basis, BudgetCommand.AgreeRelativePayment c) {
        if (c.necessityReason() == null) {
            throw new RuleBroken(
                    "REASONS_REQUIRED", "Say why it is necessary that a relative is paid.", "necessityReason");
        }
        if (c.purpose() == BudgetEvent.RelativePurpose.ADMIN && basis != LegalBasis.ADULT_CARE_ACT) {
            throw new RuleBroken(
                    "PURPOSE_NOT_AVAILABLE",
                    "A relative may be paid for administration with an adult's direct payment alone.",
                    "purpose");
        }
        requireNotBefore(c.to(), c.from(), "to");
    }

    /** {@code AGREEMENT_NOT_FOUND}, {@code AGREEMENT_ALREADY_WITHDRAWN}, {@code DATE_BEFORE_START}, {@code DATE_AFTER_END}. */
    static void requireWithdrawable(
            BudgetCareState.@Nullable Agreement agreed, BudgetCommand.WithdrawRelativeAgreement c) {
        if (agreed == null) {
            throw new RuleBroken("AGREEMENT_NOT_FOUND", "There is no such agreement.");
        }
        if (agreed.withdrawn()) {
            throw new RuleBroken("AGREEMENT_ALREADY_WITHDRAWN", "This agreement has been withdrawn already.");
        }
        requireNotBefore(c.on(), agreed.from(), "on");
        LocalDate last = agreed.to();
        if (last != null && c.on().isAfter(last)) {
            throw new RuleBroken("DATE_AFTER_END", "The agreement ends on " + last + ".", "on");
        }
    }

    static void requireNotBefore(@Nullable LocalDate day, LocalDate start, String field) {
        if (day != null && day.isBefore(start)) {
            throw new RuleBroken("DATE_BEFORE_START", "This cannot lie before " + start + ".", field);
        }
    }

    // ── who may receive the payments ─────────────────────────────────────────────────────────────────────────────

    /**
     * Who may receive the payments of a budget, rulebook 0.10 and 1.1. Parents, nominees and authorised persons act for the person
     * whose budget it is; a young person or adult receives their own, from an age on.
     *
     * <table>
     * <tr><th>basis</th><th>not</th><th>young person</th><th>source</th></tr>
     * <tr><td>CHILD_S17A</td><td></td><td>from 16</td><td>Children Act 1989 s.17A(2)</td></tr>
     * <tr><td>ADULT_CARE_ACT</td><td>parent, young person</td><td></td><td>Care Act 2014 ss.31, 32</td></tr>
     * <tr><td>SEN_S49</td><td></td><td>over compulsory school age</td><td>SI 2014/1652 regs 5, 6</td></tr>
     * <tr><td>NHS_12A</td><td></td><td>from 16</td><td>SI 2013/1617 reg 2</td></tr>
     * <tr><td>TRAVEL</td><td></td><td>over compulsory school age</td><td>local policy; rulebook 0.10</td></tr>
     * </table>
     *
     * @throws RuleBroken {@code RECIPIENT_NOT_PERMITTED}
     */
    static void requirePermitted(LegalBasis basis, RecipientType type, LocalDate dateOfBirth, LocalDate on) {
        LocalDate permittedFrom = switch (type) {
            case NOMINEE, AUTHORISED_PERSON -> LocalDate.MIN;
            case PARENT -> basis == LegalBasis.ADULT_CARE_ACT ? LocalDate.MAX : LocalDate.MIN;
            case ADULT -> BusinessDay.reaches(18, dateOfBirth);
            case YOUNG_PERSON ->
                switch (basis) {
                    case CHILD_S17A, NHS_12A -> BusinessDay.reaches(16, dateOfBirth);
                    case SEN_S49, TRAVEL -> overSchoolAge(dateOfBirth);
                    case ADULT_CARE_ACT -> LocalDate.MAX;
                };
        };
        if (on.isBefore(permittedFrom)) {
            throw new RuleBroken(
                    "RECIPIENT_NOT_PERMITTED",
                    permittedFrom.equals(LocalDate.MAX)
                            ? "Payments on this legal basis cannot go to a recipient of this kind."
                            : "The person is too young on that day to receive the payments on this legal basis.",
                    "recipientType");
        }
    }

    /**
     * The first day over compulsory school age: the day after the last Friday of June of the school year, 1 September to 31 August, in
     * which the person turns 16. Education Act 1996 s.8; Education (School Leaving Date) Order 1997.
     */
    static LocalDate overSchoolAge(LocalDate dateOfBirth) {
        LocalDate sixteen = BusinessDay.reaches(16, dateOfBirth);
        int year = sixteen.getMonthValue() >= Month.SEPTEMBER.getValue() ? sixteen.getYear() + 1 : sixteen.getYear();
        return LocalDate.of(year, Month.JUNE, 1)
                .with(TemporalAdjusters.lastInMonth(DayOfWeek.FRIDAY))
                .plusDays(1);
    }
}
