package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcOperations;
import uk.directpayments.ledger.support.RunningLedger;

/** Rows are written the same whether they were held in memory or heaped in a table. */
class RowsTest extends RunningLedger {

    private static final List<@Nullable Object[]> AWKWARD = List.of(
            row("plain", 1L, LocalDate.of(2024, 2, 29), "{\"a\":\"b\"}"),
            row("tab\there, line\nthere, return\rtoo", -5L, null, null),
            row("back\\slash, \\N, \\., \\t", Long.MAX_VALUE, LocalDate.of(1, 1, 1), "{\"q\":\"\\\"\\n\\\\\"}"),
            row("", 0L, null, "[]"),
            row(null, null, null, null),
            row("Zoë Ω 😀 'quoted' \"twice\" $1 :name {braces,}", 7L, LocalDate.of(2026, 1, 1), "\"\\u20ac\""));

    @Autowired
    private JdbcOperations operations;

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    @BeforeEach
    void table() {
        jdbc.sql("CREATE TABLE awkward (words text, pence bigint, day date, document jsonb, at timestamptz)")
                .update();
    }

    @AfterEach
    void tidy() {
        jdbc.sql("DROP TABLE IF EXISTS awkward, awkward_heap").update();
    }

    private static Rows rows() {
        return new Rows("awkward", "words text", "pence bigint", "day date", "document jsonb", "at timestamptz");
    }

    private static void add(Rows rows, @Nullable Object[] row) {
        rows.add(row[0], row[1], row[2], row[3], Instant.parse("2026-03-29T01:00:00.123456Z"));
    }

    private List<String> written(Rows rows) {
        rows.insert(jdbc);
        List<String> all = jdbc.sql("SELECT t::text FROM awkward t ORDER BY words, pence")
                .query(String.class)
                .list();
        jdbc.sql("TRUNCATE awkward").update();
        return all;
    }

    @Test
    void awkwardValuesAreTheSameFromMemoryAndFromAHeap() {
        Rows held = rows();
        AWKWARD.forEach(row -> add(held, row));
        List<String> fromMemory = written(held);
        assertThat(fromMemory).hasSize(AWKWARD.size());

        Rows heaped = rows();
        for (@Nullable Object[] row : AWKWARD) {
            add(heaped, row);
            heaped.heap(operations, "awkward_heap");
        }
        assertThat(written(heaped)).isEqualTo(fromMemory);
    }

    @Test
    void aCharacterOfTwoHalvesIsWholeWhereverItStandsInAHeap() {
        // one after the other, so that some lie across any boundary that a driver cuts at
        String words = "x" + "😀".repeat(100_000);
        Rows rows = rows();
        add(rows, row(words, 1L, null, null));
        rows.heap(operations, "awkward_heap");
        assertThat(rows.over(jdbc, "SELECT words FROM rows").query(String.class).single())
                .isEqualTo(words);
    }

    @Test
    void aHeapThatWasEmptiedTakesWhatComesNext() {
        Rows rows = rows();
        add(rows, row("before", 1L, null, null));
        rows.heap(operations, "awkward_heap");
        rows.empty(operations);
        assertThat(rows.isEmpty()).isTrue();
        add(rows, row("after", 2L, null, null));
        rows.heap(operations, "awkward_heap");
        assertThat(written(rows)).hasSize(1).first().asString().contains("after");
    }

    @Test
    void aHeapKeepsTheOrderAndKnowsWhetherItIsEmpty() {
        Rows rows = rows();
        assertThat(rows.isEmpty()).isTrue();
        rows.heap(operations, "awkward_heap");
        assertThat(rows.isEmpty()).isTrue();
        for (long number = 1; number <= 5; number++) {
            add(rows, row("n", number, null, null));
            add(rows, row("n", -number, null, null));
            rows.heap(operations, "awkward_heap");
            rows.heap(operations, "awkward_heap");
        }
        assertThat(rows.isEmpty()).isFalse();
        assertThat(rows.over(jdbc, "SELECT pence FROM rows ORDER BY ord")
                        .query(Long.class)
                        .list())
                .containsExactly(1L, -1L, 2L, -2L, 3L, -3L, 4L, -4L, 5L, -5L);
    }
}
