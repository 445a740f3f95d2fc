package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.OtlpReceiver;
import uk.directpayments.ledger.support.Visitor;

/**
 * What the ledger writes to its log, in a process of its own: JSON if it is set so, a correlation id on every line of a request and of what follows
 * from it, and, at DEBUG as at INFO, nothing of what anybody is called or has written.
 */
class LogsTest {

    private static final String API = "/api/v1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    /** In everything personal that this test sends. */
    private static final String MARK = "Zaphira";

    private static final List<String> NUMBERS = List.of("112233", "87654321", "11-22-33", "2012-11-23");

    @TempDir
    static Path folder;

    private static OtlpReceiver collector;
    private static ChildLedger ledger;

    @BeforeAll
    static void start() throws IOException {
        collector = new OtlpReceiver();
        ledger = ChildLedger.start(
                folder.resolve("home"),
                "--logging.structured.format.console=ecs",
                "--logging.level.uk.directpayments=debug",
                "--ledger.traces.endpoint=" + collector.endpoint());
    }

    @AfterAll
    static void stop() throws InterruptedException {
        ledger.close();
        collector.close();
    }

    @Test
    void everyLineIsJson() throws IOException {
        ok(finance().get(API + "/accounts"));
        assertThat(lines()).hasSizeGreaterThan(10).allSatisfy(line -> {
            assertThat(line.path("@timestamp").isString()).isTrue();
            assertThat(line.path("message").isString()).isTrue();
            assertThat(line.at("/service/name").asString()).isEqualTo("direct-payment-ledger");
        });
    }

    @Test
    void everyLineOfARequestAndOfWhatFollowsFromItHasItsCorrelationIdAndTrace() {
        account("P-1", "B-1", "A-1");
        String id = "follow-me";
        ok(finance().post(API + "/people/P-1/death", "{\"on\":\"2026-03-04\"}", "X-Correlation-Id", id));

        for (String of : List.of("HttpEdge", "Commands", "Handlers")) {
            assertThat(line(of, line -> line.path("correlationId").asString().equals(id)))
                    .isNotNull();
        }
        String traceId = line(
                        "Commands",
                        line -> line.path("correlationId").asString().equals(id))
                .path("traceId")
                .asString();
        assertThat(traceId).hasSize(32);
        // the automation's command to another stream, and the projections of what that recorded
        line(
                "Commands",
                line -> is(line, id, traceId) && line.path("message").asString().contains(" on account/A-1: RECORDED"));
        line(
                "Handlers",
                line -> is(line, id, traceId) && line.path("message").asString().startsWith("AccountRegister takes"));
        line(
                "Handlers",
                line -> is(line, id, traceId)
                        && line.path("message").asString().startsWith("PersonDirectory takes PersonDied"));
        assertThat(linesNow())
                .filteredOn(line -> List.of("Commands", "Handlers", "HttpEdge").contains(loggerOf(line)))
                .filteredOn(line -> !line.at("/process/thread/name").asString().equals("main"))
                .allSatisfy(line -> assertThat(line.path("correlationId").asString())
                        .as(line.toString())
                        .isNotEmpty());
    }

    @Test
    void aRefusalIsLoggedByItsCode() {
        account("P-2", "B-2", "A-2");
        finance()
                .post(
                        API + "/accounts/A-2/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"9999.00\",\"on\":\"2026-03-01\"}",
                        "X-Correlation-Id",
                        "refuse-me");
        JsonNode line =
                line("Commands", one -> one.path("correlationId").asString().equals("refuse-me"));
        assertThat(line.path("message").asString()).isEqualTo("IssuePayment on account/A-2: EXCEEDS_ALLOCATION");
    }

    @Test
    void anAnswerThatIsStreamedByAnotherThreadIsTheSameRequest() {
        account("P-3", "B-3", "A-3");
        ok(finance().get(API + "/audit/evidence-pack?accountId=A-3", "X-Correlation-Id", "stream-me"));
        JsonNode line =
                line("HttpEdge", one -> one.path("correlationId").asString().equals("stream-me"));
        assertThat(line.path("message").asString()).isEqualTo("/api/v1/audit/evidence-pack was answered 200");
    }

