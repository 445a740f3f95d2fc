package uk.directpayments.ledger.platform;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Runs every projection and automation, each as one of Axon's pooled processors over the log; resets, drains and watches them. They start
 * before the web server and stop after it.
 */
@Component
class Processors implements SmartLifecycle, DisposableBean {

    private static final Logger logger = LoggerFactory.getLogger(Processors.class);

    /** How often a node renews its claim of a segment that it has nothing to do for, and stores how far that has come. */
    private static final long CLAIM_EXTENSION_MILLIS = 2_000;

    /** Between two looks whether other nodes have recorded something. */
    private static final long LOOK_MILLIS = 200;

    /** How often it is looked for news in the log until it is looked for requests. */
    private static final int LOOKS_TO_A_REQUEST = 5;

    /** Of a projection's feed, in one transaction. */
    private static final int BUNDLES = 8;

    /** An error that lasts less is not told of yet. */
    private static final long PASSING_ERROR_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** If no look for news has ended well for so long, the database is, or has been, away: those who ask for a connection wait. */
    private static final long UNSEEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long after an outage a processor's error is still taken for the outage's. */
    private static final long TO_RECOVER_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a stop waits for batches under way. */
    private static final int STOP_SECONDS = 10;

    /** Of Spring's life cycle: after the command bus, before the web server. */
    static final int PHASE = 1_000_000;

    private final Map<String, PooledStreamingEventProcessor> processors = new LinkedHashMap<>();
    private final Map<String, ProjectionInvoker<?>> projections = new LinkedHashMap<>();
    private final Map<String, AutomationInvoker> automations = new LinkedHashMap<>();
    private final Map<String, Feed> feeds = new HashMap<>();
    private final Map<String, Long> erringSince = new ConcurrentHashMap<>();

    private final LogTail tail;
    private final EventLog log;
    private final TokenStore tokens;
    private final TransactionManager transactions;
    private final TransactionTemplate transaction;
    private final Parked parked;
    private final Claims claims;
    private final SegmentRequests segments;
    private final EmptiedProjections emptied;
    private final ScheduledExecutorService coordinators;
    private final ScheduledExecutorService projectionWorkers;
    private final ScheduledExecutorService automationWorkers;
    private final ExecutorService outside;
    private volatile boolean running;
    private volatile long databaseSeenAt = System.nanoTime();
    private volatile long databaseBackAt = System.nanoTime() - TO_RECOVER_NANOS;
    private int looked;
    private Future<?> looks = CompletableFuture.completedFuture(null);

    Processors(
            List<Projection<?>> projections,
            List<Automation> automations,
            EventLog log,
            TokenStore tokens,
            TransactionManager transactions,
            PlatformTransactionManager platform,
            JdbcClient jdbc,
            Parked parked,
            Claims claims,
            Progress progress,
            Traces traces,
            Nodes nodes,
            @Value("${ledger.processors.threads:4}") int threads,
            @Value("${ledger.processors.segments:2}") int segmentCount) {
        this.log = log;
        this.tail = log.tail();
        this.tokens = tokens;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(platform);
        this.parked = parked;
        this.claims = claims;
        this.emptied = new EmptiedProjections(jdbc);
        this.coordinators = Executors.newScheduledThreadPool(2, new AxonThreadFactory("coordinator"));
        this.projectionWorkers = Executors.newScheduledThreadPool(threads, new AxonThreadFactory("projection"));
        this.automationWorkers =
                Executors.newScheduledThreadPool(Math.max(1, automations.size()), new AxonThreadFactory("automation"));
        this.outside = Executors.newCachedThreadPool(new AxonThreadFactory("automation-command"));
        for (Projection<?> projection : projections) {
            var invoker = new ProjectionInvoker<>(projection, jdbc, parked, platform, traces);
            this.projections.put(projection.name(), invoker);
            int count = projection.order() == Projection.Order.BY_LOG ? 1 : segmentCount;
            Feed feed =
                    Feed.bundled(tail, invoker, segment -> claims.stored(projection.name(), segment.getSegmentId()));
            add(projection.name(), feed, count, BUNDLES, projectionWorkers);
        }
        for (Automation automation : automations) {
            var invoker = new AutomationInvoker(automation, parked, outside, traces);
            this.automations.put(automation.name(), invoker);
            add(automation.name(), Feed.single(tail, invoker), 1, 1, automationWorkers);
        }
        SortedMap<String, PooledStreamingEventProcessor> shared = new TreeMap<>(processors);
        shared.keySet().removeAll(this.automations.keySet());
        this.segments = new SegmentRequests(jdbc, nodes, claims, shared);
        processors
                .keySet()
                .forEach(name -> progress.track(
                        name,
                        new Progress.Processor(
                                this.automations.containsKey(name),
                                isAwaited(name),
                                () -> reached(name),
                                Objects.requireNonNull(feeds.get(name))::hurry,
                                () -> stopped(name))));
    }

