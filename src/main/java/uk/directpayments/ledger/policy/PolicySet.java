package uk.directpayments.ledger.policy;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;

/** The council's policy: versions are published and superseded, never edited. Rulebook 7.9. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.policy")
class PolicySet extends LedgerStream<PolicyEvent> {

    static final String STREAM = "policy/council";

    /** Some a year, for as long as there is a council. */
    private final Timeline timeline = new Timeline();

    private int published;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(PolicyCommand.PublishPolicy c) {
        boolean past = c.effectiveFrom().isBefore(c.today());
        if (past && !c.retrospective()) {
            throw new RuleBroken(
                    "EFFECTIVE_DATE_IN_PAST",
                    "A policy takes effect today or later, unless it is retrospective.",
                    "effectiveFrom");
        }
        if (c.retrospective() && c.reason() == null) {
            throw new RuleBroken("REASONS_REQUIRED", "A retrospective policy needs a reason.", "reason");
        }
        if (!c.base().equals(timeline.inForce(c.effectiveFrom()))) {
            throw new RuleBroken("BUSY", "Somebody has published a policy at this moment. Please repeat the request.");
        }
        String version = c.effectiveFrom().getYear() + "-" + (published + 1);
        record(
                new PolicyPublished(
                        version, c.effectiveFrom(), c.settings().values(), c.retrospective(), c.reason(), c.today()),
                c.today());
    }

    @Override
    protected void evolve(PolicyEvent event, long sequence) {
        if (event instanceof PolicyPublished e) {
            timeline.add(e.effectiveFrom(), e.version());
            published++;
        }
    }

    /** It concerns nobody. */
    @Override
    protected @Nullable String personId() {
        return null;
    }
}
