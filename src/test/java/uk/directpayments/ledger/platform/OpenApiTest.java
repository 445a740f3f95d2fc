package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;

@SpringBootTest(
        classes = HttpTestApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {HttpTestApp.NO_DATABASE, "ledger.http.max-upload-bytes=300KB"})
class OpenApiTest {

    private static final String SAMPLES = "/paths/~1api~1v1~1accounts~1{accountId}~1samples/post";

    @LocalServerPort
    int port;

    private JsonNode api() {
        return Caller.as("", port).get("/v3/api-docs").json();
    }

    @Test
    void moneyIsAStringAndDatesAreDates() {
        JsonNode sample = api().at("/components/schemas/Sample/properties");
        assertThat(sample.at("/amount/type").asString()).as(sample.toString()).isEqualTo("string");
        assertThat(sample.at("/amount/pattern").asString()).contains("[0-9]");
        assertThat(sample.at("/on/format").asString()).isEqualTo("date");
        assertThat(sample.at("/sampleId/pattern").asString()).contains("{1,64}");
        assertThat(api().at("/components/schemas").propertyNames()).doesNotContain("Money", "Call", "Paging", "Actor");
        assertThat(StreamSupport.stream(
                                api().at("/components/schemas/Sample/required").spliterator(), false)
                        .map(JsonNode::asString))
                .containsExactlyInAnyOrder("name", "on", "amount", "lines");
    }

    @Test
    void whatMayBeNullSaysSoAndTheRestIsAlwaysThere() {
        JsonNode page = api().at("/components/schemas/PageInteger");
        assertThat(page.at("/properties/next/type").toString()).contains("null", "string");
        assertThat(page.at("/required").toString()).isEqualTo("[\"items\"]");
        JsonNode line = api().at("/components/schemas/Line");
        assertThat(line.at("/properties/lineId/type").toString()).contains("null");
        assertThat(line.at("/required").toString()).isEqualTo("[\"annualAmount\",\"fundingSource\"]");
    }

    @Test
    void aProblemHasErrorsOnlyWhereFieldsAreToBlame() {
        assertThat(api().at("/components/schemas/Problem/required").toString())
                .contains("code", "detail")
                .doesNotContain("errors");
    }

    @Test
    void readsShowTheirDatesAndListsTheirPages() {
        assertThat(parameters("/paths/~1api~1v1~1accounts~1{accountId}~1view/get"))
                .containsExactlyInAnyOrder("accountId", "asOf", "knownAt", "Ledger-Position");
        assertThat(parameters("/paths/~1api~1v1~1accounts~1{accountId}~1numbers/get"))
                .containsExactlyInAnyOrder(
                        "accountId", "from", "asOf", "knownAt", "Ledger-Position", "limit", "cursor");
    }

    @Test
    void writesShowTheirKeyTheirPositionAndTheirRefusals() {
        assertThat(parameters(SAMPLES)).containsExactlyInAnyOrder("accountId", "Idempotency-Key");
        JsonNode responses = api().at(SAMPLES + "/responses");
        assertThat(responses.propertyNames())
                .contains("400", "401", "403", "404", "409", "413", "415", "422", "429", "503");
        String schema = responses
                .at("/422/content/application~1problem+json/schema/$ref")
                .asString();
        assertThat(schema).isEqualTo("#/components/schemas/Problem");
        assertThat(api().at("/components/schemas/Problem/properties").propertyNames())
                .contains("type", "title", "status", "detail", "code", "instance", "errors");
        assertThat(responses.at("/200/headers").has("Ledger-Position"))
                .as(responses.toString())
                .isTrue();
        assertThat(api().at("/components/securitySchemes/basic/scheme").asString())
                .isEqualTo("basic");
    }

    @Test
    void onlyTheApiIsDescribedAndThePageForItOpens() {
        assertThat(api().at("/paths").propertyNames()).isNotEmpty().allMatch(path -> path.startsWith("/api/v1/"));
        Caller nobody = Caller.as("", port);
        assertThat(nobody.get("/swagger-ui.html").status()).isEqualTo(302);
        assertThat(nobody.get("/swagger-ui/index.html").status()).isEqualTo(200);
    }

    private List<String> parameters(String operation) {
        return api().at(operation + "/parameters").findValuesAsString("name");
    }
}
