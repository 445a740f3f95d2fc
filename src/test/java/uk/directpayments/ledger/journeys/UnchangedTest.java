package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** Requests that ask for what is so already: accepted, and their idempotency keys are spent like any other. */
class UnchangedTest extends RunningLedger {

    private static final String KEY = "Idempotency-Key";

    @Test
    void aDeathThatIsToldAgainSpendsItsKey() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        String path = "/api/v1/people/" + ids.personId() + "/death";
        ok(finance().post(path, "{\"on\":\"2025-06-01\"}"));
        spendsItsKey(finance(), path, "{\"on\":\"2025-06-01\"}", "{\"on\":\"2025-06-02\"}");
        assertThat(ok(finance().get("/api/v1/people/" + ids.personId()))
                        .json()
                        .path("diedOn")
                        .asString())
                .isEqualTo("2025-06-02");
    }

    @Test
    void anExpenditureThatIsReclassifiedToWhatItIsSpendsItsKey() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        String account = "/api/v1/accounts/" + ids.accountId();
        ok(finance().post(account + "/expenditures", """
                {"expenditureId":"E","amount":"5.00","on":"2025-05-01","payee":"Shop","category":"Care"}"""));
        spendsItsKey(
                finance(),
                account + "/expenditures/E/reclassification",
                "{\"category\":\"Care\",\"reason\":\"looked at\"}",
                "{\"category\":\"Play\",\"reason\":\"looked at\"}");
        assertThat(ok(finance().get(account + "/transactions"))
                        .json()
                        .path("items")
                        .get(0)
                        .path("category")
                        .asString())
                .isEqualTo("Play");
    }

    @Test
    void anAppointmentThatIsEndedAgainOnItsLastDaySpendsItsKey() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        Caller admin = Caller.as("admin", port);
        String organisation = fresh("ORG");
        ok(admin.post(
                "/api/v1/organisations", "{\"organisationId\":\"" + organisation + "\",\"name\":\"Help at home\"}"));
        String appointments = "/api/v1/organisations/" + organisation + "/appointments";
        ok(admin.post(appointments, "{\"accountId\":\"%s\",\"from\":\"2025-04-01\"}".formatted(ids.accountId())));
        String end = appointments + "/" + ids.accountId() + "/end";
        ok(admin.post(end, "{\"to\":\"2025-12-31\"}"));
        spendsItsKey(admin, end, "{\"to\":\"2025-12-31\"}", "{\"to\":\"2025-11-30\"}");
    }

    /** @param other asks for something else, which is then done under another key; the first is not done again afterwards */
    private void spendsItsKey(Caller caller, String path, String body, String other) {
        String key = fresh("unchanged");
        Answer first = ok(caller.post(path, body, KEY, key));
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(caller.post(path, other, KEY, key).code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        ok(caller.post(path, other, KEY, key + "-other"));
        long written = head();
        Answer again = ok(caller.post(path, body, KEY, key));
        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.response().body()).isEqualTo(first.response().body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(head()).isEqualTo(written);
    }
}
