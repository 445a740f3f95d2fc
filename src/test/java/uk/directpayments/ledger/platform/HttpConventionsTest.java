package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
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
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;

@SpringBootTest(
        classes = HttpTestApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {HttpTestApp.NO_DATABASE, "ledger.http.max-upload-bytes=300KB"})
@ExtendWith(OutputCaptureExtension.class)
class HttpConventionsTest {

    private static final String ACCOUNT = "/api/v1/accounts/A-1";

    private static final String GOOD = """
            {"sampleId":"S-1","name":"Ann","on":"2026-04-01","amount":"10.50",
             "lines":[{"lineId":"L-1","fundingSource":"SHORT_BREAKS","annualAmount":"620"}]}""";

    @LocalServerPort
    int port;

    private Caller finance;

    @BeforeEach
    void signIn() {
        finance = Caller.as("finance", port);
    }

    // --- writes

    @Test
    void aWriteIsHandedWhoAsksAndAnswersMoneyWithTwoDecimals() {
        Answer answer = finance.post(ACCOUNT + "/samples", GOOD, "X-Correlation-Id", "c-1", "Idempotency-Key", "k");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().at("/sample/lines/0/annualAmount").asString()).isEqualTo("620.00");
        assertThat(answer.json().at("/call/actor/userId").asString()).isEqualTo("finance");
        assertThat(answer.json().at("/call/actor/role").asString()).isEqualTo("FINANCE");
        assertThat(answer.json().at("/call/correlationId").asString()).isEqualTo("c-1");
        assertThat(answer.header("X-Correlation-Id")).isEqualTo("c-1");
    }

    @Test
    void aWriteThatAPageOfAnotherSiteHasMadeABrowserSendIsRefusedAndAReadIsNot() {
        for (String site : List.of("cross-site", "same-site")) {
            Answer write = finance.post(ACCOUNT + "/samples", GOOD, "Sec-Fetch-Site", site);
            assertThat(write.status()).isEqualTo(403);
            assertThat(write.code()).isEqualTo("FORBIDDEN");
            assertThat(write.json().path("detail").asString()).contains("another site");
            assertThat(finance.get(ACCOUNT + "/view", "Sec-Fetch-Site", site).status())
                    .isNotEqualTo(403);
        }
        for (String site : List.of("same-origin", "none")) {
            assertThat(finance.post(ACCOUNT + "/samples", GOOD, "Sec-Fetch-Site", site)
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void anIdempotencyKeyCountsPerUserAndPath() {
        String first = hash(finance.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", "k"));
        assertThat(hash(finance.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", "k")))
                .isEqualTo(first);
        assertThat(hash(finance.post("/api/v1/accounts/%41-1/samples", GOOD, "Idempotency-Key", "k")))
                .isEqualTo(first);
        assertThat(hash(finance.post("/api/v1/accounts/A-2/samples", GOOD, "Idempotency-Key", "k")))
                .isNotEqualTo(first);
        assertThat(hash(finance.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", "K")))
                .isNotEqualTo(first);
        Caller approver = Caller.as("approver", port);
        assertThat(hash(approver.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", "k")))
                .isNotEqualTo(first);
        assertThat(finance.post(ACCOUNT + "/samples", GOOD)
                        .json()
                        .at("/call/idempotencyHash")
                        .isNull())
                .isTrue();
    }

    private static String hash(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json().at("/call/idempotencyHash").asString();
    }

    @Test
    void anotherBodyHasAnotherHash() {
        String first = finance.post(ACCOUNT + "/samples", GOOD)
                .json()
                .at("/call/requestHash")
                .asString();
        String same = finance.post(ACCOUNT + "/samples", GOOD)
                .json()
                .at("/call/requestHash")
                .asString();
        String other = finance.post(ACCOUNT + "/samples", GOOD.replace("Ann", "Bob"))
                .json()
                .at("/call/requestHash")
                .asString();
        assertThat(same).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void anIdempotencyKeyMustBeVisibleAndShort() {
        for (String key : new String[] {"", "a b", "x".repeat(201)}) {
            Answer answer = finance.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", key);
            assertRefused(answer, 400, "FIELD_INVALID", "Idempotency-Key");
        }
        assertThat(finance.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", "x".repeat(200))
                        .status())
                .isEqualTo(201);
        assertRefused(
                finance.post(ACCOUNT + "/samples", GOOD, "Idempotency-Key", "a", "Idempotency-Key", "b"),
                400,
                "FIELD_INVALID",
                "Idempotency-Key");
    }

    @Test
    void everyAnswerHasACorrelationIdOfItsOwnUnlessTheCallerGaveAGoodOne() {
        assertThat(finance.get(ACCOUNT + "/view").header("X-Correlation-Id")).hasSize(36);
        assertThat(finance.get(ACCOUNT + "/view", "X-Correlation-Id", "no good").header("X-Correlation-Id"))
                .hasSize(36);
        assertThat(Caller.as("", port).get(ACCOUNT + "/view").header("X-Correlation-Id"))
                .hasSize(36);
        assertThat(finance.get("/nowhere").header("X-Correlation-Id")).hasSize(36);
    }

    /** Whoever refuses: the doors, the handlers, what reads a body, the container itself. */
    @Test
    void everyRefusalTellsTheCorrelationIdThatItsCallerGave() throws IOException {
        String[] mine = {"X-Correlation-Id", "mine-1"};
        String[] mineAsText = {"X-Correlation-Id", "mine-1", "Content-Type", "text/plain"};
        Map<Integer, Answer> refusals = Map.of(
                401, Caller.as("", port).get(ACCOUNT + "/view", mine),
                403, Caller.as("support", port).get("/api/v1/audit/events", mine),
                404, finance.get("/api/v1/nonsense", mine),
                405, finance.send("DELETE", ACCOUNT + "/view", BodyPublishers.noBody(), mine),
                413, finance.post(ACCOUNT + "/samples", " ".repeat(2_000_000), mine),
                415, finance.post(ACCOUNT + "/samples", GOOD, mineAsText),
                500, finance.get(ACCOUNT + "/fails/unexpectedly", mine),
                503, finance.get(ACCOUNT + "/fails/database", mine));
        refusals.forEach((status, answer) -> {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.header("X-Correlation-Id")).as("%d", status).isEqualTo("mine-1");
        });
        for (String refusedByTomcat : List.of("GET /api/v1/accounts/%zz/view", "GET /x|y", "TRACE /api/v1/x")) {
            assertThat(raw(refusedByTomcat
                            + " HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: mine-1\r\nConnection: close\r\n\r\n"))
                    .as(refusedByTomcat)
                    .contains("X-Correlation-Id: ");
        }
    }

    // --- reads

    @Test
    void aViewIsTodayInLondonAndEverythingKnown() {
        Answer answer = finance.get(ACCOUNT + "/view");
        assertThat(answer.json().get("asOf").asString())
                .isEqualTo(BusinessDay.today(Clock.systemUTC()).toString());
        assertThat(answer.json().get("knownAt").isNull()).isTrue();
        assertThat(answer.json().get("atPosition").isNull()).isTrue();
        assertThat(answer.json().get("atLeast").asLong()).isZero();
    }

    @Test
    void aViewTakesBothDatesAndAPosition() {
        Answer answer =
                finance.get(ACCOUNT + "/view?asOf=2025-12-31&knownAt=2026-01-01T00:09:30Z", "Ledger-Position", "7");
        assertThat(answer.json().get("asOf").asString()).isEqualTo("2025-12-31");
        assertThat(answer.json().get("atPosition").asLong()).isEqualTo(10);
        assertThat(answer.json().get("atLeast").asLong()).isEqualTo(10);
        assertThat(finance.get(ACCOUNT + "/view", "Ledger-Position", "77")
                        .json()
                        .get("atLeast")
                        .asLong())
                .isEqualTo(77);
        // an offset, and one whose plus sign became a blank
        for (String offset : new String[] {"%2B01:00", "+01:00"}) {
            Answer summer = finance.get(ACCOUNT + "/view?knownAt=2026-01-01T01:09:30" + offset);
            assertThat(summer.json().get("atPosition").asLong()).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "asOf=2026-02-30, asOf",
        "asOf=26-02-03, asOf",
        "asOf=, asOf",
        "asOf=1899-12-31, asOf",
        "asOf=2201-01-01, asOf",
        "asOf=2026-01-01T00:00, asOf",
        "asOf=%2B999999-01-01, asOf",
        "knownAt=2026-01-01, knownAt",
        "knownAt=2026-01-01T00:00:00, knownAt",
        "knownAt=2100-01-01T00:00:00Z, knownAt",
        "knownAt=-999999-01-01T00:00:00Z, knownAt",
        "knownAt=2026-01-01T25:00:00Z, knownAt",
        "asOf=2026-01-01&asOf=2026-01-02, asOf"
    })
    void aDateThatIsNoneIsRefused(String query, String field) {
        Answer answer = finance.get(ACCOUNT + "/view?" + query);
        assertRefused(answer, 400, "FIELD_INVALID", field);
        assertThat(answer.json().path("detail").asString()).startsWith(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", "99999999999999999999"})
    void aLedgerPositionThatIsNoneIsRefused(String position) {
        Answer answer = finance.get(ACCOUNT + "/view", "Ledger-Position", position);
        assertRefused(answer, 400, "FIELD_INVALID", "Ledger-Position");
    }

    @ParameterizedTest
    @CsvSource({
        "/view?asof=2026-01-01, asof",
        "/view?limit=5, limit",
        "/numbers?colour=red, colour",
        "/typed?from=2026-01-01&x, x",
        "/view?asOf=2026-01-01&%E2%80%AE=1, ?"
    })
    void aQueryParameterThatNobodyDeclaredIsRefused(String path, String field) {
        assertRefused(finance.get(ACCOUNT + path), 400, "FIELD_UNKNOWN", field);
        assertThat(finance.post(ACCOUNT + "/samples?dryRun=true", GOOD).code()).isEqualTo("FIELD_UNKNOWN");
    }

    @Test
    void queryParametersAreHeldToTheirTypes() {
        assertThat(finance.get(ACCOUNT + "/typed?from=2026-01-01").status()).isEqualTo(200);
        assertRefused(finance.get(ACCOUNT + "/typed"), 400, "FIELD_INVALID", "from");
        assertRefused(finance.get(ACCOUNT + "/typed?from=2026-1-1"), 400, "FIELD_INVALID", "from");
        Answer wrong = finance.get(ACCOUNT + "/typed?from=2026-01-01&source=GOLD");
        assertRefused(wrong, 400, "FIELD_INVALID", "source");
        assertThat(wrong.json().get("detail").asString())
                .contains("SHORT_BREAKS")
                .doesNotContain("java", "GOLD");
        assertRefused(finance.get(ACCOUNT + "/typed?from=2026-01-01&personId=a%20b"), 400, "ID_INVALID", "personId");
        assertRefused(finance.get(ACCOUNT + "/typed?from=2026-01-01&personId=%00"), 400, "FIELD_INVALID", "personId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "a'b", "%C3%A4", "a$b", "%E2%80%AE"})
    void anIdInAPathIsHeldToItsAlphabet(String id) {
        assertRefused(finance.get("/api/v1/accounts/" + id + "/view"), 400, "ID_INVALID", "accountId");
    }

    @Test
    void aLongIdInAPathIsRefused() {
        assertThat(finance.get("/api/v1/accounts/" + "x".repeat(64) + "/view").status())
                .isEqualTo(200);
        assertThat(finance.get("/api/v1/accounts/" + "x".repeat(65) + "/view").code())
                .isEqualTo("ID_INVALID");
    }

    // --- pages

    @Test
    void pagesNeverMixThoughTheLogGrows() {
        HttpTestApp.HEAD.set(100);
        Answer first = finance.get(ACCOUNT + "/numbers?limit=40");
        assertThat(first.json().get("items").size()).isEqualTo(40);
        HttpTestApp.HEAD.set(120);
        Answer second = finance.get(ACCOUNT + "/numbers?limit=40&cursor=" + next(first));
        Answer last = finance.get(ACCOUNT + "/numbers?limit=40&cursor=" + next(second));
        assertThat(last.json().get("next").isNull()).isTrue();
        assertThat(StreamSupport.stream(last.json().get("items").spliterator(), false)
                        .map(i -> i.asInt()))
                .hasSize(20)
                .last()
                .isEqualTo(100);
        HttpTestApp.HEAD.set(100);
    }

    @Test
    void aPageIsFiftyLongUnlessToldOtherwise() {
        assertThat(finance.get(ACCOUNT + "/numbers").json().get("items").size()).isEqualTo(50);
        assertThat(finance.get(ACCOUNT + "/numbers?limit=500")
                        .json()
                        .get("next")
                        .isNull())
                .isTrue();
        for (String limit : new String[] {"0", "501", "-1", "x", "", "99999999999"}) {
            assertRefused(finance.get(ACCOUNT + "/numbers?limit=" + limit), 400, "FIELD_INVALID", "limit");
        }
    }

    @Test
    void aCursorThatWasMangledIsRefused() {
        String cursor = next(finance.get(ACCOUNT + "/numbers?limit=2"));
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            String mangled = cursor.substring(0, i) + other + cursor.substring(i + 1);
            assertThat(finance.get(ACCOUNT + "/numbers?cursor=" + mangled).code())
                    .isEqualTo("CURSOR_INVALID");
        }
        for (String wrong : new String[] {"", "x", cursor + "A", cursor.substring(1), "%00", "x".repeat(3_000)}) {
            Answer answer = finance.get(ACCOUNT + "/numbers?cursor=" + wrong);
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void aCursorIsGoodForItsListAndDatesAlone() {
        String cursor = next(finance.get(ACCOUNT + "/numbers?limit=2&asOf=2026-01-01&from=1"));
        assertThat(finance.get(ACCOUNT + "/numbers?from=1&cursor=" + cursor).status())
                .isEqualTo(200);
        assertThat(finance.get(ACCOUNT + "/numbers?from=1&asOf=2026-01-01&limit=9&cursor=" + cursor)
                        .status())
                .isEqualTo(200);
        assertRefused(
                finance.get(ACCOUNT + "/numbers?from=1&asOf=2026-01-02&cursor=" + cursor),
                400,
                "CURSOR_INVALID",
                "cursor");
        assertThat(finance.get(ACCOUNT + "/numbers?from=2&cursor=" + cursor).code())
                .isEqualTo("CURSOR_INVALID");
        assertThat(finance.get(ACCOUNT + "/numbers?cursor=" + cursor).code()).isEqualTo("CURSOR_INVALID");
        assertThat(finance.get(ACCOUNT + "/numbers?from=1&knownAt=2026-01-01T00:00:00Z&cursor=" + cursor)
                        .code())
                .isEqualTo("CURSOR_INVALID");
        assertThat(finance.get("/api/v1/accounts/A-2/numbers?from=1&cursor=" + cursor)
                        .code())
                .isEqualTo("CURSOR_INVALID");
    }

    private static String next(Answer page) {
        assertThat(page.status()).as(page.toString()).isEqualTo(200);
        return page.json().get("next").asString();
    }

    // --- refusals that never reach a handler

    @Test
    void whatIsNotThereIs404AndWhatTakesAnotherMethodIs405() {
        assertRefused(finance.get(ACCOUNT + "/nothing"), 404, "NOT_FOUND", null);
        assertRefused(finance.get("/api/v1/nonsense"), 404, "NOT_FOUND", null);
        assertRefused(finance.get("/api/nonsense"), 404, "NOT_FOUND", null);
        assertRefused(finance.post("/api/v1/nonsense", "{}"), 404, "NOT_FOUND", null);
        Answer wrongMethod = finance.send("DELETE", ACCOUNT + "/view", BodyPublishers.noBody());
        assertRefused(wrongMethod, 405, "METHOD_NOT_ALLOWED", null);
        assertThat(wrongMethod.header("Allow")).contains("GET");
        assertRefused(finance.get(ACCOUNT + "/samples"), 405, "METHOD_NOT_ALLOWED", null);
    }

    @Test
    void typesThatTheAddressDoesNotSpeakAreRefused() {
        assertRefused(finance.get(ACCOUNT + "/view", "Accept", "text/csv"), 406, "NOT_ACCEPTABLE", null);
        for (String type : new String[] {
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "application/json;charset=ISO-8859-1",
            "nonsense"
        }) {
            assertRefused(
                    finance.post(ACCOUNT + "/samples", GOOD, "Content-Type", type),
                    415,
                    "MEDIA_TYPE_UNSUPPORTED",
                    null);
        }
        assertThat(finance.post(ACCOUNT + "/samples", GOOD, "Content-Type", "nonsense")
                        .json()
                        .path("detail")
                        .asString())
                .contains("Content-Type must be a media type");
        assertThat(finance.send("POST", ACCOUNT + "/samples", BodyPublishers.ofString(GOOD))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void aBodyOverTheLimitIsRefusedAlsoWhenItsLengthIsNotSaid() {
        byte[] large = " ".repeat(2_000_000).getBytes(StandardCharsets.UTF_8);
        assertRefused(finance.post(ACCOUNT + "/samples", large), 413, "TOO_LARGE", null);
        Answer chunked = finance.send(
                "POST",
                ACCOUNT + "/samples",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
                "Content-Type",
                "application/json");
        assertRefused(chunked, 413, "TOO_LARGE", null);
        Answer good = finance.send(
                "POST",
                ACCOUNT + "/samples",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(GOOD.getBytes(StandardCharsets.UTF_8))),
                "Content-Type",
                "application/json");
        assertThat(good.status()).isEqualTo(201);
    }

    @Test
    void uploadsHaveALimitOfTheirOwnAndAHash() {
        Answer small = upload("file", "x".repeat(200_000), "");
        assertThat(small.status()).as(small.toString()).isEqualTo(200);
        assertThat(small.json().get("size").asInt()).isEqualTo(200_000);
        String hash = small.json().get("requestHash").asString();
        assertThat(upload("file", "x".repeat(200_000), "")
                        .json()
                        .get("requestHash")
                        .asString())
                .isEqualTo(hash);
        assertThat(upload("file", "y".repeat(200_000), "")
                        .json()
                        .get("requestHash")
                        .asString())
                .isNotEqualTo(hash);
        assertRefused(upload("file", "x".repeat(400_000), ""), 413, "TOO_LARGE", null);
        assertRefused(upload("fiel", "x", ""), 400, "FIELD_UNKNOWN", "fiel");
        assertRefused(upload("file", "x", "?formt=csv"), 400, "FIELD_UNKNOWN", "formt");
        assertThat(finance.post(ACCOUNT + "/upload", "rubbish", "Content-Type", "multipart/form-data; boundary=b")
                        .status())
                .isEqualTo(400);
        assertThat(finance.post(ACCOUNT + "/upload", "rubbish", "Content-Type", "multipart/form-data")
                        .status())
                .isEqualTo(400);
        assertThat(finance.post(ACCOUNT + "/upload", "{}").status()).isIn(400, 415);
    }

    private Answer upload(String field, String content, String query) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"f\"\r\n\r\n" + content
                + "\r\n--b--\r\n";
        return finance.post(ACCOUNT + "/upload" + query, body, "Content-Type", "multipart/form-data; boundary=b");
    }

    @Test
    void theUnforeseenIsA500ThatTellsNothingAndLogsNoWords(CapturedOutput log) {
        for (String how : new String[] {"unexpectedly", "checked", "sealed"}) {
            Answer answer = finance.get(ACCOUNT + "/fails/" + how, "X-Correlation-Id", "trace-me");
            assertRefused(answer, 500, "INTERNAL", null);
            assertThat(answer.json().get("detail").asString()).contains("trace-me");
            assertThat(answer.response().body()).doesNotContain("Exception", "Jane", "secret", "ciphertext");
        }
        assertThat(log.getAll()).contains("trace-me", "IllegalStateException").doesNotContain("Jane Doe", "select *");
    }

    @Test
    void aDatabaseThatIsAwayIsBusyAndWrappedRefusalsAreUnwrapped() {
        Answer busy = finance.get(ACCOUNT + "/fails/database");
        assertRefused(busy, 503, "BUSY", null);
        assertThat(busy.header("Retry-After")).isEqualTo("1");
        assertRefused(finance.get(ACCOUNT + "/fails/wrapped"), 409, "ACCOUNT_SUSPENDED", null);
        assertRefused(finance.get(ACCOUNT + "/fails/ACCOUNT_NOT_FOUND"), 404, "ACCOUNT_NOT_FOUND", null);
    }

    @Test
    void aPathThatTheFirewallOrTomcatRefusesIsAnsweredAsAProblem() throws IOException {
        for (String path : new String[] {
            "/api/v1//accounts",
            "/api/v1/accounts/a;b=c/view",
            "/api/v1/accounts/a%2Fb/view",
            "/api/v1/accounts/a%0Ab/view",
            "/api/v1/accounts/%00/view",
            "/api/v1/accounts/%zz/view",
            "/api/v1/accounts/a/typed?from=%zz",
            "/api/v1/accounts/a|b/view",
            "/api/v1/accounts/../../x",
            "/api/v1/accounts/a%5Cb/view",
            "/api/v1/accounts/<x>/view"
        }) {
            String answer = raw("GET " + path
                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ZmluYW5jZTpkZW1v\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 4.*").contains("application/problem+json", "\"code\":");
            assertThat(answer).as(path).doesNotContain("Apache", "Exception", "<html");
        }
        assertThat(raw("garbage\r\n\r\n")).contains("problem+json", "\"instance\":\"/\"");
        assertThat(raw("GET /x HTTP/3.9\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 505")
                .contains("\"status\":505");
        assertThat(raw("TRACE /api/v1/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
        assertThat(raw("BREW /api/v1/accounts/a/view HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(raw("GET /x HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void assertRefused(Answer answer, int status, String code, String field) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.code()).as(answer.toString()).isEqualTo(code);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("type").asString())
                .isEqualTo("urn:ledger:problem:" + code.toLowerCase().replace('_', '-'));
        assertThat(answer.json().get("title").asString()).isNotBlank();
        assertThat(answer.json().get("detail").asString()).isNotBlank();
        assertThat(answer.json().get("instance").asString()).startsWith("/");
        assertThat(answer.header("X-Correlation-Id")).isNotBlank();
        if (field != null) {
            assertThat(answer.json().at("/errors/0/field").asString())
                    .as(answer.toString())
                    .isEqualTo(field);
        }
    }
}
