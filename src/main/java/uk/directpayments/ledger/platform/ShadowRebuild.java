package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Builds projections a second time, beside the live tables and while the ledger works, and compares row by row. What a processor has written and how
 * far it has come are stored in one transaction, so a single snapshot tells both: the rebuild goes to just that position, segment by segment, and
 * then every row must be the same. No row has to be left out of the comparison for having been written later.
 */
@Component
public class ShadowRebuild {

    private static final Logger log = LoggerFactory.getLogger(ShadowRebuild.class);

    /** The most differences, and the most parked keys of a projection, that a report lists. */
    public static final int LISTED = 100;

    /** With no more than so many events to go, the rest is read within the transaction that compares. */
    private static final int NEAR = 1_000;

    /** How often the rebuild runs after a log that grows before it takes what is left in that transaction. */
    private static final int ROUNDS = 10;

    private final Map<String, Projection<?>> projections = new LinkedHashMap<>();
    private final EventLog events;
    private final Claims claims;
    private final JdbcClient jdbc;
    private final JdbcOperations heaps;
    private final Parked parked;
    private final PlatformTransactionManager transactions;
    private final int threads;
    private final int atOnce;

    /**
     * @param threads how many projections are written, or compared, at a time: each takes a connection
     * @param atOnce  of how many events rows are written at once: for as long as that takes PostgreSQL removes nothing that others have replaced
     * @throws StartRefused if either is none
     */
    ShadowRebuild(
            List<Projection<?>> projections,
            EventLog log,
            Claims claims,
            JdbcClient jdbc,
            JdbcOperations heaps,
            Parked parked,
            PlatformTransactionManager transactions,
            @Value("${ledger.rebuild.threads:3}") int threads,
            @Value("${ledger.rebuild.events:50000}") int atOnce) {
        if (threads < 1) {
            throw new StartRefused("ledger.rebuild.threads is " + threads + ": a rebuild needs one at least.");
        }
        if (atOnce < 1) {
            throw new StartRefused("ledger.rebuild.events is " + atOnce + ": a rebuild writes those of one at least.");
        }
        projections.forEach(projection -> this.projections.put(projection.name(), projection));
        this.events = log;
        this.claims = claims;
        this.jdbc = jdbc;
        this.heaps = heaps;
        this.parked = parked;
        this.transactions = transactions;
        this.threads = threads;
        this.atOnce = atOnce;
    }

    /** How a live row and a rebuilt one do not agree. */
    public enum Kind {
        /** There is no live row. */
        MISSING,
        /** There is a live row that should not be. */
        SURPLUS,
        /** They hold something else. */
        CHANGED
    }

    /** @param key column and value of what says which row is meant: ids, days and positions, no personal data */
    public record Difference(String projection, String table, SortedMap<String, String> key, Kind kind) {}

    /** A key behind which events are parked, in the live projection or in the rebuilt one: its figures are unavailable. */
    public record ParkedKey(String projection, String key, long position) {}

    /**
     * What a rebuild found.
     *
     * @param position    up to which the projections were compared; the least of them
     * @param rows        how many were rebuilt and compared
     * @param differing   how many keys do not agree
     * @param differences the first of them, at most {@link #LISTED}
     * @param swapped     true if all that differed has been replaced by what was rebuilt
     */
    public record Report(
            long position,
            long rows,
            long differing,
            List<Difference> differences,
            List<ParkedKey> parked,
            boolean swapped) {}

    /** A rebuild that cannot be finished, for a reason that may be told. */
    public static final class Abandoned extends RuntimeException {
        Abandoned(String why) {
            super(why, null, false, false);
        }
    }

    /** The names of all projections. */
    public List<String> projections() {
        return List.copyOf(projections.keySet());
    }

    /** Removes what a rebuild has left that could not end. Only while none runs. */
    public void clear() {
        ShadowTables.dropAll(jdbc);
    }

    /**
     * Rebuilds and compares. Only one at a time, over all nodes.
     *
     * @param names    of projections
     * @param swap     whether to put what was rebuilt in the place of what differs
     * @param progress is told how many events have been read; first 0, when reading begins. What is read again, because a projection could not be
     *                 written in large batches, is not told
     * @throws Abandoned if a projection cannot be rebuilt or compared, or the thread is interrupted
     */
    public Report rebuild(Collection<String> names, boolean swap, LongConsumer progress) {
        List<Build> builds = new ArrayList<>();
        try (SideBySide work = new SideBySide(threads)) {
            for (String name : names) {
                builds.add(new Build(Objects.requireNonNull(projections.get(name), name)));
            }
            builds.forEach(Build::begin);
            progress.accept(0);
            catchUp(builds, work, progress);
            List<Report> found = work.all(builds, build -> settled(build, swap));
            return found.stream()
                    .reduce(new Report(Long.MAX_VALUE, 0, 0, List.of(), List.of(), swap), ShadowRebuild::sum);
        } finally {
            builds.forEach(ShadowRebuild::drop);
        }
    }

