package uk.directpayments.ledger.platform;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.RuleBroken;

/** How far projections and automations have come, and which figures are therefore right, not yet there, or unavailable. */
@Component
public class Progress {

    /** How long a read or a write that feeds an automation waits: API "at most 5 s". */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Between two looks of one who waits. */
    private static final long SHORTEST_PAUSE_NANOS = 300_000;

    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private final Positions positions;
    private final Parked parked;
    private final Map<String, Processor> processors = new ConcurrentHashMap<>();

    Progress(Positions positions, Parked parked) {
        this.positions = positions;
        this.parked = parked;
    }

    /**
     * A processor as its readers see it.
     *
     * @param awaited an automation for which writes wait
     * @param hurry is told the position that somebody waits for
     */
    record Processor(
            boolean automation, boolean awaited, LongSupplier reached, LongConsumer hurry, BooleanSupplier stopped) {}

    void track(String name, Processor processor) {
        processors.put(name, processor);
    }

    /** The position up to which a processor has handled everything, on all its segments. */
    long reached(String processor) {
        Processor known = processors.get(processor);
        return known == null ? 0 : known.reached.getAsLong();
    }

    long position(Projection<?> projection, View view) {
        Long pinned = view.atPosition();
        long wanted = Math.max(view.atLeast(), pinned != null ? pinned : positions.head());
        await(projection.name(), wanted);
        return pinned != null ? pinned : wanted;
    }

    void require(Projection<?> projection, String key, long position) {
        parked.first(projection.name(), key).filter(first -> first <= position).ifPresent(first -> {
            throw unavailable("It has been so since position " + first
                    + " of the log: an event could not be applied. Figures known before that are still given.");
        });
    }

    Set<String> unavailable(Projection<?> projection, long position) {
        return parked.upTo(projection.name(), position);
    }

    /**
     * Waits until every automation for which writes wait has answered what was recorded up to a position, and what it recorded thereby.
     *
     * @throws RuleBroken {@code POSITION_NOT_REACHED}
     */
    public void awaitAutomations(long position) {
        await(position, Processor::awaited);
    }

    /** Whether every automation, also one for which no write waits, has answered what was recorded up to a position while somebody could wait for it. */
    boolean followed(long position) {
        try {
            await(position, Processor::automation);
            return true;
        } catch (RuleBroken notReached) {
            return false;
        }
    }

    private void await(long position, Predicate<Processor> which) {
        long wanted = position;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // an answer may itself be answered once more: a line handed from one account to another takes two steps
        for (int step = 0; step < 3; step++) {
            for (Map.Entry<String, Processor> processor : processors.entrySet()) {
                if (which.test(processor.getValue())) {
                    await(processor.getKey(), wanted, deadline);
                }
            }
            long head = positions.head();
            if (head == wanted) {
                return;
            }
            wanted = head;
        }
    }

    private void await(String name, long position) {
        await(name, position, System.nanoTime() + PATIENCE.toNanos());
    }

    private void await(String name, long position, long deadline) {
        long pause = SHORTEST_PAUSE_NANOS;
        for (boolean first = true; reached(name) < position; first = false) {
            Processor processor = processors.get(name);
            if (first && processor != null) {
                processor.hurry.accept(position);
            }
            if (processor != null && !processor.automation && processor.stopped.getAsBoolean()) {
                throw unavailable("Its projection has stopped at position " + reached(name) + " of the log.");
            }
            if (System.nanoTime() > deadline) {
                throw new RuleBroken(
                        "POSITION_NOT_REACHED",
                        "The answer is not ready yet: position " + position + " of the log has not been reached by "
                                + name + ".");
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 3 / 2, LONGEST_PAUSE_NANOS);
        }
    }

    private static RuleBroken unavailable(String why) {
        return new RuleBroken("FIGURE_UNAVAILABLE", "This figure cannot be given right now. " + why);
    }
}
