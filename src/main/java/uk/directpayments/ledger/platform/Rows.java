package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of one table, buffered column by column and inserted in one statement. */
public final class Rows {

    private final String table;
    private final String[] columns;
    private final String[] types;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

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
        return rows.isEmpty();
    }

    /** Inserts all rows: {@code INSERT … SELECT … FROM unnest(…)}. */
    public void insert(JdbcClient jdbc) {
        insert(jdbc, "");
    }

    /** @param conflict an {@code ON CONFLICT …} clause */
    public void insert(JdbcClient jdbc, String conflict) {
        if (!rows.isEmpty()) {
            unnest(
                    jdbc,
                    "INSERT INTO %s (%s) SELECT %s FROM rows %s"
                            .formatted(table, String.join(", ", columns), String.join(", ", columns), conflict));
        }
    }

    /** Runs a statement over all rows, which it finds as {@code rows} with this table's columns and {@code ord}. */
    public void unnest(JdbcClient jdbc, String sql) {
        if (!rows.isEmpty()) {
            over(jdbc, sql).update();
        }
    }

    /** A statement or question over all rows, as {@link #unnest} finds them. */
    public JdbcClient.StatementSpec over(JdbcClient jdbc, String sql) {
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
