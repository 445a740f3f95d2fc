package uk.directpayments.ledger.person;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** Who may erase whom and when, and what is refused afterwards. */
class ErasureTest extends RunningLedger {

    private static final String API = "/api/v1";
    private static final String ERASED = "[erased]";
    private static final String REASON = "{\"reason\":\"Kept for six years after the end\"}";

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());

    @Test
    void theReceiptIsSignedAndStandsInTheEvent() throws Exception {
        String person = register();
        assertThat(finance().get(API + "/people/" + person + "/erasure").code()).isEqualTo("ERASURE_NOT_FOUND");
        String path = API + "/people/" + person + "/erasure";
        Answer first = ok(admin().post(path, REASON, "Idempotency-Key", "erase-" + person));
        JsonNode receipt = Caller.as("auditor", port).get(path).json();
        assertThat(receipt).isEqualTo(first.json());
        assertThat(receipt.path("reason").asString()).isEqualTo("Kept for six years after the end");
        assertThat(receipt.path("erasedBy").asString()).isEqualTo("admin");

        byte[] text = receipt.path("text").asString().getBytes(StandardCharsets.UTF_8);
        byte[] key = Base64.getDecoder().decode(receipt.path("publicKey").asString());
        byte[] signature = Base64.getDecoder().decode(receipt.path("signature").asString());
        assertThat(Signing.verify(key, text, signature)).isTrue();
        assertThat(Signing.keyId(key)).isEqualTo(receipt.path("keyId").asString());
        assertThat(HexFormat.of().formatHex(Hashes.sha256().digest(text)))
                .isEqualTo(receipt.path("sha256").asString());
        assertThat(receipt.path("text").asString()).contains("person: " + person, "erased on: " + today, "six years");
        assertThat(jdbc.sql("SELECT payload FROM event_log WHERE stream_id = :id AND name = 'person.erased'")
                        .param("id", "person/" + person)
                        .query(String.class)
                        .single())
                .contains(receipt.path("signature").asString());

        Answer again = admin().post(path, REASON, "Idempotency-Key", "erase-" + person);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
        refused(409, "ALREADY_ERASED", admin().post(path, REASON));
        refused(404, "ERASURE_NOT_FOUND", finance().get(path + "?asOf=" + today.minusDays(1)));
    }

    @Test
    void anErasureIsTheAdministratorsWithAReasonAndOnlyWhenEveryAccountIsClosed() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        String path = API + "/people/" + ids.personId() + "/erasure";
        for (String user : List.of("finance", "approver", "auditor", "support")) {
            refused(403, "FORBIDDEN", Caller.as(user, port).post(path, REASON));
        }
        refused(403, "FORBIDDEN", Caller.as("support", port).get(path));
        refused(404, "PERSON_NOT_FOUND", admin().post(API + "/people/nobody/erasure", REASON));
        refused(404, "PERSON_NOT_FOUND", admin().get(API + "/people/nobody/erasure"));
        refused(422, "REASONS_REQUIRED", admin().post(path, "{\"reason\":\"  \"}"));
        refused(422, "REASONS_REQUIRED", admin().post(path, "{}"));
        refused(400, "FIELD_INVALID", admin().post(path, "{\"reason\":\"" + "x".repeat(501) + "\"}"));
        refused(409, "ACCOUNT_NOT_CLOSED", admin().post(path, REASON));
        assertThat(finance()
                        .get(API + "/people/" + ids.personId())
                        .json()
                        .path("name")
                        .asString())
                .isEqualTo("Robin Example");

        ok(finance().post(API + "/accounts/" + ids.accountId() + "/closure", "{\"on\":\"2025-05-01\"}"));
        ok(admin().post(path, REASON));
    }

    @Test
    void theIdOfWhomWasErasedStaysTakenAndARepeatedRegistrationIsAnsweredAsItWas() {
        String person = fresh("P");
        String body = "{\"personId\":\"%s\",\"name\":\"Ann\",\"dateOfBirth\":\"2000-01-01\"}".formatted(person);
        ok(finance().post(API + "/people", body, "Idempotency-Key", "register-" + person));
        ok(admin().post(API + "/people/" + person + "/erasure", REASON));

        refused(409, "ID_ALREADY_USED", finance().post(API + "/people", body));
        Answer repeated = finance().post(API + "/people", body, "Idempotency-Key", "register-" + person);
        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(finance().get(API + "/people/" + person).json().path("name").asString())
                .isEqualTo(ERASED);
    }

    private String register() {
        String person = fresh("P");
        ok(finance()
                .post(
                        API + "/people",
                        "{\"personId\":\"%s\",\"name\":\"Ann\",\"dateOfBirth\":\"2000-01-01\"}".formatted(person)));
        return person;
    }

    private Caller admin() {
        return Caller.as("admin", port);
    }

    private static void refused(int status, String code, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }
}
