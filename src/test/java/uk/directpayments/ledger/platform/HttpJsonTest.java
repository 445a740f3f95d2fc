package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.HostileBodies;

@SpringBootTest(
        classes = HttpTestApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {HttpTestApp.NO_DATABASE, "ledger.http.max-upload-bytes=300KB"})
class HttpJsonTest {

    private static final String GOOD = """
            {"sampleId":"S-1","name":"Ann","on":"2026-04-01","amount":"10.50",
             "lines":[{"lineId":"L-1","fundingSource":"SHORT_BREAKS","annualAmount":"620.00"}],
             "allows":["5411"],"sameHousehold":true,"number":7,"share":0.25,"at":"2026-04-01T10:00:00+01:00",
             "settings":{"minReclaimPence":5000,"deep":{"er":[1]}}}""";

    @LocalServerPort
    int port;

    private Caller finance;

    @BeforeEach
    void signIn() {
        finance = Caller.as("finance", port);
    }

    private Answer post(String json) {
        return finance.post("/api/v1/accounts/A-1/samples", json);
    }

    @Test
    void theGoodBodyIsTakenAndAnsweredInItsOwnOrder() {
        Answer answer = post(GOOD);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().get("sample").propertyNames())
                .containsExactly(
                        "sampleId",
                        "name",
                        "on",
                        "amount",
                        "lines",
                        "allows",
                        "sameHousehold",
                        "number",
                        "share",
                        "at",
                        "settings");
        assertThat(answer.json().at("/sample/at").asString()).isEqualTo("2026-04-01T09:00:00Z");
        assertThat(answer.json().at("/sample/on").asString()).isEqualTo("2026-04-01");
    }

    @Test
    void noHostileBodyIsEverA500() {
        List<String> wrong = new ArrayList<>();
        for (HostileBodies.HostileBody body : HostileBodies.of(GOOD)) {
            Answer answer = finance.post("/api/v1/accounts/A-1/samples", body.content());
            boolean refused = answer.status() >= 400
                    && answer.status() < 500
                    && !answer.code().isBlank();
            // Whatever the free-form settings hold is JSON, and the controller's business.
            boolean mayBeGood = !body.neverGood() || body.name().startsWith("settings");
            if (!refused && !(mayBeGood && answer.status() == 201)) {
                wrong.add(
                        body + ": " + answer.status() + " " + answer.response().body());
            }
            if (answer.response().body().matches("(?s).*(Exception|tools\\.jackson|uk\\.direct|java\\.).*")) {
                wrong.add(body + " is answered with " + answer.response().body());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.5",
                "10",
                "-1",
                "null0",
                "true",
                "\"-1.00\"",
                "\"1e3\"",
                "\"1.000\"",
                "\"1000000000.00\"",
                "\"1,000.00\"",
                "\"\"",
                "\" 1\"",
                "\"+1\"",
                "\"£1\"",
                "\".5\"",
                "\"1.\"",
                "\"٣\"",
                "[\"1\"]",
                "{\"pence\":1}"
            })
    void moneyThatIsNoneIsRefused(String raw) {
        Answer answer = post(GOOD.replace("\"10.50\"", raw.replace("null0", "\"null\"")));
        HttpConventionsTest.assertRefused(answer, 400, "MONEY_INVALID", "amount");
        Answer nested = post(GOOD.replace("\"620.00\"", raw.replace("null0", "\"null\"")));
        HttpConventionsTest.assertRefused(nested, 400, "MONEY_INVALID", "lines[0].annualAmount");
    }

    @Test
    void moneyUpToTheLargestIsTakenAndNothingIsTheDomainsBusiness() {
        assertThat(post(GOOD.replace("10.50", "999999999.99")).status()).isEqualTo(201);
        assertThat(post(GOOD.replace("10.50", "5")).json().at("/sample/amount").asString())
                .isEqualTo("5.00");
        HttpConventionsTest.assertRefused(post(GOOD.replace("10.50", "0.00")), 422, "AMOUNT_ZERO", "amount");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"2026-04-01\" | \"2026-02-30\" | on",
                "\"2026-04-01\" | \"01/04/2026\" | on",
                "\"2026-04-01\" | [2026,4,1] | on",
                "\"2026-04-01\" | 20260401 | on",
                "\"Ann\" | 1 | name",
                "\"Ann\" | true | name",
                "\"Ann\" | \"  \" | name",
                "\"Ann\" | null | name",
                "\"SHORT_BREAKS\" | \"short_breaks\" | lines[0].fundingSource",
                "\"SHORT_BREAKS\" | 3 | lines[0].fundingSource",
                "\"SHORT_BREAKS\" | \"\" | lines[0].fundingSource",
                "true | \"true\" | sameHousehold",
                "true | 1 | sameHousehold",
                "true | \" \" | sameHousehold",
                "7 | \" \" | number",
                "0.25 | \" \" | share",
                "\"SHORT_BREAKS\" | \" \" | lines[0].fundingSource",
                "7 | \"7\" | number",
                "7 | 7.0 | number",
                "7 | 2147483648 | number",
                "0.25 | \"a quarter\" | share",
                "0.25 | 1e999999 | share",
                "0.25 | 123456789012345678901 | share",
                "[\"5411\"] | \"5411\" | allows",
                "[\"5411\"] | [5411] | allows[0]",
                "[\"5411\"] | [null] | allows[0]",
                "\"2026-04-01T10:00:00+01:00\" | \"2026-04-01T10:00:00\" | at",
            })
    void aWrongValueIsRefusedUnderItsFieldsName(String good, String wrong, String field) {
        assertThat(GOOD).contains(good);
        Answer answer = post(GOOD.replace(good, wrong));
        HttpConventionsTest.assertRefused(answer, 400, "FIELD_INVALID", field);
    }

    @Test
    void everyMissingFieldIsNamedAtOnce() {
        Answer answer = post("{}");
        assertThat(answer.code()).isEqualTo("FIELD_INVALID");
        assertThat(answer.json().get("errors").findValuesAsString("field"))
                .containsExactlyInAnyOrder("name", "on", "amount", "lines");
        assertThat(answer.json().get("errors").findValuesAsString("detail")).containsOnly("is required");
        assertThat(answer.json().get("detail").asString()).startsWith("4 fields");
    }

    @Test
    void wordsAreEnglishWhateverTheCallersLanguage() {
        Answer answer = finance.post("/api/v1/accounts/A-1/samples", "{}", "Accept-Language", "fr");
        assertThat(answer.json().get("errors").findValuesAsString("detail")).containsOnly("is required");
    }

    @Test
    void idsAreHeldToTheirAlphabet() {
        for (String id : new String[] {"", " ", "a b", "ä", "a/b", "..", "x".repeat(65)}) {
            HttpConventionsTest.assertRefused(post(GOOD.replace("S-1", id)), 400, "ID_INVALID", "sampleId");
            HttpConventionsTest.assertRefused(post(GOOD.replace("L-1", id)), 400, "ID_INVALID", "lines[0].lineId");
        }
        assertThat(post(GOOD.replace("S-1", "x".repeat(64))).status()).isEqualTo(201);
        assertThat(post(GOOD.replace("S-1", "a.b_c-D9")).status()).isEqualTo(201);
    }

    @Test
    void severalWrongFieldsShareACodeOnlyIfTheyAgree() {
        assertThat(post(GOOD.replace("S-1", "a b").replace("L-1", "c d")).code())
                .isEqualTo("ID_INVALID");
        assertThat(post(GOOD.replace("S-1", "a b").replace("\"Ann\"", "\"\"")).code())
                .isEqualTo("FIELD_INVALID");
    }

    @Test
    void anUnknownFieldIsNamedHoweverDeep() {
        HttpConventionsTest.assertRefused(post(GOOD.replace("\"name\"", "\"Name\"")), 400, "FIELD_UNKNOWN", "Name");
        HttpConventionsTest.assertRefused(
                post(GOOD.replace("\"lineId\"", "\"lineID\"")), 400, "FIELD_UNKNOWN", "lines[0].lineID");
    }

    @Test
    void whereNothingIsRequiredNoBodySaysAsMuchAsAnEmptyOne() {
        for (String body : new String[] {"", "{}"}) {
            Answer answer = finance.post("/api/v1/accounts/A-1/notes", body);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(answer.json().path("note").isNull()).isTrue();
        }
        for (String broken : new String[] {" ", "null", "[]"}) {
            HttpConventionsTest.assertRefused(
                    finance.post("/api/v1/accounts/A-1/notes", broken), 400, "BODY_INVALID", null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{}{}",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{'name':1}",
                "{\"name\":NaN}"
            })
    void aBodyThatIsNoObjectIsRefused(String body) {
        HttpConventionsTest.assertRefused(post(body), 400, "BODY_INVALID", null);
    }

    @Test
    void eventsKeepNegativeMoneyAndSealedTextAsPlainStrings() {
        JsonMapper events =
                JsonMapper.builder().addModule(LedgerJson.forEvents()).build();
        record Fact(Money amount, Sealed name) {}
        Fact fact = new Fact(Money.ofPence(-1230), new Sealed("c1ph3r"));
        String json = events.writeValueAsString(fact);
        assertThat(json).isEqualTo("{\"amount\":\"-12.30\",\"name\":\"c1ph3r\"}");
        assertThat(events.readValue(json, Fact.class)).isEqualTo(fact);
        assertThatThrownBy(() -> events.readValue("{\"amount\":12}", Fact.class))
                .hasRootCauseInstanceOf(RuleBroken.class);
    }
}
