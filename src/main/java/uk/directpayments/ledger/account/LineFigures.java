package uk.directpayments.ledger.account;

import java.util.Collection;
import java.util.Map;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;

/** What has been paid and spent on budget lines, for whoever shows a budget beside its allocation. */
public interface LineFigures {

    /**
     * @param paid      gross: issued less returned
     * @param spent     expenditures less reversals and refunds, positive
     * @param recovered taken back from the account or written off, positive
     */
    record Figure(Money paid, Money spent, Money recovered) {

        public static final Figure NOTHING = new Figure(Money.ZERO, Money.ZERO, Money.ZERO);

        public Figure plus(Figure other) {
            return new Figure(paid.plus(other.paid), spent.plus(other.spent), recovered.plus(other.recovered));
        }

        /** What of the money paid is still there, or less than nothing. */
        public Money unspent() {
            return paid.minus(spent).minus(recovered);
        }
    }

    /**
     * The figures of every line that has moved, by account and line: line ids are unique only within a budget. An account whose
     * figures are unavailable is left out.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    Map<String, Map<String, Figure>> of(Collection<String> accountIds, View view);
}
