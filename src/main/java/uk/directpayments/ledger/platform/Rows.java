package uk.directpayments.ledger.platform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of one table, buffered and written in one statement. More than memory should hold can be {@link #heap}ed in a table: the statement finds
 * them there.
 */
public final class Rows {

    private final String table;
    private final String[] columns;
    private final String[] types;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private @Nullable String heap;
    private long heaped;

    /** @param columns name and PostgreSQL type of each, like {@code "position bigint"} */
    public Rows(String table, String... columns) {
        this.table = table;
        this.columns = new String[columns.length];
        this.types = new String[columns.length];
        for (int i = 0; i < columns.length; i++) {
            int blank = columns[i].indexOf(' ');
            this.columns[i] = columns[i].substring(0, blank);
            this.types[i] = columns[i].substring(blank + 1);
        }
    }

    public void add(@Nullable Object... values) {
        if (values.length != columns.length) {
            throw new IllegalArgumentException(table + " has " + columns.length + " columns");
        }
        rows.add(values);
    }

    public boolean isEmpty() {
        return rows.isEmpty() && heaped == 0;
    }

    /** Brings what is held in memory to the end of a table, by {@code COPY}; the first time makes it, without an index. */
    void heap(JdbcOperations jdbc, String table) {
        if (heap == null) {
            heap = table;
            StringJoiner definitions = new StringJoiner(", ");
            for (int c = 0; c < columns.length; c++) {
                definitions.add(columns[c] + " " + types[c]);
            }
            jdbc.execute("CREATE UNLOGGED TABLE %s (%s, ord bigint)".formatted(table, definitions));
        }
        if (rows.isEmpty()) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (@Nullable Object[] row : rows) {
            for (Object value : row) {
                copied(value, lines);
                lines.append('\t');
            }
            lines.append(++heaped).append('\n');
        }
        // as bytes: from characters the driver encodes piece by piece, and where one ends between two halves of a
        // character both are lost
        byte[] utf8 = lines.toString().getBytes(StandardCharsets.UTF_8);
        jdbc.execute((ConnectionCallback<Long>) connection -> {
            try {
                CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
                return copy.copyIn("COPY " + table + " FROM STDIN", new ByteArrayInputStream(utf8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        rows.clear();
    }

    /** Forgets the rows, those in the heap too. */
    void empty(JdbcOperations jdbc) {
        rows.clear();
        heaped = 0;
        if (heap != null) {
            jdbc.execute("TRUNCATE " + heap);
        }
    }

    /** As {@code COPY} reads a value: what it takes for an end or for an escape is escaped. */
    private static void copied(@Nullable Object value, StringBuilder line) {
        if (value == null) {
            line.append("\\N");
            return;
        }
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }

    /** Inserts all rows: {@code INSERT … SELECT … FROM unnest(…)}. */
    public void insert(JdbcClient jdbc) {
        insert(jdbc, "");
    }

    /** @param conflict an {@code ON CONFLICT …} clause */
    public void insert(JdbcClient jdbc, String conflict) {
        unnest(
                jdbc,
                "INSERT INTO %s (%s) SELECT %s FROM rows %s"
                        .formatted(table, String.join(", ", columns), String.join(", ", columns), conflict));
    }

    /** Runs a statement over all rows, which it finds as {@code rows} with this table's columns and {@code ord}. */
    public void unnest(JdbcClient jdbc, String sql) {
        if (!isEmpty()) {
            over(jdbc, sql).update();
        }
    }

    /** A statement or question over all rows, as {@link #unnest} finds them. */
    public JdbcClient.StatementSpec over(JdbcClient jdbc, String sql) {
        if (heap != null) {
            return jdbc.sql("WITH rows AS (SELECT * FROM " + heap + ") " + sql);
        }
        Map<String, Object> parameters = new TreeMap<>();
        StringBuilder with = new StringBuilder("WITH rows AS (SELECT * FROM unnest(");
        for (int c = 0; c < columns.length; c++) {
            @Nullable String[] values = new String[rows.size()];
            for (int r = 0; r < values.length; r++) {
                Object value = rows.get(r)[c];
                values[r] = value == null ? null : value.toString();
            }
            parameters.put("c" + c, values);
            with.append(c == 0 ? "" : ", ")
                    .append(":c")
                    .append(c)
                    .append("::text[]::")
                    .append(types[c])
                    .append("[]");
        }
        with.append(") WITH ORDINALITY AS r(")
                .append(String.join(", ", columns))
                .append(", ord)) ");
        return jdbc.sql(with + sql).params(parameters);
    }
}
