package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeOpened;
import uk.directpayments.ledger.budget.BudgetEvent.RelativeAgreementWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.ReviewRecorded;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * How a budget is looked after: agreements with relatives, reviews, disputes. A part of {@link BudgetEntry}.
 *
 * @param reviews in the order in which they were recorded
 */
public record BudgetCare(List<Relative> relatives, List<ReviewRecorded> reviews, List<Dispute> disputes) {

    static final BudgetCare NONE = new BudgetCare(List.of(), List.of(), List.of());

    /** @param withdrawnOn the first day without the agreement, or null; {@code withdrawnFor} is why */
    public record Relative(
            RelativePaymentAgreed agreed,
            @Nullable LocalDate withdrawnOn,
            @Nullable Sealed withdrawnFor) {}

    /** @param closedOn null while it is open */
    public record Dispute(
            DisputeOpened opened,
            @Nullable LocalDate closedOn,
            @Nullable Sealed outcome) {

        /** From the day on which it is opened to the day before it is closed. */
        boolean isOpenOn(LocalDate day) {
            return !day.isBefore(opened.on()) && (closedOn == null || day.isBefore(closedOn));
        }
    }

    /** @param overdue from the day after */
    public record ReviewDue(LocalDate due, boolean overdue) {}

    BudgetCare relative(RelativePaymentAgreed e) {
        return new BudgetCare(Lists.and(relatives, new Relative(e, null, null)), reviews, disputes);
    }

    BudgetCare withdrawn(RelativeAgreementWithdrawn e) {
        return new BudgetCare(
                relatives.stream()
                        .map(one -> one.agreed.agreementId().equals(e.agreementId())
                                ? new Relative(one.agreed, e.on(), e.reason())
                                : one)
                        .toList(),
                reviews,
                disputes);
    }

    BudgetCare review(ReviewRecorded e) {
        return new BudgetCare(relatives, Lists.and(reviews, e), disputes);
    }

    BudgetCare dispute(DisputeOpened e) {
        return new BudgetCare(relatives, reviews, Lists.and(disputes, new Dispute(e, null, null)));
    }

    BudgetCare closed(String disputeId, LocalDate on, Sealed outcome) {
        return new BudgetCare(
                relatives,
                reviews,
                disputes.stream()
                        .map(dispute -> dispute.opened().disputeId().equals(disputeId)
                                ? new Dispute(dispute.opened(), on, outcome)
                                : dispute)
                        .toList());
    }

    /**
     * When the next review is due, as of a day: rulebook 1.6. From the first payment, then from review to review; a review may name the next. One that
     * was held before anything had been paid is not the first that the law asks for.
     *
     * @param firstPaidOn null while nothing has been paid: no review is due
     */
    @Nullable
    ReviewDue reviewDue(LegalBasis basis, @Nullable LocalDate firstPaidOn, LocalDate asOf) {
        if (firstPaidOn == null || firstPaidOn.isAfter(asOf)) {
            return null;
        }
        LocalDate due = firstPaidOn.plusMonths(monthsToFirst(basis));
        LocalDate last = firstPaidOn;
        for (ReviewRecorded review : reviews) {
            if (!review.on().isAfter(asOf) && !review.on().isBefore(last)) {
                last = review.on();
                due = next(basis, last, review.nextDue());
            }
        }
        return new ReviewDue(due, asOf.isAfter(due));
    }

    private static LocalDate next(LegalBasis basis, LocalDate last, @Nullable LocalDate named) {
        LocalDate latest = last.plusMonths(MONTHS_BETWEEN);
        if (named == null) {
            return latest;
        }
        return switch (basis) {
            case ADULT_CARE_ACT, NHS_12A -> BusinessDay.earlier(named, latest);
            case CHILD_S17A, SEN_S49, TRAVEL -> named;
        };
    }

    /** At the most for adults and for health; the law for children says "suitable intervals", and plans have reviews of their own. */
    private static final int MONTHS_BETWEEN = 12;

    private static int monthsToFirst(LegalBasis basis) {
        return switch (basis) {
            case SEN_S49, NHS_12A -> 3;
            case ADULT_CARE_ACT -> 6;
            case CHILD_S17A, TRAVEL -> 12;
        };
    }

    /**
     * What a line is worth as long as decisions are disputed: payments go on at the old amount, so one that begins while a dispute is open counts at
     * once if it is higher, and else once no dispute is open. One that had begun before goes on. Rulebook 4.3.
     *
     * @param agreed in the order of their days
     */
    List<YearlyAmount> payable(List<YearlyAmount> agreed) {
        SortedSet<LocalDate> days = new TreeSet<>();
        disputes.stream()
                .map(Dispute::closedOn)
                .filter(closedOn ->
                        closedOn != null && closedOn.isAfter(agreed.get(0).from()))
                .forEach(days::add);
        Set<LocalDate> begins = agreed.stream().map(YearlyAmount::from).collect(Collectors.toSet());
        days.addAll(begins);
        List<YearlyAmount> payable = new ArrayList<>();
        Money before = Money.ZERO;
        for (LocalDate day : days) {
            Money then = YearlyAmount.inForce(agreed, day);
            Money now = isDisputed(day) && before.isMoreThan(then) ? before : then;
            if (begins.contains(day) || !now.equals(before)) {
                payable.add(new YearlyAmount(day, now));
            }
            before = now;
        }
        return List.copyOf(payable);
    }

    /** Whether amounts may begin later because of a dispute, or may have. */
    boolean holds(String disputeId, List<YearlyAmount> agreed) {
        return disputes.stream()
                .filter(dispute -> dispute.opened().disputeId().equals(disputeId))
                .anyMatch(dispute -> agreed.stream()
                        .skip(1)
                        .anyMatch(amount ->
                                !amount.from().isBefore(dispute.opened().on())));
    }

    boolean isDisputed(LocalDate day) {
        return disputes.stream().anyMatch(dispute -> dispute.isOpenOn(day));
    }
}
