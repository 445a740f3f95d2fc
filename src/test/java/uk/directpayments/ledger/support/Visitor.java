package uk.directpayments.ledger.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who has signed in to the pages, without a browser: asks for them and sends forms, and follows nothing by themselves. */
public final class Visitor {

    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]*)\"");

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final int port;
    private String token = "";

    private Visitor(int port) {
        this.port = port;
    }

    /** @param user a local user, or an empty text for somebody who does not sign in */
    public static Visitor as(String user, int port) {
        Visitor visitor = new Visitor(port);
        visitor.get("/login");
        if (!user.isEmpty()) {
            HttpResponse<String> answer = visitor.post("/login", "username", user, "password", "demo");
            if (!answer.headers().firstValue("Location").orElse("/login?error").endsWith("/")) {
                throw new AssertionError(user + " could not sign in");
            }
            visitor.get("/find");
        }
        return visitor;
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    /** Sends a form with the token of the page that was seen last. @param fields names and values in turn */
    public HttpResponse<String> post(String path, String... fields) {
        StringBuilder body = new StringBuilder("_csrf=" + encoded(token));
        for (int i = 0; i < fields.length; i += 2) {
            body.append('&').append(encoded(fields[i])).append('=').append(encoded(fields[i + 1]));
        }
        return postAsIs(path, body.toString());
    }

    /** Sends a form without any token: a forged one. */
    public HttpResponse<String> postAsIs(String path, String body) {
        return send(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)),
                path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) {
        try {
            HttpResponse<String> answer = client.send(
                    request.uri(URI.create("http://127.0.0.1:" + port + path))
                            .header("Accept", "text/html")
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Matcher found = TOKEN.matcher(answer.body());
            if (found.find()) {
                token = found.group(1);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
