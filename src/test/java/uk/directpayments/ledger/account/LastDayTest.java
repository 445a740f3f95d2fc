package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * The day on which a budget ends. The budget is told as ended from that day on, and no account is opened for it any more; a payment is too late if it is
 * dated after that day (rulebook 4.16), for it may fall on any day of the budget (API: Payment accounts).
 */
class LastDayTest extends RunningLedger {

    @Test
    void onItsLastDayABudgetIsPaidAndAfterItNothingIs() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        ok(finance()
                .post(
                        "/api/v1/budgets/" + ids.budgetId() + "/end",
                        "{\"on\":\"2025-06-10\",\"cause\":\"MOVED_AWAY\"}"));
        theTenthOfJuneIsTheLast(ids);
    }

    @Test
    void soIsTheDayOfADeath() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        ok(finance().post("/api/v1/people/" + ids.personId() + "/death", "{\"on\":\"2025-06-10\"}"));
        theTenthOfJuneIsTheLast(ids);
    }

    @Test
    void beforeADeathNothingIsStoppedByIt() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        String schedules = "/api/v1/accounts/" + ids.accountId() + "/schedules";
        ok(finance().post(schedules, """
                {"lineId":"L1","frequency":"MONTHLY","firstPayOn":"2025-04-05"}"""));
        ok(finance().post("/api/v1/people/" + ids.personId() + "/death", "{\"on\":\"2025-06-01\"}"));
        assertThat(fifthOfJune(schedules, "2025-05-15")).isEqualTo("SCHEDULED");
        assertThat(fifthOfJune(schedules, "2025-06-01")).isEqualTo("STOPPED");
    }

    private String fifthOfJune(String schedules, String asOf) {
        return ok(finance().get(schedules + "?asOf=" + asOf))
                .json()
                .at("/items/0/instalments/2/state")
                .asString();
    }

    @Test
    void aDayOutsideTheBudgetIsRefusedUnderTheNameThatTheRequestGivesIt() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00");
        String account = "/api/v1/accounts/" + ids.accountId();
        for (String day : List.of("2025-03-31", "2026-04-01")) {
            assertThat(field(finance().post(account + "/schedules", """
                    {"lineId":"L1","frequency":"MONTHLY","firstPayOn":"%s"}""".formatted(day))))
                    .isEqualTo("firstPayOn");
            assertThat(field(pay(ids, day))).isEqualTo("on");
        }
        assertThat(field(finance().post(account + "/risk-band", """
                {"riskBand":"default","from":"2025-03-31","reason":"New here"}"""))).isEqualTo("from");
    }

    private static String field(Answer refused) {
        assertThat(refused.status()).as(refused.toString()).isBetween(400, 499);
        return refused.json().at("/errors/0/field").asString();
    }

    private void theTenthOfJuneIsTheLast(Opened ids) {
        assertThat(status(ids, "2025-06-09")).isEqualTo("FINAL");
        assertThat(status(ids, "2025-06-10")).isEqualTo("ENDED");
        assertThat(pay(ids, "2025-06-11").code()).isEqualTo("BUDGET_ENDED");
        ok(pay(ids, "2025-06-10"));
        Answer anotherAccount = finance().post("/api/v1/accounts", """
                {"budgetId":"%s","type":"BANK_ACCOUNT","holderType":"PARENT","openedOn":"2025-06-10"}""".formatted(ids.budgetId()));
        assertThat(anotherAccount.code()).isEqualTo("BUDGET_ENDED");
    }

    private String status(Opened ids, String asOf) {
        return ok(finance().get("/api/v1/budgets/" + ids.budgetId() + "?asOf=" + asOf))
                .json()
                .path("status")
                .asString();
    }

    private Answer pay(Opened ids, String on) {
        return finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"10.00\",\"on\":\"%s\"}".formatted(on));
    }
}
