package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.OtlpReceiver;
import uk.directpayments.ledger.support.OtlpReceiver.Span;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/** A ledger whose requests are traced, and what it sends to a collector. */
@TestPropertySource(properties = "management.opentelemetry.tracing.export.schedule-delay=50ms")
class TracesTest extends RunningLedger {

    private static final OtlpReceiver COLLECTOR = new OtlpReceiver();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** What may be said of a span. */
    private static final Set<String> ATTRIBUTES = Set.of(
            "method",
            "uri",
            "status",
            "outcome",
            "exception",
            "ledger.stream",
            "ledger.correlation",
            "ledger.outcome",
            "ledger.code",
            "ledger.failure",
            "ledger.events",
            "ledger.event",
            "ledger.position");

    @DynamicPropertySource
    static void traced(DynamicPropertyRegistry registry) {
        registry.add("ledger.traces.endpoint", COLLECTOR::endpoint);
    }

    @AfterAll
    static void close() {
        COLLECTOR.close();
    }

    @Test
    void anExpenditureIsOneTraceFromItsRequestToEveryProjectionThatHandlesIt() {
        String accountId = opened("2026-02-01", "2027-01-31", "6000.00").accountId();
        String correlation = fresh("trace");
        Answer answer = ok(spend(accountId, "3.50", correlation));

        Span request = span(correlation, span -> span.parentId().isEmpty());
        assertThat(request.name()).isEqualTo("POST /api/v1/accounts/{accountId}/expenditures");
        assertThat(request.kind()).as("of a server").isEqualTo(2);
        assertThat(request.text("status")).isEqualTo("201");
        Span command = span(correlation, span -> span.name().equals("RecordExpenditure"));
        assertThat(command.parentId()).isEqualTo(request.spanId());
        assertThat(command.text("ledger.stream")).isEqualTo("account/" + accountId);
        assertThat(command.text("ledger.outcome")).isEqualTo("recorded");
        Span append = span(request, "append");
        assertThat(append.parentId()).isEqualTo(command.spanId());
        assertThat(append.attributes().get("ledger.events")).isEqualTo(List.of("account.expenditure-recorded"));
        for (String projection : List.of("account-balances", "account-transactions", "flag-register")) {
            Span handled = span(request, projection);
            assertThat(handled.parentId()).as(projection).isEqualTo(command.spanId());
            assertThat(handled.text("ledger.event")).isEqualTo("account.expenditure-recorded");
            assertThat(handled.text("ledger.position")).isEqualTo(answer.header("Ledger-Position"));
            assertThat(handled.text("ledger.correlation")).isEqualTo(correlation);
        }
        assertThat(COLLECTOR.sender().get("service.name")).isEqualTo("direct-payment-ledger");
        assertThat((String) COLLECTOR.sender().get("service.instance.id")).hasSize(36);
        assertThat(metadata(answer)).contains("\"traceparent\":\"00-" + request.traceId() + "-" + command.spanId());
    }

