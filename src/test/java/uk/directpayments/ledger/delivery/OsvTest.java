package uk.directpayments.ledger.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The questions to osv.dev and what is made of its answers, against a server that speaks as its documentation says. */
class OsvTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> asked = new ArrayList<>();
    private HttpServer server;

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Osv answering(Function<JsonNode, String> answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/querybatch", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            asked.add(body);
            byte[] said = answer.apply(body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(said.length == 0 ? 500 : 200, said.length == 0 ? -1 : said.length);
            exchange.getResponseBody().write(said);
            exchange.close();
        });
        server.start();
        return new Osv(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Test
    void whatIsKnownIsToldByPackageOverAllPages() throws IOException {
        Osv osv = answering(
                body -> body.path("queries").get(0).has("page_token")
                        ? "{\"results\":[{\"vulns\":[{\"id\":\"GHSA-3\"}]}]}"
                        : "{\"results\":[{},{\"vulns\":[{\"id\":\"GHSA-2\"},{\"id\":\"GHSA-1\"}],\"next_page_token\":\"more\"}]}");
        assertThat(osv.knownAbout(List.of("pkg:maven/a/good@1", "pkg:maven/a/bad@1")))
                .isEqualTo(Map.of("pkg:maven/a/bad@1", new TreeSet<>(List.of("GHSA-1", "GHSA-2", "GHSA-3"))));
        assertThat(asked.get(0).toString())
                .isEqualTo(
                        "{\"queries\":[{\"package\":{\"purl\":\"pkg:maven/a/good@1\"}},{\"package\":{\"purl\":\"pkg:maven/a/bad@1\"}}]}");
        assertThat(asked.get(1).toString())
                .isEqualTo("{\"queries\":[{\"package\":{\"purl\":\"pkg:maven/a/bad@1\"},\"page_token\":\"more\"}]}");
    }

    @Test
    void manyPackagesAreAskedAboutInParts() throws IOException {
        Osv osv = answering(body -> "{\"results\":["
                + String.join(",", Collections.nCopies(body.path("queries").size(), "{}")) + "]}");
        List<String> purls =
                IntStream.range(0, 1001).mapToObj(i -> "pkg:maven/a/b@" + i).toList();
        assertThat(osv.knownAbout(purls)).isEmpty();
        assertThat(asked).extracting(body -> body.path("queries").size()).containsExactly(500, 500, 1);
    }

    @Test
    void anAnswerThatLeavesPackagesOutOrHasNoEndIsNoAnswer() throws IOException {
        List<String> one = List.of("pkg:maven/a/b@1");
        Osv silent = answering(body -> "{\"results\":[]}");
        assertThatThrownBy(() -> silent.knownAbout(one)).hasMessage("it answered 0 of 1 questions");
        stop();
        Osv failing = answering(body -> "");
        assertThatThrownBy(() -> failing.knownAbout(one)).hasMessage("it answered 500");
        stop();
        Osv endless = answering(body -> "{\"results\":[{\"next_page_token\":\"more\"}]}");
        assertThatThrownBy(() -> endless.knownAbout(one)).hasMessageContaining("there is no end");
    }

    @Test
    void whatABrowserIsSentIsKnownUnderItsFirstName() throws IOException {
        answering(body -> "");
        assertThat(Osv.known("pkg:maven/org.webjars.npm/htmx.org@2.0.10")).isEqualTo("pkg:npm/htmx.org@2.0.10");
        assertThat(Osv.known("pkg:maven/org.webjars.npm/scope__part@1")).isEqualTo("pkg:npm/%40scope/part@1");
        assertThat(Osv.known("pkg:maven/org.postgresql/postgresql@42"))
                .isEqualTo("pkg:maven/org.postgresql/postgresql@42");
    }

    @Test
    void anAcceptedVulnerabilityIsOpenAgainAfterItsDay() throws IOException {
        answering(body -> "");
        SortedMap<String, SortedSet<String>> known =
                new TreeMap<>(Map.of("p", new TreeSet<>(List.of("GHSA-1", "GHSA-2"))));
        List<String> accepted = List.of("# why", "", "GHSA-1 2026-12-31 the ledger does not call it");
        assertThat(KnownVulnerabilities.open(known, accepted, LocalDate.of(2026, 12, 31)))
                .isEqualTo(Map.of("p", new TreeSet<>(List.of("GHSA-2"))));
        assertThat(KnownVulnerabilities.open(known, accepted, LocalDate.of(2027, 1, 1)))
                .isEqualTo(known);
    }
}