    @Test
    void noLineSaysWhatSomebodyIsCalledOrHasWritten() throws Exception {
        account("P-4", "B-4", "A-4");
        String base = API + "/accounts/A-4";
        ok(finance().post(base + "/expenditures", """
                {"expenditureId":"E-4","amount":"9.99","on":"2026-03-02","payee":"Zaphira Betting","mcc":"7995","description":"Zaphira words"}"""));
        ok(finance().post(base + "/expenditures/E-4/reversal", "{\"reason\":\"Zaphira says so\"}"));
        ok(finance().post(base + "/bank-details", "{\"sortCode\":\"112233\",\"accountNumber\":\"87654321\"}"));
        ok(
                finance()
                        .post(
                                base + "/suspension",
                                "{\"from\":\"2026-03-03\",\"cause\":\"OTHER\",\"reason\":\"Zaphira moved to 7 Zaphira Street\"}"));
        ok(finance()
                .post(API + "/people/P-4/correction", "{\"name\":\"Zaphira Jones\",\"reason\":\"Zaphira married\"}"));
        ok(finance().post(API + "/people/P-4/residential-stays", """
                {"accountId":"A-4","provider":"Zaphira House","setting":"CARE_HOME","admitted":"2026-03-05","fundedByDirectPayment":true,"status":"ACTUAL"}"""));
        ok(finance()
                .upload(
                        API + "/statements",
                        "Date,Description,Amount,Balance\n2026-04-03,Zaphira Gift,5.00,5.00\n2026-04-04,Zaphira again,-2.00,3.00\n",
                        "accountId",
                        "A-4",
                        "format",
                        "csv"));
        // reads, by programs and by pages
        for (String path : List.of(
                "/people/P-4",
                "/people?name=Zaphira",
                "/accounts/A-4/transactions",
                "/accounts/A-4/bank-details",
                "/accounts/A-4/balance/explanation",
                "/accounts/A-4/statement.pdf?from=2026-02-01&to=2026-05-31",
                "/budgets/B-4",
                "/flags?accountId=A-4",
                "/audit/events?accountId=A-4",
                "/audit/journal?accountId=A-4",
                "/audit/evidence-pack?accountId=A-4",
                "/reports/flags")) {
            assertThat(finance().get(API + path).status()).as(path).isEqualTo(200);
        }
        Visitor visitor = Visitor.as("finance", ledger.port());
        for (String page :
                List.of("/find?q=Zaphira", "/people/P-4", "/accounts/A-4", "/", "/Zaphira", "/people/Zaphira")) {
            visitor.get(page);
        }
        visitor.post("/accounts/A-4/contributions", "key", "Zaphira", "amount", "Zaphira", "on-day", "1");
        // what is refused, by everybody who can refuse it
        finance().post(base + "/expenditures", "{\"payee\":\"Zaphira\",\"amount\":12.5}");
        finance().post(base + "/expenditures", "{\"payee\":\"Zaphira\"");
        finance().post(base + "/expenditures", "{\"Zaphira\":\"Zaphira\"}");
        finance().post(base + "/payments", "{\"lineId\":\"Zaphira\",\"amount\":\"1.00\",\"on\":\"2026-03-01\"}");
        finance().get(API + "/people/Zaphira");
        finance().get(API + "/people/Zaphira%20Smith?name=Zaphira");
        finance().get(API + "/accounts?cursor=Zaphira&Zaphira=1");
        finance().get(API + "/Zaphira?" + MARK + "=1");
        finance()
                .get(
                        base,
                        "X-Correlation-Id",
                        "Zaphira, her name",
                        "Accept",
                        "text/Zaphira",
                        "Ledger-Position",
                        "Zaphira");
        finance().send("ZAPHIRA", base, BodyPublishers.noBody());
        finance()
                .send("POST", base + "/expenditures", BodyPublishers.ofString("Zaphira"), "Content-Type", "text/plain");
        finance()
                .send(
                        "POST",
                        base + "/expenditures",
                        BodyPublishers.ofString("\"Zaphira " + "x".repeat(2_000_000) + "\""),
                        "Content-Type",
                        "application/json");
        finance().upload(API + "/statements", "<?xml version=\"1.0\"?><Zaphira>", "accountId", "A-4");
        Caller.as("Zaphira", ledger.port()).get(API + "/accounts");
        Caller.bearing("Zaphira", ledger.port()).get(API + "/accounts");
        // an event that cannot be applied, and a database that refuses with words of its own
        ledger.ask(jdbc -> jdbc.sql(
                        "ALTER TABLE person_directory ADD CONSTRAINT never CHECK (from_position < 0) NOT VALID")
                .update());
        ok(finance()
                .post(API + "/people/P-4/correction", "{\"name\":\"Zaphira Parked\",\"reason\":\"Zaphira again\"}"));
        JsonNode parked = line(
                "ProjectionInvoker", line -> line.path("message").asString().contains("could not apply the event"));
        assertThat(parked.path("correlationId").asString()).hasSize(36);
        ledger.ask(jdbc ->
                jdbc.sql("ALTER TABLE person_directory DROP CONSTRAINT never").update());
        ok(Caller.as("admin", ledger.port()).post(API + "/operations/processors/person-directory/drain", "{}"));
        ledger.ask(jdbc ->
                jdbc.sql("ALTER TABLE personal_data_read RENAME TO away").update());
        assertThat(finance().get(API + "/people/P-4").status()).isEqualTo(503);
        line("ReadRecord", line -> line.path("message").asString().contains("could not be recorded"));
        ledger.ask(jdbc ->
                jdbc.sql("ALTER TABLE away RENAME TO personal_data_read").update());

        ok(finance().get(API + "/accounts", "X-Correlation-Id", "the-end"));
        line("HttpEdge", line -> line.path("correlationId").asString().equals("the-end"));
        String written = Files.readString(folder.resolve("output.log"), StandardCharsets.UTF_8);
        assertThat(written.lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains(MARK.toLowerCase(Locale.ROOT))))
                .isEmpty();
        for (String number : NUMBERS) {
            assertThat(written.lines().filter(line -> line.contains(number)))
                    .as(number)
                    .isEmpty();
        }
        assertThat(collector.received()).doesNotContainIgnoringCase(MARK);
    }

    /** Somebody whose every text is marked, with an account. */
    private static void account(String personId, String budgetId, String accountId) {
        ok(finance()
                .post(
                        API + "/people",
                        "{\"personId\":\"%s\",\"name\":\"Zaphira Smith\",\"dateOfBirth\":\"2012-11-23\",\"reference\":\"Zaphira ref\"}"
                                .formatted(personId)));
        ok(finance().post(API + "/budgets", """
                {"budgetId":"%s","personId":"%s","legalBasis":"CHILD_S17A","exclusionCheckedOn":"2026-01-01","requestedOn":"2026-01-10","requestedBy":"Zaphira Smith"}""".formatted(budgetId, personId)));
        ok(finance()
                .post(
                        API + "/budgets/" + budgetId + "/indicative-amount",
                        "{\"amount\":\"1200.00\",\"from\":\"2026-02-01\",\"to\":\"2027-01-31\",\"method\":\"RAS\"}"));
        ok(Caller.as("approver", ledger.port())
                .post(
                        API + "/budgets/" + budgetId + "/panel-decision",
                        "{\"outcome\":\"APPROVED\",\"reasons\":\"Zaphira needs it\",\"decidedOn\":\"2026-01-20\"}"));
        ok(finance().post(API + "/budgets/" + budgetId + "/finalisation", """
                {"from":"2026-02-01","to":"2027-01-31","annualAmount":"1200.00","lines":[{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"1200.00","outcome":"Zaphira sees friends"}]}"""));
        ok(finance()
                .post(
                        API + "/budgets/" + budgetId + "/consents",
                        "{\"recipientType\":\"PARENT\",\"recipientName\":\"Zaphira Smith\",\"on\":\"2026-01-25\"}"));
        ok(finance()
                .post(
                        API + "/accounts",
                        "{\"accountId\":\"%s\",\"budgetId\":\"%s\",\"type\":\"BANK_ACCOUNT\",\"holderType\":\"PARENT\",\"openedOn\":\"2026-02-01\"}"
                                .formatted(accountId, budgetId)));
        ok(finance()
                .post(
                        API + "/accounts/" + accountId + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"100.00\",\"on\":\"2026-02-01\"}"));
    }

    private static Caller finance() {
        return ledger.as("finance");
    }

    private static Answer ok(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 201);
        return answer;
    }

    private static boolean is(JsonNode line, String correlationId, String traceId) {
        return line.path("correlationId").asString().equals(correlationId)
                && line.path("traceId").asString().equals(traceId);
    }

    private static String loggerOf(JsonNode line) {
        String logger = line.at("/log/logger").asString("");
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static List<JsonNode> linesNow() {
        try {
            return lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whole lines alone: the last may still be being written. */
    private static List<JsonNode> lines() throws IOException {
        String written = Files.readString(folder.resolve("output.log"), StandardCharsets.UTF_8);
        return written.substring(0, written.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> !line.isBlank())
                .map(LogsTest::parsed)
                .toList();
    }

    private static JsonNode parsed(String line) {
        assertThat(line).startsWith("{").endsWith("}");
        return JSON.readTree(line);
    }

    private static JsonNode line(String logger, Predicate<JsonNode> meant) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            var found = linesNow().stream()
                    .filter(line -> loggerOf(line).equals(logger) && meant.test(line))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            assertThat(Instant.now()).as("a line of " + logger).isBefore(deadline);
            ChildLedger.sleep(50);
        }
    }
}
