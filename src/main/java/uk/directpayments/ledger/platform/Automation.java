package uk.directpayments.ledger.platform;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Turns events into commands: budget revised, so the account's allocation changes. Handlers are methods
 * {@code @When void on(SomeEvent event, Recorded at)} that call {@link #send}. They run outside the processor's unit of work,
 * are repeated safely, and are never replayed. A refusal is an outcome, counted and kept to look at; only a technical error parks.
 */
public abstract class Automation {

    private static final Logger log = LoggerFactory.getLogger(Automation.class);

    private final String name;

    @Autowired
    private @Nullable Commands commands;

    @Autowired
    private @Nullable JdbcClient jdbc;

    @Autowired
    private @Nullable Meters meters;

    /** @param name stable: how far it has come is stored under it */
    protected Automation(String name) {
        this.name = name;
    }

    public final String name() {
        return name;
    }

    /**
     * Whether a write that feeds an automation answers only once this one has passed too, because the next command may rest on what it does. Not where one
     * event asks something of every account: nobody could wait for that.
     */
    protected boolean isAwaited() {
        return true;
    }

    /** Sends a command because of an event; sent again for the same event and target, it changes nothing. */
    protected final void send(LedgerCommand command, Recorded cause) {
        send(command, cause, "");
    }

    /** As {@link #send(LedgerCommand, Recorded)}, where one event asks several things of a stream: {@code part} says which. */
    protected final void send(LedgerCommand command, Recorded cause, String part) {
        Call call = Call.byLedger(
                cause.eventId() + " " + command.getClass().getSimpleName() + part,
                command.streamId(),
                cause.correlation());
        try {
            java.util.Objects.requireNonNull(commands).send(command, call, cause.eventId());
        } catch (RuleBroken refusal) {
            if (refusal.code().equals("BUSY") || refusal.code().equals("OUTCOME_UNKNOWN")) {
                throw refusal;
            }
            if (Outcome.refused(refusal).isFailure()) {
                throw new IllegalStateException(
                        command.getClass().getSimpleName() + " failed on the node that decides it", refusal);
            }
            refused(command, cause, refusal);
        }
    }

    private void refused(LedgerCommand command, Recorded cause, RuleBroken refusal) {
        log.info("{} was refused at position {}: {}", name, cause.position(), refusal.code());
        java.util.Objects.requireNonNull(meters)
                .automationRefused(name, refusal.code())
                .increment();
        java.util.Objects.requireNonNull(jdbc)
                .sql("""
                        INSERT INTO automation_refusal (automation, position, target, code, words)
                        VALUES (:automation, :position, :target, :code, :words)
                        ON CONFLICT (automation, position, target) DO NOTHING""")
                .param("automation", name)
                .param("position", cause.position())
                .param("target", command.streamId())
                .param("code", refusal.code())
                .param("words", refusal.words())
                .update();
    }
}
