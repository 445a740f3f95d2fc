package uk.directpayments.ledger.platform;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * The log as processors read it. Axon's own embedded store offers no callback, so its pooled processors would look for news twice a
 * second only; here a commit wakes them at once, and a look at the head row finds what other nodes wrote. Events read lately are kept,
 * so that several processors read, and parse, each of them once.
 */
final class LogTail implements StreamableMessageSource<TrackedEventMessage<?>> {

    /** How many of the newest events are shared between processors. */
    static final int SHARED = 4_096;

    private final EventLog log;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final Deque<TrackedEventMessage<?>> recent = new ArrayDeque<>();
    private volatile long announced;

    LogTail(EventLog log) {
        this.log = log;
    }

    /** Events up to this position are durable. */
    void announce(long position) {
        synchronized (this) {
            announced = Math.max(announced, position);
        }
        readers.forEach(Reader::wake);
    }

    /** Looks whether another node has written. */
    void look() {
        long head = log.head();
        if (head > announced) {
            announce(head);
        }
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        Reader reader = new Reader(EventLog.positionOf(after));
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

    /** The events after a position, at least one if there is one. */
    private synchronized List<TrackedEventMessage<?>> after(long position) {
        TrackedEventMessage<?> oldest = recent.peekFirst();
        if (oldest != null && EventLog.positionOf(oldest.trackingToken()) <= position + 1) {
            List<TrackedEventMessage<?>> shared = recent.stream()
                    .filter(event -> EventLog.positionOf(event.trackingToken()) > position)
                    .toList();
            if (!shared.isEmpty()) {
                return shared;
            }
        }
        List<? extends TrackedEventMessage<?>> read = log.readBatch(position);
        TrackedEventMessage<?> newest = recent.peekLast();
        if (newest == null || EventLog.positionOf(newest.trackingToken()) == position) {
            recent.addAll(read);
            while (recent.size() > SHARED) {
                recent.removeFirst();
            }
        }
        return List.copyOf(read);
    }

    private final class Reader implements BlockingStream<TrackedEventMessage<?>> {

        private final Deque<TrackedEventMessage<?>> ahead = new ArrayDeque<>();
        private volatile long position;
        private volatile @Nullable Runnable callback;

        Reader(long position) {
            this.position = position;
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
            if (ahead.isEmpty() && announced > position) {
                ahead.addAll(after(position));
            }
            return Optional.ofNullable(ahead.peekFirst());
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
                    if (announced <= position) {
                        wait(left);
                    }
                }
            }
            return true;
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            while (!hasNextAvailable(1, TimeUnit.MINUTES)) {
                look();
            }
            TrackedEventMessage<?> next = ahead.removeFirst();
            position = EventLog.positionOf(next.trackingToken());
            return next;
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
