package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;

/** What has been paid and spent on budget lines, for whoever shows a budget beside its allocation. */
public interface LineFigures {

    /**
     * @param paid      gross: issued less returned
     * @param withheld  the client's contribution, kept back of what was paid: it comes into the account by itself, and on no line
     * @param spent     expenditures less reversals and refunds, positive
     * @param recovered taken back from the account or written off, positive
     */
    record Figure(Money paid, Money withheld, Money spent, Money recovered) {

        public static final Figure NOTHING = new Figure(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);

        public Figure plus(Figure other) {
            return new Figure(
                    paid.plus(other.paid),
                    withheld.plus(other.withheld),
                    spent.plus(other.spent),
                    recovered.plus(other.recovered));
        }

        public Figure minus(Figure other) {
            return new Figure(
                    paid.minus(other.paid),
                    withheld.minus(other.withheld),
                    spent.minus(other.spent),
                    recovered.minus(other.recovered));
        }

        /** What of the money that came in is still there, or less than nothing. Rulebook 4.10: cash, so that a source's lines add up to what it holds. */
        public Money unspent() {
            return paid.minus(withheld).minus(spent).minus(recovered);
        }
    }

    /**
     * The figures of every line that has moved, by account and line: line ids are unique only within a budget. An account whose
     * figures are unavailable is left out.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    Map<String, Map<String, Figure>> of(Collection<String> accountIds, View view);

    /**
     * As {@link #of}, of what counts in a period: by its posting day, so that what was recorded late of a sealed month counts in the first month
     * that was open then. Nothing after the view's day is in it.
     */
    Map<String, Map<String, Figure>> within(LocalDate from, LocalDate to, Collection<String> accountIds, View view);
}
