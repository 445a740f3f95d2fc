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
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the requests of the local users, one after another. Each has an idempotency key made of its number, so that the same requests
 * sent again, after an interruption, write only what is missing.
 */
final class Office {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 10;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    /** Too many requests; not now. */
    private static final Set<Integer> TO_BE_REPEATED = Set.of(429, 503);

    /** An answer that a synthetic history does not expect: no personal data, for all of it is made up. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        Refused(String path, int status, String code, String detail) {
            super("POST " + path + " was answered " + status + " " + code + ": " + detail);
        }
    }

    private final String api;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private int requests;

    /** @param address of this ledger: {@code http://127.0.0.1:8080} */
    Office(String address) {
        api = address + "/api/v1";
    }

    /** How many requests have been answered. */
    int requests() {
        return requests;
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
        try {
            return sent(user, path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        }
    }

    private JsonNode sent(String user, String path, Map<String, Object> body) throws IOException, InterruptedException {
        String credentials = Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(PATIENCE)
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "synthetic-council-" + (requests + 1))
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(texts(body))))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        for (int attempt = 1; TO_BE_REPEATED.contains(response.statusCode()) && attempt < ATTEMPTS; attempt++) {
            Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
            response = client.send(request, BodyHandlers.ofString());
        }
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() / 100 != 2) {
            throw new Refused(
                    path,
                    response.statusCode(),
                    answer.path("code").asString(""),
                    answer.path("detail").asString(""));
        }
        requests++;
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
