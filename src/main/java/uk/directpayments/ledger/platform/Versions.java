package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents that never forget: one row a version, valid from one position of the log to another, so that {@code knownAt} is a
 * {@code WHERE} clause. The table has the columns {@code id text, from_position bigint, until_position bigint, document jsonb};
 * what lists search by are generated columns of the document.
 *
 * @param <T> the document, an immutable record
 */
public final class Versions<T> {

    /** {@code until_position} of a version that is still valid. */
    public static final long OPEN = Long.MAX_VALUE;

    private static final JsonMapper JSON = mapper();

    private final String table;
    private final Class<T> type;

    public Versions(String table, Class<T> type) {
        this.table = table;
        this.type = type;
    }

    static JsonMapper mapper() {
        JsonMapper.Builder json = JsonMapper.builder();
        EventJson.configure(json);
        return json.build();
    }

    /** Changes of one batch, buffered: nothing is read or written before {@link #write}. */
    public static final class Changes<T> {

        private record Change<T>(long position, UnaryOperator<@Nullable T> change) {}

        private final Map<String, List<Change<T>>> byId = new LinkedHashMap<>();

        /** The first version of a document. */
        public void open(String id, Recorded at, T document) {
            add(id, at, none -> document);
        }

        /** The next version of a document that exists. */
        public void change(String id, Recorded at, UnaryOperator<T> change) {
            add(id, at, current -> {
                if (current == null) {
                    throw new IllegalStateException("there is no " + id + " to change at position " + at.position());
                }
                return change.apply(current);
            });
        }

        /** The version of a document from here on, whether there was one before or not. */
        public void put(String id, Recorded at, T document) {
            add(id, at, old -> document);
        }

        /** The next version of a document, which there may not be yet: null then. */
        public void putOrChange(String id, Recorded at, UnaryOperator<@Nullable T> change) {
            add(id, at, change);
        }

        private void add(String id, Recorded at, UnaryOperator<@Nullable T> change) {
            byId.computeIfAbsent(id, none -> new ArrayList<>()).add(new Change<>(at.position(), change));
        }
    }

    public Changes<T> changes() {
        return new Changes<>();
    }

    /** Writes a batch in three statements, however many documents it changes. */
    public void write(JdbcClient jdbc, Changes<T> changes) {
        if (changes.byId.isEmpty()) {
            return;
        }
        Map<String, T> current = current(jdbc, changes.byId.keySet());
        Rows versions = new Rows(table, "id text", "from_position bigint", "until_position bigint", "document jsonb");
        Rows closed = new Rows(table, "id text", "until_position bigint");
        changes.byId.forEach((id, list) -> {
            T document = current.get(id);
            if (document != null) {
                closed.add(id, list.get(0).position());
            }
            for (int i = 0; i < list.size(); i++) {
                long from = list.get(i).position();
                T next = list.get(i).change().apply(document);
                document = next;
                while (i + 1 < list.size() && list.get(i + 1).position() == from) {
                    document = list.get(++i).change().apply(document);
                }
                long until = i + 1 < list.size() ? list.get(i + 1).position() : OPEN;
                versions.add(id, from, until, JSON.writeValueAsString(document));
            }
        });
        closed.unnest(
                jdbc,
                "UPDATE %s t SET until_position = rows.until_position FROM rows WHERE t.id = rows.id AND t.until_position = %d"
                        .formatted(table, OPEN));
        versions.insert(jdbc);
    }

    private Map<String, T> current(JdbcClient jdbc, Collection<String> ids) {
        Map<String, T> current = new HashMap<>();
        jdbc.sql("SELECT id, document FROM %s WHERE id = ANY(:ids) AND until_position = %d".formatted(table, OPEN))
                .param("ids", ids.toArray(String[]::new))
                .query((row, i) -> current.put(row.getString(1), read(row.getString(2))))
                .list();
        return current;
    }

    /** The version of one document that was valid at a position. */
    public Optional<T> find(JdbcClient jdbc, String id, long position) {
        return list(jdbc, position, "id = :id", Map.of("id", id)).stream().findFirst();
    }

    /** The versions valid at a position that a condition selects, in the order of their ids; the condition may end in {@code LIMIT}. */
    public List<T> list(JdbcClient jdbc, long position, String condition, Map<String, ?> parameters) {
        return jdbc.sql("""
                        SELECT document FROM %s
                         WHERE from_position <= :position AND until_position > :position AND %s""".formatted(table, condition))
                .param("position", position)
                .params(parameters)
                .query((row, i) -> read(row.getString(1)))
                .list();
    }

    /** A version of a document, with the positions between which it was valid. */
    public record Version<T>(long from, long until, T document) {

        public boolean isValidAt(long position) {
            return from <= position && until > position;
        }
    }

    /** Every version, superseded ones too, of the documents that a condition selects. */
    public List<Version<T>> history(JdbcClient jdbc, String condition, Map<String, ?> parameters) {
        return jdbc.sql("SELECT from_position, until_position, document FROM %s WHERE %s".formatted(table, condition))
                .params(parameters)
                .query((row, i) -> new Version<>(row.getLong(1), row.getLong(2), read(row.getString(3))))
                .list();
    }

    /** A document as a question of one's own has found it. */
    public T read(String document) {
        return JSON.readValue(document, type);
    }
}
