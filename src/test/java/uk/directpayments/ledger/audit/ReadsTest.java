package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/**
 * Who reads personal data leaves a record: on every route that there is, by a page as by a program. A route that this test does not know how to
 * ask fails it; so does one that is newly marked as telling of nobody.
 */
class ReadsTest extends RunningLedger {

    private static final String API = "/api/v1";
    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    /** What tells nothing of anybody, as somebody has made sure. */
    private static final Set<String> OF_NOBODY = Set.of(
            "/audit/checkpoint",
            "/audit/proofs/consistency",
            "/audit/proofs/inclusion",
            "/audit/rebuilds/{rebuildId}",
            "/audit/verifications/{verificationId}",
            "/operations/processors",
            "/organisations",
            "/organisations/{organisationId}",
            "/organisations/{organisationId}/client-money",
            "/payment-runs",
            "/periods",
            "/policies",
            "/policies/versions",
            "/policies/{version}");

    /** Counts of a file that many may be in: the record names the file. And the largest flags of all: it names whose those are. */
    private static final Set<String> OF_SOMEBODY = Set.of("/statements/{statementId}", "/flags/summary");

    /** What a route needs beside its path. */
    private static final Map<String, String> QUERIES = Map.of(
            "/audit/evidence-pack", "?sample=2&seed=1",
            "/audit/proofs/inclusion", "?position=1",
            "/audit/proofs/consistency", "?from=1",
            "/audit/events", "?accountId={accountId}",
            "/payment-runs/{runId}/file", "?format=bacs-standard-18",
            // of lists that others are in as well: the ledger is shared
            "/accounts", "?personId={personId}",
            "/budgets", "?personId={personId}",
            "/flags", "?personId={personId}",
            "/people", "?personId={personId}");

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    // ── every route ──────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void everyReadOfPersonalDataIsRecordedAndFoundByThePersonWhoseTheyAre() {
        Map<String, String> ids = somebodyOfWhomThereIsEverything();
        int personal = 0;
        for (String pattern : patterns(API, RequestMethod.GET).keySet()) {
            String route = pattern.substring(API.length());
            boolean auditors = route.equals("/audit/reads");
            String correlation = fresh("reads");
            String path = filled(pattern + QUERIES.getOrDefault(route, ""), route, ids);
            Answer answer =
                    Caller.as(auditors ? "auditor" : "finance", port).get(path, "X-Correlation-Id", correlation);
            assertThat(answer.status()).as(path + " " + answer).isEqualTo(200);
            if (OF_NOBODY.contains(route)) {
                assertThat(rows(correlation)).as(route).isEmpty();
                continue;
            }
            personal++;
            assertThat(rows(correlation)).as(route).singleElement().satisfies(row -> {
                assertThat(row.get("user_id")).isEqualTo(auditors ? "auditor" : "finance");
                assertThat(row.get("role")).isEqualTo(auditors ? "AUDITOR" : "FINANCE");
                assertThat(row.get("route")).isEqualTo("GET " + pattern);
                assertThat(((Number) row.get("status")).intValue()).isEqualTo(200);
                assertThat(row.values().toString()).doesNotContain("Robin", "Example", "Betting");
            });
            if (!OF_SOMEBODY.contains(route) && !auditors) {
                String whose = filled("{personId}", route, ids);
                assertThat(foundBy("personId=" + whose))
                        .as("%s of %s", route, whose)
                        .contains(correlation);
            }
        }
        assertThat(personal).isGreaterThan(25);
    }

    @Test
    void everyPageThatShowsAPersonIsOneRead() {
        Map<String, String> ids = somebodyOfWhomThereIsEverything();
        Visitor finance = Visitor.as("finance", port);
        int asked = 0;
        Set<String> silent = new TreeSet<>();
        for (Map.Entry<String, HandlerMethod> page :
                patterns("/", RequestMethod.GET).entrySet()) {
            String pattern = page.getKey();
            if (!page.getValue().getBeanType().getPackageName().endsWith(".web")
                    || !Pattern.compile("\\{(personId|accountId|budgetId|flagId)}")
                            .matcher(pattern)
                            .find()) {
                continue;
            }
            long before = lastRead();
            HttpResponse<String> answer = finance.get(filled(pattern, pattern, ids));
            if (answer.statusCode() != 200) {
                continue;
            }
            asked++;
            if (readsAfter(before).isEmpty()) {
                silent.add(pattern);
                continue;
            }
            boolean download = pattern.endsWith(".pdf");
            assertThat(readsAfter(before)).as(pattern).singleElement().satisfies(row -> {
                assertThat(row.get("user_id")).isEqualTo("finance");
                assertThat(row.get("route")).isEqualTo("GET " + (download ? API : "") + pattern);
                assertThat(foundBy("personId=" + filled("{personId}", pattern, ids)))
                        .contains((String) row.get("correlation"));
            });
        }
        assertThat(asked).isGreaterThan(40);
        assertThat(silent).as("pages of a person that ask nothing").isEmpty();
    }

    @Test
    void aPageOfEverybodySaysSo() {
        opened("2026-02-01", "2027-01-31", "1200.00");
        long before = lastRead();
        assertThat(Visitor.as("finance", port).get("/").statusCode()).isEqualTo(200);
        assertThat(readsAfter(before).get(0)).satisfies(row -> {
            assertThat(row.get("route")).isEqualTo("GET /");
            assertThat(row.get("everybody")).isEqualTo(true);
            assertThat((String) row.get("filters")).contains("name=surpluses", "name=reviews-due");
        });
    }

    @Test
    void aSearchNamesWhomItFoundAndNotWhatWasTyped() {
        String surname = "Quillfeather";
        String personId = fresh("P");
        ok(finance().post(API + "/people", """
                {"personId":"%s","name":"Wren %s","dateOfBirth":"1990-05-01"}""".formatted(personId, surname)));
        long before = lastRead();
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/find?q=" + surname).body()).contains(personId);
        assertThat(finance.get("/find?q=Nobodyofthatname").statusCode()).isEqualTo(200);
        ok(finance().get(API + "/accounts?personId=" + surname));
        assertThat(finance().get(API + "/people/" + surname).status()).isEqualTo(404);
        assertThat(finance.get("/people/" + surname).statusCode()).isEqualTo(404);
        assertThat(Caller.as("support", port).get(API + "/reports/" + surname).status())
                .isEqualTo(403);

        List<Map<String, Object>> rows = readsAfter(before);
        assertThat(rows.toString()).doesNotContainIgnoringCase(surname).doesNotContain("Nobodyofthatname");
        assertThat(rows.get(0).get("subjects").toString()).contains("person/" + personId);
        assertThat(rows).hasSize(4);
    }

    @Test
    void whatAPreviewTellsOfOthersIsReadToo() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        long before = lastRead();
        ok(finance()
                .upload(
                        API + "/statements/preview",
                        "Date,Description,Amount,Balance\n2026-04-03,Gift,5.00,5.00\n",
                        "accountId",
                        ids.accountId(),
                        "format",
                        "csv"));
        assertThat(readsAfter(before))
                .singleElement()
                .satisfies(row -> assertThat(row.get("subjects").toString()).contains("account/" + ids.accountId()));
    }

    // ── attempts ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void whoeverAsksForWhatIsNotTheirsLeavesTheAttempt() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        Caller support = Caller.as("support", port);
        String others = fresh("reads");
        String forbidden = fresh("reads");
        String nowhere = fresh("reads");
        assertThat(support.get(API + "/accounts/" + ids.accountId() + "/balance", "X-Correlation-Id", others)
                        .status())
                .isEqualTo(404);
        assertThat(support.get(API + "/reports/balances", "X-Correlation-Id", forbidden)
                        .status())
                .isEqualTo(403);
        assertThat(support.get(API + "/accounts/" + fresh("NONE"), "X-Correlation-Id", nowhere)
                        .status())
                .isEqualTo(404);
        assertThat(Caller.as("", port)
                        .get(API + "/accounts/" + ids.accountId(), "X-Correlation-Id", nowhere)
                        .status())
                .isEqualTo(401);

        assertThat(rows(others)).singleElement().satisfies(row -> {
            assertThat(row.get("user_id")).isEqualTo("support");
            assertThat(row.get("organisation_id")).isEqualTo("ORG-DEMO");
            assertThat(row.get("status").toString()).isEqualTo("404");
            assertThat(row.get("subjects").toString()).contains("account/" + ids.accountId());
        });
        assertThat(rows(forbidden)).singleElement().satisfies(row -> {
            assertThat(row.get("status").toString()).isEqualTo("403");
            assertThat(row.get("route")).isEqualTo("GET /api/v1/reports/{name}");
            assertThat(row.get("everybody")).isEqualTo(false);
        });
        assertThat(rows(nowhere)).isEmpty();
        assertThat(foundBy("personId=" + ids.personId())).contains(others);

        long before = lastRead();
        assertThat(Visitor.as("support", port)
                        .get("/accounts/" + ids.accountId())
                        .statusCode())
                .isEqualTo(404);
        assertThat(readsAfter(before)).anySatisfy(row -> {
            assertThat(row.get("route")).isEqualTo("GET /accounts/{accountId}");
            assertThat(row.get("status").toString()).isEqualTo("404");
        });
    }

    @Test
    void whatIsNotAnsweredForAnotherReasonIsNoRead() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        String correlation = fresh("reads");
        String account = API + "/accounts/" + ids.accountId();
        assertThat(finance()
                        .get(account + "?asof=2026-03-01", "X-Correlation-Id", correlation)
                        .status())
                .isEqualTo(400);
        assertThat(finance()
                        .get(account + "/balance", "X-Correlation-Id", correlation, "Ledger-Position", "999999999")
                        .status())
                .isEqualTo(503);
        assertThat(rows(correlation)).isEmpty();
    }

    // ── a record that fails ──────────────────────────────────────────────────────────────────────────────────────

    @Test
    void whatCannotBeRecordedIsNotAnswered() {
        Map<String, String> ids = somebodyOfWhomThereIsEverything();
        Visitor page = Visitor.as("finance", port);
        double unrecorded = unrecorded();
        jdbc.sql("ALTER TABLE personal_data_read RENAME TO personal_data_read_away")
                .update();
        try {
            for (String path : List.of(
                    "/people/{personId}",
                    "/people?name=Robin",
                    "/reports/balances?format=csv",
                    "/audit/evidence-pack?accountId={accountId}",
                    "/audit/journal",
                    "/accounts/{accountId}/statement.pdf?from=2026-01-01&to=2026-03-31")) {
                Answer answer = finance().get(filled(API + path, path, ids));
                assertThat(answer.status()).as(path).isEqualTo(503);
                assertThat(answer.code()).as(path).isEqualTo("BUSY");
                assertThat(answer.header("Retry-After")).isNotEmpty();
                assertThat(answer.toString()).as(path).doesNotContain("Robin", "personal_data_read");
            }
            HttpResponse<String> shown = page.get(filled("/people/{personId}", "", ids));
            assertThat(shown.statusCode()).isEqualTo(503);
            assertThat(shown.body()).contains("<main").doesNotContain("Robin Example");
            // what tells of nobody, what is refused anyway, and writes
            ok(finance().get(API + "/policies"));
            assertThat(Caller.as("support", port)
                            .get(filled(API + "/accounts/{accountId}", "", ids))
                            .status())
                    .isEqualTo(404);
            ok(finance()
                    .post(
                            filled(API + "/accounts/{accountId}/expenditures", "", ids),
                            "{\"amount\":\"1.00\",\"on\":\"%s\",\"payee\":\"Shop\"}".formatted(TODAY)));
        } finally {
            jdbc.sql("ALTER TABLE personal_data_read_away RENAME TO personal_data_read")
                    .update();
        }
        ok(finance().get(filled(API + "/people/{personId}", "", ids)));
        assertThat(unrecorded() - unrecorded).isGreaterThanOrEqualTo(8);
    }

    // ── looking into it ──────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void onlyAnAuditorLooksIntoTheRecordAndIsRecordedThere() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        for (String other : List.of("finance", "approver", "admin", "support")) {
            assertThat(Caller.as(other, port).get(API + "/audit/reads").status())
                    .as(other)
                    .isEqualTo(403);
            assertThat(Visitor.as(other, port).get("/audit/reads").statusCode())
                    .as(other)
                    .isEqualTo(403);
        }
        String correlation = fresh("reads");
        ok(auditor().get(API + "/audit/reads?personId=" + ids.personId(), "X-Correlation-Id", correlation));
        assertThat(foundBy("personId=" + ids.personId())).contains(correlation);
    }

    @Test
    void itIsAskedByPersonAccountUserAndDayPageByPage() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        String account = API + "/accounts/" + ids.accountId();
        String one = fresh("reads");
        String two = fresh("reads");
        String three = fresh("reads");
        ok(finance().get(account + "/transactions", "X-Correlation-Id", one));
        ok(approver().get(account, "X-Correlation-Id", two));
        ok(finance().get(API + "/budgets/" + ids.budgetId(), "X-Correlation-Id", three));

        assertThat(ofThese(foundBy("personId=" + ids.personId()), one, two, three))
                .containsExactly(three, two, one);
        // the budget's answer names the account that its line is paid through
        assertThat(ofThese(foundBy("accountId=" + ids.accountId()), one, two, three))
                .containsExactly(three, two, one);
        assertThat(ofThese(foundBy("personId=" + ids.personId() + "&user=approver"), one, two, three))
                .containsExactly(two);
        assertThat(ofThese(foundBy("personId=" + ids.personId() + "&from=" + TODAY + "&to=" + TODAY), one, two, three))
                .hasSize(3);
        assertThat(foundBy("personId=" + ids.personId() + "&to=" + TODAY.minusDays(1)))
                .isEmpty();
        assertThat(foundBy("personId=" + ids.personId() + "&from=" + TODAY.plusDays(1)))
                .isEmpty();

        JsonNode first = ok(auditor().get(API + "/audit/reads?limit=2")).json();
        assertThat(first.path("items").size()).isEqualTo(2);
        long next = first.path("next").asLong();
        assertThat(next).isEqualTo(first.at("/items/1/readId").asLong());
        JsonNode second =
                ok(auditor().get(API + "/audit/reads?limit=2&after=" + next)).json();
        assertThat(second.at("/items/0/readId").asLong()).isLessThan(next);
        for (String bad : List.of("limit=0", "limit=501", "personId=a%20b", "from=yesterday", "who=me", "after=x")) {
            assertThat(auditor().get(API + "/audit/reads?" + bad).status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(foundBy("personId=" + fresh("NONE") + "&user=" + fresh("nobody")))
                .isEmpty();
    }

    @Test
    void theAuditorsPageShowsWhoReadWhat() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        ok(approver().get(API + "/accounts/" + ids.accountId()));
        Visitor auditor = Visitor.as("auditor", port);
        assertThat(auditor.get("/").body()).contains("/audit/reads");
        String page = auditor.get("/audit/reads?personId=" + ids.personId() + "&user=approver")
                .body();
        assertThat(page)
                .contains("approver", "account/" + ids.accountId(), "GET /api/v1/accounts/{accountId}")
                .contains("value=\"" + ids.personId() + "\"");
        assertThat(auditor.get("/audit/reads?from=yesterday").statusCode()).isEqualTo(400);
        assertThat(auditor.get("/audit/reads?personId=" + fresh("NONE") + "&user=" + fresh("nobody"))
                        .body())
                .contains("None.");
    }

    /** What is erased is gone from the record too, because it has never been there. */
    @Test
    void theRecordHoldsIdsAndNoNames() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        ok(finance().get(API + "/people/" + ids.personId()));
        ok(finance().get(API + "/people?name=Robin"));
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM personal_data_read r WHERE r::text ILIKE '%robin%' OR r::text ILIKE '%example%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    // ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    private Caller auditor() {
        return Caller.as("auditor", port);
    }

    private List<Map<String, Object>> rows(String correlation) {
        return jdbc.sql("SELECT * FROM personal_data_read WHERE correlation = ?")
                .param(correlation)
                .query()
                .listOfRows();
    }

    private long lastRead() {
        return jdbc.sql("SELECT coalesce(max(read_id), 0) FROM personal_data_read")
                .query(Long.class)
                .single();
    }

    private List<Map<String, Object>> readsAfter(long readId) {
        return jdbc.sql("SELECT * FROM personal_data_read WHERE read_id > ? ORDER BY read_id")
                .param(readId)
                .query()
                .listOfRows();
    }

    /** The correlation ids of what the auditor finds. */
    private List<String> foundBy(String query) {
        return ok(auditor().get(API + "/audit/reads?limit=500&" + query))
                .json()
                .path("items")
                .valueStream()
                .map(row -> row.path("correlationId").asString())
                .toList();
    }

    private static List<String> ofThese(List<String> found, String... these) {
        return found.stream().filter(Set.of(these)::contains).toList();
    }

    private double unrecorded() {
        return Stream.of(ok(Caller.as("", port).get("/actuator/prometheus"))
                        .response()
                        .body()
                        .split("\n"))
                .filter(line -> line.startsWith("ledger_reads_total") && line.contains("unrecorded"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private Map<String, HandlerMethod> patterns(String below, RequestMethod method) {
        Map<String, HandlerMethod> patterns = new TreeMap<>();
        routes.getHandlerMethods().forEach((route, handler) -> {
            if (route.getMethodsCondition().getMethods().contains(method)) {
                route.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith(below))
                        .forEach(pattern -> patterns.put(pattern, handler));
            }
        });
        return patterns;
    }

    /** @param route some are about somebody who was erased, or about somebody whose budget was refused */
    private String filled(String pattern, String route, Map<String, String> ids) {
        Map<String, String> own = new HashMap<>(ids);
        if (route.endsWith("/erasure")) {
            own.put("personId", ids.get("erased"));
        } else if (route.endsWith("refusal.pdf")) {
            own.put("budgetId", ids.get("refusedBudget"));
            own.put("personId", ids.get("refused"));
        }
        return VARIABLE.matcher(pattern).replaceAll(name -> {
            assertThat(own)
                    .as("this test has no value for %s of %s", name.group(), pattern)
                    .containsKey(name.group(1));
            return Matcher.quoteReplacement(own.get(name.group(1)));
        });
    }

    private static Map<String, String> known;

    private Map<String, String> somebodyOfWhomThereIsEverything() {
        if (known != null) {
            return known;
        }
        LocalDate from = TODAY.minusDays(200);
        Opened opened = opened(
                from.toString(),
                from.plusYears(1).minusDays(1).toString(),
                "1300.00",
                "[{\"lineId\":\"L2\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"100.00\"},"
                        + "{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"1200.00\"}]",
                "{\"sortCode\":\"112233\",\"accountNumber\":\"12345678\"}");
        Map<String, String> ids = new HashMap<>(Map.of(
                "personId", opened.personId(),
                "budgetId", opened.budgetId(),
                "accountId", opened.accountId(),
                "organisationId", fresh("ORG"),
                "version", "2025-default",
                "name", "balances",
                "runId", fresh("RUN"),
                "auditId", fresh("AUD"),
                "statementId", fresh("STA")));
        for (String unused : List.of(
                "expenditureId",
                "changeId",
                "consentId",
                "recoveryId",
                "returnId",
                "reserveId",
                "liabilityId",
                "stayId",
                "instalmentId",
                "disputeId",
                "agreementId",
                "transactionId",
                "paymentId")) {
            ids.put(unused, "none");
        }
        String account = API + "/accounts/" + opened.accountId();
        ok(finance()
                .post(
                        account + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"100.00\",\"on\":\"%s\"}".formatted(from)));
        ok(finance().post(account + "/expenditures", """
                {"amount":"9.00","on":"%s","payee":"Betting shop","mcc":"7995"}""".formatted(from.plusDays(9))));
        String flagId = finance()
                .get(API + "/flags?accountId=" + opened.accountId() + "&reason=GAMBLING")
                .json()
                .at("/items/0/flagId")
                .asString();
        ids.put("flagId", flagId);
        ok(finance()
                .post(
                        API + "/flags/" + flagId + "/evidence-request",
                        "{\"due\":\"%s\"}".formatted(TODAY.plusDays(28))));
        ok(
                finance()
                        .post(
                                API + "/flags/" + flagId + "/upholding",
                                "{\"amount\":\"9.00\",\"ground\":\"PROHIBITED\",\"reason\":\"A bet\",\"waiver\":\"Admitted\"}"));
        ok(finance()
                .post(
                        API + "/flags/" + flagId + "/repayment-request",
                        "{\"amount\":\"9.00\",\"due\":\"%s\",\"debtor\":\"Sam\"}".formatted(TODAY.plusDays(28))));
        ok(finance().post(API + "/people/" + opened.personId() + "/residential-stays", """
                {"accountId":"%s","provider":"The Oaks","setting":"CARE_HOME","admitted":"%s","fundedByDirectPayment":true,"status":"ACTUAL"}""".formatted(
                        opened.accountId(), TODAY.minusDays(60))));
        Caller admin = Caller.as("admin", port);
        ok(admin.post(
                API + "/organisations",
                "{\"organisationId\":\"%s\",\"name\":\"The organisation\"}".formatted(ids.get("organisationId"))));
        ok(admin.post(
                API + "/organisations/" + ids.get("organisationId") + "/appointments",
                "{\"accountId\":\"%s\",\"from\":\"%s\"}".formatted(opened.accountId(), TODAY.minusDays(9))));
        ok(finance().post(API + "/audits", "{\"auditId\":\"%s\",\"seed\":7,\"size\":3}".formatted(ids.get("auditId"))));
        ok(finance()
                .post(
                        API + "/audits/" + ids.get("auditId") + "/findings",
                        "{\"accountId\":\"%s\",\"finding\":\"A receipt is missing\"}".formatted(opened.accountId())));
        ok(finance()
                .upload(
                        API + "/statements",
                        "Date,Description,Amount,Balance\n%s,Gift,5.00,5.00\n".formatted(from.plusDays(3)),
                        "accountId",
                        opened.accountId(),
                        "format",
                        "csv",
                        "statementId",
                        ids.get("statementId")));
        ids.put(
                "lineId",
                finance()
                        .get(API + "/statements/" + ids.get("statementId") + "/lines")
                        .json()
                        .at("/items/0/lineId")
                        .asString());
        ids.put(
                "verificationId",
                ok(auditor().post(API + "/audit/verifications", ""))
                        .json()
                        .path("verificationId")
                        .asString());
        ids.put(
                "rebuildId",
                ok(auditor().post(API + "/audit/rebuilds", "{\"projection\":\"person-directory\"}"))
                        .json()
                        .path("rebuildId")
                        .asString());
        run(opened.accountId(), ids.get("runId"));
        ids.put("erased", fresh("P"));
        ok(finance()
                .post(
                        API + "/people",
                        "{\"personId\":\"%s\",\"name\":\"Robin Gone\",\"dateOfBirth\":\"1990-05-01\"}"
                                .formatted(ids.get("erased"))));
        ok(admin.post(API + "/people/" + ids.get("erased") + "/erasure", "{\"reason\":\"Retention is over\"}"));
        ids.put("refused", fresh("P"));
        ids.put("refusedBudget", fresh("B"));
        ok(finance()
                .post(
                        API + "/people",
                        "{\"personId\":\"%s\",\"name\":\"Robin No\",\"dateOfBirth\":\"2012-05-01\"}"
                                .formatted(ids.get("refused"))));
        ok(finance().post(API + "/budgets", """
                {"budgetId":"%s","personId":"%s","legalBasis":"CHILD_S17A","requestedOn":"%s","requestedBy":"Sam Example"}""".formatted(ids.get("refusedBudget"), ids.get("refused"), from)));
        ok(finance()
                .post(
                        API + "/budgets/" + ids.get("refusedBudget") + "/refusal",
                        "{\"reasons\":\"Not eligible\",\"reviewRightNotifiedOn\":\"%1$s\",\"on\":\"%1$s\"}"
                                .formatted(from)));
        known = ids;
        return ids;
    }

    /** A run with our payment in it, so far that it has a file. */
    private void run(String accountId, String runId) {
        LocalDate payDate = payableFrom(TODAY.plusDays(10));
        ok(finance().post(API + "/accounts/" + accountId + "/schedules", """
                {"lineId":"L2","frequency":"ONE_OFF","firstPayOn":"%s"}""".formatted(payDate)));
        ok(finance()
                .post(
                        API + "/payment-runs",
                        "{\"runId\":\"%s\",\"cutOff\":\"%2$s\",\"payDate\":\"%2$s\"}".formatted(runId, payDate)));
        ok(approver().post(API + "/payment-runs/" + runId + "/approval", "{}"));
    }
}
