package uk.directpayments.trial;

import java.util.List;
import java.util.Set;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** One row a number, by account. A test may keep {@link #POISON} out of its table. */
public class TrialRows extends Projection<Rows> {

    public static final int POISON = 666;

    TrialRows() {
        super("trial-rows", Order.BY_ACCOUNT, "trial_rows");
    }

    @When
    void on(TrialEvent.Counted e, Recorded at, Rows rows) {
        rows.add(at.position(), e.id(), e.number(), at.recordedAt());
    }

    @Override
    protected Rows buffer() {
        return new Rows("trial_rows", "position bigint", "id text", "number int", "recorded_at timestamptz");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    /** The sum of a trial's numbers. */
    public long total(String id, View view) {
        long position = position(view);
        require(id, position);
        return jdbc().sql("SELECT coalesce(sum(number), 0) FROM trial_rows WHERE id = :id AND position <= :position")
                .param("id", id)
                .param("position", position)
                .query(Long.class)
                .single();
    }

    public Set<String> marked(View view) {
        return unavailable(position(view));
    }

    /** Everything, to compare. */
    public List<String> all() {
        return jdbc().sql("SELECT t::text FROM trial_rows t ORDER BY position")
                .query(String.class)
                .list();
    }
}
