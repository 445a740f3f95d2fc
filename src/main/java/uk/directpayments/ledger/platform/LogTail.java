package uk.directpayments.ledger.platform;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The log as processors read it. Axon's own embedded store offers no callback, so its pooled processors would look for news twice a
 * second only; here a commit wakes them, and a look at the head row finds what other nodes wrote. What comes close behind other news is
 * gathered for a moment, for a batch costs a processor little more than an event; the one whom somebody waits for sees it at once. Events
 * read lately are kept, so that several processors read, and parse, each of them once.
 */
final class LogTail implements StreamableMessageSource<TrackedEventMessage<?>>, GroupCommit.Announced {

    /** How many of the newest events are shared between processors. */
    static final int SHARED = 4_096;

    /** How long a reader that has come to an event it does not know leaves its processor to finish and to store what came before. */
    private static final long GRACE_NANOS = 1_000_000_000;

    /** How long news that come close behind others are gathered before processors see them. */
    static final int GATHER_MILLIS = 200;

    /** How far news are gathered at most, in positions: what is no longer among those kept each processor reads for itself. */
    private static final long MOST_GATHERED = SHARED / 4;

    /** One who waits looks again at least this often. */
    private static final long LONGEST_WAIT_MILLIS = 100;

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(GATHER_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    private static final long NOWHERE = Long.MAX_VALUE;

    private final EventLog log;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final AtomicReferenceArray<@Nullable TrackedEventMessage<?>> recent = new AtomicReferenceArray<>(SHARED);
    private final KnownEnd end = new KnownEnd();
    private final AtomicLong shown = new AtomicLong();
    private final AtomicBoolean gathering = new AtomicBoolean();
    private volatile long shownAt = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
    private volatile long refusedAfter = NOWHERE;

    LogTail(EventLog log) {
        this.log = log;
    }

    /** Events up to this position are durable. Called on the way of every write, so it never waits. */
    @Override
    public void announce(long position) {
        end.announce(position);
        if (System.nanoTime() - shownAt >= TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS)
                || position - shown.get() > MOST_GATHERED) {
            show();
        } else if (gathering.compareAndSet(false, true)) {
            LATER.execute(this::show);
        }
    }

    private void show() {
        gathering.set(false);
        long newest = end.announced();
        if (shown.getAndAccumulate(newest, Math::max) < newest) {
            shownAt = System.nanoTime();
            readers.forEach(Reader::wake);
        }
    }

    /** A position up to which events are known to be durable; not before this node's own last write. */
    @Override
    public long announced() {
        return end.announced();
    }

    /** Holds against what was announced where the log ends. */
    KnownEnd end() {
        return end;
    }

    @Override
    public boolean isCutAt(long head) {
        return end.isCutAt(head);
    }

    /** Looks whether another node has written, and shows all there is. */
    void look() {
        end.announce(log.head());
        show();
    }

    /** Now and then: shows what another node wrote, and leaves what is being gathered here for its moment. */
    void lookOut() {
        long head = log.head();
        if (head > end.announced()) {
            end.announce(head);
            show();
        } else if (head > shown.get()) {
            announce(head);
        }
    }

    /**
     * Where somebody stands who has handled everything up to a position: further on, as far as nothing that follows concerns them. Only what is
     * kept is looked at.
     */
    long passed(long position, Predicate<EventMessage<?>> concerns) {
        long newest = end.announced();
        long at = position;
        while (at < newest) {
            TrackedEventMessage<?> event = recent.get(slot(at + 1));
            if (event == null || positionOf(event) != at + 1 || concerns.test(event)) {
                break;
            }
            at++;
        }
        return at;
    }

    /** Keeps what follows a position, if it is new enough, for {@link #passed} where nobody reads. */
    void keep(long position) {
        long newest = end.announced();
        if (end.isCut() || newest - position > SHARED) {
            return;
        }
        for (long at = position; at < newest; ) {
            try {
                List<TrackedEventMessage<?>> events = after(at);
                if (events.isEmpty()) {
                    return;
                }
                at = positionOf(events.get(events.size() - 1));
            } catch (EventNames.UnknownEvent unknown) {
                return; // nobody has passed it: it is for who reads it to say so
            }
        }
    }

    /** Who reads, and what of it. */
    interface Taker {

        /** Whether it wants an event at all. */
        boolean takes(TrackedEventMessage<?> event);

        /** Whether it wants one now; if not, it wakes its reader when it does. */
        boolean isReady();

        /** As what it wants some that it takes: one by one, unless it says otherwise. */
        default List<TrackedEventMessage<?>> handedOut(List<TrackedEventMessage<?>> taken) {
            return taken;
        }
    }

    private static final Taker EVERYTHING = new Taker() {
        @Override
        public boolean takes(TrackedEventMessage<?> event) {
            return true;
        }

        @Override
        public boolean isReady() {
            return true;
        }
    };

    @Override
    public Reader openStream(@Nullable TrackingToken after) {
        return open(after, EVERYTHING);
    }

    Reader open(@Nullable TrackingToken after, Taker taker) {
        Reader reader = new Reader(EventLog.positionOf(after), taker);
        readers.add(reader);
        look();
        return reader;
    }

