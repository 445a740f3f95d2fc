package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What came of a command. A refusal is an outcome, not a failure: nothing is rolled back and the cached stream stays.
 *
 * @param events   what was recorded for this command; on a repeat, what was recorded the first time; empty if nothing needed recording
 * @param replayed true if an earlier command with the same idempotency key had recorded it
 * @param refusal  why nothing was recorded, or null
 * @param position a position of the log not before the last of the events
 */
public record Outcome(
        List<Object> events, boolean replayed, @Nullable RuleBroken refusal, long position) {

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
