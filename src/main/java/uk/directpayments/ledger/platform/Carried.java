package uk.directpayments.ledger.platform;

import io.opentelemetry.context.Context;
import java.util.concurrent.Callable;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What tells the lines and spans of one request from all others, set on a thread and carried over to the next: the correlation id, which stands in
 * every line of the log, and the trace, if there is one.
 */
public final class Carried {

    /** As Spring Boot's own support of traces names it. */
    static final String TRACE_ID = "traceId";

    private Carried() {}

    /** What a thread's lines say for a while, to be closed; then it is what it was before. */
    public static final class Line implements AutoCloseable {

        private final @Nullable String correlationId = MDC.get(HttpEdge.LOG_KEY);
        private final @Nullable String traceId = MDC.get(TRACE_ID);

        private Line() {}

        @Override
        public void close() {
            set(HttpEdge.LOG_KEY, correlationId);
            set(TRACE_ID, traceId);
        }
    }

    /** Lines that this thread writes until it is closed belong to a request. */
    public static Line line(@Nullable String correlationId) {
        Line before = new Line();
        set(HttpEdge.LOG_KEY, correlationId);
        return before;
    }

    /** Lines that this thread writes until it is closed are about an event: they belong to the request that it was recorded by. */
    static Line line(EventMessage<?> event) {
        Line before = line((String) event.getMetaData().get(Metadata.CORRELATION));
        if (event.getMetaData().get(Metadata.TRACE) instanceof String traceparent) {
            set(TRACE_ID, Traces.traceIdOf(traceparent));
        }
        return before;
    }

    private static void set(String key, @Nullable String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }

    /** Work for another thread, done there in the name of the request that this thread serves. */
    public static <T extends @Nullable Object> Callable<T> over(Callable<T> work) {
        String correlationId = MDC.get(HttpEdge.LOG_KEY);
        Callable<T> traced = Context.current().wrap(work);
        return () -> {
            try (Line ignored = line(correlationId)) {
                return traced.call();
            }
        };
    }

    /** As {@link #over(Callable)}. */
    public static Runnable over(Runnable work) {
        String correlationId = MDC.get(HttpEdge.LOG_KEY);
        Runnable traced = Context.current().wrap(work);
        return () -> {
            try (Line ignored = line(correlationId)) {
                traced.run();
            }
        };
    }
}
