package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.support.RunningLedger;

/** The tables in which a projection is built again are like those that it has. */
class ShadowTablesTest extends RunningLedger {

    @Autowired
    private List<Projection<?>> projections;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void everyTableHasTheColumnsConstraintsAndIndexesOfTheLiveOne() {
        int all = 0;
        for (Projection<?> projection : projections) {
            ShadowTables tables = new ShadowTables(jdbc, projection);
            tables.make();
            try {
                tables.index();
                for (String table : projection.tables()) {
                    String schema = "shadow_" + projection.name().replace('-', '_');
                    Set<String> live = shape("public", table);
                    assertThat(shape(schema, table)).as(table).isEqualTo(live);
                    all += live.size();
                }
            } finally {
                tables.drop();
            }
        }
        assertThat(all).isGreaterThan(300);
    }

    /** Otherwise what is built again would be written to the live tables, whose names are the same. */
    @Test
    void whatHasBeenRemovedOrEmptiedIsNotEntered() {
        Projection<?> journal = projections.stream()
                .filter(projection -> projection.name().equals("journal"))
                .findFirst()
                .orElseThrow();
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        ShadowTables tables = new ShadowTables(jdbc, journal);
        tables.make();
        try {
            assertThat(transaction.<String>execute(open -> {
                        tables.enter();
                        return jdbc.sql(
                                        "SELECT 'journal_line'::regclass::oid = 'shadow_journal.journal_line'::regclass::oid")
                                .query(String.class)
                                .single();
                    }))
                    .isEqualTo("t");
            // as a crash of the database leaves what is not logged
            jdbc.sql("TRUNCATE shadow_journal.mark").update();
            assertThatThrownBy(() -> transaction.executeWithoutResult(open -> tables.enter()))
                    .isInstanceOf(ShadowRebuild.Abandoned.class);
            ShadowTables.dropAll(jdbc);
            assertThatThrownBy(() -> transaction.executeWithoutResult(open -> tables.enter()))
                    .isInstanceOf(ShadowRebuild.Abandoned.class);
        } finally {
            tables.drop();
        }
    }

    private Set<String> shape(String schema, String table) {
        return new TreeSet<>(jdbc.sql("""
                        SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attgenerated, attcollation)
                          FROM pg_attribute WHERE attrelid = :table::regclass AND attnum > 0 AND NOT attisdropped
                        UNION ALL
                        SELECT pg_get_constraintdef(oid) FROM pg_constraint
                         WHERE conrelid = :table::regclass AND contype = 'c'
                        UNION ALL
                        SELECT replace(pg_get_indexdef(indexrelid), :schema || '.', '') FROM pg_index
                         WHERE indrelid = :table::regclass""")
                .param("table", schema + "." + table)
                .param("schema", schema)
                .query(String.class)
                .list());
    }
}