    private static void drop(Build build) {
        try {
            build.tables.drop();
        } catch (DataAccessException left) {
            log.warn(
                    "The tables in which {} was built are left, until somebody asks for a rebuild",
                    build.projection.name());
        }
    }

    private Report settled(Build build, boolean swap) {
        build.pour();
        catchUp(build);
        Report found = build.settle(false);
        if (swap && found.differing > 0) {
            catchUp(build);
            found = build.settle(true);
        }
        return found;
    }

    private static Report sum(Report a, Report b) {
        List<Difference> differences = new ArrayList<>(a.differences);
        b.differences.stream().limit(LISTED - differences.size()).forEach(differences::add);
        List<ParkedKey> keys = new ArrayList<>(a.parked);
        keys.addAll(b.parked);
        return new Report(
                Math.min(a.position, b.position),
                a.rows + b.rows,
                a.differing + b.differing,
                differences,
                keys,
                a.swapped);
    }

    /** Reads the log once for all, up to where each processor stood when it was asked, until little is left. */
    private void catchUp(List<Build> builds, SideBySide work, LongConsumer progress) {
        long read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            builds.forEach(Build::aim);
            long from = builds.stream().mapToLong(Build::done).min().orElse(0);
            long to = builds.stream().mapToLong(Build::aimed).max().orElse(0);
            if (to - from <= NEAR && round > 0) {
                return;
            }
            Supplier<List<TrackedEventMessage<?>>> ahead = from < to ? ahead(work, from) : List::of;
            while (from < to) {
                List<TrackedEventMessage<?>> batch = ahead.get();
                from = positionOf(batch.get(batch.size() - 1));
                ahead = from < to ? ahead(work, from) : List::of;
                work.all(builds, build -> {
                    build.feed(batch);
                    return build;
                });
                read += batch.size();
                progress.accept(Math.min(read, to));
            }
            builds.forEach(Build::arrive);
        }
    }

    /** What follows a position is read, and parsed, while what came before it is written. */
    private Supplier<List<TrackedEventMessage<?>>> ahead(SideBySide work, long position) {
        return work.one(() -> next(position));
    }

    /** The same for one projection alone, on this thread. */
    private void catchUp(Build build) {
        for (int round = 0; round < ROUNDS; round++) {
            build.aim();
            long from = build.done();
            if (build.aimed() - from <= NEAR && round > 0) {
                return;
            }
            while (from < build.aimed()) {
                List<TrackedEventMessage<?>> batch = next(from);
                build.feed(batch);
                from = positionOf(batch.get(batch.size() - 1));
            }
            build.arrive();
        }
    }

    private List<TrackedEventMessage<?>> next(long after) {
        if (Thread.currentThread().isInterrupted()) {
            throw stopped();
        }
        return events.readBatch(after);
    }

    static Abandoned stopped() {
        return new Abandoned("The ledger was stopped meanwhile.");
    }

    private static long positionOf(EventMessage<?> event) {
        return EventLog.positionOf(((TrackedEventMessage<?>) event).trackingToken());
    }

    private static long at(Map<Integer, Long> positions, int segment) {
        return positions.getOrDefault(segment, 0L);
    }

    /** One projection, built a second time. */
    private final class Build {

        private final Projection<?> projection;
        private final ProjectionInvoker<?> invoker;
        private final ShadowTables tables;

        /** What has been read and not yet written; null once all is, or if it cannot be written so. */
        private @Nullable HeapedBatch<?> heaped;

        /** Up to where each segment has been built, and is going to be. */
        private final Map<Integer, Long> done = new TreeMap<>();

        private Map<Integer, Long> aims = new TreeMap<>();

        /** How far the live processor had come, as it had stored it, when this last aimed. */
        private Map<Integer, Long> stored = new TreeMap<>();

        private int batches;

        Build(Projection<?> projection) {
            this.projection = projection;
            this.invoker = new ProjectionInvoker<>(projection, jdbc, parked, transactions);
            this.tables = new ShadowTables(jdbc, projection);
        }

        void begin() {
            tables.make();
            if (projection.isOfRows()) {
                heaped = new HeapedBatch<>(projection, heaps, tables.heaps());
            } else {
                tables.index();
            }
        }

        /**
         * Writes what is left of what has been read, and then the indexes. If any of it failed, the rebuild begins again and goes event by event where
         * it must: so the one that cannot be applied is found, and parked.
         */
        void pour() {
            HeapedBatch<?> last = heaped;
            if (last == null) {
                return;
            }
            if (!last.hasFailed()) {
                unlessFailed(last, () -> write(last));
            }
            heaped = null;
            if (last.hasFailed()) {
                tables.make();
                done.replaceAll((segment, position) -> 0L);
            }
            transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult(open -> {
                tables.enter();
                tables.takeMemory();
                tables.index();
            });
        }

        private void write(HeapedBatch<?> batch) {
            tables.takeMemory();
            batch.write();
        }

        /** Keeps what is done with a batch in a transaction, unless that failed. */
        private void unlessFailed(HeapedBatch<?> batch, Runnable work) {
            transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult(open -> {
                tables.enter();
                work.run();
                if (batch.hasFailed()) {
                    open.setRollbackOnly();
                }
            });
        }

        /** Aims at where the live processor stands now: before the next event that is for it. */
        void aim() {
            Map<Integer, Long> tokens = new TreeMap<>();
            claims.of(projection.name()).forEach((segment, claim) -> tokens.put(segment, claim.position()));
            if (done.isEmpty()) {
                tokens.keySet().forEach(segment -> done.put(segment, 0L));
            }
            if (!done.keySet().equals(tokens.keySet())
                    || tokens.keySet().stream().anyMatch(segment -> at(tokens, segment) < at(stored, segment))) {
                throw new Abandoned(projection.name() + " was reset meanwhile.");
            }
            stored = tokens;
            Map<Integer, Long> stands = new TreeMap<>();
            segments().forEach(segment -> {
                long token = at(tokens, segment.getSegmentId());
                events.tail().keep(token);
                long passed = events.tail().passed(token, event -> invoker.canHandle(event, segment));
                stands.put(segment.getSegmentId(), Math.max(passed, at(done, segment.getSegmentId())));
            });
            aims = stands;
        }

        private List<Segment> segments() {
            int[] ids = done.keySet().stream().mapToInt(Integer::intValue).toArray();
            return done.keySet().stream()
                    .map(segment -> Segment.computeSegment(segment, ids))
                    .toList();
        }

        long done() {
            return done.values().stream().mapToLong(Long::longValue).min().orElse(0);
        }

        long aimed() {
            return aims.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }

        void arrive() {
            done.putAll(aims);
        }

        void feed(List<TrackedEventMessage<?>> batch) {
            List<EventMessage<?>> mine = mine(batch);
            if (mine.isEmpty()) {
                return;
            }
            HeapedBatch<?> large = heaped;
            if (large != null) {
                heap(mine, large);
                return;
            }
            transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult(open -> {
                tables.enter();
                apply(mine);
                if (Integer.bitCount(++batches) == 1) {
                    tables.analyze();
                }
            });
        }

        private void heap(List<EventMessage<?>> mine, HeapedBatch<?> batch) {
            if (batch.hasFailed()) {
                return;
            }
            unlessFailed(batch, () -> {
                batch.take(mine);
                if (batch.hasFailed() || batch.events() < atOnce) {
                    return;
                }
                write(batch);
                if (!batch.hasFailed() && Integer.bitCount(++batches) == 1) {
                    tables.analyze();
                }
            });
        }

        private void apply(List<EventMessage<?>> events) {
            try {
                invoker.writeOrPark(events);
            } catch (IllegalStateException stopped) {
                throw new Abandoned("An event could not be applied, and no other can be before it is: "
                        + projection.name() + " is built in the order of the log.");
            }
        }

        /** The events that this projection handles and has not been built from, up to where it aims. */
        private List<EventMessage<?>> mine(List<TrackedEventMessage<?>> batch) {
            List<Segment> all = segments();
            List<EventMessage<?>> mine = new ArrayList<>();
            for (TrackedEventMessage<?> event : batch) {
                long position = positionOf(event);
                for (Segment segment : all) {
                    int id = segment.getSegmentId();
                    if (position > at(done, id) && position <= at(aims, id) && invoker.canHandle(event, segment)) {
                        mine.add(event);
                    }
                }
            }
            return mine;
        }

        /**
         * Goes exactly as far as the live rows do, and compares. If it swaps, nobody else writes the live tables meanwhile; readers see them as
         * they were before, or as they are afterwards.
         */
        Report settle(boolean swap) {
            int isolation = swap
                    ? TransactionDefinition.ISOLATION_READ_COMMITTED
                    : TransactionDefinition.ISOLATION_REPEATABLE_READ;
            return Objects.requireNonNull(transaction(isolation).execute(open -> {
                if (swap) {
                    tables.lockForWriting();
                } else {
                    tables.lockForReading();
                }
                tables.enter();
                tables.takeMemory();
                aim();
                for (long at = done(); at < aimed(); ) {
                    List<TrackedEventMessage<?>> batch = next(at);
                    if (batch.isEmpty()) {
                        // recorded after this snapshot was taken, and not for this projection
                        break;
                    }
                    apply(mine(batch));
                    at = positionOf(batch.get(batch.size() - 1));
                }
                arrive();
                tables.analyze();
                tables.compare();
                Report report = new Report(
                        done(), tables.rows(), tables.differing(), tables.differences(LISTED), parkedKeys(), swap);
                if (swap) {
                    tables.mend();
                }
                return report;
            }));
        }

        private List<ParkedKey> parkedKeys() {
            return tables.parked(LISTED).entrySet().stream()
                    .map(key -> new ParkedKey(projection.name(), key.getKey(), key.getValue()))
                    .toList();
        }

        private TransactionTemplate transaction(int isolation) {
            TransactionTemplate template = new TransactionTemplate(transactions);
            template.setIsolationLevel(isolation);
            return template;
        }
    }
}
