package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Expenditures by key, and by account and day, so that what lies near one is found without looking at all the others. */
final class Items {

    private final Map<String, Item> byKey = new LinkedHashMap<>();
    private final Map<String, NavigableMap<LocalDate, Map<String, Item>>> byDay = new HashMap<>();

    /** Adds an expenditure, or puts it in its own place: account and day of one never change. */
    void put(Item item) {
        String key = item.key();
        byKey.put(key, item);
        days(item.accountId())
                .computeIfAbsent(item.on(), none -> new LinkedHashMap<>())
                .put(key, item);
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

    /** Those of the same account that may matter when one is judged, or for which it may: within {@link Detection#reach} days, itself among them. */
    List<Item> near(Item item) {
        int days = Detection.reach(item);
        return of(days(item.accountId())
                .subMap(item.on().minusDays(days), true, item.on().plusDays(days), true));
    }

    private NavigableMap<LocalDate, Map<String, Item>> days(String accountId) {
        return byDay.computeIfAbsent(accountId, none -> new TreeMap<>());
    }

    private static List<Item> of(Map<LocalDate, Map<String, Item>> days) {
        List<Item> found = new ArrayList<>();
        days.values().forEach(day -> found.addAll(day.values()));
        return found;
    }
}
