package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs every projection and automation, each as one of Axon's pooled processors over the log; resets, drains and watches them. They start
 * before the web server and stop after it.
 */
@Component
class Processors implements SmartLifecycle {

    /** A segment with nothing to do stores how far it has come at least this often: readers on other nodes wait for it. */
    private static final long CLAIM_EXTENSION_MILLIS = 200;

    private static final int BATCH = 500;

    private final Map<String, PooledStreamingEventProcessor> processors = new LinkedHashMap<>();
    private final Map<String, Integer> segments = new LinkedHashMap<>();
    private final Map<String, ProjectionInvoker<?>> projections = new LinkedHashMap<>();
    private final Map<String, AutomationInvoker> automations = new LinkedHashMap<>();

    private final LogTail tail;
    private final EventLog log;
    private final TokenStore tokens;
    private final TransactionManager transactions;
    private final TransactionTemplate transaction;
    private final Parked parked;
    private final ScheduledExecutorService coordinators;
    private final ScheduledExecutorService projectionWorkers;
    private final ScheduledExecutorService automationWorkers;
    private final ExecutorService outside;
    private volatile boolean running;

    Processors(
            List<Projection<?>> projections,
            List<Automation> automations,
            EventLog log,
            TokenStore tokens,
            TransactionManager transactions,
            PlatformTransactionManager platform,
            JdbcClient jdbc,
            Parked parked,
            Progress progress,
            @Value("${ledger.processors.threads:4}") int threads,
            @Value("${ledger.processors.segments:2}") int segmentCount) {
        this.log = log;
        this.tail = log.tail();
        this.tokens = tokens;
        this.transactions = transactions;
        this.transaction = new TransactionTemplate(platform);
        this.parked = parked;
        this.coordinators = Executors.newScheduledThreadPool(2, new AxonThreadFactory("coordinator"));
        this.projectionWorkers = Executors.newScheduledThreadPool(threads, new AxonThreadFactory("projection"));
        this.automationWorkers =
                Executors.newScheduledThreadPool(Math.max(1, automations.size()), new AxonThreadFactory("automation"));
        this.outside = Executors.newCachedThreadPool(new AxonThreadFactory("automation-command"));
        for (Projection<?> projection : projections) {
            var invoker = new ProjectionInvoker<>(projection, jdbc, parked, platform);
            this.projections.put(projection.name(), invoker);
            int count = projection.order() == Projection.Order.BY_LOG ? 1 : segmentCount;
            add(projection.name(), invoker, count, BATCH, projectionWorkers);
        }
        for (Automation automation : automations) {
            var invoker = new AutomationInvoker(automation, parked, outside);
            this.automations.put(automation.name(), invoker);
            add(automation.name(), invoker, 1, 1, automationWorkers);
        }
        processors
                .keySet()
                .forEach(name -> progress.track(
                        name,
                        new Progress.Processor(
                                this.automations.containsKey(name), () -> reached(name), () -> stopped(name))));
    }

    private void add(
            String name, EventHandlerInvoker invoker, int segmentCount, int batch, ScheduledExecutorService workers) {
        segments.put(name, segmentCount);
        processors.put(
                name,
                PooledStreamingEventProcessor.builder()
                        .name(name)
                        .eventHandlerInvoker(invoker)
                        .messageSource(tail)
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

    /** The least position of all segments; a segment that nobody runs here has reached nothing that can be relied on. */
    long reached(String name) {
        Map<Integer, EventTrackerStatus> status = processor(name).processingStatus();
        if (status.size() < segments.getOrDefault(name, 1)) {
            return 0;
        }
        return status.values().stream()
                .mapToLong(segment -> segment.getCurrentPosition().orElse(-1) + 1)
                .min()
                .orElse(0);
    }

    /** True if the processor has met an error that it cannot pass. */
    boolean stopped(String name) {
        PooledStreamingEventProcessor processor = processor(name);
        return processor.isError()
                || processor.processingStatus().values().stream().anyMatch(EventTrackerStatus::isErrorState);
    }

    /** The processors that do not run, or run into errors. */
    List<String> troubled() {
        return processors.keySet().stream()
                .filter(name -> !processor(name).isRunning()
                        || stopped(name)
                        || processor(name).processingStatus().size() < segments.getOrDefault(name, 1))
                .toList();
    }

    private PooledStreamingEventProcessor processor(String name) {
        PooledStreamingEventProcessor processor = processors.get(name);
        if (processor == null) {
            throw new IllegalArgumentException("there is no processor " + name);
        }
        return processor;
    }

    // ── operating ────────────────────────────────────────────────────────────────────────────────────────────────

    /** Empties a projection and builds it again from the first event on; it goes on by itself. Refused for an automation. */
    void reset(String name) {
        PooledStreamingEventProcessor processor = processor(name);
        processor.shutDown();
        try {
            processor.resetTokens();
        } finally {
            processor.start();
        }
    }

    /**
     * Applies the parked events of a key again, in order, until one fails once more.
     *
     * @return how many were applied
     */
    int drain(String name, String key) {
        int applied = 0;
        for (Optional<Long> next = parked.first(name, key); next.isPresent(); next = parked.first(name, key)) {
            long position = next.get();
            List<EventMessage<?>> event =
                    new ArrayList<>(log.readBatch(position - 1).subList(0, 1));
            if (!applyAgain(name, key, position, event.get(0))) {
                return applied;
            }
            applied++;
        }
        return applied;
    }

    private boolean applyAgain(String name, String key, long position, EventMessage<?> event) {
        ProjectionInvoker<?> projection = projections.get(name);
        AutomationInvoker automation = automations.get(name);
        if (automation != null) {
            try {
                if (automation.run(event) != null) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return Boolean.TRUE.equals(transaction.execute(status -> {
            RuntimeException failure = projection == null ? null : projection.write(List.of(event));
            if (failure == null) {
                parked.release(name, key, position);
            }
            return failure == null;
        }));
    }

    /** Applies everything that is parked, of every processor, as far as it goes. */
    int drainAll() {
        return processors.keySet().stream()
                .mapToInt(name -> parked.keys(name).stream()
                        .mapToInt(key -> drain(name, key))
                        .sum())
                .sum();
    }

    // ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public void start() {
        running = true;
        processors.values().forEach(PooledStreamingEventProcessor::start);
        coordinators.scheduleWithFixedDelay(
                this::lookForNews, CLAIM_EXTENSION_MILLIS, CLAIM_EXTENSION_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookForNews() {
        try {
            tail.look();
        } catch (RuntimeException databaseAway) {
            org.slf4j.LoggerFactory.getLogger(Processors.class)
                    .warn("cannot look for news in the log: {}", ProjectionInvoker.describe(databaseAway));
        }
    }

    @Override
    public void stop() {
        running = false;
        processors.values().forEach(PooledStreamingEventProcessor::shutDown);
        List.of(coordinators, projectionWorkers, automationWorkers, outside).forEach(ExecutorService::shutdownNow);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the command bus, before the web server. */
    @Override
    public int getPhase() {
        return 1_000_000;
    }
}
