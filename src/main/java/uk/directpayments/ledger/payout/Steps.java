package uk.directpayments.ledger.payout;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.platform.Rows;

/** Changes of a table whose order matters: neighbours of a kind are written in one statement. */
final class Steps {

    /** A kind of change: a statement over {@code rows}, see {@link Rows#unnest}, and the columns these have. */
    static final class Change {

        private final String sql;
        private final String[] columns;

        Change(String sql, String... columns) {
            this.sql = sql;
            this.columns = columns;
        }
    }

    private record Step(Change change, Rows rows) {}

    private final List<Step> steps = new ArrayList<>();

    void add(Change change, @Nullable Object... row) {
        if (steps.isEmpty() || steps.get(steps.size() - 1).change != change) {
            steps.add(new Step(change, new Rows("rows", change.columns)));
        }
        steps.get(steps.size() - 1).rows.add(row);
    }

    void write(JdbcClient jdbc) {
        steps.forEach(step -> step.rows.unnest(jdbc, step.change.sql));
    }
}
