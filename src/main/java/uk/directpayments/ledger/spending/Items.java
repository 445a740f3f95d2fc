package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Expenditures by key, and by account and day, so that what lies near one is found without looking at all the others. */
final class Items {

    private final Map<String, Item> byKey = new LinkedHashMap<>();
    private final Map<String, NavigableMap<LocalDate, Set<String>>> keysByDay = new HashMap<>();

    /** Adds an expenditure, or puts it in its own place: account and day of one never change. */
    void put(Item item) {
        byKey.put(item.key(), item);
        days(item.accountId())
                .computeIfAbsent(item.on(), none -> new LinkedHashSet<>())
                .add(item.key());
    }

    @Nullable
    Item get(String key) {
        return byKey.get(key);
    }

    List<Item> all() {
        return List.copyOf(byKey.values());
    }

    List<Item> ofAccount(String accountId) {
        return of(days(accountId));
    }

    /** Those of the same account within {@link Detection#DAYS_TOGETHER} days, itself among them. */
    List<Item> near(Item item) {
        return of(days(item.accountId())
                .subMap(
                        item.on().minusDays(Detection.DAYS_TOGETHER),
                        true,
                        item.on().plusDays(Detection.DAYS_TOGETHER),
                        true));
    }

    private NavigableMap<LocalDate, Set<String>> days(String accountId) {
        return keysByDay.computeIfAbsent(accountId, none -> new TreeMap<>());
    }

    private List<Item> of(Map<LocalDate, Set<String>> days) {
        List<Item> found = new ArrayList<>();
        for (Collection<String> keys : days.values()) {
            for (String key : keys) {
                Item item = byKey.get(key);
                if (item != null) {
                    found.add(item);
                }
            }
        }
        return found;
    }
}
