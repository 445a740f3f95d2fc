package uk.directpayments.ledger.delivery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the database of open-source vulnerabilities (osv.dev), which needs no key, what is known about packages. */
final class Osv {

    /** Of one request; the service takes a thousand. */
    private static final int QUERIES = 500;

    /** Of the answer to one query, after which somebody has to look. */
    private static final int PAGES = 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI batch;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /** @param service {@code https://api.osv.dev} or who speaks like it */
    Osv(URI service) {
        this.batch = service.resolve("/v1/querybatch");
    }

    private record Query(String purl, @Nullable String page) {}

    /**
     * What is known, by package URL; those of which nothing is known are left out.
     *
     * @throws IOException it cannot be asked, or its answer not be understood
     */
    SortedMap<String, SortedSet<String>> knownAbout(List<String> purls) throws IOException {
        SortedMap<String, SortedSet<String>> known = new TreeMap<>();
        List<Query> open = purls.stream().map(purl -> new Query(purl, null)).toList();
        for (int page = 0; !open.isEmpty(); page++) {
            if (page == PAGES) {
                throw new IOException(
                        "there is no end to what is known about " + open.get(0).purl());
            }
            List<Query> further = new ArrayList<>();
            for (int from = 0; from < open.size(); from += QUERIES) {
                List<Query> some = open.subList(from, Math.min(open.size(), from + QUERIES));
                JsonNode results = ask(some).path("results");
                if (results.size() != some.size()) {
                    throw new IOException("it answered " + results.size() + " of " + some.size() + " questions");
                }
                for (int i = 0; i < some.size(); i++) {
                    String purl = some.get(i).purl();
                    for (JsonNode one : results.get(i).path("vulns")) {
                        known.computeIfAbsent(purl, any -> new TreeSet<>())
                                .add(one.path("id").asString());
                    }
                    String next = results.get(i).path("next_page_token").asString("");
                    if (!next.isEmpty()) {
                        further.add(new Query(purl, next));
                    }
                }
            }
            open = further;
        }
        return known;
    }

    private JsonNode ask(List<Query> queries) throws IOException {
        List<Map<String, Object>> bodies = queries.stream()
                .map(query -> {
                    Map<String, Object> body = new TreeMap<>(Map.of("package", Map.of("purl", query.purl())));
                    if (query.page() != null) {
                        body.put("page_token", query.page());
                    }
                    return body;
                })
                .toList();
        HttpRequest request = HttpRequest.newBuilder(batch)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(Map.of("queries", bodies))))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("it answered " + answer.statusCode());
            }
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** What a browser is sent comes from another registry by the way of Maven's: vulnerabilities are known under its first name. */
    static String known(String purl) {
        String npm = "pkg:maven/org.webjars.npm/";
        return purl.startsWith(npm)
                ? "pkg:npm/" + purl.substring(npm.length()).replaceFirst("^([^@]+)__", "%40$1/")
                : purl;
    }
}
