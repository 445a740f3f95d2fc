package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Manager;
import org.apache.catalina.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.test.context.TestPropertySource;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.RunningLedger;

/** What becomes of a session, by its cookies, under the settings of the service and of the image: behind a proxy that speaks TLS. */
@TestPropertySource(
        properties = {
            "server.forward-headers-strategy=native",
            "server.servlet.session.cookie.secure=true",
            "server.servlet.session.cookie.name=" + SessionsTest.SESSION,
            "ledger.pages.longest-session=3s"
        })
@ExtendWith(OutputCaptureExtension.class)
class SessionsTest extends RunningLedger {

    static final String SESSION = "__Host-ledger";

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]*)\"");

    @Autowired
    ServletWebServerApplicationContext server;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void cookiesGoOverTlsAloneAreHiddenFromScriptsAndKeptFromOtherSites() throws Exception {
        HttpResponse<String> login = get("/login", "");
        HttpResponse<String> in = signIn(login);
        assertThat(cookie(in, SESSION, "")).isNotEmpty();
        assertThat(Stream.concat(cookies(login).stream(), cookies(in).stream()))
                .hasSizeGreaterThan(1)
                .allSatisfy(cookie -> assertThat(cookie)
                        .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
                        .doesNotContain("Domain"));
        assertThat(login.headers().firstValue("Strict-Transport-Security").orElse(""))
                .contains("max-age=31536000");
    }

    @Test
    void signingInMakesANewSessionAndSigningOutEndsIt() throws Exception {
        HttpResponse<String> asked = get("/reports", "");
        String before = session(asked);
        HttpResponse<String> login = get("/login", before);
        HttpResponse<String> in = signIn(login, before);
        String after = session(in);
        assertThat(after).isNotEqualTo(before);
        assertThat(in.headers().firstValue("Location").orElse("")).doesNotContain("jsessionid");
        assertThat(get("/reports", before).statusCode()).isEqualTo(302);
        HttpResponse<String> page = get("/reports", after);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).doesNotContainIgnoringCase("jsessionid=");

        String token = cookie(page, "XSRF-TOKEN", cookie(login, "XSRF-TOKEN", ""));
        HttpResponse<String> out = post("/logout", after + "; " + token, "_csrf=" + encoded(token(page)));
        assertThat(out.headers().firstValue("Clear-Site-Data")).hasValue("\"cache\", \"storage\"");
        assertThat(get("/reports", after).statusCode()).isEqualTo(302);
    }

    @Test
    void aSessionEndsAfterItsLongestTimeThoughItIsInUse() throws Exception {
        String session = session(signIn(get("/login", "")));
        long started = System.nanoTime();
        int status = 200;
        while (status == 200 && System.nanoTime() - started < 20_000_000_000L) {
            status = get("/reports", session).statusCode();
            ChildLedger.sleep(100);
        }
        assertThat(status).isEqualTo(302);
        assertThat(get("/reports", session).headers().firstValue("Location").orElse(""))
                .endsWith("/login");
    }

    /** Sessions of strangers: {@code platform/Strangers}. */
    @Test
    void whatIsKeptForStrangersIsLittleAndShortLivedAndOfSoManyAtMost() throws Exception {
        HttpResponse<String> login = get("/login", "");
        String token = cookie(login, "XSRF-TOKEN", "");
        String field = "&_csrf=" + encoded(token(login));
        assertThat(cookie(post("/people/new", token, "name=" + "x".repeat(70_000) + field), SESSION, ""))
                .isEmpty();
        String stranger = session(post("/people/new", token, "name=" + "x".repeat(60_000) + field));
        assertThat(secondsWithoutUse(stranger)).isEqualTo(5 * 60);
        HttpResponse<String> in = signIn(login, stranger);
        assertThat(in.headers().firstValue("Location").orElse("")).contains("/people/new");
        assertThat(secondsWithoutUse(session(in))).isEqualTo(30 * 60);

        int kept = 0;
        try {
            for (int i = 0; i < 520; i++) {
                HttpResponse<String> answer = get("/reports?q=" + i, "");
                assertThat(answer.statusCode()).isEqualTo(302);
                kept += cookie(answer, SESSION, "").isEmpty() ? 0 : 1;
            }
            assertThat(kept).isBetween(450, 500);
            assertThat(session(signIn(login))).as("whoever signs in").isNotEmpty();
        } finally {
            Stream.of(sessions().findSessions()).forEach(Session::expire);
        }
        assertThat(session(get("/reports", ""))).as("once they have ended").isNotEmpty();
    }

    private int secondsWithoutUse(String cookie) throws IOException {
        return sessions().findSession(cookie.substring(cookie.indexOf('=') + 1)).getMaxInactiveInterval();
    }

    private Manager sessions() {
        var tomcat = ((TomcatWebServer) server.getWebServer()).getTomcat();
        return ((Context) tomcat.getHost().findChildren()[0]).getManager();
    }

    @Test
    void whoSignsInAndOutAndWhoCouldNotIsLoggedWithoutWhatWasTyped(CapturedOutput log) throws Exception {
        HttpResponse<String> login = get("/login", "");
        String token = cookie(login, "XSRF-TOKEN", "");
        String field = "&_csrf=" + encoded(token(login));
        post("/login", token, "username=JANE-DOE%0D%0Asigned+in:+admin&password=s3cret" + field);
        HttpResponse<String> in = signIn(login);
        HttpResponse<String> page = get("/find", session(in));
        post("/logout", session(in) + "; " + cookie(page, "XSRF-TOKEN", token), "_csrf=" + encoded(token(page)));
        assertThat(log.getAll())
                .contains("sign-in refused: BadCredentialsException from 127.0.0.1")
                .contains("signed in: finance as FINANCE from 127.0.0.1")
                .contains("signed out: finance as FINANCE from 127.0.0.1")
                .doesNotContain("JANE-DOE", "s3cret", "signed in: admin");
    }

    @Test
    void whatIsDownloadedIsKeptByNoCacheEither() {
        Opened ids = opened("2025-04-01", "2027-03-31", "1200.00");
        for (String download : List.of(
                "/accounts/" + ids.accountId() + "/statement.pdf?from=2025-04-01&to=2025-04-30",
                "/accounts/" + ids.accountId() + "/balance",
                "/reports/balances?format=csv",
                "/reports/balances?format=xlsx",
                "/reports/balances?format=json",
                "/audit/journal?format=hledger&accountId=" + ids.accountId(),
                "/audit/evidence-pack?accountId=" + ids.accountId(),
                "/people/NOBODY")) {
            Caller.Answer answer = finance().get("/api/v1" + download);
            assertThat(answer.header("Cache-Control")).as(download).contains("no-store");
            assertThat(answer.header("X-Content-Type-Options")).as(download).isEqualTo("nosniff");
        }
    }

    private HttpResponse<String> signIn(HttpResponse<String> login, String... also) throws Exception {
        String token = cookie(login, "XSRF-TOKEN", "");
        return post(
                "/login",
                String.join("; ", List.of(token, String.join("; ", also))),
                "username=finance&password=demo&_csrf=" + encoded(token(login)));
    }

    private static String token(HttpResponse<String> page) {
        Matcher found = TOKEN.matcher(page.body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static String session(HttpResponse<String> answer) {
        String session = cookie(answer, SESSION, "");
        assertThat(session).isNotEmpty();
        return session;
    }

    private static String cookie(HttpResponse<String> answer, String name, String otherwise) {
        return cookies(answer).stream()
                .map(text -> HttpCookie.parse(text).get(0))
                .filter(cookie -> cookie.getName().equals(name))
                .map(cookie -> name + "=" + cookie.getValue())
                .findFirst()
                .orElse(otherwise);
    }

    private static List<String> cookies(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie");
    }

    private HttpResponse<String> get(String path, String cookies) throws Exception {
        return client.send(request(path, cookies).GET().build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String cookies, String form) throws Exception {
        return client.send(
                request(path, cookies)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String cookies) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", "text/html")
                .header("X-Forwarded-Proto", "https");
        return cookies.isBlank() ? request : request.header("Cookie", cookies);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
