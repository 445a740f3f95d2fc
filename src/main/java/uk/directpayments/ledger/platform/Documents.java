package uk.directpayments.ledger.platform;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents of which only the newest is kept: what a projection must remember to derive the next rows, and no reader asks for. The table has
 * the columns {@code id text, document jsonb}; what is searched by are generated columns of the document.
 *
 * @param <T> the document, an immutable record
 */
public final class Documents<T> {

    private static final JsonMapper JSON = Versions.mapper();

    /** Of how many documents, of those read last, it is remembered what they say; and up to how many characters each. */
    private static final int REMEMBERED = 4_096;

    private static final int LONGEST = 8_192;

    private final String table;
    private final Class<T> type;

    /** What is read of a person or account is soon read again, mostly unchanged: to compare it takes a fraction of parsing it. */
    private final Map<String, Parsed<T>> parsed = Collections.synchronizedMap(new Remembered<>(REMEMBERED));

    private record Parsed<T>(String text, T document) {}

    public Documents(String table, Class<T> type) {
        this.table = table;
        this.type = type;
    }

    /** By id, those that there are. */
    public Map<String, T> find(JdbcClient jdbc, Collection<String> ids) {
        Map<String, T> found = new HashMap<>();
        if (!ids.isEmpty()) {
            jdbc.sql("SELECT id, document FROM %s WHERE id = ANY(:ids)".formatted(table))
                    .param("ids", ids.toArray(String[]::new))
                    .query(row -> {
                        found.put(row.getString(1), parsed(row.getString(1), row.getString(2)));
                    });
        }
        return found;
    }

    private T parsed(String id, String text) {
        Parsed<T> before = parsed.get(id);
        if (before != null && before.text.equals(text)) {
            return before.document;
        }
        T document = JSON.readValue(text, type);
        if (text.length() <= LONGEST) {
            parsed.put(id, new Parsed<>(text, document));
        }
        return document;
    }

    /** Those that a condition selects. */
    public List<T> list(JdbcClient jdbc, String condition, Map<String, ?> parameters) {
        return select(jdbc, "SELECT document FROM %s WHERE %s".formatted(table, condition), parameters);
    }

    /** Those that a statement of one's own finds, in its only column. */
    public List<T> select(JdbcClient jdbc, String statement, Map<String, ?> parameters) {
        return jdbc.sql(statement)
                .params(parameters)
                .query((row, i) -> JSON.readValue(row.getString(1), type))
                .list();
    }

    /** Writes the newest of each in one statement. */
    public void write(JdbcClient jdbc, Map<String, T> documents) {
        Rows rows = new Rows(table, "id text", "document jsonb");
        documents.forEach((id, document) -> rows.add(id, JSON.writeValueAsString(document)));
        rows.insert(jdbc, "ON CONFLICT (id) DO UPDATE SET document = excluded.document");
    }
}
