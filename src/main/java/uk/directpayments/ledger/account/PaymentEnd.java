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
        LocalDate payOn = instalment.payOn();
        return (budgetEnds != null && payOn.isAfter(budgetEnds))
                || (diedOn != null && !diedOn.isAfter(asOf) && payOn.isAfter(diedOn))
                || (closedOn != null && !closedOn.isAfter(asOf));
    }
}
