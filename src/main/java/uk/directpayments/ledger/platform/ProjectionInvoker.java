package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Feeds one projection: gathers the events of a batch and writes them as the unit of work prepares to commit, under a savepoint. If
 * that fails they are written one by one; the one that fails is parked, and so is all that follows it under the same key.
 */
final class ProjectionInvoker<B> implements EventHandlerInvoker {

    private static final Logger log = LoggerFactory.getLogger(ProjectionInvoker.class);
    private static final long NOWHERE = Long.MAX_VALUE;

    private final Projection<B> projection;
    private final Handlers handlers;
    private final JdbcClient jdbc;
    private final Parked parked;
    private final Traces traces;
    private final TransactionTemplate savepoint;
    private final String batchKey;
    private volatile long stoppedAt = NOWHERE;

    ProjectionInvoker(
            Projection<B> projection, JdbcClient jdbc, Parked parked, PlatformTransactionManager transactions) {
        this(projection, jdbc, parked, transactions, Traces.NONE);
    }

    ProjectionInvoker(
            Projection<B> projection,
            JdbcClient jdbc,
            Parked parked,
            PlatformTransactionManager transactions,
            Traces traces) {
        this.traces = traces;
        this.projection = projection;
        this.handlers = new Handlers(projection, 3);
        this.jdbc = jdbc;
        this.parked = parked;
        this.savepoint = new TransactionTemplate(transactions);
        this.savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        this.batchKey = "batch of " + projection.name();
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return handlers.handles(payloadType);
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return handlers.handles(event.getPayloadType()) && segment.matches(key(event));
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) {
        List<EventMessage<?>> batch = CurrentUnitOfWork.get().getOrComputeResource(batchKey, none -> {
            List<EventMessage<?>> fresh = new ArrayList<>();
            CurrentUnitOfWork.get().onPrepareCommit(unit -> writeOrPark(fresh));
            return fresh;
        });
        batch.add(event);
    }

    /** Empties the projection's tables: it is going to be built again. */
    @Override
    public void performReset() {
        jdbc.sql(EmptiedProjections.PATIENCE).update();
        projection.tables().forEach(table -> jdbc.sql("TRUNCATE " + table).update());
        parked.forget(projection.name());
        stoppedAt = NOWHERE;
    }

    /** True if a projection by log, having come to a position, cannot pass the event behind it. */
    boolean stopped(long reached) {
        long at = stoppedAt;
        return at != NOWHERE && reached < at;
    }

    @Override
    public <R> void performReset(@Nullable R context) {
        performReset();
    }

    /** What must stay in order together. An event that names no account or person stands for itself: no other event may change the same rows. */
    String key(EventMessage<?> event) {
        Object key = switch (projection.order()) {
            case BY_ACCOUNT -> event.getMetaData().get(Metadata.ACCOUNT_ID);
            case BY_PERSON -> event.getMetaData().get(Metadata.PERSON_ID);
            case BY_LOG -> "log";
        };
        return key == null ? event.getIdentifier() : (String) key;
    }

    void writeOrPark(List<EventMessage<?>> batch) {
        Set<String> waiting = parked.among(
                projection.name(), batch.stream().map(this::key).distinct().toList());
        List<EventMessage<?>> ready =
                batch.stream().filter(event -> !waiting.contains(key(event))).toList();
        Set<String> failed = new HashSet<>(waiting);
        if (write(ready) == null) {
            stoppedAt = NOWHERE;
            batch.stream().filter(event -> waiting.contains(key(event))).forEach(this::parkBehind);
            return;
        }
        for (EventMessage<?> event : batch) {
            if (failed.contains(key(event))) {
                parkBehind(event);
                continue;
            }
            RuntimeException failure = write(List.of(event));
            if (failure != null) {
                park(event, failure);
                failed.add(key(event));
            }
        }
    }

    private void parkBehind(EventMessage<?> event) {
        parked.park(
                projection.name(),
                key(event),
                Recorded.of(event).position(),
                nameOf(event),
                "waits behind an earlier event of the same key");
    }

    private void park(EventMessage<?> event, RuntimeException failure) {
        Recorded at = Recorded.of(event);
        String cause = describe(failure);
        if (projection.order() == Projection.Order.BY_LOG) {
            stoppedAt = at.position();
            throw new IllegalStateException(
                    projection.name() + " stops at position " + at.position() + ": " + cause, null);
        }
        try (Carried.Line ignored = Carried.line(event)) {
            log.error("{} could not apply the event at position {}: {}", projection.name(), at.position(), cause);
        }
        parked.park(projection.name(), key(event), at.position(), nameOf(event), cause);
    }

    /** Writes events under a savepoint; null, or what went wrong with the events themselves. */
    @Nullable
    RuntimeException write(List<? extends EventMessage<?>> events) {
        if (events.isEmpty()) {
            return null;
        }
        List<Traces.Step> steps = traces.projecting(events, projection.name());
        try {
            savepoint.executeWithoutResult(status -> {
                B rows = projection.buffer();
                events.forEach(event -> handlers.handle(event, rows));
                projection.write(rows);
            });
            return null;
        } catch (RuntimeException failure) {
            steps.forEach(step -> step.failed(failure));
            if (isPassing(failure)) {
                throw failure;
            }
            return failure;
        } finally {
            steps.forEach(Traces.Step::close);
        }
    }

    /** Whether a failure is the database's, and of the moment, so that trying again may help. */
    static boolean isPassing(Throwable failure) {
        if (Outage.is(failure)) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransactionException) {
                return true;
            }
        }
        return false;
    }

    /** What kind of event it is, for those who mend. */
    static String nameOf(EventMessage<?> event) {
        return event.getPayloadType().getSimpleName();
    }

    /** Names of classes only: messages of databases and parsers may quote what an event holds. */
    static String describe(Throwable failure) {
        StringBuilder chain = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            chain.append(chain.isEmpty() ? "" : " < ").append(cause.getClass().getSimpleName());
            if (cause instanceof java.sql.SQLException sql) {
                chain.append(' ').append(sql.getSQLState());
            }
        }
        StackTraceElement[] trace = failure.getStackTrace();
        for (StackTraceElement element : trace) {
            if (element.getClassName().startsWith("uk.directpayments.ledger")) {
                chain.append(" at ").append(element.getFileName()).append(':').append(element.getLineNumber());
                break;
            }
        }
        return chain.toString();
    }
}
