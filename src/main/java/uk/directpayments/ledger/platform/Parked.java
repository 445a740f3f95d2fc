package uk.directpayments.ledger.platform;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The parked events: positions only, for the events themselves are in the log. */
@Component
class Parked {

    /** The longest description of a cause that is kept. Causes name classes and codes, never what an event holds. */
    private static final int CAUSE_LENGTH = 300;

    private final JdbcClient jdbc;

    Parked(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Letter(String processor, String key, long position, String name, String cause) {}

    /**
     * Which of these keys have something parked already: what follows must wait behind it. A drain waits until this transaction ends, or
     * what is parked behind the last letter while that is drained would be left behind.
     */
    Set<String> among(String processor, Collection<String> keys) {
        return new HashSet<>(
                jdbc.sql("SELECT key FROM parked_event WHERE processor = :processor AND key = ANY(:keys) FOR SHARE")
                        .param("processor", processor)
                        .param("keys", keys.toArray(String[]::new))
                        .query(String.class)
                        .list());
    }

    /** Takes a letter to apply it: whoever wants to park behind it waits until this transaction ends. False if it is gone. */
    boolean take(String processor, String key, long position) {
        return jdbc.sql(
                        "SELECT position FROM parked_event WHERE processor = :processor AND key = :key AND position = :position"
                                + " FOR UPDATE")
                .param("processor", processor)
                .param("key", key)
                .param("position", position)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    void park(String processor, String key, long position, String name, String cause) {
        jdbc.sql("""
                        INSERT INTO parked_event (processor, key, position, name, cause)
                        VALUES (:processor, :key, :position, :name, :cause)
                        ON CONFLICT (processor, key, position) DO UPDATE SET cause = excluded.cause""")
                .param("processor", processor)
                .param("key", key)
                .param("position", position)
                .param("name", name)
                .param("cause", cause.substring(0, Math.min(cause.length(), CAUSE_LENGTH)))
                .update();
    }

    /** The first parked position of a key. */
    Optional<Long> first(String processor, String key) {
        return jdbc.sql(
                        "SELECT position FROM parked_event WHERE processor = :processor AND key = :key ORDER BY position LIMIT 1")
                .param("processor", processor)
                .param("key", key)
                .query(Long.class)
                .optional();
    }

    /** The keys with something parked at or before a position. */
    Set<String> upTo(String processor, long position) {
        return new HashSet<>(
                jdbc.sql("SELECT DISTINCT key FROM parked_event WHERE processor = :processor AND position <= :position")
                        .param("processor", processor)
                        .param("position", position)
                        .query(String.class)
                        .list());
    }

    List<String> keys(String processor) {
        return jdbc.sql("SELECT DISTINCT key FROM parked_event WHERE processor = :processor ORDER BY key")
                .param("processor", processor)
                .query(String.class)
                .list();
    }

    void release(String processor, String key, long position) {
        jdbc.sql("DELETE FROM parked_event WHERE processor = :processor AND key = :key AND position = :position")
                .param("processor", processor)
                .param("key", key)
                .param("position", position)
                .update();
    }

    void forget(String processor) {
        jdbc.sql("DELETE FROM parked_event WHERE processor = :processor")
                .param("processor", processor)
                .update();
    }

    /** How many events each processor has parked, by its name; processors with none are left out. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        jdbc.sql("SELECT processor, count(*) FROM parked_event GROUP BY processor")
                .query((row, i) -> counts.put(row.getString(1), row.getLong(2)))
                .list();
        return counts;
    }

    /** A processor's oldest parked letters, for whoever has to mend them. */
    List<Letter> letters(String processor, int limit) {
        return jdbc.sql("""
                        SELECT processor, key, position, name, cause FROM parked_event
                         WHERE processor = :processor ORDER BY position, key LIMIT :limit""")
                .param("processor", processor)
                .param("limit", limit)
                .query(Letter.class)
                .list();
    }
}
