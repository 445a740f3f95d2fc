package uk.directpayments.ledger.platform;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Stands on both sides of one of Axon's processors, which reads the log from here and gives its events back to be handled. What the processor does
 * not handle is left out, but for an event now and then that brings its tokens forward. And no more is handed out than it is about to handle: Axon
 * counts what waits in a segment's queue anew for every event, and sleeps for 100 ms once that is full.
 */
final class Feed implements StreamableMessageSource<TrackedEventMessage<?>>, EventHandlerInvoker, LogTail.Taker {

    /** How many events may wait to be handled, or be on their way, at a time: two batches. */
    static final int MOST_WAITING = 1_000;

    /** Every so many positions an event is handed out that the processor does not handle. */
    static final int STEP = 500;

    /** A segment that was taken away has left events unhandled: after so long without any that were, they are no longer waited for. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LogTail tail;
    private final EventHandlerInvoker invoker;
    private final String batchKey = "fed " + System.identityHashCode(this);
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long movedAt = System.nanoTime();
    private volatile LogTail.@Nullable Reader reader;

    Feed(LogTail tail, EventHandlerInvoker invoker) {
        this.tail = tail;
        this.invoker = invoker;
    }

    // ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        waiting.set(0);
        LogTail.Reader opened = tail.open(after, this);
        reader = opened;
        return opened;
    }

    /** Somebody waits until the processor has handled what is recorded up to a position. One that is not running sees everything when it starts. */
    void hurry(long position) {
        LogTail.Reader open = reader;
        if (open != null) {
            open.hurry(position);
        }
    }

    @Override
    public @Nullable TrackingToken createTailToken() {
        return tail.createTailToken();
    }

    @Override
    public @Nullable TrackingToken createHeadToken() {
        return tail.createHeadToken();
    }

    @Override
    public boolean takes(TrackedEventMessage<?> event) {
        return invoker.canHandleType(event.getPayloadType()) || EventLog.positionOf(event.trackingToken()) % STEP == 0;
    }

    @Override
    public boolean isReady() {
        if (waiting.get() < MOST_WAITING) {
            return true;
        }
        if (System.nanoTime() - movedAt <= STALE_NANOS) {
            return false;
        }
        waiting.set(0);
        return true;
    }

    // ── the handlers ─────────────────────────────────────────────────────────────────────────────────────────────

    /** Asked by Axon, once for each of its segments, as it puts an event into that segment's queue. */
    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        boolean mine = invoker.canHandle(event, segment);
        if (mine && waiting.incrementAndGet() == MOST_WAITING) {
            movedAt = System.nanoTime();
        }
        return mine;
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return invoker.canHandleType(payloadType);
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) throws Exception {
        CurrentUnitOfWork.get()
                .getOrComputeResource(batchKey, none -> {
                    AtomicInteger batch = new AtomicInteger();
                    CurrentUnitOfWork.get().onCleanup(unit -> handled(batch.get()));
                    return batch;
                })
                .incrementAndGet();
        invoker.handle(event, segment);
    }

    private void handled(int events) {
        movedAt = System.nanoTime();
        boolean wasReady = waiting.get() < MOST_WAITING;
        waiting.updateAndGet(before -> Math.max(0, before - events));
        LogTail.Reader open = reader;
        if (!wasReady && open != null) {
            open.wake();
        }
    }

    @Override
    public boolean supportsReset() {
        return invoker.supportsReset();
    }

    @Override
    public void performReset() {
        invoker.performReset();
    }

    @Override
    public <R> void performReset(@Nullable R context) {
        invoker.performReset(context);
    }
}
