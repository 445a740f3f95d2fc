package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.platform.ShadowRebuild.Difference;
import uk.directpayments.ledger.platform.ShadowRebuild.Kind;

/**
 * The tables of one projection a second time, in a schema of their own. A transaction that has {@link #enter}ed it finds them under their usual
 * names, and everything else where it always is: so a projection writes there without knowing. Parked events are a table like the others.
 */
final class ShadowTables {

    private static final String PREFIX = "shadow_";
    private static final String PARKED = "parked_event";

    /** Megabytes that a sort, a hash table or an index being made may take in the database; a statement may need a few of them. */
    private static final int MEMORY = 64;

    private final JdbcClient jdbc;
    private final Projection<?> owner;
    private final String projection;
    private final String live;
    private final String shadow;
    private final List<Table> tables = new ArrayList<>();

    /**
     * A table.
     *
     * @param compared the columns that must agree
     * @param key      those that say which row is meant: ids, days and positions
     * @param unique   whether no two rows have the same
     * @param stored   those that are not computed from others
     * @param where    which of the live rows, as {@code t}, are the projection's
     */
    private record Table(
            String name, List<String> compared, List<String> key, boolean unique, List<String> stored, String where) {}

    private record Column(String name, boolean stored, boolean required, boolean key) {}

    ShadowTables(JdbcClient jdbc, Projection<?> projection) {
        this.jdbc = jdbc;
        this.owner = projection;
        this.projection = projection.name();
        this.live = jdbc.sql("SELECT quote_ident(current_schema())")
                .query(String.class)
                .single();
        this.shadow = PREFIX + projection.name().replace('-', '_');
    }

    /** Makes the tables, empty, each with a unique index of its primary key and no other. */
    void make() {
        drop();
        tables.clear();
        run("CREATE SCHEMA " + shadow);
        run("CREATE UNLOGGED TABLE %s AS SELECT true AS whole".formatted(mark()));
        for (String name : owner.tables()) {
            create(name);
            List<Column> columns = columns(name);
            List<String> all = columns.stream().map(Column::name).toList();
            tables.add(new Table(
                    name,
                    all,
                    key(columns),
                    columns.stream().anyMatch(Column::key),
                    names(columns, Column::stored),
                    "true"));
        }
        create(PARKED);
        List<String> letter = List.of("processor", "key", "position", "name");
        tables.add(new Table(
                PARKED,
                letter,
                letter.subList(0, 3),
                true,
                List.of("processor", "key", "position", "name", "cause"),
                "t.processor = '" + projection + "'"));
    }

    /** Removes what a rebuild has left that could not end. */
    static void dropAll(JdbcClient jdbc) {
        jdbc.sql("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname LIKE 'shadow\\_%'")
                .query(String.class)
                .list()
                .forEach(
                        schema -> jdbc.sql("DROP SCHEMA " + schema + " CASCADE").update());
    }

    void drop() {
        run("DROP SCHEMA IF EXISTS " + shadow + " CASCADE");
    }

    private void create(String table) {
        // not logged: they need not outlive a crash
        run("CREATE UNLOGGED TABLE %s (LIKE %s INCLUDING ALL EXCLUDING INDEXES)".formatted(built(table), live(table)));
        index(table, true);
    }

    /** Gives the tables the other indexes that the live ones have. */
    void index() {
        tables.forEach(table -> index(table.name, false));
    }

