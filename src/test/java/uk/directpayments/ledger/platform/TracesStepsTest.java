package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import uk.directpayments.trial.TrialEvent;

/** Which events a processor's spans are of, and what leaves of any span. */
class TracesStepsTest {

    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final TrackingToken HERE = new GlobalSequenceTrackingToken(6);

    private final List<SpanData> sent = new ArrayList<>();
    private final Tracer tracer = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(new TracesScreen(new SpanExporter() {
                @Override
                public CompletableResultCode export(Collection<SpanData> spans) {
                    sent.addAll(spans);
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode flush() {
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode shutdown() {
                    return CompletableResultCode.ofSuccess();
                }
            })))
            .build()
            .get("test");
    private final Traces traces =
            new Traces(new StaticListableBeanFactory(Map.of("tracer", tracer)).getBeanProvider(Tracer.class));

    @Test
    void aFreshEventGoesOnWithItsTrace() {
        close(traces.projecting(List.of(event(TRACEPARENT, Instant.now(), HERE)), "rows"));
        assertThat(sent).singleElement().satisfies(span -> {
            assertThat(span.getName()).isEqualTo("rows");
            assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
            assertThat(span.getAttributes().asMap().toString()).contains("trial.opened", "7");
        });
    }

    @Test
    void anEventWithoutTraceOrWithAnUnreadableOneHasNone() {
        for (String traceparent : new String[] {
            null, "", "Robin", TRACEPARENT.toUpperCase(), "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01"
        }) {
            assertThat(traces.projecting(List.of(event(traceparent, Instant.now(), HERE)), "rows"))
                    .as(traceparent)
                    .isEmpty();
        }
    }

    @Test
    void anOldEventOrOneThatIsReplayedIsNoPartOfItsRequest() {
        Instant old = Instant.now().minus(Traces.OLDEST).minus(Duration.ofSeconds(1));
        assertThat(traces.projecting(List.of(event(TRACEPARENT, old, HERE)), "rows"))
                .isEmpty();
        TrackingToken replay = ReplayToken.createReplayToken(new GlobalSequenceTrackingToken(9), HERE);
        assertThat(traces.projecting(List.of(event(TRACEPARENT, Instant.now(), replay)), "rows"))
                .isEmpty();
    }

    @Test
    void withoutATracerNothingIsFollowed() {
        assertThat(Traces.NONE.projecting(List.of(event(TRACEPARENT, Instant.now(), HERE)), "rows"))
                .isEmpty();
        assertThat(Traces.NONE.here()).isNull();
        Traces.NONE.append(List.of("trial.opened"), TRACEPARENT).close();
        assertThat(sent).isEmpty();
    }

    @Test
    void whatALibraryAddsOfItsOwnStays() {
        Span span = tracer.spanBuilder("GET /x").startSpan();
        span.setAttribute("http.url", "/people/Robin")
                .setAttribute("uri", "/people/{personId}")
                .setAttribute("ledger.code", "NOT_FOUND")
                .recordException(new IllegalStateException("Robin was not found"))
                .setStatus(io.opentelemetry.api.trace.StatusCode.ERROR, "Robin was not found")
                .end();
        assertThat(sent).singleElement().satisfies(left -> {
            assertThat(left.getAttributes().asMap().keySet().stream().map(key -> key.getKey()))
                    .containsExactlyInAnyOrder("uri", "ledger.code");
            assertThat(left.getEvents()).isEmpty();
            assertThat(left.getTotalRecordedEvents()).isZero();
            assertThat(left.getStatus().getDescription()).isEmpty();
            assertThat(left.getStatus().getStatusCode()).isEqualTo(io.opentelemetry.api.trace.StatusCode.ERROR);
        });
    }

    private static void close(List<Traces.Step> steps) {
        steps.forEach(Traces.Step::close);
    }

    private static EventMessage<?> event(String traceparent, Instant recordedAt, TrackingToken token) {
        Map<String, String> metadata = new HashMap<>(Map.of(
                Metadata.ACTOR,
                "finance",
                Metadata.ROLE,
                "FINANCE",
                Metadata.OCCURRED_ON,
                "2026-03-01",
                Metadata.CORRELATION,
                "c"));
        if (traceparent != null) {
            metadata.put(Metadata.TRACE, traceparent);
        }
        var inStream = new GenericDomainEventMessage<>(
                "Trial",
                "trial/1",
                0,
                new TrialEvent.Opened("1", "P-1", null),
                org.axonframework.messaging.MetaData.from(metadata),
                "id",
                recordedAt);
        return new GenericTrackedDomainEventMessage<>(token, inStream);
    }
}