    private boolean isAwaited(String name) {
        AutomationInvoker automation = automations.get(name);
        return automation != null && automation.isAwaited();
    }

    private void add(String name, Feed feed, int segmentCount, int batch, ScheduledExecutorService workers) {
        feeds.put(name, feed);
        processors.put(
                name,
                PooledStreamingEventProcessor.builder()
                        .name(name)
                        .eventHandlerInvoker(feed)
                        .messageSource(feed)
                        .tokenStore(tokens)
                        .transactionManager(transactions)
                        .errorHandler(PropagatingErrorHandler.INSTANCE)
                        .coordinatorExecutor(coordinators)
                        .workerExecutor(workers)
                        .initialSegmentCount(segmentCount)
                        .initialToken(source -> source.createTailToken())
                        .batchSize(batch)
                        .tokenClaimInterval(1_000)
                        .claimExtensionThreshold(CLAIM_EXTENSION_MILLIS)
                        .build());
    }

    // ── watching ─────────────────────────────────────────────────────────────────────────────────────────────────

    /** A processor as operators see it. */
    record Status(String name, Kind kind, long position, boolean running) {}

    enum Kind {
        PROJECTION,
        AUTOMATION
    }

    List<String> names() {
        return List.copyOf(processors.keySet());
    }

    List<Status> status() {
        List<String> troubled = troubled();
        return processors.keySet().stream()
                .map(name -> new Status(
                        name,
                        automations.containsKey(name) ? Kind.AUTOMATION : Kind.PROJECTION,
                        reached(name),
                        !troubled.contains(name)))
                .toList();
    }

    /**
     * The least position of all segments: of those that this node runs as it knows it, of others as their node has stored it. Each stands
     * before the next event that is for it.
     */
    long reached(String name) {
        Map<Segment, Long> positions = new HashMap<>();
        Map<Integer, EventTrackerStatus> here = processor(name).processingStatus();
        if (!isWhole(here)) {
            var claimed = claims.of(name);
            int[] ids = claimed.keySet().stream().mapToInt(Integer::intValue).toArray();
            claimed.forEach((id, claim) -> {
                tail.keep(claim.position());
                positions.put(Segment.computeSegment(id, ids), claim.position());
            });
        }
        here.values()
                .forEach(status -> positions.put(status.getSegment(), EventLog.positionOf(status.getTrackingToken())));
        EventHandlerInvoker invoker = invoker(name);
        return positions.entrySet().stream()
                .mapToLong(at -> tail.passed(at.getValue(), event -> invoker.canHandle(event, at.getKey())))
                .min()
                .orElse(0);
    }

    /** Whether these are all the segments there are: each says what share of all events is its own. */
    private static boolean isWhole(Map<Integer, EventTrackerStatus> segments) {
        return segments.values().stream()
                        .mapToDouble(status -> 1.0 / (status.getSegment().getMask() + 1))
                        .sum()
                == 1;
    }

    /**
     * True if the processor has met an error that it cannot pass. Axon calls it an error for as long as it runs no segment, also if another node has
     * taken them all since.
     */
    boolean stopped(String name) {
        if (tail.end().isCut()) {
            return true;
        }
        ProjectionInvoker<?> projection = projections.get(name);
        long reached = reached(name);
        return (errs(name) && !isRunSomewhere(name))
                || tail.refusesAfter(reached)
                || (projection != null && projection.stopped(reached));
    }

    /** Whether an error has lasted. One that the database's going or coming leaves behind passes: the processors start again. */
    private boolean errs(String name) {
        if (!processor(name).isError()) {
            erringSince.remove(name);
            return false;
        }
        long now = System.nanoTime();
        long since = erringSince.computeIfAbsent(name, first -> now);
        return now - since >= PASSING_ERROR_NANOS
                && now - databaseSeenAt < UNSEEN_NANOS
                && now - databaseBackAt >= TO_RECOVER_NANOS;
    }

    /** The processors that have stopped, or that no living node runs. */
    List<String> troubled() {
        return processors.keySet().stream()
                .filter(name -> !processor(name).isRunning() || stopped(name) || !isRunSomewhere(name))
                .toList();
    }

    private boolean isRunSomewhere(String name) {
        if (isWhole(processor(name).processingStatus())) {
            return true;
        }
        var segments = claims.of(name).values();
        return !segments.isEmpty() && segments.stream().allMatch(Claims.Claim::held);
    }

