package uk.directpayments.trial;

import java.util.List;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** How much was counted before each number, over the whole log. A test may keep {@link #POISON} out of its table. */
public class TrialLog extends Projection<Rows> {

    public static final int POISON = 777;

    TrialLog() {
        super("trial-log", Order.BY_LOG, "trial_log");
    }

    @When
    void on(TrialEvent.Counted e, Recorded at, Rows rows) {
        rows.add(at.position(), e.number());
    }

    @Override
    protected Rows buffer() {
        return new Rows("trial_log", "position bigint", "number int");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    public long total(View view) {
        long position = position(view);
        return jdbc().sql("SELECT coalesce(sum(number), 0) FROM trial_log WHERE position <= :position")
                .param("position", position)
                .query(Long.class)
                .single();
    }

    /** Everything, to compare. */
    public List<String> all() {
        return jdbc().sql("SELECT t::text FROM trial_log t ORDER BY position")
                .query(String.class)
                .list();
    }
}
