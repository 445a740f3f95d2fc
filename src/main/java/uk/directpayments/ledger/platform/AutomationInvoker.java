package uk.directpayments.ledger.platform;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Feeds one automation, on a thread of its own: a command sent inside the processor's unit of work would be appended only when that
 * commits. A technical error parks the event, and what follows it for the same person; a database that is away is waited for.
 */
final class AutomationInvoker implements EventHandlerInvoker {

    private static final Logger log = LoggerFactory.getLogger(AutomationInvoker.class);

    private final Automation automation;
    private final Handlers handlers;
    private final Parked parked;
    private final ExecutorService outside;
    private final Traces traces;

    AutomationInvoker(Automation automation, Parked parked, ExecutorService outside, Traces traces) {
        this.traces = traces;
        this.automation = automation;
        this.handlers = new Handlers(automation, 2);
        this.parked = parked;
        this.outside = outside;
    }

    /** Whether writes wait for it. */
    boolean isAwaited() {
        return automation.isAwaited();
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return handlers.handles(payloadType);
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return handlers.handles(event.getPayloadType()) && segment.matches(key(event));
    }

    /** What it has asked for stays asked for: an automation is never replayed. */
    @Override
    public boolean supportsReset() {
        return false;
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) {
        String key = key(event);
        if (parked.among(automation.name(), List.of(key)).contains(key)) {
            park(event, "waits behind an earlier event of the same key");
            return;
        }
        RuntimeException failure = run(event);
        if (failure != null) {
            if (ProjectionInvoker.isPassing(failure) || isBusy(failure)) {
                throw failure;
            }
            String cause = ProjectionInvoker.describe(failure);
            try (Carried.Line ignored = Carried.line(event)) {
                log.error(
                        "{} failed at position {}: {}",
                        automation.name(),
                        Recorded.of(event).position(),
                        cause);
            }
            park(event, cause);
        }
    }

    /** Null, or what went wrong. */
    @Nullable
    RuntimeException run(EventMessage<?> event) {
        try (Traces.Step step = traces.answering(event, automation.name())) {
            return run(event, step);
        }
    }

    private @Nullable RuntimeException run(EventMessage<?> event, Traces.Step step) {
        try {
            outside.submit(Carried.over(() -> handlers.handle(event, null))).get();
            return null;
        } catch (ExecutionException e) {
            step.failed(e);
            return e.getCause() instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static boolean isBusy(RuntimeException failure) {
        return failure instanceof RuleBroken refusal
                && Set.of("BUSY", "OUTCOME_UNKNOWN", "POSITION_NOT_REACHED").contains(refusal.code());
    }

    private void park(EventMessage<?> event, String cause) {
        parked.park(
                automation.name(), key(event), Recorded.of(event).position(), ProjectionInvoker.nameOf(event), cause);
    }

    String key(EventMessage<?> event) {
        Object person = event.getMetaData().get(Metadata.PERSON_ID);
        return person == null ? event.getIdentifier() : (String) person;
    }
}