    private void index(String table, boolean primary) {
        jdbc.sql(
                        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = :table::regclass AND indisprimary = :primary")
                .param("table", live(table))
                .param("primary", primary)
                .query(String.class)
                .list()
                .forEach(index -> run(index.replaceFirst(" ON \\S+ ", " ON " + built(table) + " ")));
    }

    private List<Column> columns(String table) {
        return jdbc.sql("""
                        SELECT quote_ident(a.attname) AS name, a.attgenerated = '' AS stored, a.attnotnull AS required,
                               coalesce(array_position(i.indkey::int2[], a.attnum) < i.indnkeyatts, false) AS key
                          FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
                         WHERE a.attrelid = :table::regclass AND a.attnum > 0 AND NOT a.attisdropped
                         ORDER BY a.attnum""").param("table", live(table)).query(Column.class).list();
    }

    /** The primary key; of a table that has none, the ids and positions that every row has. */
    private static List<String> key(List<Column> columns) {
        List<String> primary = names(columns, Column::key);
        return primary.isEmpty()
                ? names(
                        columns,
                        column -> column.required && (column.name.endsWith("_id") || column.name.endsWith("_position")))
                : primary;
    }

    private static List<String> names(List<Column> columns, java.util.function.Predicate<Column> which) {
        return columns.stream().filter(which).map(Column::name).toList();
    }

    private String live(String table) {
        return live + "." + table;
    }

    private String built(String table) {
        return shadow + "." + table;
    }

    private void run(String sql) {
        jdbc.sql(sql).update();
    }

    // ── in a transaction ─────────────────────────────────────────────────────────────────────────────────────────

    /** Holds a row for as long as the tables have lost none: not logged, like they, it would be emptied with them by a crash of the database. */
    private String mark() {
        return shadow + ".mark";
    }

    /**
     * To the end of the transaction the projection's tables are these.
     *
     * @throws ShadowRebuild.Abandoned if they are not there any more, or have been emptied: their names would mean the live ones
     */
    void enter() {
        boolean whole;
        try {
            whole = jdbc.sql("SELECT EXISTS (SELECT FROM %s)".formatted(mark()))
                    .query(Boolean.class)
                    .single();
        } catch (BadSqlGrammarException gone) {
            whole = false;
        }
        if (!whole) {
            throw new ShadowRebuild.Abandoned(
                    "What was built of " + projection + " has been removed, or the database crashed meanwhile.");
        }
        run("SET LOCAL search_path = %s, %s".formatted(shadow, live));
    }

    /** To the end of the transaction more is sorted and hashed in memory than a query may; and it ends when its caller has. */
    void takeMemory() {
        run("SET LOCAL work_mem = '%dMB'".formatted(MEMORY));
        run("SET LOCAL hash_mem_multiplier = 1");
        run("SET LOCAL maintenance_work_mem = '%dMB'".formatted(MEMORY));
        run("SET LOCAL max_parallel_workers_per_gather = 0");
        run("SET LOCAL client_connection_check_interval = '5s'");
    }

    /** What the names of tables begin with in which rows are heaped before they are written. */
    String heaps() {
        return shadow + ".heap_";
    }

    /** Statistics, without which the statements of a projection search a growing table from end to end. */
    void analyze() {
        tables.forEach(table -> run("ANALYZE " + built(table.name)));
    }

    /** Before its first query, so that what the transaction sees of the live tables is of one moment: nobody empties them meanwhile. */
    void lockForReading() {
        run("LOCK TABLE " + liveTables() + " IN ACCESS SHARE MODE");
    }

    /**
     * Nobody but this transaction writes them to its end; everybody reads. Letters first, then tables: the order in which the processors lock.
     */
    void lockForWriting() {
        run("SET LOCAL lock_timeout = '5s'");
        jdbc.sql("SELECT position FROM %s WHERE processor = :processor FOR UPDATE".formatted(live(PARKED)))
                .param("processor", projection)
                .query(Long.class)
                .list();
        run("LOCK TABLE " + liveTables() + " IN SHARE ROW EXCLUSIVE MODE");
    }

    private String liveTables() {
        return tables.stream()
                .map(Table::name)
                .filter(name -> !name.equals(PARKED))
                .map(this::live)
                .collect(Collectors.joining(", "));
    }

    /** Notes the keys under which live and rebuilt rows do not agree. */
    void compare() {
        for (Table table : tables) {
            run("DROP TABLE IF EXISTS " + wrong(table));
            run("CREATE UNLOGGED TABLE %s AS %s"
                    .formatted(wrong(table), table.unique ? unlikeByKey(table) : unlike(table)));
        }
    }

    private String unlikeByKey(Table table) {
        String key = table.key.get(0);
        List<String> others = table.compared.stream()
                .filter(column -> !table.key.contains(column))
                .toList();
        return """
                SELECT %s FROM (SELECT * FROM %s t WHERE %s) AS t FULL JOIN %s b USING (%s)
                 WHERE t.%s IS NULL OR b.%s IS NULL %s""".formatted(
                        keys(table),
                        live(table.name),
                        table.where,
                        built(table.name),
                        keys(table),
                        key,
                        key,
                        others.isEmpty()
                                ? ""
                                : "OR ROW(%s) IS DISTINCT FROM ROW(%s)".formatted(of("t", others), of("b", others)));
    }

    private static String of(String alias, List<String> columns) {
        return columns.stream().map(column -> alias + "." + column).collect(Collectors.joining(", "));
    }

    private String unlike(Table table) {
        String columns = String.join(", ", table.compared);
        String liveRows = "SELECT %s FROM %s t WHERE %s".formatted(columns, live(table.name), table.where);
        String builtRows = "SELECT %s FROM %s".formatted(columns, built(table.name));
        return """
                    SELECT DISTINCT %s FROM ((%s EXCEPT ALL %s) UNION ALL (%s EXCEPT ALL %s)) AS unlike""".formatted(keys(table), liveRows, builtRows, builtRows, liveRows);
    }

    private String wrong(Table table) {
        return built(table.name + "_wrong");
    }

    private static String keys(Table table) {
        return String.join(", ", table.key);
    }

    /** How many rows were rebuilt. */
    long rows() {
        return tables.stream()
                .filter(table -> !table.name.equals(PARKED))
                .mapToLong(table -> count(built(table.name)))
                .sum();
    }

    /** How many keys {@link #compare} has noted. */
    long differing() {
        return tables.stream().mapToLong(table -> count(wrong(table))).sum();
    }

    private long count(String table) {
        return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    /** The first keys that {@link #compare} has noted, in the order of the tables and keys. */
    List<Difference> differences(int most) {
        List<Difference> found = new ArrayList<>();
        for (Table table : tables) {
            jdbc.sql("""
                            SELECT %s, EXISTS (SELECT FROM %s t WHERE %s), EXISTS (SELECT FROM %s t WHERE %s)
                              FROM %s w ORDER BY %s LIMIT :most""".formatted(
                                    keys(table),
                                    live(table.name),
                                    sameKey(table),
                                    built(table.name),
                                    sameKey(table),
                                    wrong(table),
                                    keys(table)))
                    .param("most", most - found.size())
                    .query((row, i) -> {
                        int keys = table.key.size();
                        SortedMap<String, String> key = new TreeMap<>();
                        for (int k = 0; k < keys; k++) {
                            key.put(row.getMetaData().getColumnName(k + 1), row.getString(k + 1));
                        }
                        return new Difference(
                                projection, table.name, key, kind(row.getBoolean(keys + 1), row.getBoolean(keys + 2)));
                    })
                    .list()
                    .forEach(found::add);
        }
        return found;
    }

    private static Kind kind(boolean live, boolean built) {
        return live && built ? Kind.CHANGED : live ? Kind.SURPLUS : Kind.MISSING;
    }

    private static String sameKey(Table table) {
        return table.key.stream()
                .map(column -> "t.%s = w.%s".formatted(column, column))
                .collect(Collectors.joining(" AND "));
    }

    /** The keys behind which something is parked, live or rebuilt, with the first position of each. */
    Map<String, Long> parked(int most) {
        Map<String, Long> first = new TreeMap<>();
        jdbc.sql("""
                        SELECT key, min(position) FROM (
                            SELECT key, position FROM %s WHERE processor = :processor
                            UNION ALL SELECT key, position FROM %s) AS letters
                         GROUP BY key ORDER BY key LIMIT :most""".formatted(live(PARKED), built(PARKED)))
                .param("processor", projection)
                .param("most", most)
                .query((row, i) -> first.put(row.getString(1), row.getLong(2)))
                .list();
        return first;
    }

    /** Puts the rebuilt rows in the place of the live ones under every key that {@link #compare} has noted. */
    void mend() {
        for (Table table : tables) {
            run("DELETE FROM %s t USING %s w WHERE %s AND %s"
                    .formatted(live(table.name), wrong(table), sameKey(table), table.where));
            run("INSERT INTO %s (%s) SELECT %s FROM %s t JOIN %s w ON %s"
                    .formatted(
                            live(table.name),
                            String.join(", ", table.stored),
                            of("t", table.stored),
                            built(table.name),
                            wrong(table),
                            sameKey(table)));
        }
    }
}