    private EventHandlerInvoker invoker(String name) {
        AutomationInvoker automation = automations.get(name);
        return automation != null ? automation : Objects.requireNonNull(projections.get(name), name);
    }

    private PooledStreamingEventProcessor processor(String name) {
        PooledStreamingEventProcessor processor = processors.get(name);
        if (processor == null) {
            throw new RuleBroken("PROCESSOR_NOT_FOUND", "There is no processor of this name.");
        }
        return processor;
    }

    // ── operating ────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * Empties a projection and builds it again from the first event on; it goes on by itself, on this node.
     *
     * @throws RuleBroken {@code AUTOMATION_NOT_REPLAYED}; {@code PROCESSOR_RUNS_ELSEWHERE} if another node has not let go of it: nothing has changed then
     */
    synchronized void reset(String name) {
        PooledStreamingEventProcessor processor = processor(name);
        if (!processor.supportsReset()) {
            throw new RuleBroken(
                    "AUTOMATION_NOT_REPLAYED", "An automation is never replayed: what it asked for stays asked for.");
        }
        segments.gather(name);
        processor.shutDown();
        try {
            emptied.begin(name);
            processor.resetTokens();
        } catch (UnableToClaimTokenException elsewhere) {
            throw SegmentRequests.runsElsewhere();
        } finally {
            processor.start();
            emptied.end(name);
        }
    }

    /** Shares all segments of projections out among all living nodes; each does its part within a second or two. */
    void balance() {
        segments.balance();
    }

    /**
     * Applies what a processor has parked again, key by key and in order, each until one fails once more.
     *
     * @return how many events were applied
     */
    int drain(String name) {
        processor(name);
        return parked.keys(name).stream().mapToInt(key -> drain(name, key)).sum();
    }

    private int drain(String name, String key) {
        int applied = 0;
        for (Optional<Long> next = parked.first(name, key); next.isPresent(); next = parked.first(name, key)) {
            if (!applyAgain(name, key, next.get())) {
                break;
            }
            applied++;
        }
        return applied;
    }

    private boolean applyAgain(String name, String key, long position) {
        EventMessage<?> event = log.readAt(position);
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!parked.take(name, key, position)) {
                return false;
            }
            RuntimeException failure = apply(name, event);
            if (failure == null) {
                parked.release(name, key, position);
            } else {
                parked.park(name, key, position, ProjectionInvoker.nameOf(event), ProjectionInvoker.describe(failure));
            }
            return failure == null;
        }));
    }

    private @Nullable RuntimeException apply(String name, EventMessage<?> event) {
        AutomationInvoker automation = automations.get(name);
        ProjectionInvoker<?> projection = projections.get(name);
        if (automation != null) {
            return automation.run(event);
        }
        return projection == null ? null : projection.write(List.of(event));
    }

    // ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public void start() {
        running = true;
        databaseSeenAt = System.nanoTime();
        processors.values().forEach(PooledStreamingEventProcessor::start);
        looks = coordinators.scheduleWithFixedDelay(this::lookForNews, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** When the database is back after an outage, processors need not sit out what they still mean to wait. */
    private void lookForNews() {
        if (tail.end().isCut()) {
            // what is lost may have been handled here, and what stands in its place never would be
            processors.values().stream()
                    .filter(PooledStreamingEventProcessor::isRunning)
                    .forEach(PooledStreamingEventProcessor::shutdownAsync);
            return;
        }
        try {
            tail.lookOut();
            if (looked++ % LOOKS_TO_A_REQUEST == 0) {
                segments.look();
            }
            long now = System.nanoTime();
            if (now - databaseSeenAt >= UNSEEN_NANOS) {
                databaseBackAt = now;
                processors.values().stream()
                        .filter(PooledStreamingEventProcessor::isError)
                        .forEach(processor -> processor.shutdownAsync().thenRun(() -> {
                            if (running && !tail.end().isCut()) {
                                processor.start();
                            }
                        }));
            }
            databaseSeenAt = now;
        } catch (RuntimeException away) {
            logger.warn("cannot look for news in the log: {}", ProjectionInvoker.describe(away));
        }
    }

    /** Ends when every processor has finished its batch and freed its claims; {@link #start} may follow. */
    @Override
    public void stop() {
        running = false;
        looks.cancel(false);
        CompletableFuture<?>[] ends = processors.values().stream()
                .map(PooledStreamingEventProcessor::shutdownAsync)
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.warn("processors have not stopped within {} s; their claims time out", STOP_SECONDS);
        }
    }

    @Override
    public void destroy() {
        List.of(coordinators, projectionWorkers, automationWorkers, outside).forEach(ExecutorService::shutdownNow);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
