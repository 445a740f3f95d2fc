package uk.directpayments.ledger.spending;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be looked at again after an event: some expenditures, all of an account or of the person, the stays. */
record Look(Set<String> items, @Nullable String allOfAccount, boolean allItems, boolean stays) {

    static Look nothing() {
        return new Look(Set.of(), null, false, false);
    }

    static Look at(String key) {
        return new Look(Set.of(key), null, false, false);
    }

    static Look atAccount(String accountId) {
        return new Look(Set.of(), accountId, false, false);
    }

    static Look atAll() {
        return new Look(Set.of(), null, true, false);
    }

    static Look atStays() {
        return new Look(Set.of(), null, false, true);
    }
}
