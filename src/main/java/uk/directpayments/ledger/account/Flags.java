package uk.directpayments.ledger.account;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.directpayments.ledger.platform.View;

/** What the account room asks of flags. The spending room answers: it knows accounts, accounts do not know it. */
public interface Flags {

    /** A flag of a transaction, in the words of the public contract. */
    record OfTransaction(String flagId, String reason, String severity, String state) {}

    /** How many flags of accounts are open on the view's day: somebody has to decide about them, or money is still to be paid back. */
    Map<String, Integer> open(Collection<String> accountIds, View view);

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}: this person's flags cannot be relied on at present */
    void require(String personId, View view);

    /** The persons whose flags cannot be relied on at present. */
    Set<String> unavailablePersons(View view);

    /** The flags of transactions of an account, but for those that were withdrawn, by transaction. */
    Map<String, List<OfTransaction>> ofTransactions(String accountId, Collection<String> transactionIds, View view);
}
