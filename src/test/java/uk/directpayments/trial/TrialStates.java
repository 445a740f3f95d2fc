package uk.directpayments.trial;

import java.util.List;
import java.util.Optional;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Each trial's last number, and every earlier one, by person. A handler itself refuses {@link #POISON}. */
public class TrialStates extends Projection<Versions.Changes<TrialStates.State>> {

    public static final int POISON = 555;

    /** What "mending" changes here. */
    public static volatile boolean mended;

    public record State(String id, int last) {}

    private final Versions<State> states = new Versions<>("trial_states", State.class);

    TrialStates() {
        super("trial-states", Order.BY_PERSON, "trial_states");
    }

    @When
    void on(TrialEvent.Opened e, Recorded at, Versions.Changes<State> changes) {
        changes.open(e.id(), at, new State(e.id(), 0));
    }

    @When
    void on(TrialEvent.Counted e, Recorded at, Versions.Changes<State> changes) {
        if (e.number() == POISON && !mended) {
            throw new IllegalStateException("cannot count " + e.number());
        }
        changes.change(e.id(), at, old -> new State(old.id(), e.number()));
    }

    @Override
    protected Versions.Changes<State> buffer() {
        return states.changes();
    }

    @Override
    protected void write(Versions.Changes<State> changes) {
        states.write(jdbc(), changes);
    }

    public Optional<State> find(String id, String person, View view) {
        long position = position(view);
        require(person, position);
        return states.find(jdbc(), id, position);
    }

    /** Everything, to compare. */
    public List<String> all() {
        return jdbc().sql("SELECT t::text FROM trial_states t ORDER BY id, from_position")
                .query(String.class)
                .list();
    }
}
