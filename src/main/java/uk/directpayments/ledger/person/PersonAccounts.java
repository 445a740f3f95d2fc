package uk.directpayments.ledger.person;

import uk.directpayments.ledger.platform.View;

/** What the erasure of a person asks of their payment accounts. The account room answers. */
public interface PersonAccounts {

    /**
     * Whether any account of the person is not closed on the view's day.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}: nobody can say
     */
    boolean anyOpen(String personId, View view);
}
