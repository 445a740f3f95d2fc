package uk.directpayments.ledger.spending;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.SpendingReassessed;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Streams;
import uk.directpayments.ledger.policy.Settings;

/**
 * Which payees of an account are on the merchant list of a policy for days gone by. Lines are compared with the list when they are recorded;
 * one that is published later has to be compared with the names that were recorded, and these are sealed. Rulebook 3.5, 7.9.
 *
 * @param listed   entries of the list, by the payee's key
 * @param unlisted keys of payees that a list named before and this one does not
 */
record ListedPayees(Map<String, String> listed, List<String> unlisted) {

    private static final int PAGE = 1_000;

    /**
     * Reads an account's own events, a page at a time; each payee's name is opened once.
     *
     * @return null if the person has been erased: nobody can tell any more
     */
    static @Nullable ListedPayees of(
            String accountId, String personId, Settings policy, Streams streams, Sealing sealing) {
        if (sealing.destroyed(personId)) {
            return null;
        }
        Map<String, String> entries = new HashMap<>();
        Set<String> everListed = new HashSet<>();
        Set<String> withoutCategory = new HashSet<>();
        long next = 0;
        List<Object> page;
        do {
            page = streams.read("account/" + accountId, next, PAGE);
            next += page.size();
            for (Object event : page) {
                if (event instanceof ExpenditureRecorded e
                        && ((e.mcc() == null && withoutCategory.add(e.payeeKey()))
                                || !entries.containsKey(e.payeeKey()))) {
                    String payee = sealing.open(personId, e.payee());
                    if (payee.equals(Sealing.ERASED)) {
                        return null;
                    }
                    entries.put(e.payeeKey(), policy.merchant(payee, e.mcc()));
                }
                if (!isNamedInWords(event, personId, policy, sealing)) {
                    everListed.addAll(listedBy(event));
                }
            }
        } while (page.size() == PAGE);
        entries.values().removeIf(entry -> entry == null);
        everListed.removeAll(entries.keySet());
        return new ListedPayees(
                new TreeMap<>(entries), everListed.stream().sorted().toList());
    }

    /** What its bank's words alone say is no matter of its payee's, and stays as it was recorded. */
    private static boolean isNamedInWords(Object event, String personId, Settings policy, Sealing sealing) {
        return event instanceof ExpenditureRecorded e
                && e.mcc() == null
                && e.merchant() != null
                && e.description() != null
                && e.merchant().equals(policy.merchantNamedIn(sealing.open(personId, e.description())));
    }

    private static Set<String> listedBy(Object event) {
        if (event instanceof ExpenditureRecorded e && e.merchant() != null) {
            return Set.of(e.payeeKey());
        }
        if (event instanceof SpendingReassessed e && e.listed() != null) {
            return e.listed().keySet();
        }
        return Set.of();
    }
}
