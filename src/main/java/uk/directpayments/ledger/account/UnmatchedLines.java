package uk.directpayments.ledger.account;

import uk.directpayments.ledger.platform.View;

/** What the account room asks of statements: a line that nothing in the ledger explains keeps its account open. Rulebook 7.12. */
public interface UnmatchedLines {

    /** Whether there is one on this account. */
    boolean any(String accountId, View view);
}
