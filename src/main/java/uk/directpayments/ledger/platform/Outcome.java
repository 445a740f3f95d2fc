package uk.directpayments.ledger.platform;

import java.util.List;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What came of a command. A refusal is an outcome, not a failure: nothing is rolled back and the cached stream stays.
 *
 * @param events   what was recorded for this command; on a repeat, what was recorded the first time; empty if nothing needed recording,
 *                 or {@link RequestEvent.ChangedNothing} alone if a key was to be spent with that
 * @param replayed true if an earlier command with the same idempotency key had recorded it
 * @param refusal  why nothing was recorded, or null
 * @param position a position of the log not before the last of the events
 */
public record Outcome(
        List<Object> events, boolean replayed, @Nullable RuleBroken refusal, long position) {

    /** Another write to the stream, or under the same key, came first: the command is to be decided again. Never answered to a caller. */
    static final Outcome LOST_RACE = refused(new RuleBroken("LOST_RACE", "Another write came first."));

    /** The node that was to decide failed. What it fails with does not come across, so that it is a technical error is said here. */
    static final Outcome FAILED = refused(new RuleBroken(
            "INTERNAL",
            "The ledger failed in a way that nobody foresaw, on the node that was to decide this. Its log has more."));

    /** Also of one that came from another node. */
    boolean isLostRace() {
        return refusal != null && refusal.code().equals("LOST_RACE");
    }

    /** A technical error, on whichever node: no rule was broken. */
    boolean isFailure() {
        return refusal != null && refusal.code().equals("INTERNAL");
    }

    /** Nobody knows what came of it, or the log was away: nothing more can be asked of it now. */
    boolean isOpen() {
        return refusal != null
                && (refusal.code().equals("OUTCOME_UNKNOWN") || refusal.code().equals("BUSY"));
    }

    /**
     * What a failure comes to, where it is the stream's, a race's or the log's.
     *
     * @throws RuntimeException the failure, if it is none of these
     */
    static Outcome of(RuntimeException failure) {
        if (failure instanceof ConcurrencyException || failure instanceof LedgerStream.StaleStream) {
            return LOST_RACE;
        }
        if (failure instanceof AggregateNotFoundException) {
            return refused(new RuleBroken("NOT_FOUND", "There is no such thing in the ledger."));
        }
        if (failure instanceof RuleBroken busy && busy.code().equals("BUSY")) {
            return refused(busy);
        }
        if (Outage.leavesOpen(failure)) {
            return refused(Outage.outcomeUnknown());
        }
        if (Outage.is(failure)) {
            return refused(Outage.busy());
        }
        throw failure;
    }

    /** Accepted, and everything was so already. */
    boolean changedNothing() {
        return refusal == null && events.stream().allMatch(RequestEvent.class::isInstance);
    }

    static Outcome recorded(List<Object> events) {
        return new Outcome(List.copyOf(events), false, null, 0);
    }

    static Outcome repeated(List<Object> events) {
        return new Outcome(List.copyOf(events), true, null, 0);
    }

    static Outcome refused(RuleBroken refusal) {
        return new Outcome(List.of(), false, refusal, 0);
    }

    Outcome at(long position) {
        return new Outcome(events, replayed, refusal, position);
    }

    /** The one event of a type that this command recorded. */
    public <E> E event(Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " was recorded"));
    }
}
