package uk.directpayments.ledger.platform;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.ObservationPredicate;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.http.server.observation.ServerRequestObservationConvention;

/** Traces, where they are wanted: Spring Boot sets up the exporter and the span of each request; this says what may be told in them. */
@Configuration(proxyBeanMethods = false)
@Conditional(TracesOn.class)
class TracesConfiguration {

    /** Everything leaves through the screen. */
    @Bean
    SpanExporters spanExporters(
            ObjectProvider<SpanExporter> exporters, @Value("${" + TracesOn.ENDPOINT + "}") String endpoint) {
        requireAddress(endpoint);
        return SpanExporters.of(
                exporters.orderedStream().<SpanExporter>map(TracesScreen::new).toList());
    }

    private static void requireAddress(String endpoint) {
        try {
            URI address = URI.create(endpoint);
            if (address.getHost() != null && Set.of("http", "https").contains(String.valueOf(address.getScheme()))) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // no address at all: refused below
        }
        throw new StartRefused(TracesOn.ENDPOINT + " must be the http or https address of an OTLP receiver,"
                + " for example http://127.0.0.1:4318/v1/traces.");
    }

    /** Which node a span is of: the name of its home, which stays. */
    @Bean
    SdkTracerProviderBuilderCustomizer node(Home home) {
        Resource node = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.instance.id"), NodeName.of(home).home()));
        return provider -> provider.addResource(node);
    }

    /** Spring Security would put half a dozen spans between a request and its command. */
    @Bean
    ObservationPredicate withoutSecurity() {
        return (name, context) -> !name.startsWith("spring.security.");
    }

    @Bean
    ServerRequestObservationConvention requestSpans() {
        return new RequestSpans();
    }

    /** A request's span: its route, not its address, and the correlation id and code of its answer. */
    static final class RequestSpans extends DefaultServerRequestObservationConvention {

        private static final Set<String> METHODS =
                Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

        @Override
        public String getContextualName(ServerRequestObservationContext context) {
            HttpServletRequest request = context.getCarrier();
            String asked = request == null ? "" : request.getMethod();
            String method = METHODS.contains(asked) ? asked : "HTTP";
            return context.getPathPattern() == null ? method : method + " " + context.getPathPattern();
        }

        @Override
        public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
            HttpServletRequest request = context.getCarrier();
            HttpServletResponse response = context.getResponse();
            return KeyValues.of(
                    pair("ledger.correlation", response == null ? null : response.getHeader(HttpEdge.HEADER)),
                    pair(TracesScreen.CODE, request == null ? null : request.getAttribute(Problems.CODE)));
        }

        private static KeyValue pair(String key, @Nullable Object value) {
            return KeyValue.of(key, value == null ? KeyValue.NONE_VALUE : value.toString());
        }
    }
}