    @Override
    public @Nullable TrackingToken createTailToken() {
        return log.createTailToken();
    }

    @Override
    public @Nullable TrackingToken createHeadToken() {
        return log.createHeadToken();
    }

    /** True if what follows a position is an event that this version does not know. */
    boolean refusesAfter(long position) {
        return position >= refusedAfter;
    }

    /**
     * The events after a position, at least one if there is one.
     *
     * @throws EventNames.UnknownEvent if the next one is not known: it must not be skipped
     */
    private List<TrackedEventMessage<?>> after(long position) {
        try {
            List<TrackedEventMessage<?>> events = sharedOrRead(position);
            if (refusesAfter(position) && !events.isEmpty()) {
                refusedAfter = NOWHERE;
            }
            return events;
        } catch (EventNames.UnknownEvent unknown) {
            refusedAfter = position;
            throw unknown;
        }
    }

    private List<TrackedEventMessage<?>> sharedOrRead(long position) {
        end.requireWhole();
        if (end.announced() - position > SHARED) {
            return log.readBatch(position);
        }
        List<TrackedEventMessage<?>> shared = shared(position);
        if (shared.isEmpty()) {
            synchronized (recent) {
                shared = shared(position);
                if (shared.isEmpty()) {
                    shared = log.readBatch(position);
                    shared.forEach(event -> recent.set(slot(positionOf(event)), event));
                }
            }
        }
        return shared;
    }

    private List<TrackedEventMessage<?>> shared(long position) {
        List<TrackedEventMessage<?>> events = new ArrayList<>();
        for (long next = position + 1; events.size() < EventLog.TRACKED_BATCH; next++) {
            TrackedEventMessage<?> event = recent.get(slot(next));
            if (event == null || positionOf(event) != next) {
                break;
            }
            events.add(event);
        }
        return events;
    }

    private static int slot(long position) {
        return (int) (position % SHARED);
    }

    private static long positionOf(TrackedEventMessage<?> event) {
        return EventLog.positionOf(event.trackingToken());
    }

    /** Axon's coordinator looks whether there is more after it has let another of its threads go on: two threads may be here at once. */
    final class Reader implements BlockingStream<TrackedEventMessage<?>> {

        /** Held while reading, so not the lock that {@link #wake} takes. */
        private final Object reading = new Object();

        private final Deque<TrackedEventMessage<?>> ahead = new ArrayDeque<>();
        private final Taker taker;
        private final long start;

        /** Up to where the log has been looked through. */
        private volatile long position;

        /** Up to where it is shown to this reader alone, because somebody waits for it. */
        private final AtomicLong hurried = new AtomicLong();

        private volatile @Nullable Runnable callback;
        private long refusedSince;

        private Reader(long position, Taker taker) {
            this.taker = taker;
            this.start = position;
            this.position = position;
        }

        /** Somebody waits until what is recorded up to a position has been handled here: no more is gathered before this reader sees it. */
        void hurry(long wanted) {
            if (wanted > end.announced()) {
                lookOut();
            }
            hurried.accumulateAndGet(end.announced(), Math::max);
            wake();
        }

        boolean isOpen() {
            return readers.contains(this);
        }

        private boolean sees() {
            return Math.max(shown.get(), hurried.get()) > position;
        }

        void wake() {
            synchronized (this) {
                notifyAll();
            }
            Runnable waiting = callback;
            if (waiting != null) {
                waiting.run();
            }
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            synchronized (reading) {
                while (ahead.isEmpty() && sees()) {
                    if (!read()) {
                        break;
                    }
                }
                return taker.isReady() ? Optional.ofNullable(ahead.peekFirst()) : Optional.empty();
            }
        }

        /** Refuses an event that is not known only once what came before can have been handled. False if there was nothing to read. */
        private boolean read() {
            try {
                List<TrackedEventMessage<?>> events = after(position);
                ahead.addAll(
                        taker.handedOut(events.stream().filter(taker::takes).toList()));
                refusedSince = 0;
                if (events.isEmpty()) {
                    return false;
                }
                position = positionOf(events.get(events.size() - 1));
                return true;
            } catch (EventNames.UnknownEvent unknown) {
                long now = System.nanoTime();
                if (position > start && refusedSince == 0) {
                    refusedSince = now;
                }
                if (position == start || now - refusedSince > GRACE_NANOS) {
                    throw unknown;
                }
                return false;
            }
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            long deadline = System.nanoTime() + unit.toNanos(timeout);
            while (peek().isEmpty()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                synchronized (this) {
                    if (!sees() || !taker.isReady()) {
                        wait(Math.min(left, LONGEST_WAIT_MILLIS));
                    }
                }
            }
            return true;
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            while (true) {
                synchronized (reading) {
                    TrackedEventMessage<?> next = ahead.pollFirst();
                    if (next != null) {
                        return next;
                    }
                }
                if (!hasNextAvailable(1, TimeUnit.MINUTES)) {
                    look();
                }
            }
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            this.callback = callback;
            return true;
        }

        @Override
        public void close() {
            readers.remove(this);
        }
    }
}
