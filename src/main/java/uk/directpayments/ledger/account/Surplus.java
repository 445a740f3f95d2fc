package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.policy.Policy;

/**
 * What could be taken back from an account on a day: {@code max(0, balance − owed − reserves − N weeks' money)}, rulebook 4.11. Money to start
 * with is apart: not counted while it is not reviewed, and to be taken back whole after that, however little else there is (4.9). Pure.
 *
 * @param balance       what the account holds
 * @param owed          liabilities not yet settled
 * @param reserves      approved, not released, not past their last day
 * @param kept          the threshold: the money of {@code weeks} weeks, gross, rounded half up once
 * @param weeks         how many weeks' money the policy leaves in an account
 * @param reclaimable   the result, never less than nothing; equal to the threshold is not more. What is due of start-up money is in it
 * @param startUp       money to start with that is not spent; null where there is none, and in what was recorded before it was looked at
 * @param policyVersion the policy that said how many weeks; null in what was recorded before it was named here
 */
public record Surplus(
        Money balance,
        Money owed,
        Money reserves,
        Money kept,
        int weeks,
        Money reclaimable,
        @Nullable StartUp startUp,
        @Nullable String policyVersion) {

    private static final int WEEKS_OF_A_YEAR = 52;

    /**
     * What the policy of a day says.
     *
     * @param kept          its {@code surplusWeeks}
     * @param startUpReview its {@code startUpReviewWeeks}
     */
    public record Weeks(int kept, int startUpReview, String policyVersion) {

        static Weeks of(Policy policy) {
            return new Weeks(
                    policy.settings().surplusWeeks(), policy.settings().startUpReviewWeeks(), policy.version());
        }
    }

    /**
     * @param yearly  what the account's lines are worth a year on that day, see {@link #yearly}
     * @param startUp what of the lines that are paid once is not spent
     */
    static Surplus of(Money balance, Money owed, Money reserves, Money yearly, StartUp startUp, Weeks weeks) {
        Money kept = yearly.part(weeks.kept, WEEKS_OF_A_YEAR);
        Money held = balance.minus(owed).minus(reserves);
        StartUp within = startUp.within(held);
        Money left = held.minus(startUp.unspent()).minus(kept);
        return new Surplus(
                balance,
                owed,
                reserves,
                kept,
                weeks.kept,
                left.isPositive() ? left.plus(within.due()) : within.due(),
                startUp.unspent().isPositive() ? within : null,
                weeks.policyVersion);
    }

    /** What of it is money to start with. */
    Money ofStartUp() {
        return startUp == null ? Money.ZERO : startUp.due();
    }

    /** The yearly amounts of {@link #lines} together. */
    static Money yearly(
            Terms terms, @Nullable String accountId, Set<String> oneOff, @Nullable LocalDate lastDay, LocalDate on) {
        return lines(terms, accountId, oneOff, lastDay, on).stream()
                .map(line -> line.yearlyAmount(on))
                .reduce(Money.ZERO, Money::plus);
    }

    /**
     * The lines whose money an account has every week: those in force that are paid through it, or, while the budget has routed none, all
     * that could be. Start-up money is no weekly rate (rulebook 4.9). After the end of the budget, a death or the closure there are none.
     *
     * @param oneOff  lines that are paid once, and not by the week
     * @param lastDay see {@link #lastDay}
     */
    static List<Terms.Line> lines(
            Terms terms, @Nullable String accountId, Set<String> oneOff, @Nullable LocalDate lastDay, LocalDate on) {
        if (isOver(terms, lastDay, on)) {
            return List.of();
        }
        List<Terms.Line> candidates = terms.lines().stream()
                .filter(line -> line.payable()
                        && !oneOff.contains(line.lineId())
                        && line.yearlyAmount(on).isPositive()
                        && (line.accountId() == null || line.accountId().equals(accountId)))
                .toList();
        List<Terms.Line> here =
                candidates.stream().filter(line -> line.accountId() != null).toList();
        return here.isEmpty() ? candidates : here;
    }

    /** The last day on which an account is kept for anything: that of a death, or the one before its closure; null while there is neither. */
    static @Nullable LocalDate lastDay(@Nullable LocalDate diedOn, @Nullable LocalDate closedOn) {
        if (closedOn == null) {
            return diedOn;
        }
        LocalDate open = closedOn.minusDays(1);
        return diedOn == null ? open : BusinessDay.earlier(diedOn, open);
    }

    /** Whether the budget, or the account, has ended by a day: then nothing is kept for weeks to come, nor to start with. */
    static boolean isOver(Terms terms, @Nullable LocalDate lastDay, LocalDate on) {
        return (terms.endsOn() != null && on.isAfter(terms.endsOn())) || (lastDay != null && on.isAfter(lastDay));
    }
}
