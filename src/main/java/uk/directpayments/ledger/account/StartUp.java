package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * What an account holds of money that was paid once, to start: recruitment, checks, insurance, equipment. It is no week's money; what is not spent
 * of it is reviewed so many weeks after it was paid, and taken back from then on. Rulebook 4.9. Pure.
 *
 * @param kept     not spent, and not to be reviewed yet
 * @param due      not spent, to be taken back: never more than the account has
 * @param weeks    the policy's {@code startUpReviewWeeks}
 * @param reviewOn the first day on which something of what is kept falls due, or null
 */
public record StartUp(
        Money kept, Money due, int weeks, @Nullable LocalDate reviewOn) {

    static StartUp none(int weeks) {
        return new StartUp(Money.ZERO, Money.ZERO, weeks, null);
    }

    /** A payment that has not come back; {@code amount} is net: what was kept back of it never came. */
    record Payment(LocalDate on, Money amount) {}

    /**
     * Of one line. What is spent was paid first.
     *
     * @param unspent  paid, net, less spent and taken back by the day; below zero as nothing
     * @param payments on the line by the day, in any order
     */
    static StartUp of(Money unspent, List<Payment> payments, LocalDate day, int weeks) {
        Money left = unspent.isPositive() ? unspent : Money.ZERO;
        Money kept = Money.ZERO;
        LocalDate reviewOn = null;
        for (Payment payment : payments.stream()
                .sorted(Comparator.comparing(Payment::on).reversed())
                .toList()) {
            LocalDate review = payment.on().plusWeeks(weeks);
            Money of = payment.amount().least(left.minus(kept));
            if (review.isAfter(day) && of.isPositive()) {
                kept = kept.plus(of);
                reviewOn = review;
            }
        }
        return new StartUp(kept, left.minus(kept), weeks, reviewOn);
    }

    StartUp plus(StartUp other) {
        LocalDate first = reviewOn == null || other.reviewOn != null && other.reviewOn.isBefore(reviewOn)
                ? other.reviewOn
                : reviewOn;
        return new StartUp(kept.plus(other.kept), due.plus(other.due), weeks, first);
    }

    /** What is kept stays in the account before anything is due. */
    StartUp within(Money held) {
        Money free = held.minus(kept);
        return new StartUp(kept, free.isPositive() ? due.least(free) : Money.ZERO, weeks, reviewOn);
    }

    Money unspent() {
        return kept.plus(due);
    }
}
