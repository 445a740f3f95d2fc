package uk.directpayments.ledger.platform;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ReplayToken;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.EventName;

/**
 * Follows a request through the ledger: the command, the append of its events, and every projection and automation that handles them. An event
 * carries its place in the trace as the metadata {@link Metadata#TRACE}, so a processor goes on with it on whichever node. Spans are named by the
 * code (commands, processors), and say ids of the ledger and codes, never what a person is called or has written.
 *
 * <p>Without {@code ledger.traces.endpoint} there is no tracer: nothing is begun, and events are what they are without traces.
 */
@Component
final class Traces {

    /** Follows nothing. */
    static final Traces NONE = new Traces((Tracer) null);

    /** An event that was recorded longer ago is handled because something is built again, or was stopped: that is no part of its request. */
    static final Duration OLDEST = Duration.ofMinutes(15);

    private static final AttributeKey<String> STREAM = AttributeKey.stringKey("ledger.stream");
    private static final AttributeKey<String> CORRELATION = AttributeKey.stringKey("ledger.correlation");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("ledger.outcome");
    private static final AttributeKey<String> CODE = AttributeKey.stringKey(TracesScreen.CODE);
    private static final AttributeKey<String> FAILURE = AttributeKey.stringKey("ledger.failure");
    private static final AttributeKey<List<String>> EVENTS = AttributeKey.stringArrayKey("ledger.events");
    private static final AttributeKey<String> EVENT = AttributeKey.stringKey("ledger.event");
    private static final AttributeKey<Long> POSITION = AttributeKey.longKey("ledger.position");

    /** W3C Trace Context, version 00. */
    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private final @Nullable Tracer tracer;

    @Autowired
    Traces(ObjectProvider<Tracer> tracer) {
        this(tracer.getIfAvailable());
    }

    private Traces(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /** Part of a trace, until it is closed; nothing, if nothing is followed. */
    static final class Step implements AutoCloseable {

        private static final Step NOTHING = new Step(null, null);

        private final @Nullable Span span;
        private final @Nullable Scope here;

        private Step(@Nullable Span span, @Nullable Scope here) {
            this.span = span;
            this.here = here;
        }

        /** What came of a command. */
        void decided(Outcome outcome) {
            if (span != null) {
                span.setAttribute(OUTCOME, Meters.Result.of(outcome).name().toLowerCase(Locale.ROOT));
                if (outcome.refusal() != null) {
                    span.setAttribute(CODE, outcome.refusal().code());
                }
            }
        }

        /** A technical error: the classes of it, for its words may quote anything. */
        void failed(Throwable failure) {
            if (span != null) {
                span.setStatus(StatusCode.ERROR).setAttribute(FAILURE, ProjectionInvoker.describe(failure));
            }
        }

        @Override
        public void close() {
            if (here != null) {
                here.close();
            }
            if (span != null) {
                span.end();
            }
        }
    }

    /** A command, from its sending until it is answered; what happens on this thread meanwhile is part of it. */
    Step command(LedgerCommand command, Call call) {
        if (tracer == null) {
            return Step.NOTHING;
        }
        return current(tracer.spanBuilder(command.getClass().getSimpleName())
                .setAttribute(STREAM, command.streamId())
                .setAttribute(CORRELATION, call.correlationId())
                .startSpan());
    }

    /** Where this thread is in a trace, as an event carries it; null if it is in none, or in one that is not sampled. */
    @Nullable
    String here() {
        if (tracer == null) {
            return null;
        }
        SpanContext here = Span.current().getSpanContext();
        return here.isValid() && here.isSampled() ? "00-" + here.getTraceId() + "-" + here.getSpanId() + "-01" : null;
    }

    /**
     * Events on the way to the disk.
     *
     * @param names       their stored names
     * @param traceparent what they carry: the command may have come from another node
     */
    Step append(List<String> names, @Nullable String traceparent) {
        Context parent = tracer == null ? null : parent(traceparent);
        if (tracer == null || parent == null) {
            return Step.NOTHING;
        }
        return new Step(
                tracer.spanBuilder("append")
                        .setParent(parent)
                        .setAttribute(EVENTS, names)
                        .startSpan(),
                null);
    }

    /** An automation's answer to an event; what happens on this thread meanwhile is part of it. */
    Step answering(EventMessage<?> event, String automation) {
        Span span = handling(event, automation);
        return span == null ? Step.NOTHING : current(span);
    }

    /** A projection's work on some of a batch's events: of those that are part of a trace. */
    List<Step> projecting(List<? extends EventMessage<?>> events, String projection) {
        if (tracer == null) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        for (EventMessage<?> event : events) {
            Span span = handling(event, projection);
            if (span != null) {
                steps.add(new Step(span, null));
            }
        }
        return steps;
    }

    private @Nullable Span handling(EventMessage<?> event, String processor) {
        if (tracer == null
                || !(event.getMetaData().get(Metadata.TRACE) instanceof String traceparent)
                || ReplayToken.isReplay(event)
                || event.getTimestamp().isBefore(Instant.now().minus(OLDEST))) {
            return null;
        }
        Context parent = parent(traceparent);
        if (parent == null) {
            return null;
        }
        Recorded at = Recorded.of(event);
        return tracer.spanBuilder(processor)
                .setParent(parent)
                .setAttribute(
                        EVENT,
                        event.getPayloadType().getAnnotation(EventName.class).value())
                .setAttribute(POSITION, at.position())
                .setAttribute(STREAM, at.streamId())
                .setAttribute(CORRELATION, at.correlation())
                .startSpan();
    }

    /** The trace of what an event carries, or null. */
    static @Nullable String traceIdOf(String traceparent) {
        Matcher parts = TRACEPARENT.matcher(traceparent);
        return parts.matches() ? parts.group(1) : null;
    }

    private static @Nullable Context parent(@Nullable String traceparent) {
        Matcher parts = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        if (!parts.matches()) {
            return null;
        }
        SpanContext parent = SpanContext.createFromRemoteParent(
                parts.group(1), parts.group(2), TraceFlags.fromHex(parts.group(3), 0), TraceState.getDefault());
        return parent.isValid() ? Context.root().with(Span.wrap(parent)) : null;
    }

    private static Step current(Span span) {
        return new Step(span, span.makeCurrent());
    }
}