    @Test
    void whatAnAutomationAsksForIsInTheTraceOfWhatItAnswers() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        String correlation = fresh("trace");
        ok(finance()
                .post(
                        "/api/v1/people/" + ids.personId() + "/death",
                        "{\"on\":\"2026-03-04\"}",
                        "X-Correlation-Id",
                        correlation));
        Span request = span(correlation, span -> span.parentId().isEmpty());
        Span stopped = await(() -> spans(
                request,
                span -> span.text("ledger.stream").equals("account/" + ids.accountId())
                        && span.attributes().containsKey("ledger.outcome")));
        Span automation = COLLECTOR.spans().stream()
                .filter(span -> span.spanId().equals(stopped.parentId()))
                .findFirst()
                .orElseThrow();
        assertThat(automation.traceId()).isEqualTo(request.traceId());
        // by the way of the budget's end, or straight
        assertThat(automation.text("ledger.event")).isIn("person.died", "budget.ended");
        span(request, "account-register");
    }

    @Test
    void aRefusedCommandSaysItsCode() {
        String accountId = opened("2026-02-01", "2027-01-31", "6000.00").accountId();
        String correlation = fresh("trace");
        Answer answer = finance()
                .post(
                        "/api/v1/accounts/" + accountId + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"6000.01\",\"on\":\"2026-03-01\"}",
                        "X-Correlation-Id",
                        correlation);
        assertThat(answer.code()).isEqualTo("EXCEEDS_ALLOCATION");
        Span command = span(correlation, span -> span.name().equals("IssuePayment"));
        assertThat(command.text("ledger.outcome")).isEqualTo("refused");
        assertThat(command.text("ledger.code")).isEqualTo("EXCEEDS_ALLOCATION");
        assertThat(command.error()).as("a rule is no failure").isFalse();
        Span request = span(correlation, span -> span.parentId().isEmpty());
        assertThat(request.text("ledger.code")).isEqualTo("EXCEEDS_ALLOCATION");
        assertThat(request.text("status")).isEqualTo("409");
    }

    @Test
    void aRequestGoesOnWithItsCallersTrace() {
        String accountId = opened("2026-02-01", "2027-01-31", "6000.00").accountId();
        String trace = "0af7651916cd43dd8448eb211c80319c";
        ok(finance().get("/api/v1/accounts/" + accountId, "traceparent", "00-" + trace + "-b7ad6b7169203331-01"));
        Span request = await(() -> COLLECTOR.spans().stream()
                .filter(span -> span.traceId().equals(trace))
                .toList());
        assertThat(request.parentId()).isEqualTo("b7ad6b7169203331");
        assertThat(request.name()).isEqualTo("GET /api/v1/accounts/{accountId}");
    }

    @Test
    void whatACallerDoesNotWantSampledLeavesNoTraceInTheLog() {
        String accountId = opened("2026-02-01", "2027-01-31", "6000.00").accountId();
        Answer answer = ok(finance()
                .post(
                        "/api/v1/accounts/" + accountId + "/expenditures",
                        "{\"amount\":\"1.00\",\"on\":\"2026-03-02\",\"payee\":\"Shop\"}",
                        "traceparent",
                        "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"));
        assertThat(metadata(answer)).doesNotContain("traceparent");
    }

    @Test
    void noSpanSaysWhatSomebodyIsCalledOrHasWritten() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        String base = "/api/v1/accounts/" + ids.accountId();
        ok(finance().post(base + "/expenditures", """
                {"amount":"9.99","on":"2026-03-02","payee":"Tracewell Betting","description":"Tracewell words"}"""));
        ok(finance().post(base + "/bank-details", """
                {"sortCode":"112233","accountNumber":"44556677"}"""));
        finance().get("/api/v1/people?name=Tracewell");
        finance().get("/api/v1/people/Tracewell%20Smith");
        finance().get("/api/v1/Tracewell/nowhere?q=Tracewell");
        finance().get("/Tracewell");
        finance().post(base + "/expenditures", "{\"payee\":\"Tracewell\",\"amount\":12.5}");
        finance().send("TRACEWELL", base, HttpRequest.BodyPublishers.noBody());
        finance().get(base, "X-Correlation-Id", "Tracewell, his name", "baggage", "name=Tracewell");
        Visitor visitor = Visitor.as("finance", port);
        visitor.get("/find?name=Tracewell");
        visitor.get("/accounts/" + ids.accountId());
        String last = fresh("trace");
        ok(spend(ids.accountId(), "1.00", last));
        span(span(last, span -> span.parentId().isEmpty()), "account-transactions");

        assertThat(COLLECTOR.received())
                .doesNotContainIgnoringCase("Tracewell")
                .doesNotContain("Robin Example", "Sam Example", "112233", "44556677");
        assertThat(COLLECTOR.spans()).hasSizeGreaterThan(50).allSatisfy(span -> {
            assertThat(span.attributes().keySet()).isSubsetOf(ATTRIBUTES);
            assertThat(span.events()).isZero();
            assertThat(span.words()).isEmpty();
        });
    }

    @Test
    void whatIsBuiltAgainIsNoPartOfTheRequestOfItsEvents() {
        String accountId = opened("2026-02-01", "2027-01-31", "6000.00").accountId();
        String correlation = fresh("trace");
        ok(spend(accountId, "2.00", correlation));
        Span request = span(correlation, span -> span.parentId().isEmpty());
        span(request, "account-balances");
        settled(); // a span ends before its batch is committed: what a reset breaks off is handled anew, and told again
        ok(uk.directpayments.ledger.support.Caller.as("admin", port)
                .post("/api/v1/operations/processors/account-balances/reset", "{}"));
        String next = fresh("trace");
        ok(spend(accountId, "2.00", next));
        span(span(next, span -> span.parentId().isEmpty()), "account-balances");
        assertThat(spans(request, span -> span.name().equals("account-balances")))
                .hasSize(1);
    }

    private Answer spend(String accountId, String amount, String correlation) {
        return finance()
                .post(
                        "/api/v1/accounts/" + accountId + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"2026-03-02\",\"payee\":\"Shop\"}".formatted(amount),
                        "X-Correlation-Id",
                        correlation);
    }

    private String metadata(Answer answer) {
        return jdbc.sql("SELECT metadata FROM event_log WHERE position = :position")
                .param("position", Long.parseLong(answer.header("Ledger-Position")))
                .query(String.class)
                .single();
    }

    /** The span of a correlation id that is meant, once it has come. */
    private static Span span(String correlation, Predicate<Span> meant) {
        return await(() -> COLLECTOR.spans().stream()
                .filter(span -> span.text("ledger.correlation").equals(correlation))
                .filter(meant)
                .toList());
    }

    private static Span span(Span sameTrace, String name) {
        return await(() -> spans(sameTrace, span -> span.name().equals(name)));
    }

    private static List<Span> spans(Span sameTrace, Predicate<Span> meant) {
        return COLLECTOR.spans().stream()
                .filter(span -> span.traceId().equals(sameTrace.traceId()))
                .filter(meant)
                .toList();
    }

    private static Span await(Supplier<List<Span>> sought) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (sought.get().isEmpty()) {
            assertThat(Instant.now())
                    .as(() -> "spans: "
                            + COLLECTOR.spans().stream()
                                    .collect(Collectors.groupingBy(Span::name, Collectors.counting())))
                    .isBefore(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return sought.get().get(0);
    }
}
