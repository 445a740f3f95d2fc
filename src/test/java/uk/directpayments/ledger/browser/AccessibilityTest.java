package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import uk.directpayments.ledger.report.Reports;
import uk.directpayments.ledger.support.Caller;

/** Every page there is, as the application's own routes list them, on a phone, a tablet and a desk: WCAG 2.2 AA by axe, and nothing cut off. */
class AccessibilityTest extends BrowserTest {

    private static final List<String> WCAG = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
    /** The script itself: its builder would put it into the page anew for each width. */
    private static final String AXE = axe();

    private static final String RUN_AXE = """
            tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})
                .then(found => found.violations.map(one => one.help + ': ' + one.nodes[0].html))""";

    private static final List<Integer> WIDTHS = List.of(1280, 768, 320);
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    @Autowired
    Reports reports;

    @Test
    void noPageHasAViolationAtAnyWidthAndNoneScrollsSideways() {
        Map<String, String> ids = anAccountInTheMiddleOfItsLife();
        List<String> wrong = new ArrayList<>();
        List<String> unseen = new ArrayList<>(pages(ids));
        for (String user : List.of("finance", "support", "auditor", "admin")) {
            Page page = as(user);
            List<String> mine = new ArrayList<>(unseen);
            if (!mine.contains("/")) {
                mine.add(0, "/");
            }
            for (String path : mine) {
                page.setViewportSize(WIDTHS.get(0), 900);
                Response answer = page.navigate(path);
                if (answer.status() == 403) {
                    continue;
                }
                if (answer.status() != 200) {
                    wrong.add(user + " " + path + " " + answer.status() + ": " + text(page));
                }
                unseen.remove(path);
                page.evaluate(AXE);
                for (int width : WIDTHS) {
                    page.setViewportSize(width, 900);
                    List<?> violations = (List<?>) page.evaluate(RUN_AXE, WCAG);
                    violations.forEach(violation -> wrong.add(path + " at " + width + ": " + violation));
                    Object hidden = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
                    if (((Number) hidden).intValue() > 0) {
                        wrong.add(path + " at " + width + ": scrolls sideways by " + hidden);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(unseen).as("pages that nobody saw").isEmpty();
    }

    private static String axe() {
        try (InputStream script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every GET route of the room of pages, but for what is downloaded. */
    private List<String> pages(Map<String, String> ids) {
        TreeSet<String> patterns = new TreeSet<>();
        routes.getHandlerMethods().forEach((route, handler) -> {
            if (handler.getBeanType().getPackageName().endsWith(".web")
                    && route.getMethodsCondition().getMethods().contains(RequestMethod.GET)) {
                patterns.addAll(route.getPatternValues());
            }
        });
        patterns.removeIf(path -> path.matches("/login|.*(/file|\\.pdf|/evidence-pack|/journal)"));
        assertThat(patterns).hasSizeGreaterThan(50);
        List<String> pages = new ArrayList<>();
        for (String pattern : patterns) {
            if (pattern.equals("/reports/{name}")) {
                reports.all().forEach(report -> pages.add("/reports/" + report.name()));
            } else {
                // of a budget it is a line of the plan, else of a bank
                pages.add(VARIABLE.matcher(
                                pattern.replace("/budgets/{budgetId}/lines/{lineId}", "/budgets/{budgetId}/lines/L1"))
                        .replaceAll(name -> {
                            assertThat(ids)
                                    .as("this test has no value for " + name.group() + " of " + pattern)
                                    .containsKey(name.group(1));
                            return Matcher.quoteReplacement(ids.get(name.group(1)));
                        }));
            }
        }
        pages.add("/find?q=Robin");
        pages.add("/accounts/" + ids.get("accountId") + "?asOf=2025-06-01");
        pages.add("/audit/proofs?position=1&from=1");
        return pages;
    }

    /** A top-up, a consent, an agreement with a relative, a review and a dispute. */
    private void careOf(Opened opened, Map<String, String> ids) {
        String budget = "/api/v1/budgets/" + opened.budgetId();
        ids.put(
                "consentId",
                finance().get(budget).json().at("/consents/0/consentId").asString());
        ids.put(
                "agreementId",
                ok(finance()
                                .post(
                                        budget + "/relative-agreements",
                                        "{\"payee\":\"Alex Example\",\"relation\":\"aunt\",\"sameHousehold\":true,\"purpose\":\"CARE\",\"necessityReason\":\"Nobody else\",\"from\":\"2025-04-01\"}"))
                        .json()
                        .path("agreementId")
                        .asString());
        ids.put(
                "disputeId",
                ok(finance()
                                .post(
                                        budget + "/disputes",
                                        "{\"stage\":\"COMPLAINT\",\"on\":\"2025-05-01\",\"reason\":\"Too little\"}"))
                        .json()
                        .path("disputeId")
                        .asString());
        ok(
                finance()
                        .post(
                                budget + "/top-ups",
                                "{\"source\":\"PARENT_TOP_UP\",\"amount\":\"50.00\",\"purpose\":\"Riding\",\"agreedOn\":\"2025-04-01\"}"));
        ok(finance().post(budget + "/reviews", "{\"on\":\"2025-06-01\",\"kind\":\"FIRST\",\"findings\":\"All well\"}"));
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/risk-band",
                        "{\"riskBand\":\"HIGH\",\"from\":\"2025-04-01\",\"reason\":\"New to it\"}"));
    }

    /** An instalment of a run that is held back from it: for want of bank details. */
    private String heldBack(String accountId, String runId) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + accountId + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"ONE_OFF\",\"firstPayOn\":\"2026-12-30\"}"));
        ok(finance()
                .post(
                        "/api/v1/payment-runs",
                        "{\"runId\":\"%s\",\"cutOff\":\"2026-12-31\",\"payDate\":\"2027-01-04\"}".formatted(runId)));
        return ok(finance().get("/api/v1/payment-runs/" + runId))
                .json()
                .path("held")
                .valueStream()
                .filter(item -> item.path("accountId").asString().equals(accountId))
                .map(item -> item.path("instalmentId").asString())
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> anAccountInTheMiddleOfItsLife() {
        Opened opened = opened("2025-04-01", "2027-03-31", "12000.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        String organisation = fresh("ORG");
        Map<String, String> ids = new HashMap<>(Map.of(
                "personId", opened.personId(),
                "budgetId", opened.budgetId(),
                "accountId", opened.accountId(),
                "organisationId", organisation,
                "expenditureId", fresh("EXP"),
                "stayId", fresh("STAY"),
                "runId", fresh("RUN"),
                "version", "2025-default"));
        ids.put(
                "paymentId",
                ok(finance()
                                .post(
                                        account + "/payments",
                                        "{\"lineId\":\"L1\",\"amount\":\"3000.00\",\"on\":\"2025-04-01\"}"))
                        .json()
                        .path("paymentId")
                        .asString());
        ids.put("transactionId", ids.get("expenditureId"));
        careOf(opened, ids);
        ok(finance()
                .post(
                        account + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"80.00\",\"on\":\"2025-05-01\",\"payee\":\"Betting shop\",\"mcc\":\"7995\"}"
                                .formatted(ids.get("expenditureId"))));
        String wrong = fresh("EXP");
        ok(finance()
                .post(
                        account + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"8.00\",\"on\":\"2025-05-02\",\"payee\":\"Shop\"}"
                                .formatted(wrong)));
        ok(finance().post(account + "/expenditures/" + wrong + "/reversal", "{\"reason\":\"Typed twice\"}"));
        ok(finance()
                .post(
                        account + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"2026-12-01\"}"));
        ids.put(
                "flagId",
                finance()
                        .get("/api/v1/flags?accountId=" + opened.accountId())
                        .json()
                        .at("/items/0/flagId")
                        .asString());
        ids.put(
                "recoveryId",
                ok(finance().post(account + "/recoveries", "{\"amount\":\"10.00\"}"))
                        .json()
                        .path("recoveryId")
                        .asString());
        ok(finance()
                .post(
                        "/api/v1/people/" + opened.personId() + "/residential-stays",
                        "{\"stayId\":\"%s\",\"accountId\":\"%s\",\"provider\":\"The Oaks\",\"setting\":\"CARE_HOME\",\"admitted\":\"2026-11-01\",\"fundedByDirectPayment\":true,\"status\":\"ACTUAL\"}"
                                .formatted(ids.get("stayId"), opened.accountId())));
        ids.put(
                "changeId",
                ok(finance().post(account + "/bank-details", "{\"cardRef\":\"%s\"}".formatted(fresh("CARD"))))
                        .json()
                        .path("changeId")
                        .asString());
        ids.put("reserveId", fresh("RES"));
        ok(finance()
                .post(
                        account + "/reserves",
                        "{\"reserveId\":\"%s\",\"kind\":\"HOLIDAY_PAY\",\"amount\":\"20.00\",\"until\":\"2027-03-31\",\"reason\":\"Agreed\"}"
                                .formatted(ids.get("reserveId"))));
        ids.put("liabilityId", fresh("LIA"));
        ok(finance()
                .post(
                        account + "/liabilities",
                        "{\"liabilityId\":\"%s\",\"kind\":\"Wages\",\"amount\":\"20.00\",\"due\":\"2026-12-31\",\"payee\":\"Carer\"}"
                                .formatted(ids.get("liabilityId"))));
        ids.put("returnId", fresh("RET"));
        ok(finance()
                .post(
                        account + "/returns",
                        "{\"returnId\":\"%s\",\"period\":\"2026-Q3\",\"due\":\"2026-10-31\"}"
                                .formatted(ids.get("returnId"))));
        ok(finance().post(account + "/returns/" + ids.get("returnId") + "/receipt", "{\"on\":\"2026-11-01\"}"));
        ids.put(
                "auditId",
                ok(finance().post("/api/v1/audits", "{\"seed\":7,\"size\":3}"))
                        .json()
                        .path("auditId")
                        .asString());
        ok(finance()
                .post(
                        "/api/v1/audits/" + ids.get("auditId") + "/findings",
                        "{\"accountId\":\"%s\",\"finding\":\"A receipt is missing\"}".formatted(opened.accountId())));
        Caller admin = Caller.as("admin", port);
        ok(admin.post(
                "/api/v1/organisations",
                "{\"organisationId\":\"%s\",\"name\":\"The organisation\"}".formatted(organisation)));
        ok(admin.post(
                "/api/v1/organisations/" + organisation + "/appointments",
                "{\"accountId\":\"%s\",\"from\":\"2026-01-01\"}".formatted(opened.accountId())));
        ids.put("instalmentId", heldBack(opened.accountId(), ids.get("runId")));
        ids.put(
                "statementId",
                ok(finance()
                                .upload(
                                        "/api/v1/statements",
                                        "Date,Description,Amount,Balance\n2025-04-03,Gift,5.00,5.00\n2025-05-03,Pool,-2.00,3.00\n",
                                        "accountId",
                                        opened.accountId(),
                                        "format",
                                        "csv"))
                        .json()
                        .path("statementId")
                        .asString());
        ids.put(
                "lineId",
                finance()
                        .get("/api/v1/statements/" + ids.get("statementId") + "/lines?state=UNMATCHED")
                        .json()
                        .at("/items/0/lineId")
                        .asString());
        Caller auditor = Caller.as("auditor", port);
        ids.put(
                "verificationId",
                ok(auditor.post("/api/v1/audit/verifications", ""))
                        .json()
                        .path("verificationId")
                        .asString());
        ids.put(
                "rebuildId",
                ok(auditor.post("/api/v1/audit/rebuilds", "{}"))
                        .json()
                        .path("rebuildId")
                        .asString());
        return ids;
    }
}
