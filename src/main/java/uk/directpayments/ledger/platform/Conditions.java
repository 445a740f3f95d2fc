package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a list is narrowed by: conditions that all hold, and the values they name. */
public final class Conditions {

    private final List<String> all = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    public Conditions and(String condition) {
        all.add(condition);
        return this;
    }

    /** @param name under which the condition names the value */
    public Conditions and(String condition, String name, Object value) {
        values.put(name, value);
        return and(condition);
    }

    /** Null does not matter. */
    public Conditions equal(String column, @Nullable String value) {
        return value == null ? this : and(column + " = :" + column, column, value);
    }

    /** One page of the rows, in the order of their ids. @param after the last id of the page before, or null */
    public String page(@Nullable String after, int limit) {
        if (after != null) {
            and("id > :after", "after", after);
        }
        values.put("limit", limit);
        return String.join(" AND ", all) + " ORDER BY id LIMIT :limit";
    }

    public Map<String, Object> values() {
        return values;
    }
}
