package uk.directpayments.ledger.organisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Actor.Role;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.FurtherUsers;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.ledger.support.Visitor;

/**
 * What support users see and write, over the whole application. One client is managed by {@code ORG-DEMO}, another by {@code
 * ORG-OTHER}: every route there is, is asked by the one organisation's user for what is the other's. A route that this test does not know how
 * to ask fails it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "ledger.demo=false")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupportScopeTest {

    private static final String API = "/api/v1";
    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());
    private static final LocalDate OPENED = TODAY.minusDays(300);
    private static final LocalDate APPOINTED = TODAY.minusDays(200);
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    /** The value of every path variable and of every parameter that names something, as an id's beginning. */
    private static final String STAYS = "/people/{personId}/residential-stays";

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("accountId", "ACC"),
            Map.entry("agreementId", "AGR"),
            Map.entry("auditId", "AUD"),
            Map.entry("budgetId", "BUD"),
            Map.entry("changeId", "CHA"),
            Map.entry("consentId", "CON"),
            Map.entry("disputeId", "DIS"),
            Map.entry("expenditureId", "EXP"),
            Map.entry("flagId", "FLAG"),
            Map.entry("liabilityId", "LIA"),
            Map.entry("instalmentId", "INS"),
            Map.entry("lineId", "LINE"),
            Map.entry("name", "PROCESSOR"),
            Map.entry("organisationId", "ORG"),
            Map.entry("paymentId", "PAY"),
            Map.entry("period", "PERIOD"),
            Map.entry("personId", "PER"),
            Map.entry("rebuildId", "REBUILD"),
            Map.entry("recoveryId", "REC"),
            Map.entry("reserveId", "RES"),
            Map.entry("returnId", "RET"),
            Map.entry("runId", "RUN"),
            Map.entry("statementId", "STA"),
            Map.entry("stayId", "STAY"),
            Map.entry("transactionId", "EXP"),
            Map.entry("verificationId", "VERIFICATION"),
            Map.entry("version", "VERSION"));

    /** Parameters that name nothing of anybody's. */
    private static final Set<String> NAMELESS =
            Set.of("status", "state", "reason", "severity", "from", "to", "awaiting");

    /** Asked by tests of their own: {@link #aCardOfAnotherOrganisationsAccountIsAnUnknownCard}, {@link #oneFileTellsTheSpendingOfAllClients}. */
    private static final Set<String> APART = Set.of("POST /api/v1/statements", "POST /api/v1/statements/preview");

    /** Pages that an organisation sees of what is its own. */
    private static final Set<String> OWN_PAGES = Set.of(
            "/",
            "/find",
            "/flags",
            "/statements",
            "/flags/{flagId}",
            "/flags/{flagId}/evidence",
            "/accounts/{accountId}",
            "/accounts/{accountId}/explanation",
            "/accounts/{accountId}/expenditures",
            "/accounts/{accountId}/expenditures/{expenditureId}/reversal",
            "/accounts/{accountId}/expenditures/{expenditureId}/stay",
            "/budgets/{budgetId}",
            "/people/{personId}",
            "/people/{personId}/residential",
            "/people/{personId}/residential-stays",
            "/people/{personId}/residential-stays/{stayId}/amendment",
            "/people/{personId}/residential-stays/{stayId}/confirmation",
            "/organisations/{organisationId}",
            "/statements/{statementId}",
            "/statements/{statementId}/lines/{lineId}/match",
            "/statements/{statementId}/lines/{lineId}/split",
            "/statements/{statementId}/lines/{lineId}/ignore");

    /** What a support user may post: a body that passes every check of its form. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry(
                    "/accounts/{accountId}/expenditures",
                    "{\"amount\":\"1.00\",\"on\":\"%s\",\"payee\":\"Shop\"}".formatted(TODAY)),
            Map.entry("/accounts/{accountId}/expenditures/{expenditureId}/reversal", "{\"reason\":\"wrong\"}"),
            Map.entry(
                    "/accounts/{accountId}/expenditures/{expenditureId}/reclassification",
                    "{\"category\":\"Care\",\"reason\":\"wrong\"}"),
            Map.entry(
                    "/accounts/{accountId}/refunds",
                    "{\"expenditureId\":\"EXP-DEMO\",\"amount\":\"1.00\",\"on\":\"%s\"}".formatted(TODAY)),
            Map.entry(
                    "/flags/{flagId}/evidence", "{\"sha256\":\"%s\",\"name\":\"receipt\"}".formatted("ab".repeat(32))),
            Map.entry("/accounts/{accountId}/expenditures/{expenditureId}/stay", "{\"stayId\":\"STAY-DEMO\"}"),
            Map.entry(
                    STAYS,
                    "{\"accountId\":\"ACC-DEMO\",\"provider\":\"Home\",\"setting\":\"CARE_HOME\",\"admitted\":\"%s\",\"fundedByDirectPayment\":true,\"status\":\"ACTUAL\"}"
                            .formatted(TODAY)),
            Map.entry("/statements/{statementId}/lines/{lineId}/match", "{\"transactionIds\":[\"EXP-DEMO\"]}"),
            Map.entry("/statements/{statementId}/lines/{lineId}/split", "{\"amounts\":[\"1.00\",\"2.00\"]}"),
            Map.entry(STAYS + "/{stayId}/discharge", "{\"discharged\":\"%s\"}".formatted(TODAY)),
            Map.entry(STAYS + "/{stayId}/amendment", "{\"admitted\":\"%s\",\"reason\":\"wrong\"}".formatted(TODAY)),
            Map.entry(STAYS + "/{stayId}/void", "{\"reason\":\"wrong\"}"),
            Map.entry(STAYS + "/{stayId}/confirmation", "{\"admitted\":\"%s\"}".formatted(TODAY)));

    @TestConfiguration(proxyBeanMethods = false)
    static class Users {
        @Bean
        static FurtherUsers furtherUsers() {
            return new FurtherUsers(
                    new Actor("support-other", Role.SUPPORT, "ORG-OTHER"),
                    new Actor("support-nobody", Role.SUPPORT, null));
        }
    }

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    @Autowired
    JdbcClient jdbc;

    /** Ids that the ledger makes, by the names of this test. */
    private final Map<String, String> made = new HashMap<>();

    private boolean prepared;

    @BeforeEach
    void twoOrganisationsWithAClientEach() {
        if (!prepared) {
            prepared = true;
            for (String one : List.of("DEMO", "OTHER")) {
                admin("/organisations", "{'organisationId':'ORG-%s','name':'The %s organisation'}", one, one)
                        .ok();
                client(one);
                appoint("ORG-" + one, "ACC-" + one, APPOINTED);
                flagged(one);
            }
            upload("support", "STA-DEMO", "CARD-DEMO").ok();
            upload("support-other", "STA-OTHER", "CARD-OTHER").ok();
            made.put("LINE-DEMO", line("support", "STA-DEMO"));
            made.put("LINE-NONE", made.get("LINE-DEMO"));
            made.put("LINE-OTHER", line("support-other", "STA-OTHER"));
        }
    }

    // ── every route ──────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void whatIsAnotherOrganisationsIsNotThereOnAnyRoute() {
        assertAnothersIsNotThere(true);
    }

    /** 503 instead of 404, or a sum that is left out, would say that there is somebody. */
    @Test
    void thatFiguresOfAnothersClientCannotBeGivenIsNotTold() {
        assertThat(get("support-other", "/flags/summary").json().path("count").isNumber())
                .isTrue();
        jdbc.sql("""
                INSERT INTO parked_event (processor, key, position, name, cause)
                SELECT DISTINCT processor_name, key, 1, 'Nothing', 'nothing'
                  FROM token_entry CROSS JOIN (VALUES ('ACC-DEMO'), ('PER-DEMO')) AS of_demo(key)""").update();
        try {
            assertThat(get("support", "/accounts/ACC-DEMO/balance").code()).isEqualTo("FIGURE_UNAVAILABLE");
            assertThat(get("support", "/flags/summary").json().path("count").isNumber())
                    .isFalse();
            assertThat(get("support-other", "/flags/summary")
                            .json()
                            .path("count")
                            .isNumber())
                    .isTrue();
            String ofPerson = "/flags?personId=PER-DEMO";
            assertThat(get("support", ofPerson).code()).isEqualTo("FIGURE_UNAVAILABLE");
            assertThat(get("support-other", ofPerson).status()).isEqualTo(200);
            assertThat(get("support-other", ofPerson).json().path("items")).isEmpty();
            assertAnothersIsNotThere(false);
        } finally {
            jdbc.sql("DELETE FROM parked_event WHERE name = 'Nothing'").update();
        }
    }

    private void assertAnothersIsNotThere(boolean butTheirOwnIs) {
        int asked = 0;
        for (Map.Entry<RequestMappingInfo, HandlerMethod> route : ours().entrySet()) {
            String method = route.getKey()
                    .getMethodsCondition()
                    .getMethods()
                    .iterator()
                    .next()
                    .name();
            for (String pattern : route.getKey().getPatternValues()) {
                String named = method + " " + pattern;
                variables(route.getValue(), pattern)
                        .forEach(name -> assertThat(NAMES)
                                .as("this test has no value for {%s} of %s", name, named)
                                .containsKey(name));
                String body = BODIES.getOrDefault(pattern.substring(API.length()), "{}");

                Answer others = ask("support-other", method, fill(pattern, "DEMO"), body);
                if (others.status() == 403) {
                    forbiddenToAll(method, pattern, body, others);
                } else if (pattern.contains("{")) {
                    assertThat(others.status()).as(named + " " + others).isEqualTo(404);
                    assertSame(others, ask("support-other", method, fill(pattern, "NONE"), body), named);
                } else {
                    assertThat(method.equals("GET") || APART.contains(named))
                            .as("this test has no question for %s", named)
                            .isTrue();
                    if (method.equals("GET")) {
                        assertListsNothingOfDemo(route.getValue(), pattern);
                    }
                }
                if (butTheirOwnIs && method.equals("GET")) {
                    Answer own = ask("support", method, fill(pattern, "DEMO"), "");
                    assertThat(own.status()).as(named + " " + own).isEqualTo(others.status() == 403 ? 403 : 200);
                }
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(30);
    }

    /** Not its role: the same whatever is named, and whoever's it is. */
    private void forbiddenToAll(String method, String pattern, String body, Answer others) {
        String named = method + " " + pattern;
        assertThat(others.code()).as(named).isEqualTo("FORBIDDEN");
        assertThat(BODIES).as(named).doesNotContainKey(pattern.substring(API.length()));
        assertSame(others, ask("support-other", method, fill(pattern, "NONE"), body), named);
        assertSame(others, ask("support-other", method, fill(pattern, "OTHER"), body), named);
    }

    /** Alone, and with every filter that names what is the other's. */
    private void assertListsNothingOfDemo(HandlerMethod handler, String pattern) {
        Answer all = ask("support-other", "GET", pattern, "");
        assertThat(all.status()).as(pattern + " " + all).isEqualTo(200);
        assertThat(all.json().path("items")).as(pattern).isNotEmpty();
        assertThat(all.toString()).as(pattern).contains("OTHER").doesNotContain("DEMO");
        assertThat(ask("support-nobody", "GET", pattern, "").json().path("items"))
                .as(pattern)
                .isEmpty();
        for (MethodParameter parameter : handler.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(RequestParam.class)) {
                parameter.initParameterNameDiscovery(new org.springframework.core.DefaultParameterNameDiscoverer());
                String name = String.valueOf(parameter.getParameterName());
                if (!NAMELESS.contains(name)) {
                    assertThat(NAMES)
                            .as("this test has no value for ?%s= of %s", name, pattern)
                            .containsKey(name);
                    Answer filtered =
                            ask("support-other", "GET", pattern + "?" + name + "=" + NAMES.get(name) + "-DEMO", "");
                    assertThat(filtered.json().path("items"))
                            .as(name + " " + filtered)
                            .isEmpty();
                }
            }
        }
    }

    /** As on the routes of the API: pages and forms of what is another's are not there, and a form that is sent does nothing. */
    @Test
    void whatIsAnotherOrganisationsIsNotThereOnAnyPage() {
        Visitor other = Visitor.as("support-other", port);
        Visitor own = Visitor.as("support", port);
        long head = head();
        int asked = 0;
        for (Map.Entry<RequestMappingInfo, HandlerMethod> route :
                routes.getHandlerMethods().entrySet()) {
            if (!route.getValue().getBeanType().getPackageName().endsWith(".web")) {
                continue;
            }
            boolean read = route.getKey().getMethodsCondition().getMethods().contains(RequestMethod.GET);
            for (String pattern : route.getKey().getPatternValues()) {
                VARIABLE.matcher(pattern)
                        .results()
                        .forEach(name -> assertThat(NAMES)
                                .as("this test has no value for %s of the page %s", name.group(), pattern)
                                .containsKey(name.group(1)));
                HttpResponse<String> theirs = visit(other, read, fill(pattern, "DEMO"));
                if (pattern.contains("{")) {
                    assertThat(theirs.statusCode()).as(pattern).isIn(403, 404);
                    assertThat(visit(other, read, fill(pattern, "NONE")).statusCode())
                            .as(pattern)
                            .isEqualTo(theirs.statusCode());
                }
                assertThat(theirs.body().replaceAll("F-[0-9a-f]{24}", ""))
                        .as(pattern)
                        .doesNotContain("ACC-DEMO\"", "PER-DEMO\"", "BUD-DEMO\"");
                if (read && OWN_PAGES.contains(pattern)) {
                    assertThat(visit(own, true, fill(pattern, "DEMO")).statusCode())
                            .as(pattern)
                            .isEqualTo(200);
                }
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(80);
        assertThat(head()).as("nothing was recorded").isEqualTo(head);
    }

    private static HttpResponse<String> visit(Visitor visitor, boolean read, String path) {
        return read ? visitor.get(path) : visitor.post(path, "key", "k");
    }

    private long head() {
        return jdbc.sql("SELECT position FROM event_log_head").query(Long.class).single();
    }

    private Map<RequestMappingInfo, HandlerMethod> ours() {
        Map<String, Map.Entry<RequestMappingInfo, HandlerMethod>> ordered = new TreeMap<>();
        routes.getHandlerMethods().entrySet().stream()
                .filter(route -> route.getKey().getPatternValues().stream().anyMatch(path -> path.startsWith(API)))
                .forEach(route -> ordered.put(route.getKey().toString(), route));
        return ordered.values().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static Set<String> variables(HandlerMethod handler, String pattern) {
        Set<String> names = new TreeSet<>();
        Matcher variable = VARIABLE.matcher(pattern);
        while (variable.find()) {
            names.add(variable.group(1));
        }
        long declared = Stream.of(handler.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(PathVariable.class))
                .count();
        assertThat(names).as(pattern).hasSize((int) declared);
        return names;
    }

    private String fill(String pattern, String whose) {
        return VARIABLE.matcher(pattern).replaceAll(name -> {
            String id = NAMES.get(name.group(1)) + "-" + whose;
            return made.getOrDefault(id, id);
        });
    }

    /** Something in question, so that there is a flag. */
    private String line(String user, String statementId) {
        return get(user, "/statements/" + statementId + "/lines")
                .json()
                .at("/items/0/lineId")
                .asString();
    }

    private void flagged(String name) {
        finance(
                        "/accounts/ACC-%s/expenditures".formatted(name),
                        "{'amount':'1.00','on':'%s','payee':'Betting shop','mcc':'7995'}",
                        TODAY)
                .ok();
        String flagId = get("finance", "/flags?reason=GAMBLING&accountId=ACC-" + name)
                .json()
                .path("items")
                .path(0)
                .path("flagId")
                .asString();
        made.put("FLAG-" + name, flagId);
        String flag = "/flags/" + flagId;
        finance(flag + "/evidence-request", "{}").ok();
        finance(flag + "/upholding", "{'amount':'1.00','ground':'PROHIBITED','reason':'A bet','waiver':'Admitted'}")
                .ok();
        finance(flag + "/repayment-request", "{'amount':'1.00','due':'%s','debtor':'Sam'}", TODAY.plusDays(28))
                .ok();
    }

    private static void assertSame(Answer one, Answer other, String named) {
        assertThat(other.status()).as(named).isEqualTo(one.status());
        assertThat(anonymous(other)).as(named).isEqualTo(anonymous(one));
    }

    private static String anonymous(Answer answer) {
        return answer.response()
                .body()
                .replaceAll("-(DEMO|OTHER|NONE)\\b", "-X")
                .replaceAll("F-[0-9a-f]{24}", "FLAG-X");
    }

    // ── spending of all clients in one file ──────────────────────────────────────────────────────────────────────

    @Test
    void oneFileTellsTheSpendingOfAllClientsEachLineOnADayOnWhichTheAccountIsTheOrganisations() {
        String file = "accountId,on,amount,payee,type,category,reference\n"
                + "ACC-DEMO,%1$s,30.00,Agency,PURCHASE,Care,I-1\nACC-DEMO,%1$s,12.00,The DEMO organisation,FEE,,I-2\n"
                        .formatted(TODAY)
                + "ACC-DEMO,%s,1.00,Early,,,I-3\nACC-OTHER,%s,1.00,Shop,,,I-4\nACC-NONE,%s,1.00,Shop,,,I-5\n"
                        .formatted(APPOINTED.minusDays(1), TODAY, TODAY)
                + "ACC-DEMO,%s,-1.00,Shop,,,I-6\n".formatted(TODAY);
        String path = API + "/statements";
        JsonNode preview =
                Caller.as("support", port).upload(path + "/preview", file).json();
        Answer sent = Caller.as("support", port).upload(path, file);

        sent.ok();
        assertThat(sent.json().path("format").asString()).isEqualTo("client-spending");
        assertThat(sent.json().path("recorded").asInt()).isEqualTo(2);
        for (JsonNode told : List.of(preview, sent.json())) {
            assertThat(told.path("rejected")
                            .valueStream()
                            .map(line -> line.path("line").asInt() + " "
                                    + line.path("code").asString()))
                    .containsExactly(
                            "4 ACCOUNT_NOT_FOUND",
                            "5 ACCOUNT_NOT_FOUND",
                            "6 ACCOUNT_NOT_FOUND",
                            "7 AMOUNT_NOT_POSITIVE");
        }
        assertThat(preview.path("fresh").asInt()).isEqualTo(2);
        assertThat(get("support", "/accounts/ACC-DEMO/transactions?from=" + TODAY)
                        .json()
                        .path("items")
                        .valueStream()
                        .map(one -> one.path("amount").asString() + " "
                                + one.path("category").asString()))
                .contains("-30.00 Care", "-12.00 FEE");
        assertThat(get("finance", "/audit/journal?accountId=ACC-DEMO")
                        .response()
                        .body())
                .contains("expenses:care:FEE");
        Answer again = Caller.as("support", port).upload(path, file + "\n");
        assertThat(again.json().path("duplicates").asInt()).as(again.toString()).isEqualTo(2);
        assertThat(again.json().path("recorded").asInt()).isZero();
        // it is the organisation's word: the bank's line is still to come, and is matched with it
        Answer bank = Caller.as("support", port)
                .upload(path, "Date,Amount,Payee\n%s,-30.00,Agency\n".formatted(TODAY), "accountId", "ACC-DEMO");
        assertThat(bank.json().path("matched").asInt()).as(bank.toString()).isEqualTo(1);
        assertThat(Caller.as("support-other", port)
                        .upload(path + "/preview", "Date,Amount,Payee\n", "accountId", "ACC-DEMO")
                        .code())
                .isEqualTo("ACCOUNT_NOT_FOUND");
    }

    // ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anOrganisationSeesAndWritesTheDaysOfItsAppointment() {
        assertThat(get("support", "/accounts/ACC-DEMO").status()).isEqualTo(200);
        assertThat(get("support", "/accounts/ACC-DEMO?asOf=" + APPOINTED).status())
                .isEqualTo(200);
        for (String path :
                List.of("/accounts/ACC-DEMO", "/accounts/ACC-DEMO/balance", "/budgets/BUD-DEMO", "/people/PER-DEMO")) {
            assertThat(get("support", path + "?asOf=" + APPOINTED.minusDays(1)).status())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(spend("support", "ACC-DEMO", APPOINTED).status()).isEqualTo(201);
        assertThat(spend("support", "ACC-DEMO", APPOINTED.minusDays(1)).code()).isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(spend("support", "ACC-OTHER", APPOINTED).code()).isEqualTo("ACCOUNT_NOT_FOUND");
    }

    @Test
    void afterAHandOverThePagesOfItsOwnTimeLeadToFormsThatAreThere() {
        client("PAGED");
        appoint("ORG-DEMO", "ACC-PAGED", APPOINTED);
        LocalDate last = TODAY.minusDays(10);
        spend("support", "ACC-PAGED", last).ok();
        admin("/organisations/ORG-DEMO/appointments/ACC-PAGED/end", "{'to':'%s'}", last)
                .ok();
        Visitor support = Visitor.as("support", port);
        for (String path : List.of("/accounts/ACC-PAGED", "/people/PER-PAGED/residential")) {
            assertThat(support.get(path).statusCode()).as(path).isEqualTo(404);
            HttpResponse<String> page = support.get(path + "?asOf=" + last);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            List<String> forms = Pattern.compile(
                            "href=\"([^\"]*/(?:expenditures|reversal|reclassification|refund|stay|residential-stays)(?:\\?[^\"]*)?)\"")
                    .matcher(page.body())
                    .results()
                    .map(link -> link.group(1))
                    .toList();
            assertThat(forms).as(path).isNotEmpty();
            for (String form : forms) {
                HttpResponse<String> shown = support.get(form);
                assertThat(shown.statusCode()).as(form).isEqualTo(200);
                assertThat(shown.body()).as(form).contains("action=\"" + form + "\"");
            }
        }
    }

    @Test
    void closedAccountsStandLastOnTheStartPageAndAreNotCounted() {
        client("SHUT");
        client("NEEDY");
        appoint("ORG-DEMO", "ACC-SHUT", APPOINTED);
        appoint("ORG-DEMO", "ACC-NEEDY", APPOINTED);
        spend("support", "ACC-NEEDY", TODAY.minusDays(1)).ok();
        Visitor support = Visitor.as("support", port);
        long before = managed(support);
        String left = get("finance", "/accounts/ACC-SHUT/balance")
                .json()
                .path("balance")
                .asString();
        finance("/accounts/ACC-SHUT/expenditures", "{'amount':'%s','on':'%s','payee':'Agency'}", left, TODAY)
                .ok();
        finance("/accounts/ACC-SHUT/closure", "{'on':'%s'}", TODAY).ok();
        String page = support.get("/").body();
        assertThat(managed(support)).isEqualTo(before - 1);
        assertThat(page.indexOf("/accounts/ACC-SHUT\"")).isGreaterThan(page.indexOf("/accounts/ACC-NEEDY\""));
        assertThat(page.indexOf("/accounts/ACC-NEEDY\"")).isPositive();
    }

    private static long managed(Visitor support) {
        Matcher count = Pattern.compile(">(\\d+)</p><p class=\"ledger-tile__words\">accounts that you manage")
                .matcher(support.get("/").body());
        assertThat(count.find()).isTrue();
        return Long.parseLong(count.group(1));
    }

    @Test
    void aFormerOrganisationKeepsItsTimeAndTheNextBeginsTheDayAfter() {
        client("MOVED");
        appoint("ORG-DEMO", "ACC-MOVED", APPOINTED);
        LocalDate last = TODAY.minusDays(10);
        Answer sent = Caller.as("support", port)
                .upload(
                        API + "/statements",
                        "Date,Amount,Payee\n%s,-3.00,Shop\n".formatted(last),
                        "accountId",
                        "ACC-MOVED");
        sent.ok();
        String statement = "/statements/" + sent.json().path("statementId").asString();
        assertThat(get("support", statement).status()).isEqualTo(200);
        assertThat(admin("/organisations/ORG-OTHER/appointments", "{'accountId':'ACC-MOVED','from':'%s'}", last)
                        .code())
                .isEqualTo("APPOINTMENT_OVERLAPS");
        admin("/organisations/ORG-DEMO/appointments/ACC-MOVED/end", "{'to':'%s'}", last)
                .ok();
        assertThat(admin("/organisations/ORG-OTHER/appointments", "{'accountId':'ACC-MOVED','from':'%s'}", last)
                        .code())
                .isEqualTo("APPOINTMENT_OVERLAPS");
        appoint("ORG-OTHER", "ACC-MOVED", last.plusDays(1));

        for (String path : List.of(statement, statement + "/lines")) {
            assertThat(get("support", path).status()).as(path).isEqualTo(404);
            assertThat(get("support", path + "?asOf=" + last).status()).as(path).isEqualTo(200);
        }
        for (String path : List.of("/accounts/ACC-MOVED", "/budgets/BUD-MOVED", "/people/PER-MOVED")) {
            assertThat(get("support", path).status()).as(path).isEqualTo(404);
            assertThat(get("support", path + "?asOf=" + last).status()).as(path).isEqualTo(200);
            assertThat(get("support-other", path).status()).as(path).isEqualTo(200);
            assertThat(get("support-other", path + "?asOf=" + last).status())
                    .as(path)
                    .isEqualTo(404);
        }
        Answer spent = spend("support", "ACC-MOVED", last);
        assertThat(spent.status()).isEqualTo(201);
        String correction = "/accounts/ACC-MOVED/expenditures/"
                + spent.json().path("expenditureId").asString();
        String reclassified = "{\"category\":\"Care\",\"reason\":\"wrong\"}";
        assertThat(ask("support-other", "POST", API + correction + "/reclassification", reclassified)
                        .status())
                .as("it counts on the expenditure's own day")
                .isEqualTo(404);
        assertThat(ask("support", "POST", API + correction + "/reclassification", reclassified)
                        .status())
                .isEqualTo(200);
        assertThat(ask("support-other", "POST", API + correction + "/reversal", "{\"reason\":\"wrong\"}")
                        .status())
                .as("so does this")
                .isEqualTo(404);
        assertThat(ask(
                                "support-other",
                                "POST",
                                API + correction + "/reversal",
                                "{\"reason\":\"wrong\",\"on\":\"%s\"}".formatted(last.plusDays(1)))
                        .status())
                .isEqualTo(201);
        assertThat(spend("support", "ACC-MOVED", last.plusDays(1)).status()).isEqualTo(404);
        assertThat(spend("support-other", "ACC-MOVED", last).status()).isEqualTo(404);
        assertThat(spend("support-other", "ACC-MOVED", last.plusDays(1)).status())
                .isEqualTo(201);
        assertThat(ids(get("support", "/accounts"))).doesNotContain("ACC-MOVED");
        assertThat(ids(get("support", "/accounts?asOf=" + last))).contains("ACC-MOVED");
        assertThat(ids(get("support", "/organisations/ORG-DEMO/accounts"))).doesNotContain("ACC-MOVED");
        assertThat(ids(get("support", "/organisations/ORG-DEMO/accounts?asOf=" + last)))
                .contains("ACC-MOVED");
        assertThat(admin("/organisations/ORG-DEMO/appointments/ACC-MOVED/end", "{'to':'%s'}", TODAY)
                        .code())
                .isEqualTo("NOT_APPOINTED");
    }

    /** What it may not see does not exist: no answer tells it from what is not there. */
    @Test
    void aFormerOrganisationNeitherCorrectsNorLearnsOfWhatWasSpentAfterItsTime() {
        client("LEFT");
        appoint("ORG-DEMO", "ACC-LEFT", APPOINTED);
        LocalDate last = TODAY.minusDays(10);
        admin("/organisations/ORG-DEMO/appointments/ACC-LEFT/end", "{'to':'%s'}", last)
                .ok();
        appoint("ORG-OTHER", "ACC-LEFT", last.plusDays(1));
        String account = "/accounts/ACC-LEFT";
        LocalDate own = last.minusDays(1);
        post(
                        "support-other",
                        account + "/expenditures",
                        "{'expenditureId':'THEIRS','amount':'100.00','on':'%s','payee':'Shop'}",
                        TODAY.minusDays(2))
                .ok();
        post(
                        "support",
                        account + "/expenditures",
                        "{'expenditureId':'OWN','amount':'100.00','on':'%s','payee':'Shop'}",
                        own)
                .ok();
        long head = head();
        for (String body : List.of("{'reason':'x','on':'%s'}", "{'on':'%s'}", "{'reason':'x'}", "{}")) {
            Answer unknown = post("support", account + "/expenditures/NONE/reversal", body, last);
            Answer theirs = post("support", account + "/expenditures/THEIRS/reversal", body, last);
            assertThat(theirs.status()).as(body).isEqualTo(404);
            assertThat(theirs.response().body().replace("THEIRS", "NONE"))
                    .isEqualTo(unknown.response().body());
        }
        String refund = "{'expenditureId':'%s','amount':'999.00','on':'%s'}";
        Answer unknown = post("support", account + "/refunds", refund, "NONE", last);
        Answer theirs = post("support", account + "/refunds", refund, "THEIRS", last);
        assertThat(unknown.code()).isEqualTo("EXPENDITURE_NOT_FOUND");
        assertThat(theirs.response().body()).isEqualTo(unknown.response().body());
        assertThat(head()).as("nothing was recorded").isEqualTo(head);

        // of a time before its own an organisation sees what was spent, and money comes back in its own time
        String back = "{'expenditureId':'OWN','amount':'1.00','on':'%s'}";
        assertThat(post("support-other", account + "/refunds", back, last.plusDays(1))
                        .status())
                .isEqualTo(201);
        assertThat(post("support", account + "/refunds", back, own).status()).isEqualTo(201);
        assertThat(post("support", account + "/refunds", back, own.minusDays(1)).code())
                .isEqualTo("DATE_BEFORE_START");
        String reclassified = "{'category':'Care','reason':'x'}";
        assertThat(post("support-other", account + "/expenditures/OWN/reclassification", reclassified)
                        .response()
                        .body()
                        .replace("OWN", "NONE"))
                .as("that counts on its own day")
                .isEqualTo(post("support-other", account + "/expenditures/NONE/reclassification", reclassified)
                        .response()
                        .body());
    }

    @Test
    void whoWillBeAppointedMayNotLookAhead() {
        client("LATER");
        LocalDate first = TODAY.plusDays(20);
        appoint("ORG-DEMO", "ACC-LATER", first);
        for (LocalDate day : List.of(TODAY, first)) {
            assertThat(get("support", "/accounts/ACC-LATER?asOf=" + day).status())
                    .isEqualTo(404);
            assertThat(get("support", "/people/PER-LATER?asOf=" + day).status()).isEqualTo(404);
            assertThat(ids(get("support", "/accounts?asOf=" + day))).doesNotContain("ACC-LATER");
            assertThat(ids(get("support", "/organisations/ORG-DEMO/accounts?asOf=" + day)))
                    .doesNotContain("ACC-LATER");
        }
        assertThat(ids(get("admin", "/organisations/ORG-DEMO/accounts?asOf=" + first)))
                .contains("ACC-LATER");
        assertThat(get("support", "/accounts/ACC-DEMO?asOf=" + first).status()).isEqualTo(200);
    }

    /** One budget, an account at each organisation: the budget is both's, its other account is not. */
    @Test
    void aBudgetDoesNotTellOfAnAccountThatAnotherOrganisationManages() {
        client("SHARED");
        finance(
                        "/accounts",
                        "{'accountId':'ACC-SECOND','budgetId':'BUD-SHARED','type':'PREPAID_CARD',"
                                + "'holderType':'PARENT','openedOn':'%s'}",
                        OPENED)
                .ok();
        appoint("ORG-DEMO", "ACC-SHARED", APPOINTED);
        appoint("ORG-OTHER", "ACC-SECOND", APPOINTED);

        JsonNode own =
                get("support", "/budgets/BUD-SHARED").json().path("lines").path(0);
        assertThat(own.path("accountId").asString()).isEqualTo("ACC-SHARED");
        assertThat(own.path("paid").asString()).isEqualTo("100.00");
        Answer seen = get("support-other", "/budgets/BUD-SHARED");
        JsonNode line = seen.json().path("lines").path(0);
        assertThat(line.path("annualAmount").asString()).isEqualTo("1200.00");
        assertThat(line.path("accountId").isNull()).isTrue();
        assertThat(line.path("paid").isNull()).isTrue();
        assertThat(seen.toString()).doesNotContain("ACC-SHARED");
    }

    /** As spending: a stay's own day is that of admission, its end counts on the day of discharge. */
    @Test
    void aStayIsWrittenByWhoeverIsAppointedOnTheDayOnWhichThatCounts() {
        client("STAYS");
        appoint("ORG-DEMO", "ACC-STAYS", APPOINTED);
        LocalDate last = TODAY.minusDays(10);
        admin("/organisations/ORG-DEMO/appointments/ACC-STAYS/end", "{'to':'%s'}", last)
                .ok();
        appoint("ORG-OTHER", "ACC-STAYS", last.plusDays(1));
        String stays = "/people/PER-STAYS/residential-stays";
        stay("support", "OLD", last.minusDays(3)).ok();
        stay("support", "LONG", last.minusDays(2)).ok();
        assertThat(stay("support", "LATE", last.plusDays(1)).code()).isEqualTo("PERSON_NOT_FOUND");
        stay("support-other", "NEW", last.plusDays(1)).ok();
        assertThat(stay("support-other", "EARLY", last).code()).isEqualTo("PERSON_NOT_FOUND");

        String voided = "{'reason':'x'}";
        String amended = "{'admitted':'%s','reason':'x'}";
        for (String stayId : List.of("OLD", "NONE")) {
            assertThat(post("support-other", stays + "/" + stayId + "/amendment", amended, last.plusDays(1))
                            .code())
                    .as(stayId)
                    .isEqualTo("STAY_NOT_FOUND");
        }
        assertThat(post("support-other", stays + "/OLD/void", voided).code()).isEqualTo("STAY_NOT_FOUND");
        assertThat(post("support", stays + "/NEW/void", voided).code())
                .isEqualTo(post("support", stays + "/NONE/void", voided).code())
                .isEqualTo("PERSON_NOT_FOUND");
        assertThat(post("support", stays + "/OLD/amendment", amended, last.plusDays(1))
                        .code())
                .as("nor is it moved to a day of another's")
                .isEqualTo("ACCOUNT_NOT_FOUND");
        post("support", stays + "/OLD/amendment", amended, last.minusDays(4)).ok();
        post("support", stays + "/OLD/discharge", "{'discharged':'%s'}", last.minusDays(3))
                .ok();
        post("support", stays + "/OLD/void", voided).ok();

        String discharged = "{'discharged':'%s'}";
        assertThat(post("support", stays + "/NEW/discharge", discharged, last).code())
                .isEqualTo(post("support", stays + "/NONE/discharge", discharged, last)
                        .code())
                .isEqualTo("STAY_NOT_FOUND");
        assertThat(post("support", stays + "/LONG/discharge", discharged, TODAY).code())
                .isEqualTo("PERSON_NOT_FOUND");
        post("support-other", stays + "/LONG/discharge", discharged, TODAY).ok();

        String confirmed = "{'admitted':'%s'}";
        assertThat(post("support-other", stays + "/STAY-STAYS/confirmation", confirmed, last)
                        .code())
                .isEqualTo("PERSON_NOT_FOUND");
        assertThat(post("support", stays + "/STAY-STAYS/void", voided).code())
                .as("a plan is today's")
                .isEqualTo("PERSON_NOT_FOUND");
        post("support", stays + "/STAY-STAYS/confirmation", confirmed, last).ok();
    }

    /** A stay is there for a former organisation on days of its own alone: no list, count, payment or confirmation tells of a later one. */
    @Test
    void aFormerOrganisationLearnsNothingOfStaysAfterItsTime() {
        client("PLANS");
        appoint("ORG-DEMO", "ACC-PLANS", APPOINTED);
        LocalDate last = TODAY.minusDays(10);
        admin("/organisations/ORG-DEMO/appointments/ACC-PLANS/end", "{'to':'%s'}", last)
                .ok();
        appoint("ORG-OTHER", "ACC-PLANS", last.plusDays(1));
        String stays = "/people/PER-PLANS/residential-stays";
        String stay = "{'stayId':'%s','accountId':'ACC-PLANS','provider':'Home','setting':'CARE_HOME','admitted':'%s',"
                + "'discharged':'%s','fundedByDirectPayment':true,'status':'%s'}";
        post("support-other", stays, stay, "SOON", TODAY.plusDays(5), TODAY.plusDays(7), "PLANNED")
                .ok();
        post("support-other", stays, stay, "THEN", TODAY.minusDays(3), TODAY, "ACTUAL")
                .ok();

        assertThat(get("support-other", stays).toString()).contains("STAY-PLANS", "SOON", "THEN");
        assertThat(get("support-other", stays + "?asOf=" + last.plusDays(1)).toString())
                .contains("STAY-PLANS", "SOON")
                .doesNotContain("THEN");
        assertThat(get("support", stays + "?asOf=" + last).toString())
                .contains("STAY-PLANS")
                .doesNotContain("SOON", "THEN");
        String days = "/people/PER-PLANS/residential-days?includePlanned=";
        assertThat(counted("support", days + "true&asOf=" + last))
                .isEqualTo(counted("support", days + "false&asOf=" + last));
        assertThat(counted("support-other", days + "true"))
                .as("two nights are planned")
                .isEqualTo(counted("support-other", days + "false") + 2);
        String spent = "{'amount':'1.00','on':'%s','payee':'Home','stayId':'%s'}";
        for (String stayId : List.of("SOON", "THEN", "NONE")) {
            assertThat(post("support", "/accounts/ACC-PLANS/expenditures", spent, last, stayId)
                            .code())
                    .as(stayId)
                    .isEqualTo("STAY_NOT_FOUND");
            assertThat(post("support", stays + "/" + stayId + "/confirmation", "{'admitted':'%s'}", last)
                            .code())
                    .as(stayId)
                    .isEqualTo("STAY_NOT_FOUND");
        }
        post("support-other", "/accounts/ACC-PLANS/expenditures", spent, last.plusDays(1), "SOON")
                .ok();
    }

    private int counted(String user, String path) {
        JsonNode days = get(user, path).json();
        return days.path("child").path("countedTotal").asInt()
                + days.path("adult").path("countedTotal").asInt();
    }

    private Answer stay(String user, String stayId, LocalDate admitted) {
        return post(
                user,
                "/people/PER-STAYS/residential-stays",
                "{'stayId':'%s','accountId':'ACC-STAYS','provider':'Home','setting':'CARE_HOME','admitted':'%s',"
                        + "'fundedByDirectPayment':true,'status':'ACTUAL'}",
                stayId,
                admitted);
    }

    @Test
    void aStayDoesNotTellWhatAnotherOrganisationsAccountPaidForIt() {
        client("PAID");
        finance(
                        "/accounts",
                        "{'accountId':'ACC-PAYS','budgetId':'BUD-PAID','type':'PREPAID_CARD',"
                                + "'holderType':'PARENT','openedOn':'%s'}",
                        OPENED)
                .ok();
        appoint("ORG-DEMO", "ACC-PAID", APPOINTED);
        appoint("ORG-OTHER", "ACC-PAYS", APPOINTED);
        finance(
                        "/accounts/ACC-PAYS/expenditures",
                        "{'expenditureId':'EXP-PAYS','amount':'5.00','on':'%s','payee':'Home'}",
                        TODAY)
                .ok();
        for (String own : List.of("ACC-PAID/expenditures/EXP-PAID", "ACC-PAYS/expenditures/EXP-PAYS")) {
            finance("/accounts/" + own + "/stay", "{'stayId':'STAY-PAID'}").ok();
        }
        String stays = "/people/PER-PAID/residential-stays";
        assertThat(get("finance", stays).toString()).contains("EXP-PAID", "EXP-PAYS");
        assertThat(get("support", stays).toString()).contains("EXP-PAID").doesNotContain("PAYS");
    }

    @Test
    void aCardOfAnotherOrganisationsAccountIsAnUnknownCard() {
        JsonNode own = upload("support-other", "STA-OWN", "CARD-OTHER").json();
        assertThat(own.path("recorded").asInt()).as(own.toString()).isEqualTo(1);
        Answer others = upload("support-other", "STA-1", "CARD-DEMO");
        assertThat(others.json().path("recorded").asInt()).isZero();
        assertThat(others.json().path("rejected").path(0).path("code").asString())
                .isEqualTo("ACCOUNT_NOT_FOUND");
        Answer nobodys = upload("support-other", "STA-2", "CARD-NONE");
        assertThat(nobodys.response().body().replace("STA-2", "STA-1"))
                .isEqualTo(others.response().body());
    }

    @Test
    void anOrganisationLearnsNothingOfTheFilesThatOthersHaveSent() {
        String path = API + "/statements";
        client("FILES");
        appoint("ORG-DEMO", "ACC-FILES", APPOINTED);
        String list = "accountId,on,amount,payee,reference\nACC-FILES,%s,3.00,Shop,F-1\n".formatted(TODAY);
        Answer demos = Caller.as("support", port).upload(path, list);
        demos.ok();
        String id = demos.json().path("statementId").asString();

        // of a list that names accounts: for another organisation it is a file like any other, of accounts that are not
        // there
        Answer others = Caller.as("support-other", port).upload(path, list);
        assertThat(others.status()).as(others.toString()).isEqualTo(201);
        assertThat(others.json().at("/rejected/0/code").asString()).isEqualTo("ACCOUNT_NOT_FOUND");
        Answer preview = Caller.as("support-other", port).upload(path + "/preview", list);
        assertThat(preview.json().path("imported").asBoolean())
                .as(preview.toString())
                .isFalse();
        assertThat(preview.response().body()).doesNotContain(id);
        Answer again = Caller.as("support", port).upload(path, list);
        assertThat(again.code()).isEqualTo("STATEMENT_ALREADY_IMPORTED");
        assertThat(again.toString()).contains(id);

        // of its own client's bank: the file is known, the statement that somebody else sent is not named
        String bank = "Date,Amount,Payee\n%s,-4.00,Agency\n".formatted(TODAY);
        Answer councils = Caller.as("finance", port).upload(path, bank, "accountId", "ACC-FILES");
        councils.ok();
        String councilsId = councils.json().path("statementId").asString();
        Answer refused = Caller.as("support", port).upload(path, bank, "accountId", "ACC-FILES");
        assertThat(refused.code()).isEqualTo("STATEMENT_ALREADY_IMPORTED");
        assertThat(refused.toString()).doesNotContain(councilsId);
        Answer told = Caller.as("support", port).upload(path + "/preview", bank, "accountId", "ACC-FILES");
        assertThat(told.json().path("imported").asBoolean()).as(told.toString()).isTrue();
        assertThat(told.json().path("importedAs").isNull()).isTrue();
        assertThat(told.toString()).doesNotContain(councilsId);
    }

    // ── organisations ────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anOrganisationsAccountsAreListedWithWhatTheyHold() {
        Answer answer = get("support", "/organisations/ORG-DEMO/accounts?limit=1&asOf=" + APPOINTED);
        JsonNode first = answer.json().path("items").path(0);
        assertThat(first.path("accountId").asString()).isEqualTo("ACC-DEMO");
        assertThat(first.path("personId").asString()).isEqualTo("PER-DEMO");
        assertThat(first.path("from").asString()).isEqualTo(APPOINTED.toString());
        assertThat(first.path("to").isNull()).isTrue();
        assertThat(first.path("state").asString()).isEqualTo("OPEN");
        assertThat(first.path("balance").asString())
                .isEqualTo(get("finance", "/accounts/ACC-DEMO/balance?asOf=" + APPOINTED)
                        .json()
                        .path("balance")
                        .asString());
        assertThat(get("admin", "/organisations/ORG-DEMO/accounts?asOf=" + APPOINTED.minusDays(1))
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void organisationsAndAccountsMustBeThere() {
        String body = "{'accountId':'ACC-DEMO','from':'%s'}";
        assertThat(admin("/organisations/ORG-NONE/appointments", body, TODAY).code())
                .isEqualTo("ORGANISATION_NOT_FOUND");
        assertThat(admin("/organisations/ORG-DEMO/appointments", "{'accountId':'ACC-NONE','from':'%s'}", TODAY)
                        .code())
                .isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(admin("/organisations/ORG-NONE/appointments/ACC-DEMO/end", "{'to':'%s'}", TODAY)
                        .code())
                .isEqualTo("ORGANISATION_NOT_FOUND");
        assertThat(admin("/organisations/ORG-DEMO/appointments/ACC-NONE/end", "{'to':'%s'}", TODAY)
                        .code())
                .isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(admin("/organisations", "{'organisationId':'ORG-DEMO','name':'Again'}")
                        .code())
                .isEqualTo("ID_ALREADY_USED");
        assertThat(admin("/organisations", "{'organisationId':'ORG-X','name':'%s'}", "x".repeat(201))
                        .code())
                .isEqualTo("FIELD_INVALID");
        assertThat(finance("/organisations", "{'organisationId':'ORG-X','name':'X'}")
                        .code())
                .isEqualTo("FORBIDDEN");
        assertThat(finance(
                                "/accounts",
                                "{'budgetId':'BUD-DEMO','type':'MANAGED','holderType':'ORGANISATION',"
                                        + "'organisationId':'ORG-NONE','openedOn':'%s'}",
                                OPENED)
                        .code())
                .isEqualTo("ORGANISATION_NOT_FOUND");
    }

    @Test
    void anAppointmentsEventsNamePersonAndAccount() {
        assertThat(jdbc.sql("SELECT metadata FROM event_log WHERE stream_id = 'appointment/ACC-DEMO' AND sequence = 0")
                        .query(String.class)
                        .single())
                .contains("\"personId\":\"PER-DEMO\"")
                .contains("\"accountId\":\"ACC-DEMO\"")
                .contains("\"occurredOn\":\"" + APPOINTED + "\"");
    }

    // ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    /** A person with a final budget, an account, a payment and an expenditure, all named alike. */
    private void client(String name) {
        finance("/people", "{'personId':'PER-%s','name':'Somebody','dateOfBirth':'2012-03-04'}", name)
                .ok();
        finance(
                        "/budgets",
                        "{'budgetId':'BUD-%s','personId':'PER-%s','legalBasis':'CHILD_S17A',"
                                + "'exclusionCheckedOn':'%s','requestedOn':'%s','requestedBy':'A parent'}",
                        name,
                        name,
                        OPENED,
                        OPENED)
                .ok();
        LocalDate to = OPENED.plusYears(1).minusDays(1);
        finance(
                        "/budgets/BUD-%s/indicative-amount".formatted(name),
                        "{'amount':'1200.00','from':'%s','to':'%s','method':'PANEL'}",
                        OPENED,
                        to)
                .ok();
        post(
                        "approver",
                        "/budgets/BUD-%s/panel-decision".formatted(name),
                        "{'outcome':'APPROVED','decidedOn':'%s'}",
                        OPENED)
                .ok();
        finance(
                        "/budgets/BUD-%s/finalisation".formatted(name),
                        "{'from':'%s','to':'%s','annualAmount':'1200.00','lines':[{'lineId':'LINE-%s','fundingSource':'SOCIAL_CARE_CHILD',"
                                + "'mode':'DIRECT_PAYMENT','category':'Care','annualAmount':'1200.00'}]}",
                        OPENED,
                        to,
                        name)
                .ok();
        finance(
                        "/budgets/BUD-%s/consents".formatted(name),
                        "{'consentId':'CON-%s','recipientType':'PARENT','recipientName':'A parent','on':'%s'}",
                        name,
                        OPENED)
                .ok();
        finance(
                        "/accounts",
                        "{'accountId':'ACC-%s','budgetId':'BUD-%s','type':'PREPAID_CARD','holderType':'PARENT',"
                                + "'bankDetails':{'cardRef':'CARD-%s'},'openedOn':'%s'}",
                        name,
                        name,
                        name,
                        OPENED)
                .ok();
        finance(
                        "/people/PER-%s/residential-stays".formatted(name),
                        "{'stayId':'STAY-%s','accountId':'ACC-%s','provider':'The %s hospital','setting':'HOSPITAL','admitted':'%s',"
                                + "'fundedByDirectPayment':false,'status':'PLANNED'}",
                        name,
                        name,
                        name,
                        OPENED)
                .ok();
        finance(
                        "/accounts/ACC-%s/payments".formatted(name),
                        "{'paymentId':'PAY-%s','lineId':'LINE-%s','amount':'100.00','on':'%s'}",
                        name,
                        name,
                        OPENED)
                .ok();
        finance(
                        "/accounts/ACC-%s/expenditures".formatted(name),
                        "{'expenditureId':'EXP-%s','amount':'5.00','on':'%s','payee':'Shop'}",
                        name,
                        OPENED)
                .ok();
        finance(
                        "/accounts/ACC-%s/reserves".formatted(name),
                        "{'reserveId':'RES-%s','kind':'OTHER','amount':'5.00','until':'%s','reason':'kept'}",
                        name,
                        TODAY.plusDays(9))
                .ok();
    }

    private void appoint(String organisation, String account, LocalDate from) {
        admin("/organisations/" + organisation + "/appointments", "{'accountId':'%s','from':'%s'}", account, from)
                .ok();
    }

    private Answer spend(String user, String account, LocalDate on) {
        return post(user, "/accounts/" + account + "/expenditures", "{'amount':'1.00','on':'%s','payee':'Shop'}", on);
    }

    /** A card feed of one purchase. */
    private Answer upload(String user, String statementId, String cardRef) {
        String feed =
                "provider,accountRef,cardLast4,txnId,authAt,settledAt,type,amount,currency,merchantName,merchantId,mcc,"
                        + "country,entryMode,cashback,runningBalance\n"
                        + "DEMOCARD,%s,1000,%s-1,%sT16:06:00Z,%sT17:06:00Z,PURCHASE,-1.00,GBP,SHOP,M1,5411,GBR,CHIP,0.00,94.00"
                                .formatted(cardRef, statementId, APPOINTED, APPOINTED);
        return Caller.as(user, port).upload(API + "/statements", feed, "statementId", statementId);
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json()
                .path("items")
                .valueStream()
                .map(item -> item.path("accountId").asString())
                .toList();
    }

    private Answer finance(String path, String json, Object... values) {
        return post("finance", path, json, values);
    }

    private Answer admin(String path, String json, Object... values) {
        return post("admin", path, json, values);
    }

    private Answer post(String user, String path, String json, Object... values) {
        return Caller.as(user, port).tell(API + path, json, values);
    }

    private Answer get(String user, String path) {
        return Caller.as(user, port).get(API + path);
    }

    private Answer ask(String user, String method, String path, String body) {
        return method.equals("GET")
                ? Caller.as(user, port).get(path)
                : Caller.as(user, port)
                        .send(method, path, BodyPublishers.ofString(body), "Content-Type", "application/json");
    }
}
