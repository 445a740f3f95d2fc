package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** A payment that comes back after its account was closed counts against its line no longer, wherever that is paid through since. Rulebook 7.10, number 3. */
class ReturnAfterClosureTest extends RunningLedger {

    private String paid(String accountId, String amount) {
        return ok(pay(accountId, amount)).json().path("paymentId").asString();
    }

    private Caller.Answer pay(String accountId, String amount) {
        return finance()
                .post(
                        "/api/v1/accounts/%s/payments".formatted(accountId),
                        "{\"lineId\":\"L1\",\"amount\":\"%s\",\"on\":\"2025-06-01\"}".formatted(amount));
    }

    private void spendAndClose(String accountId, String amount) {
        ok(finance().post("/api/v1/accounts/%s/expenditures".formatted(accountId), """
                {"amount":"%s","on":"2025-06-02","payee":"Carers Ltd","category":"PERSONAL_CARE","lineId":"L1"}""".formatted(amount)));
        ok(finance().post("/api/v1/accounts/%s/closure".formatted(accountId), "{\"on\":\"2025-06-03\"}"));
    }

    private void comesBack(String accountId, String paymentId) {
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/payments/%s/return".formatted(accountId, paymentId),
                        "{\"on\":\"2025-06-04\",\"reasonCode\":\"AC04\"}"));
    }

    private String openAnother(Opened ids) {
        String accountId = fresh("A");
        ok(finance().post("/api/v1/accounts", """
                {"accountId":"%s","budgetId":"%s","type":"PREPAID_CARD","holderType":"PARENT","openedOn":"2025-04-01"}""".formatted(accountId, ids.budgetId())));
        return accountId;
    }

    private JsonNode line(Opened ids) {
        return ok(finance().get("/api/v1/budgets/" + ids.budgetId())).json().at("/lines/0");
    }

    @Test
    void theAccountThatHasTheLineNowMayPayWhatCameBack() {
        Opened ids = opened("2025-04-01", "2026-03-31", "6000.00");
        String paymentId = paid(ids.accountId(), "500.00");
        spendAndClose(ids.accountId(), "500.00");
        String next = openAnother(ids);
        assertThat(line(ids).path("paid").asString()).isEqualTo("500.00");
        assertThat(pay(next, "6000.00").code()).isEqualTo("EXCEEDS_ALLOCATION");
        comesBack(ids.accountId(), paymentId);
        assertThat(line(ids).path("paid").asString()).isEqualTo("0.00");
        assertThat(pay(next, "6000.01").code()).isEqualTo("EXCEEDS_ALLOCATION");
        paid(next, "6000.00");
        assertThat(pay(next, "0.01").code()).isEqualTo("EXCEEDS_ALLOCATION");
    }

    @Test
    void anAccountThatIsOpenedOnlyAfterwardsMayPayItToo() {
        Opened ids = opened("2025-04-01", "2026-03-31", "6000.00");
        String kept = paid(ids.accountId(), "300.00");
        String paymentId = paid(ids.accountId(), "200.00");
        assertThat(kept).isNotEqualTo(paymentId);
        spendAndClose(ids.accountId(), "500.00");
        comesBack(ids.accountId(), paymentId);
        String next = openAnother(ids);
        assertThat(pay(next, "5700.01").code()).isEqualTo("EXCEEDS_ALLOCATION");
        paid(next, "5700.00");
    }

    /** The other way round: what cannot be told of the closed account holds nothing up for the one that is open. */
    @Test
    void theBudgetsEndReachesTheOpenAccountThoughTheClosedOnesAgreementsCannotBeTold() {
        Opened ids = opened("2025-04-01", "2026-03-31", "6000.00");
        paid(ids.accountId(), "500.00");
        spendAndClose(ids.accountId(), "500.00");
        String next = openAnother(ids);
        paid(next, "100.00");
        settled();
        jdbc.sql(
                        "INSERT INTO parked_event (processor, key, position, name, cause) VALUES ('account-settlements', :key, 1, 'n', 'c')")
                .param("key", ids.accountId())
                .update();
        try {
            ok(finance()
                    .post(
                            "/api/v1/budgets/" + ids.budgetId() + "/end",
                            "{\"on\":\"2025-05-31\",\"cause\":\"MOVED_AWAY\"}"));
            settled();
            assertThat(pay(next, "1.00").code()).isEqualTo("BUDGET_ENDED");
            assertThat(jdbc.sql(
                                    "SELECT count(*) FROM parked_event WHERE processor = 'budget-to-account' AND key = :person")
                            .param("person", ids.personId())
                            .query(Long.class)
                            .single())
                    .isZero();
        } finally {
            jdbc.sql("DELETE FROM parked_event WHERE key IN (:account, :person)")
                    .param("account", ids.accountId())
                    .param("person", ids.personId())
                    .update();
        }
    }

    @Test
    void itCountsOnceThoughItIsAnsweredAgain() {
        Opened ids = opened("2025-04-01", "2026-03-31", "6000.00");
        String paymentId = paid(ids.accountId(), "500.00");
        spendAndClose(ids.accountId(), "500.00");
        String next = openAnother(ids);
        comesBack(ids.accountId(), paymentId);
        settled();
        long position = jdbc.sql(
                        "SELECT position FROM event_log WHERE stream_id = :account AND name = 'account.line-refunded'")
                .param("account", "account/" + ids.accountId())
                .query(Long.class)
                .single();
        // as after a crash between what the automation did and its saying so
        jdbc.sql(
                        "INSERT INTO parked_event (processor, key, position, name, cause)"
                                + " VALUES ('budget-to-account', :person, :position, 'account.line-refunded', 'asked for once more')")
                .param("person", ids.personId())
                .param("position", position)
                .update();
        assertThat(ok(Caller.as("admin", port).post("/api/v1/operations/processors/budget-to-account/drain", "{}"))
                        .json()
                        .path("applied")
                        .asInt())
                .isEqualTo(1);
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM event_log WHERE stream_id = :budget AND name = 'budget.paid-before-reduced'")
                        .param("budget", "budget/" + ids.budgetId())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(pay(next, "6000.01").code()).isEqualTo("EXCEEDS_ALLOCATION");
        paid(next, "6000.00");
    }
}
