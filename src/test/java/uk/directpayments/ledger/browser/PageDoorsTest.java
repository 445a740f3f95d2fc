package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;
import uk.directpayments.ledger.web.FormCatalogue;

/** What holds of every page before anybody looks at it: who may come in, what the answer's headers say, and forged forms. */
class PageDoorsTest extends RunningLedger {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    @Test
    void whoeverHasNotSignedInSeesOnlyTheSignIn() {
        Visitor nobody = Visitor.as("", port);
        assertThat(nobody.get("/login").statusCode()).isEqualTo(200);
        for (String page : pages()) {
            if (!page.equals("/login")) {
                HttpResponse<String> answer = nobody.get(page.replaceAll("\\{\\w+}", "X"));
                assertThat(answer.statusCode()).as(page).isEqualTo(302);
                assertThat(answer.headers().firstValue("Location").orElse(""))
                        .as(page)
                        .endsWith("/login");
            }
        }
    }

    @Test
    void pagesRunNoScriptAndTakeNoStyleButTheLedgersOwn() {
        Visitor finance = Visitor.as("finance", port);
        for (String page : List.of("/", "/find", "/flags/nowhere", "/nowhere")) {
            HttpResponse<String> answer = finance.get(page);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
            assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
            assertThat(answer.body()).doesNotContain(" style=", "<style", "onclick=", "http://", "https://");
        }
    }

    @Test
    void aFormWithoutItsTokenDoesNothing() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Visitor finance = Visitor.as("finance", port);
        long head = head();
        HttpResponse<String> answer = finance.postAsIs(
                "/accounts/" + opened.accountId() + "/contributions",
                "key=k&amount=5.00&on-day=1&on-month=5&on-year=2025");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(head()).isEqualTo(head);
        assertThat(finance.post(
                                "/accounts/" + opened.accountId() + "/contributions",
                                "key",
                                "k",
                                "amount",
                                "5.00",
                                "on-day",
                                "1",
                                "on-month",
                                "5",
                                "on-year",
                                "2025")
                        .statusCode())
                .isEqualTo(302);
        assertThat(head()).isGreaterThan(head);
    }

    @Test
    void theSessionOpensThePagesAloneAndNotTheApi() {
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/api/v1/accounts").statusCode()).isEqualTo(401);
        assertThat(finance.postAsIs("/api/v1/people", "{}").statusCode()).isEqualTo(401);
    }

    @Test
    void whatIsNotThereIsAPageAndSoIsWhatARoleMayNotDo() {
        HttpResponse<String> nowhere = Visitor.as("finance", port).get("/nowhere");
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(nowhere.body()).contains("There is nothing here", "<main");
        HttpResponse<String> forbidden = Visitor.as("support", port).get("/payment-runs");
        assertThat(forbidden.statusCode()).isEqualTo(403);
        assertThat(forbidden.body()).contains("This is not for your role", "<main");
    }

    /** Whatever somebody types comes back as a page that says what is wrong with it, and as text. */
    @Test
    void noFormFailsWhateverIsTyped() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Visitor finance = Visitor.as("finance", port);
        long head = head();
        for (Map.Entry<String, List<String>> form : FormCatalogue.inputsByPage().entrySet()) {
            String path = form.getKey()
                    .replace("{accountId}", opened.accountId())
                    .replace("{personId}", opened.personId())
                    .replace("{budgetId}", opened.budgetId())
                    .replaceAll("\\{\\w+}", "none");
            for (String typed : List.of("", "<script>alert(1)</script>", "\u0000\uD83D\uDE00", "9".repeat(5_000))) {
                String[] fields = Stream.concat(
                                Stream.of("key", fresh("KEY")),
                                form.getValue().stream()
                                        .flatMap(name -> Stream.of(
                                                name,
                                                typed,
                                                name + "-day",
                                                typed,
                                                name + "-month",
                                                typed,
                                                name + "-year",
                                                typed)))
                        .toArray(String[]::new);
                HttpResponse<String> answer = finance.post(path, fields);
                assertThat(answer.statusCode()).as(path + " " + typed).isBetween(302, 499);
                assertThat(answer.body()).as(path).doesNotContain("<script>alert");
            }
        }
        assertThat(head()).as("nothing was recorded").isEqualTo(head);
    }

    @Test
    void whatCannotBeAskedIsSaidOnAPage() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Visitor finance = Visitor.as("finance", port);
        for (String page : List.of(
                "/accounts/" + opened.accountId() + "?asOf=yesterday",
                "/accounts/" + opened.accountId() + "?knownAt=soon",
                "/accounts/" + opened.accountId() + "/timeline?knownAt=soon",
                "/people/" + opened.personId() + "/residential?asOf=yesterday",
                "/flags?state=NONSENSE",
                "/flags?cursor=nonsense",
                "/reports/balances?asOf=yesterday",
                "/audit/proofs?position=none")) {
            HttpResponse<String> answer = finance.get(page);
            assertThat(answer.statusCode()).as(page).isEqualTo(400);
            assertThat(answer.body()).as(page).contains("There is a problem", "<main");
        }
    }

    /** A form whose field the API does not know could never be sent; one without a field that the API insists on, neither. */
    @Test
    void everyFormIsOfAWriteOfTheApi() {
        Map<String, Class<?>> bodies = bodies();
        FormCatalogue.fieldsByApi().forEach((api, fields) -> {
            Class<?> body = bodies.get("/api/v1" + api);
            if (api.equals("/statements") || api.equals("/audit/verifications")) {
                return; // of parts, and without a body
            }
            assertThat(body).as(api).isNotNull();
            List<String> known = Arrays.stream(body.getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            assertThat(known).as(api).containsAll(fields);
        });
    }

    private Map<String, Class<?>> bodies() {
        Map<String, Class<?>> bodies = new TreeMap<>();
        routes.getHandlerMethods()
                .forEach((route, handler) -> Arrays.stream(handler.getMethod().getParameters())
                        .filter(parameter -> parameter.isAnnotationPresent(
                                org.springframework.web.bind.annotation.RequestBody.class))
                        .forEach(parameter ->
                                route.getPatternValues().forEach(pattern -> bodies.put(pattern, parameter.getType()))));
        return bodies;
    }

    private List<String> pages() {
        return routes.getHandlerMethods().entrySet().stream()
                .filter(route -> route.getValue().getBeanType().getPackageName().endsWith(".web")
                        && route.getKey().getMethodsCondition().getMethods().contains(RequestMethod.GET))
                .flatMap(route -> route.getKey().getPatternValues().stream())
                .collect(Collectors.toList());
    }
}
