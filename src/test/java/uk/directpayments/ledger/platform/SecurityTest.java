package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.BadCredentialsException;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildLedger;

@SpringBootTest(
        classes = HttpTestApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {HttpTestApp.NO_DATABASE, "ledger.http.max-upload-bytes=300KB"})
@ExtendWith(OutputCaptureExtension.class)
class SecurityTest {

    private static final Pattern LEFT_OUT = Pattern.compile("(\\d+) refusals more, which are not shown");

    private static final List<String> USERS = List.of("finance", "approver", "auditor", "support", "admin");

    @LocalServerPort
    int port;

    @Test
    void nobodyGetsInWithoutAUserAndPassword() {
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            Answer answer = Caller.as("", port).send(method, "/api/v1/accounts/A-1/view", BodyPublishers.noBody());
            HttpConventionsTest.assertRefused(answer, 401, "UNAUTHENTICATED", null);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=");
        }
        assertThat(Caller.as("", port)
                        .send("HEAD", "/api/v1/accounts/A-1/view", BodyPublishers.noBody())
                        .status())
                .isEqualTo(401);
        assertThat(Caller.as("", port).get("/api/v1/nonsense").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic ZmluYW5jZTp3cm9uZw==",
                "Basic bm9ib2R5OmRlbW8=",
                "Basic !!!",
                "Basic",
                "Basic Og==",
                "Bearer x",
                "Digest x"
            })
    void wrongCredentialsAreRefused(String authorization) {
        Answer answer = Caller.as("", port).get("/api/v1/accounts/A-1/view", "Authorization", authorization);
        HttpConventionsTest.assertRefused(answer, 401, "UNAUTHENTICATED", null);
        assertThat(answer.response().headers().firstValue("Set-Cookie")).isEmpty();
    }

    /** What passes the rules meets no handler here and is 404 or 405; what they refuse is 403. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    /accounts/A/balance                     | finance auditor support admin",
                "HEAD   /accounts/A/balance                     | finance auditor support admin",
                "GET    /people/P                               | finance auditor support admin",
                "GET    /policies                               | finance auditor admin",
                "GET    /residential-days/near-limits           | finance auditor admin",
                "GET    /organisations/O/accounts               | finance auditor support admin",
                "GET    /audit/events                           | finance auditor admin",
                "HEAD   /audit/events                           | finance auditor admin",
                "OPTIONS /audit/events                          | finance auditor admin",
                "GET    /payment-runs/R/file                    | finance auditor admin",
                "GET    /reports/balances                       | finance auditor admin",
                "POST   /people                                 | finance",
                "POST   /people/P/death                         | finance",
                "POST   /people/P/erasure                       | admin",
                "POST   /people/P/residential-stays             | finance support",
                "POST   /people/P/residential-stays/S/void      | finance support",
                "POST   /budgets                                | finance",
                "POST   /budgets/B/panel-decision               | finance",
                "POST   /accounts                               | finance",
                "POST   /accounts/A/payments                    | finance",
                "POST   /accounts/A/expenditures                | finance support",
                "POST   /accounts/A/expenditures/E/reversal     | finance support",
                "POST   /accounts/A/refunds                     | finance support",
                "POST   /accounts/A/closure                     | finance",
                "DELETE /accounts/A                             | finance",
                "PUT    /accounts/A                             | finance",
                "POST   /flags                                  | finance",
                "POST   /flags/F/evidence                       | finance support",
                "POST   /flags/F/evidence-request               | finance",
                "POST   /flags/F/upholding                      | finance",
                "POST   /statements                             | finance support",
                "POST   /statements/S/lines/L/match             | finance support",
                "POST   /payment-runs                           | finance",
                "POST   /payment-runs/R/approval                | finance",
                "POST   /periods/2026-04/seal                   | finance",
                "POST   /policies                               | admin",
                "POST   /organisations                          | admin",
                "POST   /organisations/O/appointments           | admin",
                "POST   /organisations/O/client-money           | finance admin",
                "POST   /audit/verifications                    | finance auditor",
                "POST   /audit/rebuilds                         | finance auditor admin",
                "POST   /audits                                 | finance auditor",
                "POST   /audits/A/findings                      | finance auditor",
                "POST   /operations/processors/P/reset          | admin",
                "POST   /operations/processors/balance          | admin",
            })
    void eachRoleMayDoItsOwn(String request, String allowed) {
        String[] methodAndPath = request.trim().split(" +");
        Set<String> may = Set.of((allowed + (allowed.contains("finance") ? " approver" : ""))
                .trim()
                .split(" "));
        for (String user : USERS) {
            int status = Caller.as(user, port)
                    .send(methodAndPath[0], "/api/v1" + methodAndPath[1], BodyPublishers.noBody())
                    .status();
            if (may.contains(user)) {
                assertThat(status).as(user + " " + request).isIn(200, 404, 405);
            } else {
                assertThat(status).as(user + " " + request).isEqualTo(403);
            }
        }
    }

    @Test
    void whatNoRuleKnowsIsThereForNobody() {
        for (String user : USERS) {
            for (String path : new String[] {"/api/v1/unheard-of", "/api/v2/accounts", "/api/"}) {
                HttpConventionsTest.assertRefused(Caller.as(user, port).get(path), 404, "NOT_FOUND", null);
                HttpConventionsTest.assertRefused(Caller.as(user, port).post(path, "{}"), 404, "NOT_FOUND", null);
            }
        }
    }

    @Test
    void theOrganisationOfASupportUserIsKnown() {
        Answer answer = Caller.as("support", port).get("/api/v1/accounts/A-1/typed?from=2026-01-01");
        assertThat(answer.json().at("/actor/organisationId").asString()).isEqualTo("ORG-DEMO");
        assertThat(answer.json().at("/actor/role").asString()).isEqualTo("SUPPORT");
    }

    @Test
    void healthAndMetricsNeedNoUserAndNothingElseOfTheActuatorIsThere() {
        Caller nobody = Caller.as("", port);
        assertThat(nobody.get("/actuator/health").status()).isEqualTo(200);
        assertThat(nobody.get("/actuator/health/readiness").json().get("status").asString())
                .isEqualTo("UP");
        assertThat(nobody.get("/actuator/env").status()).isNotEqualTo(200);
        assertThat(nobody.get("/actuator/heapdump").status()).isNotEqualTo(200);
    }

    @Test
    void pagesAskForASignIn() {
        Answer answer = Caller.as("", port).get("/", "Accept", "text/html");
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).endsWith("/login");
    }

    /** DNS rebinding: for a browser such a page and the ledger are one site. */
    @Test
    void withTheLocalUsersTheLedgerAnswersToNoNameButTheMachinesOwn() throws Exception {
        for (String name : List.of("localhost", "LOCALHOST:1", "127.0.0.1:" + port, "127.0.0.2", "[::1]:" + port)) {
            assertThat(named(name, "/api/v1/accounts/A-1/view", "*/*")).as(name).startsWith("HTTP/1.1 200");
        }
        for (String name : List.of("evil.example:" + port, "localhost.evil.example", "127.0.0.1.evil.example")) {
            for (String path : List.of("/api/v1/accounts/A-1/view", "/login", "/v3/api-docs", "/actuator/health")) {
                assertThat(named(name, path, "*/*"))
                        .as(name + path)
                        .startsWith("HTTP/1.1 403")
                        .contains("FORBIDDEN", "With the local users");
            }
            assertThat(named(name, "/", "text/html")).as(name).startsWith("HTTP/1.1 403");
        }
    }

    /** Java's own client sends no name but the one that it connects to. */
    private String named(String name, String path, String accept) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + name + "\r\nX-Forwarded-Host: localhost\r\nAccept: "
                            + accept
                            + "\r\nAuthorization: Basic ZmluYW5jZTpkZW1v\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void headersKeepAnswersOutOfFramesAndCaches() {
        Answer answer = Caller.as("finance", port).get("/api/v1/accounts/A-1/view");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.response().headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(answer.response().headers().firstValue("Server")).isEmpty();
    }

    /** Looking for the form's token would read it whole, and refuse it as too large. */
    @Test
    void anUploadToAPageIsNotReadBeforeSomebodyHasSignedIn() {
        byte[] upload = Caller.form(new byte[1_000_000], "accountId", "A-1");
        for (String page : List.of("/statements", "/login", "/nowhere")) {
            Answer answer = Caller.as("", port).post(page, upload, "Content-Type", Caller.FORM, "Accept", "text/html");
            assertThat(answer.status()).as(page).isEqualTo(302);
            assertThat(answer.header("Location")).as(page).endsWith("/login");
        }
        Answer api = Caller.as("", port).post("/api/v1/statements", upload, "Content-Type", Caller.FORM);
        assertThat(api.status()).isEqualTo(401);
    }

    @Test
    void everyRefusalOfWhoAsksIsLoggedWithoutIdsOrCredentials(CapturedOutput log) {
        Caller.as("auditor", port).post("/api/v1/people/JANE-DOE/death", "{}");
        Caller.as("support", port).get("/api/v1/accounts/JANE-DOE");
        Caller.as("", port).get("/api/v1/accounts/JANE-DOE", "Authorization", "Basic SkFORS1ET0U6c2VjcmV0");
        assertThat(log.getAll())
                .contains("refused 403 FORBIDDEN: POST /people by auditor as AUDITOR from 127.0.0.1")
                .contains("refused 404 NOT_FOUND: GET /accounts by support as SUPPORT from 127.0.0.1")
                .contains("refused 401 UNAUTHENTICATED: GET /accounts by nobody from 127.0.0.1")
                .doesNotContain("JANE-DOE", "SkFORS1ET0U6c2VjcmV0");
    }

    @Test
    void aFloodOfRefusalsIsCountedAndNotWrittenOutLineByLine(CapturedOutput log) {
        flood(log, "refused 401", SecurityTest::refuse);
        flood(
                log,
                "sign-in refused",
                () -> SecurityLog.signInRefused(
                        new BadCredentialsException("no"), new MockHttpServletRequest("POST", "/login")));
    }

    private static void flood(CapturedOutput log, String line, Runnable refuse) {
        // whatever other tests have left out is told of before
        ChildLedger.sleep(100);
        refuse.run();
        int before = log.getAll().length();
        int flood = 4 * SecurityLog.LINES_A_SECOND;
        for (int i = 0; i < flood; i++) {
            refuse.run();
        }
        ChildLedger.sleep(500);
        refuse.run();
        List<String> lines = log.getAll().substring(before).lines().toList();
        long written = lines.stream().filter(each -> each.contains(line)).count();
        int counted = lines.stream()
                .map(LEFT_OUT::matcher)
                .filter(Matcher::find)
                .mapToInt(told -> Integer.parseInt(told.group(1)))
                .sum();
        assertThat(written).isBetween(1L, 2L * SecurityLog.LINES_A_SECOND);
        assertThat(written + counted).isEqualTo(flood + 1);
    }

    private static void refuse() {
        SecurityLog.refused(Problem.ofStatus(401), new MockHttpServletRequest("GET", "/api/v1/accounts"));
    }
}
