package uk.directpayments.ledger.platform;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The last door before spans leave the ledger: only attributes that are known to hold ids, codes and names from the code go out. Whatever a
 * library adds of its own accord (addresses as they were asked for, words of exceptions) stays.
 */
final class TracesScreen implements SpanExporter {

    /** The code of a refusal. */
    static final String CODE = "ledger.code";

    /** Of HTTP: the method, the route's pattern, the status, what it means, the class of an exception. */
    private static final Set<String> OF_HTTP = Set.of("method", "uri", "status", "outcome", "exception");

    private static final String OURS = "ledger.";

    private final SpanExporter to;

    TracesScreen(SpanExporter to) {
        this.to = to;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        return to.export(spans.stream().<SpanData>map(Screened::new).toList());
    }

    @Override
    public CompletableResultCode flush() {
        return to.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return to.shutdown();
    }

    private static boolean mayLeave(AttributeKey<?> key) {
        return OF_HTTP.contains(key.getKey()) || key.getKey().startsWith(OURS);
    }

    private static final class Screened extends DelegatingSpanData {

        private final Attributes attributes;

        private Screened(SpanData span) {
            super(span);
            this.attributes = span.getAttributes().toBuilder()
                    .removeIf(key -> !mayLeave(key))
                    .build();
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }

        @Override
        public int getTotalAttributeCount() {
            return attributes.size();
        }

        /** An exception is an event with its words. */
        @Override
        public List<EventData> getEvents() {
            return List.of();
        }

        @Override
        public int getTotalRecordedEvents() {
            return 0;
        }

        @Override
        public StatusData getStatus() {
            return StatusData.create(super.getStatus().getStatusCode(), "");
        }
    }
}
