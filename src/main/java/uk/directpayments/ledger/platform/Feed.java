package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Stands on both sides of one of Axon's processors, which reads the log from here and gives its events back to be handled. What the processor does
 * not handle is left out, but for an event now and then that brings its tokens forward. No more is handed out than it is about to handle, for Axon
 * sleeps for 100 ms once a segment's queue is full. And a projection's events are handed out in {@linkplain Bundle bundles}: what Axon does for
 * each, as to count what waits in every queue, costs more than to look at it.
 */
final class Feed implements StreamableMessageSource<TrackedEventMessage<?>>, EventHandlerInvoker, LogTail.Taker {

    /** While so many events wait to be handled, or are on their way, no more are handed out. */
    static final int MOST_WAITING = 1_000;

    /** Every so many positions an event is handed out that the processor does not handle. */
    static final int STEP = 500;

    /** A segment that was taken away has left events unhandled: after so long without any that were, they are no longer waited for. */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How many events one bundle holds at most. */
    static final int BUNDLE = 500;

    private final LogTail tail;
    private final EventHandlerInvoker invoker;
    private final @Nullable StoredTokens stored;
    private final String batchKey = "fed " + System.identityHashCode(this);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * After a batch has failed, until one of any segment has not: bundles hold one event, and the next is handed out once that is handled, so what lies before an
     * event that cannot be passed is not held up by it.
     */
    private volatile boolean careful;

    private volatile long movedAt = System.nanoTime();
    private volatile LogTail.@Nullable Reader reader;

    /** Hands out events one by one: each is a transaction of its own, whatever becomes of the next. */
    static Feed single(LogTail tail, EventHandlerInvoker invoker) {
        return new Feed(tail, invoker, null);
    }

    /** Hands out bundles. */
    static Feed bundled(LogTail tail, EventHandlerInvoker invoker, StoredTokens stored) {
        return new Feed(tail, invoker, stored);
    }

    private Feed(LogTail tail, EventHandlerInvoker invoker, @Nullable StoredTokens stored) {
        this.tail = tail;
        this.invoker = invoker;
        this.stored = stored;
    }

    /** How far a segment has handled all events, as it stands in the transaction in which it goes on. Segments are never merged here. */
    interface StoredTokens {

        @Nullable
        TrackingToken of(Segment segment);
    }

    /**
     * Events in the order of the log that Axon takes for one, whose position is the last one's. It gives that to each segment, also to one that has handled the
     * first of them already: another node ran it and had come further, or they stood in an earlier bundle too, before the stream was opened again for another
     * segment. What a segment handles is therefore held against what is stored of it, and against what it has just been given.
     */
    private static final class Bundle {

        private final List<TrackedEventMessage<?>> events;
        private final Map<Segment, List<TrackedEventMessage<?>>> shares = new ConcurrentHashMap<>();

        private Bundle(List<TrackedEventMessage<?>> events) {
            this.events = List.copyOf(events);
        }

        private TrackedEventMessage<?> asOne() {
            TrackedEventMessage<?> last = events.get(events.size() - 1);
            return new GenericTrackedEventMessage<>(
                    last.trackingToken(),
                    new GenericEventMessage<>(
                            last.getIdentifier(), this, MetaData.emptyInstance(), last.getTimestamp()));
        }

        private List<TrackedEventMessage<?>> share(Segment segment, EventHandlerInvoker invoker) {
            return shares.computeIfAbsent(
                    segment,
                    one -> events.stream()
                            .filter(event -> invoker.canHandle(event, one))
                            .toList());
        }
    }

    // ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        waiting.set(0);
        LogTail.Reader opened = tail.open(after, this);
        reader = opened;
        return opened;
    }

    /** Somebody waits until the processor has handled what is recorded up to a position. One that does not run here is not woken. */
    void hurry(long position) {
        LogTail.Reader open = reader;
        if (open != null && open.isOpen()) {
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
        if (waiting.get() < (careful ? 1 : MOST_WAITING)) {
            return true;
        }
        if (underWay.get() > 0 || System.nanoTime() - movedAt <= STALE_NANOS) {
            return false;
        }
        waiting.set(0);
        return true;
    }

    @Override
    public List<TrackedEventMessage<?>> handedOut(List<TrackedEventMessage<?>> taken) {
        if (stored == null) {
            return taken;
        }
        List<TrackedEventMessage<?>> bundles = new ArrayList<>();
        int size = careful ? 1 : BUNDLE;
        for (int from = 0; from < taken.size(); from += size) {
            bundles.add(new Bundle(taken.subList(from, Math.min(taken.size(), from + size))).asOne());
        }
        return bundles;
    }

    // ── the handlers ─────────────────────────────────────────────────────────────────────────────────────────────

    /** Asked by Axon, once for each of its segments, as it puts an event into that segment's queue. */
    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        int mine = event.getPayloadType() == Bundle.class
                ? ((Bundle) event.getPayload()).share(segment, invoker).size()
                : invoker.canHandle(event, segment) ? 1 : 0;
        if (mine > 0) {
            int before = waiting.getAndAdd(mine);
            if (before < MOST_WAITING && before + mine >= MOST_WAITING) {
                movedAt = System.nanoTime();
            }
        }
        return mine > 0;
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return payloadType == Bundle.class || invoker.canHandleType(payloadType);
    }

    /** Of a segment, in one transaction: how many events were given back, and after which position they are not handled yet. */
    private static final class Batch {

        private final @Nullable TrackingToken begun;
        private final boolean carefully;
        private long after;
        private int events;

        private Batch(@Nullable TrackingToken begun, boolean carefully) {
            this.begun = begun;
            this.carefully = carefully;
            this.after = EventLog.positionOf(begun);
        }

        /** An event of a bundle, which is replayed if its segment had handled it before its reset, whatever else the bundle holds. */
        private EventMessage<?> given(TrackedEventMessage<?> event) {
            return begun instanceof ReplayToken replay
                    ? event.withTrackingToken(replay.advancedTo(event.trackingToken()))
                    : event;
        }
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) throws Exception {
        Batch batch = CurrentUnitOfWork.get().getOrComputeResource(batchKey, none -> {
            Batch begun = new Batch(stored == null ? null : stored.of(segment), careful);
            underWay.incrementAndGet();
            CurrentUnitOfWork.get().afterCommit(unit -> careful = false);
            CurrentUnitOfWork.get().onRollback(unit -> careful = true);
            CurrentUnitOfWork.get().onCleanup(unit -> handled(begun));
            return begun;
        });
        if (event.getPayloadType() != Bundle.class) {
            batch.events++;
            invoker.handle(event, segment);
            return;
        }
        for (TrackedEventMessage<?> one : ((Bundle) event.getPayload()).share(segment, invoker)) {
            batch.events++;
            long at = EventLog.positionOf(one.trackingToken());
            if (at > batch.after) {
                batch.after = at;
                invoker.handle(batch.given(one), segment);
            }
        }
    }

    private void handled(Batch batch) {
        movedAt = System.nanoTime();
        underWay.decrementAndGet();
        int before = waiting.getAndUpdate(now -> Math.max(0, now - batch.events));
        LogTail.Reader open = reader;
        if ((before >= MOST_WAITING || batch.carefully) && open != null) {
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
