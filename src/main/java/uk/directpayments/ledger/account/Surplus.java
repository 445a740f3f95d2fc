package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * What could be taken back from an account on a day: {@code max(0, balance − owed − reserves − N weeks' money)}, rulebook 4.11. Pure.
 *
 * @param balance     what the account holds
 * @param owed        liabilities not yet settled
 * @param reserves    approved, not released, not past their last day
 * @param kept        the threshold: the money of {@code weeks} weeks, gross, rounded half up once
 * @param weeks       how many weeks' money the policy leaves in an account
 * @param reclaimable the result, never less than nothing; equal to the threshold is not more
 */
public record Surplus(Money balance, Money owed, Money reserves, Money kept, int weeks, Money reclaimable) {

    private static final int WEEKS_OF_A_YEAR = 52;

    /** @param yearly what the account's lines are worth a year on that day, see {@link #yearly} */
    static Surplus of(Money balance, Money owed, Money reserves, Money yearly, int weeks) {
        Money kept = yearly.part(weeks, WEEKS_OF_A_YEAR);
        Money left = balance.minus(owed).minus(reserves).minus(kept);
        return new Surplus(balance, owed, reserves, kept, weeks, left.isPositive() ? left : Money.ZERO);
    }

    /** The yearly amounts of {@link #lines} together. */
    static Money yearly(
            Terms terms, @Nullable String accountId, Set<String> oneOff, @Nullable LocalDate diedOn, LocalDate on) {
        return lines(terms, accountId, oneOff, diedOn, on).stream()
                .map(line -> line.yearlyAmount(on))
                .reduce(Money.ZERO, Money::plus);
    }

    /**
     * The lines whose money an account has every week: those in force that are paid through it, or, while the budget has routed none, all
     * that could be. Start-up money is no weekly rate (rulebook 4.9). After the end of the budget, or a death, there are none.
     *
     * @param oneOff lines that are paid once, and not by the week
     */
    static List<Terms.Line> lines(
            Terms terms, @Nullable String accountId, Set<String> oneOff, @Nullable LocalDate diedOn, LocalDate on) {
        if ((terms.endsOn() != null && on.isAfter(terms.endsOn())) || (diedOn != null && on.isAfter(diedOn))) {
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
}
