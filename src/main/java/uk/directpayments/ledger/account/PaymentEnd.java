package uk.directpayments.ledger.account;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.Instalment;

/**
 * What ends the payments of an account. Rulebook 4.15, 4.16.
 *
 * @param budgetEnds the last day of the budget, or null
 * @param diedOn     the day of death, or null
 * @param closedOn   the day of closure, or null
 */
record PaymentEnd(
        @Nullable LocalDate budgetEnds,
        @Nullable LocalDate diedOn,
        @Nullable LocalDate closedOn) {

    static PaymentEnd of(AccountRegister.Entry account, @Nullable LocalDate budgetEnds) {
        return new PaymentEnd(budgetEnds, account.diedOn(), account.closedOn());
    }

    /** Whether an instalment that is not paid never will be, as matters stand on a day. */
    boolean stops(Instalment instalment, LocalDate asOf) {
        return isAfter(budgetEnds, instalment, asOf)
                || isAfter(diedOn, instalment, asOf)
                || (closedOn != null && !closedOn.isAfter(asOf));
    }

    /** Until a death nobody can know of it, though the budget's last day is that day; what is decided is known before. */
    private boolean isAfter(@Nullable LocalDate last, Instalment instalment, LocalDate asOf) {
        boolean ahead = last != null && last.equals(diedOn) && last.isAfter(asOf);
        return last != null && !ahead && instalment.payOn().isAfter(last);
    }
}
