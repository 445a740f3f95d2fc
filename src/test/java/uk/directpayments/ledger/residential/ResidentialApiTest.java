package uk.directpayments.ledger.residential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import uk.directpayments.ledger.residential.Cases.Case;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.ledger.support.Visitor;

/** Stays and their count over HTTP, from a person's registration on. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ResidentialApiTest {

    private static final AtomicInteger people = new AtomicInteger();

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    static Stream<Case> examples() {
        return Cases.all().filter(example -> example.basis() == Basis.NIGHTS);
    }

    // ── every example ────────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleComesOutAsWorkedOnBothBases(Case example) {
        String person = person(example.input().path("dateOfBirth").asString());
        List<String> accounts = example.input()
                .path("stays")
                .valueStream()
                .map(stay -> stay.path("accountId").asString())
                .distinct()
                .toList();
        accounts.forEach(account -> account(person, account));
        example.input().path("stays").valueStream().forEach(stay -> {
            ObjectNode body = stay.deepCopy().asObject();
            body.remove("recordedAt");
            body.put("accountId", person + body.path("accountId").asString());
            body.put("provider", "Home");
            if (Cases.planned(stay)) {
                body.put("acknowledgeLimit", true);
            }
            accepted(finance().post(stays(person), body.toString()), 201);
        });
        Instant before = pause();
        example.input()
                .path("corrections")
                .valueStream()
                .forEach(correction -> accepted(
                        finance()
                                .post(
                                        stays(person) + "/"
                                                + correction.path("stayId").asString() + "/void",
                                        "{\"reason\": \""
                                                + correction.path("reason").asString() + "\"}"),
                        200));
        String query = "?asOf=" + example.input().path("asOf").asString()
                + "&includePlanned=" + example.input().path("includePlanned").asBoolean(false)
                + (example.input().has("knownAt") ? "&knownAt=" + before : "");
        for (Basis basis : Basis.values()) {
            Answer answer = finance().get(days(person) + query + "&basis=" + basis);
            accepted(answer, 200);
            DayCountTest.assertHolds(
                    answer.json(), Cases.one(example.id(), basis).expected(), example.id() + " " + basis);
            assertThat(answer.json().path("basis").asString()).isEqualTo(basis.name());
            assertThat(answer.json().path("policyVersion").asString()).isEqualTo("2025-default");
        }
    }

    /** An instant after everything so far and before everything that follows; instants of the log have milliseconds. */
    private static Instant pause() {
        LockSupport.parkNanos(20_000_000);
        Instant instant = Instant.now();
        LockSupport.parkNanos(20_000_000);
        return instant;
    }

    // ── the life of a stay ───────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aStayIsRecordedDischargedAmendedAndVoidedAndEachTimeListedAsItStands() {
        String person = child();
        Answer created = stay(person, "S1", "2025-06-01", null, "ACTUAL");
        accepted(created, 201);
        assertThat(created.header("Location")).isEqualTo(stays(person));
        assertThat(created.header("Ledger-Position")).isNotEmpty();
        JsonNode listed = only(person, "");
        assertThat(listed.path("provider").asString()).isEqualTo("Sunny Bank");
        assertThat(listed.path("sourceAuthority").asString()).isEqualTo("Borsetshire");
        assertThat(listed.path("discharged").isNull()).isTrue();
        assertThat(listed.path("share").decimalValue()).isEqualByComparingTo("0.5");

        change(person, "S1/discharge", "{\"discharged\": \"2025-06-08\"}", 200);
        assertThat(only(person, "").path("discharged").asString()).isEqualTo("2025-06-08");
        assertThat(only(person, "?asOf=2025-06-05").path("discharged").isNull()).isTrue();
        assertThat(items(person, "?asOf=2025-05-31")).isEmpty();

        change(person, "S1/amendment", "{\"setting\": \"HOSPITAL\", \"reason\": \"ward, not home\"}", 200);
        assertThat(only(person, "").path("counts").asBoolean()).isFalse();
        assertThat(total(person)).isZero();
        change(person, "S1/amendment", "{\"setting\": \"CHILDRENS_HOME\", \"reason\": \"a home after all\"}", 200);
        assertThat(total(person)).isEqualTo(7);

        Instant before = pause();
        change(person, "S1/void", "{\"reason\": \"never admitted\"}", 200);
        assertThat(only(person, "").path("status").asString()).isEqualTo("VOIDED");
        assertThat(only(person, "").path("voidReason").asString()).isEqualTo("never admitted");
        assertThat(only(person, "?knownAt=" + before).path("status").asString()).isEqualTo("ACTUAL");
        assertThat(total(person)).isZero();
    }

    @Test
    void aPlannedStayNeedsItsAcknowledgementAndIsConfirmed() {
        String person = child();
        String soon = LocalDate.now(ZoneId.of("Europe/London")).plusDays(10).toString();
        String late = LocalDate.now(ZoneId.of("Europe/London")).plusDays(40).toString();
        stay(person, "S1", soon, late, "PLANNED").refused(409, "LIMIT_ACKNOWLEDGEMENT_REQUIRED");
        stay(person, "S1", soon, null, "ACTUAL").refused(422, "ACTUAL_STAY_IN_FUTURE");
        accepted(
                finance()
                        .post(
                                stays(person),
                                body(person, "S1", soon, late, "PLANNED")
                                        .put("acknowledgeLimit", true)
                                        .toString()),
                201);
        assertThat(only(person, "").path("status").asString()).isEqualTo("PLANNED");
        JsonNode forecast = finance().get(days(person) + "?includePlanned=true").json();
        assertThat(forecast.path("child").path("singlePeriodBreachOn").asString())
                .isEqualTo(LocalDate.parse(soon).plusDays(28).toString());
        assertThat(forecast.path("warnings").path(0).path("level").asString()).isEqualTo("FORECAST");
        post(person, "S1/discharge", "{\"discharged\": \"2025-06-08\"}").refused(409, "STAY_STILL_PLANNED");
        change(person, "S1/confirmation", "{\"admitted\": \"2025-06-01\", \"discharged\": \"2025-06-04\"}", 200);
        assertThat(total(person)).isEqualTo(3);
        post(person, "S1/confirmation", "{\"admitted\": \"2025-06-01\"}").refused(409, "STAY_ALREADY_CONFIRMED");
    }

    @Test
    void whatIsPlannedIsForecastToBeTooMuchThoughALimitWasExceededBefore() {
        String person = child();
        LocalDate today = LocalDate.now(ZoneId.of("Europe/London"));
        LocalDate soon = today.plusDays(10);
        accepted(stay(person, "S1", "2024-06-01", "2024-07-01", "ACTUAL"), 201);
        accepted(
                finance()
                        .post(
                                stays(person),
                                body(
                                                person,
                                                "S2",
                                                soon.toString(),
                                                soon.plusDays(35).toString(),
                                                "PLANNED")
                                        .put("acknowledgeLimit", true)
                                        .toString()),
                201);
        LocalDate tooMany = soon.plusDays(28);
        JsonNode planned = finance().get(days(person) + "?includePlanned=true").json();
        assertThat(planned.path("warnings").toString())
                .isEqualTo("[{\"limit\":\"SINGLE_28\",\"level\":\"FORECAST\",\"on\":\"" + tooMany + "\"}]");
        assertThat(planned.path("child").path("singlePeriodBreachOn").asString())
                .isEqualTo("2024-06-29");
        String query = "/api/v1/reports/residential-days?personId=" + person;
        JsonNode row = finance().get(query).json().at("/items/0");
        assertThat(row.path("forecastBreachOn").asString()).isEqualTo(tooMany.toString());
        assertThat(row.path("childSinglePeriodBreachOn").asString()).isEqualTo("2024-06-29");
        assertThat(tile(person, today)).isEqualTo(tooMany.format(DateTimeFormatter.ofPattern("d MMM yyyy", Locale.UK)));
        assertThat(tile(person, LocalDate.of(2024, 8, 1)))
                .as("a limit that is exceeded on the day comes before what is planned")
                .isEqualTo("29 Jun 2024");
    }

    /** What the calendar says of the limit. */
    private String tile(String person, LocalDate asOf) {
        String page = Visitor.as("finance", port)
                .get("/people/" + person + "/residential?asOf=" + asOf)
                .body();
        Matcher tile = Pattern.compile(
                        "ledger-tile__number\">([^<]*)</p><p class=\"ledger-tile__words\">limit exceeded, with what is planned")
                .matcher(page);
        assertThat(tile.find()).as(page).isTrue();
        return tile.group(1);
    }

    @Test
    void warningsSayWhatIsNear() {
        String person = child();
        accepted(stay(person, "S1", "2025-06-01", "2025-06-29", "ACTUAL"), 201);
        JsonNode amber = finance().get(days(person) + "?asOf=2025-06-21").json();
        assertThat(amber.path("warnings").toString())
                .isEqualTo("[{\"limit\":\"SINGLE_28\",\"level\":\"AMBER\",\"on\":\"2025-06-21\"}]");
        JsonNode later = finance().get(days(person) + "?asOf=2025-07-21").json();
        assertThat(later.path("warnings")).isEmpty();
        assertThat(later.path("child").path("remaining").asInt()).isEqualTo(92);
        assertThat(later.path("child").path("nextReleaseOn").asString()).isEqualTo("2026-06-01");
    }

    @Test
    void anOverrideProlongsTheLawForChildren() {
        String person = person("2007-07-10");
        account(person, "A");
        accepted(stay(person, "S1", "2025-06-20", "2025-07-30", "ACTUAL"), 201);
        assertThat(total(person)).isEqualTo(20);
        String path = "/api/v1/people/" + person + "/regime-override";
        finance()
                .post(path, "{\"regime\": \"CHILD\", \"until\": \"2025-12-31\"}")
                .refused(422, "REASONS_REQUIRED");
        finance()
                .post(path, "{\"regime\": \"ADULT\", \"until\": \"2025-12-31\", \"reason\": \"x\"}")
                .refused(400, "FIELD_INVALID");
        String body = "{\"regime\": \"CHILD\", \"until\": \"2025-12-31\", \"reason\": \"s.66\"}";
        Caller.as("support", port).post(path, body).refused(403, "FORBIDDEN");
        accepted(finance().post(path, body), 200);
        assertThat(total(person)).isEqualTo(40);
    }

    // ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void whatCannotBeTrueIsRefusedWithItsCode() {
        String person = child();
        stay(person, "S1", "2025-06-10", "2025-06-09", "ACTUAL").refused(422, "STAY_ENDS_BEFORE_START");
        post(person, "unknown/void", "{}").refused(404, "STAY_NOT_FOUND");
        accepted(stay(person, "S1", "2025-06-01", "2025-06-09", "ACTUAL"), 201);
        stay(person, "S1", "2025-06-01", "2025-06-09", "ACTUAL").refused(409, "ID_ALREADY_USED");
        post(person, "S1/amendment", "{\"reason\": \"\"}").refused(422, "REASONS_REQUIRED");
        post(person, "S1/amendment", "{\"reason\": \"why\"}").refused(400, "FIELD_INVALID");
        post(person, "S1/void", "{\"reason\": \" \"}").refused(422, "REASONS_REQUIRED");
        post(person, "S1/discharge", "{\"discharged\": \"2025-06-12\"}").refused(409, "STAY_ALREADY_DISCHARGED");
        change(person, "S1/void", "{\"reason\": \"error\"}", 200);
        post(person, "S1/void", "{\"reason\": \"error\"}").refused(409, "STAY_ALREADY_VOIDED");
        stay(person, "S2", "2010-06-01", "2025-06-09", "ACTUAL").refused(400, "FIELD_INVALID");
        finance()
                .post(
                        stays(person),
                        body(person, "S2", "2025-06-01", null, "ACTUAL")
                                .put("setting", "TENT")
                                .toString())
                .refused(400, "FIELD_INVALID");
        ObjectNode nowhere = body(person, "S2", "2025-06-01", null, "ACTUAL");
        nowhere.remove("setting");
        finance().post(stays(person), nowhere.toString()).refused(400, "FIELD_INVALID");
        finance()
                .post(
                        stays(person),
                        body(person, "S2", "2025-06-01", null, "ACTUAL")
                                .put("share", 101)
                                .toString())
                .refused(400, "FIELD_INVALID");
        finance().get(days(person) + "?basis=WEEKS").refused(400, "FIELD_INVALID");
    }

    @Test
    void peopleAndAccountsMustBeThereAndBelongTogether() {
        String one = child();
        String other = child();
        stay("nobody", "S1", "2025-06-01", null, "ACTUAL").refused(404, "PERSON_NOT_FOUND");
        finance().get(days("nobody")).refused(404, "PERSON_NOT_FOUND");
        finance().get(stays("nobody")).refused(404, "PERSON_NOT_FOUND");
        finance()
                .post(
                        stays(one),
                        body(one, "S1", "2025-06-01", null, "ACTUAL")
                                .put("accountId", "nothing")
                                .toString())
                .refused(404, "ACCOUNT_NOT_FOUND");
        finance()
                .post(
                        stays(one),
                        body(one, "S1", "2025-06-01", null, "ACTUAL")
                                .put("accountId", other + "A")
                                .toString())
                .refused(409, "PAYMENT_OF_OTHER_PERSON");
    }

    @Test
    void aSupportUserLearnsNothingOfPeopleWithoutAnAccountOfItsOwn() {
        String person = child();
        accepted(stay(person, "S1", "2025-06-01", null, "ACTUAL"), 201);
        Caller support = Caller.as("support", port);
        support.get(days(person)).refused(404, "PERSON_NOT_FOUND");
        support.get(stays(person)).refused(404, "PERSON_NOT_FOUND");
        support.post(
                        stays(person),
                        body(person, "S2", "2025-06-01", null, "ACTUAL").toString())
                .refused(404, "PERSON_NOT_FOUND");
        support.post(stays(person) + "/S1/void", "{\"reason\": \"x\"}").refused(404, "PERSON_NOT_FOUND");
    }

    @Test
    void aPaymentIsLinkedToAStayOfItsOwnPerson() {
        String person = child();
        String other = child();
        accepted(stay(person, "S1", "2025-06-01", "2025-06-04", "ACTUAL"), 201);
        accepted(stay(other, "elsewhere", "2025-06-01", "2025-06-04", "ACTUAL"), 201);
        accepted(
                finance()
                        .post(
                                "/api/v1/accounts/" + person + "A/expenditures",
                                "{\"expenditureId\": \"E1\", \"amount\": \"450.00\", \"on\": \"2025-06-04\", \"payee\": \"Home\"}"),
                201);
        String path = "/api/v1/accounts/" + person + "A/expenditures/";
        finance().post(path + "E9/stay", "{\"stayId\": \"S1\"}").refused(404, "EXPENDITURE_NOT_FOUND");
        finance().post(path + "E1/stay", "{\"stayId\": \"nowhere\"}").refused(404, "STAY_NOT_FOUND");
        finance().post(path + "E1/stay", "{\"stayId\": \"elsewhere\"}").refused(409, "PAYMENT_OF_OTHER_PERSON");
        accepted(finance().post(path + "E1/stay", "{\"stayId\": \"S1\"}"), 200);
        assertThat(only(person, "").path("payments").toString())
                .isEqualTo("[{\"accountId\":\"" + person + "A\",\"expenditureId\":\"E1\"}]");
    }

    @Test
    void whatCameBackInWholePaysForNoStayAnyMore() {
        String person = child();
        accepted(stay(person, "S1", "2025-06-01", "2025-06-04", "ACTUAL"), 201);
        String account = "/api/v1/accounts/" + person + "A";
        for (String id : List.of("E1", "E2", "E3")) {
            accepted(
                    finance()
                            .post(
                                    account + "/expenditures",
                                    "{\"expenditureId\": \"%s\", \"amount\": \"450.00\", \"on\": \"2025-06-04\", \"payee\": \"Home\", \"stayId\": \"S1\"}"
                                            .formatted(id)),
                    201);
        }
        Instant before = pause();
        accepted(finance().post(account + "/expenditures/E1/reversal", "{\"reason\": \"never paid\"}"), 201);
        String refund = "{\"expenditureId\": \"%s\", \"amount\": \"%s\", \"on\": \"2025-06-10\"}";
        accepted(finance().post(account + "/refunds", refund.formatted("E2", "449.99")), 201);
        accepted(finance().post(account + "/refunds", refund.formatted("E3", "450.00")), 201);

        assertThat(paidBy(person, "")).containsExactly("E2");
        assertThat(paidBy(person, "?asOf=2025-06-09")).containsExactly("E2", "E3");
        assertThat(paidBy(person, "?knownAt=" + before)).containsExactly("E1", "E2", "E3");
        assertThat(paidBy(person, "?asOf=2025-06-03")).as("not paid yet").isEmpty();
        accepted(finance().post(account + "/refunds", refund.formatted("E2", "0.01")), 201);
        assertThat(paidBy(person, "")).isEmpty();
    }

    private List<String> paidBy(String person, String query) {
        return only(person, query)
                .path("payments")
                .valueStream()
                .map(payment -> payment.path("expenditureId").asString())
                .toList();
    }

    @Test
    void aRepeatedRequestIsAnsweredAgainAndStaysComeInPages() {
        String person = child();
        String body = body(person, "S1", "2025-06-03", "2025-06-04", "ACTUAL").toString();
        accepted(finance().post(stays(person), body, "Idempotency-Key", person), 201);
        Answer again = finance().post(stays(person), body, "Idempotency-Key", person);
        accepted(again, 201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        accepted(stay(person, "S2", "2025-06-01", "2025-06-02", "ACTUAL"), 201);
        accepted(stay(person, "S3", "2025-06-02", "2025-06-03", "ACTUAL"), 201);
        JsonNode first = finance().get(stays(person) + "?limit=2").json();
        assertThat(first.path("items")
                        .valueStream()
                        .map(item -> item.path("stayId").asString()))
                .containsExactly("S2", "S3");
        JsonNode second = finance()
                .get(stays(person) + "?limit=2&cursor=" + first.path("next").asString())
                .json();
        assertThat(second.path("items")
                        .valueStream()
                        .map(item -> item.path("stayId").asString()))
                .containsExactly("S1");
        assertThat(second.path("next").isNull()).isTrue();
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private Caller finance() {
        return Caller.as("finance", port);
    }

    private String child() {
        String person = person("2012-05-10");
        account(person, "A");
        return person;
    }

    private String person(String dateOfBirth) {
        String id = "P" + people.incrementAndGet();
        accepted(
                finance()
                        .post(
                                "/api/v1/people",
                                "{\"personId\": \"%s\", \"name\": \"Ada\", \"dateOfBirth\": \"%s\"}"
                                        .formatted(id, dateOfBirth)),
                201);
        boolean adult = dateOfBirth.startsWith("199");
        accepted(
                finance()
                        .post(
                                "/api/v1/budgets",
                                "{\"budgetId\": \"%s\", \"personId\": \"%s\", \"legalBasis\": \"%s\", \"requestedOn\": \"2024-01-02\", \"requestedBy\": \"her mother\"}"
                                        .formatted(id, id, adult ? "ADULT_CARE_ACT" : "CHILD_S17A")),
                201);
        accepted(
                finance()
                        .post(
                                "/api/v1/budgets/" + id + "/consents",
                                "{\"recipientType\": \"%s\", \"recipientName\": \"Eve\", \"on\": \"2024-01-02\"}"
                                        .formatted(adult ? "ADULT" : "PARENT")),
                201);
        return id;
    }

    private void account(String person, String suffix) {
        accepted(
                finance()
                        .post(
                                "/api/v1/accounts",
                                "{\"accountId\": \"%s\", \"budgetId\": \"%s\", \"type\": \"BANK_ACCOUNT\", \"holderType\": \"PARENT\", \"openedOn\": \"2024-01-02\"}"
                                        .formatted(person + suffix, person)),
                201);
    }

    private ObjectNode body(String person, String stayId, String admitted, String discharged, String status) {
        return Cases.JSON
                .createObjectNode()
                .put("stayId", stayId)
                .put("accountId", person + "A")
                .put("provider", "Sunny Bank")
                .put("setting", "CHILDRENS_HOME")
                .put("admitted", admitted)
                .put("discharged", discharged)
                .put("fundedByDirectPayment", true)
                .put("share", 0.5)
                .put("sourceAuthority", "Borsetshire")
                .put("status", status);
    }

    private Answer stay(String person, String stayId, String admitted, String discharged, String status) {
        return finance()
                .post(
                        stays(person),
                        body(person, stayId, admitted, discharged, status).toString());
    }

    private Answer post(String person, String path, String body) {
        return finance().post(stays(person) + "/" + path, body);
    }

    private void change(String person, String path, String body, int status) {
        accepted(post(person, path, body), status);
    }

    private int total(String person) {
        return finance()
                .get(days(person))
                .json()
                .path("child")
                .path("countedTotal")
                .asInt(-1);
    }

    private List<JsonNode> items(String person, String query) {
        Answer answer = finance().get(stays(person) + query);
        accepted(answer, 200);
        return answer.json().path("items").valueStream().toList();
    }

    private JsonNode only(String person, String query) {
        List<JsonNode> items = items(person, query);
        assertThat(items).hasSize(1);
        return items.get(0);
    }

    private static String stays(String person) {
        return "/api/v1/people/" + person + "/residential-stays";
    }

    private static String days(String person) {
        return "/api/v1/people/" + person + "/residential-days";
    }

    private static void accepted(Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    }
}
