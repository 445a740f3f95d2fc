package uk.directpayments.ledger.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the requests of the local users, for any number of clerks at a time. Each has an idempotency key made of what it asks and how often that
 * has been asked, so that the same requests sent again, after an interruption, write only what is missing.
 */
final class Office {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 10;
    private static final String BOUNDARY = "synthetic-council";
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    /** Too many requests; not now. */
    private static final Set<Integer> TO_BE_REPEATED = Set.of(429, 503);

    /** An answer that a synthetic history does not expect: no personal data, for all of it is made up. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        final transient String code;

        Refused(String request, int status, String code, String detail) {
            super(request + " was answered " + status + " " + code + ": " + detail);
            this.code = code;
        }
    }

    private final String api;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();

    /** @param address of this ledger: {@code http://127.0.0.1:8080} */
    Office(String address) {
        api = address + "/api/v1";
    }

    /** How many requests have been answered. */
    int requests() {
        return requests.get();
    }

    /** Names and values in turn; a value of null leaves the field out. */
    static Map<String, Object> fields(@Nullable Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                fields.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return fields;
    }

    /**
     * What was answered.
     *
     * @param path behind {@code /api/v1}
     * @throws Refused if it is not a 2xx
     * @throws UncheckedIOException if there is no answer at all
     * @throws CancellationException if the thread is interrupted
     */
    JsonNode post(String user, String path, Map<String, Object> body) {
        return write(user, path, "application/json", JSON.writeValueAsString(texts(body)));
    }

    /** Sends a statement file, which concerns one account. Throws as {@link #post}. */
    JsonNode upload(String user, String accountId, String filename, String file) {
        String body = part("accountId", accountId) + part("file\"; filename=\"" + filename, file) + "--" + BOUNDARY
                + "--\r\n";
        return write(user, "/statements", "multipart/form-data; boundary=" + BOUNDARY, body);
    }

    private static String part(String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
    }

    /** What of the past was read, so that a repeated history reads the same. Throws as {@link #post}. */
    JsonNode get(String user, String path) {
        return answered("GET", path, request(user, path).GET().build());
    }

    private JsonNode write(String user, String path, String contentType, String body) {
        JsonNode answer = answered(
                "POST",
                path,
                request(user, path)
                        .header("Content-Type", contentType)
                        .header("Idempotency-Key", key(user + ' ' + path + ' ' + body))
                        .POST(BodyPublishers.ofString(body))
                        .build());
        requests.incrementAndGet();
        return answer;
    }

    private String key(String request) {
        int time = sent.merge(request, 1, Integer::sum);
        return "synthetic-council-" + UUID.nameUUIDFromBytes((time + " " + request).getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String user, String path) {
        String credentials = Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(api + path))
                .timeout(PATIENCE)
                .header("Authorization", "Basic " + credentials);
    }

    private JsonNode answered(String method, String path, HttpRequest request) {
        try {
            return sent(method, path, request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
    }

    private JsonNode sent(String method, String path, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        for (int attempt = 1; TO_BE_REPEATED.contains(response.statusCode()) && attempt < ATTEMPTS; attempt++) {
            Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
            response = client.send(request, BodyHandlers.ofString());
        }
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() / 100 != 2) {
            throw new Refused(
                    method + " " + path,
                    response.statusCode(),
                    answer.path("code").asString(""),
                    answer.path("detail").asString(""));
        }
        return answer;
    }

    /** Days and amounts are texts in JSON. */
    private static Object texts(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> texts = new LinkedHashMap<>();
            map.forEach((name, field) -> texts.put(String.valueOf(name), texts(field)));
            return texts;
        }
        if (value instanceof Iterable<?> items) {
            List<Object> texts = new ArrayList<>();
            items.forEach(item -> texts.add(texts(item)));
            return texts;
        }
        return value instanceof Boolean ? value : value.toString();
    }
}
