package uk.directpayments.ledger.platform;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * The conventions of the API alone, with a sample of every kind of handler in front of no ledger at all. A test component, so that
 * the scans of a test of the whole ledger pass it and its samples over.
 */
@TestComponent
@EnableAutoConfiguration
@Import({
    HttpConfiguration.class,
    HttpErrors.class,
    HttpNoBody.class,
    Problems.class,
    LocalUsers.class,
    Issuer.class,
    SecurityConfiguration.class,
    SecurityLog.class,
    OpenApiConfiguration.class
})
class HttpTestApp {

    /** What must stay out of the application: everything that wants a database or Axon. */
    private static final String AXON = "org.axonframework.springboot.autoconfig.";

    static final String NO_DATABASE = "spring.autoconfigure.exclude="
            + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
            + "org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration,"
            + "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration,"
            + "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration,"
            + "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration,"
            + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration,"
            + AXON + "AxonAutoConfiguration,"
            + AXON + "AxonTimeoutAutoConfiguration,"
            + AXON + "AxonServerActuatorAutoConfiguration,"
            + AXON + "AxonServerAutoConfiguration,"
            + AXON + "AxonServerBusAutoConfiguration,"
            + AXON + "AxonTracingAutoConfiguration,"
            + AXON + "EventProcessingAutoConfiguration,"
            + AXON + "InfraConfiguration,"
            + AXON + "InterceptorAutoConfiguration,"
            + AXON + "JdbcAutoConfiguration,"
            + AXON + "MetricsAutoConfiguration,"
            + AXON + "MicrometerMetricsAutoConfiguration,"
            + AXON + "NoOpTransactionAutoConfiguration,"
            + AXON + "ObjectMapperAutoConfiguration,"
            + AXON + "CBORMapperAutoConfiguration,"
            + AXON + "SecurityAutoConfiguration,"
            + AXON + "TransactionAutoConfiguration,"
            + AXON + "UpdateCheckerAutoConfiguration,"
            + AXON + "XStreamAutoConfiguration";

    /** The positions of a log that holds 100 events, one for each minute after its first. */
    static final Instant FIRST_EVENT = Instant.parse("2026-01-01T00:00:00Z");

    static final AtomicLong HEAD = new AtomicLong(100);

    /** The readiness group names it. */
    @Bean
    HealthIndicator processors() {
        return () -> Health.up().build();
    }

    @Bean
    Positions positions() {
        return new Positions() {
            @Override
            public long head() {
                return HEAD.get();
            }

            @Override
            public long knownAt(Instant instant) {
                return IntStream.rangeClosed(1, 100)
                        .filter(position ->
                                !FIRST_EVENT.plusSeconds(60L * (position - 1)).isAfter(instant))
                        .count();
            }

            @Override
            public String fingerprint(long position) {
                throw new UnsupportedOperationException("there is no log here");
            }
        };
    }

    record Line(
            @Id @Nullable String lineId,
            @NotNull FundingSource fundingSource,
            @NotNull Money annualAmount) {}

    record Sample(
            @Id @Nullable String sampleId,
            @NotBlank String name,
            @NotNull LocalDate on,
            @NotNull Money amount,
            @NotEmpty List<@Valid Line> lines,
            @Nullable List<String> allows,
            @Nullable Boolean sameHousehold,
            @Nullable Integer number,
            @Nullable BigDecimal share,
            @Nullable Instant at,
            @Nullable Map<String, Object> settings) {}

    record Note(@Nullable String note, @Nullable Integer number) {}

    @RestController
    @RequestMapping("/api/v1/accounts/{accountId}")
    static class Samples {

        @PostMapping("/notes")
        Note note(@PathVariable String accountId, @Valid @RequestBody Note note, Call call) {
            return note;
        }

        @PostMapping("/samples")
        ResponseEntity<Map<String, Object>> create(
                @PathVariable String accountId, @Valid @RequestBody Sample sample, Call call) {
            if (sample.amount().isZero()) {
                throw new RuleBroken("AMOUNT_ZERO", "Nothing is no amount.", "amount");
            }
            return ResponseEntity.created(URI.create("/api/v1/accounts/" + accountId + "/samples/x"))
                    .body(Map.of("sample", sample, "call", call));
        }

        @GetMapping(value = "/view", produces = MediaType.APPLICATION_JSON_VALUE)
        View view(@PathVariable String accountId, View view) {
            return view;
        }

        @GetMapping("/numbers")
        Page<Integer> numbers(
                @PathVariable String accountId, Paging paging, @RequestParam(required = false) @Nullable Integer from) {
            int after = paging.after() == null ? 0 : Integer.parseInt(paging.after());
            List<Integer> rows = IntStream.rangeClosed(
                            after + 1, Math.toIntExact(paging.view().atPosition()))
                    .boxed()
                    .limit(paging.fetch())
                    .toList();
            return paging.page(rows, String::valueOf);
        }

        @GetMapping("/typed")
        Map<String, Object> typed(
                @PathVariable String accountId,
                @RequestParam LocalDate from,
                @RequestParam(required = false) @Nullable FundingSource source,
                @RequestParam(required = false) @Id @Nullable String personId,
                Actor actor) {
            return Map.of("from", from, "actor", actor);
        }

        @PostMapping("/upload")
        Map<String, Object> upload(
                @PathVariable String accountId,
                @RequestParam MultipartFile file,
                @RequestParam(required = false) @Nullable String format,
                Call call) {
            return Map.of("size", file.getSize(), "requestHash", call.requestHash());
        }

        @GetMapping("/fails/{how}")
        Map<String, Object> fail(@PathVariable String accountId, @PathVariable String how) throws Exception {
            switch (how) {
                case "unexpectedly" -> throw new IllegalStateException("Jane Doe, born 2010-01-01");
                case "database" ->
                    throw new CannotGetJdbcConnectionException("jdbc:secret", new SQLException("x", "08001"));
                case "wrapped" ->
                    throw new IllegalStateException(new RuleBroken("ACCOUNT_SUSPENDED", "It is suspended."));
                case "checked" -> throw new IOException("select * from secret");
                case "sealed" -> {
                    return Map.of("name", new Sealed("ciphertext"));
                }
                default -> throw new RuleBroken(how, "So it is.");
            }
        }
    }
}
