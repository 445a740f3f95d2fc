package uk.directpayments.ledger.organisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** What the bank of a support organisation says, against what the ledger says of its clients; and what is handed over to it. */
class ClientMoneyTest extends RunningLedger {

    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());
    private static final LocalDate FROM = TODAY.minusDays(200);
    private static final LocalDate FIRST = TODAY.minusDays(100);

    @Test
    void theLedgerTotalIsWhatTheClientsOfTheDayHeld() {
        String organisation = organisation();
        String one = client("120.00", FROM);
        String other = client("80.00", FROM);
        appoint(organisation, one, FIRST);
        appoint(organisation, other, FIRST.plusDays(10));
        client("999.00", FROM);
        spend(one, "20.50", FIRST.plusDays(20));

        assertTotal(organisation, FIRST.minusDays(1), "0.00", "0.00", "0.00", 0);
        assertTotal(organisation, FIRST, "120.00", "120.00", "0.00", 1);
        assertTotal(organisation, FIRST.plusDays(10), "199.99", "200.00", "-0.01", 2);
        assertTotal(organisation, FIRST.plusDays(20), "180.00", "179.50", "0.50", 2);

        JsonNode days = ok(finance().get(path(organisation))).json().path("items");
        assertThat(days).hasSize(4);
        assertThat(days.path(2).path("difference").asString()).isEqualTo("-0.01");
        assertThat(days.path(2).path("reconciledBy").asString()).isEqualTo("finance");
        assertThat(ok(finance().get(path(organisation) + "?asOf=" + FIRST))
                        .json()
                        .path("items"))
                .hasSize(2);
        assertThat(ok(finance().get(path(organisation) + "?limit=3"))
                        .json()
                        .path("next")
                        .isNull())
                .isFalse();
    }

    @Test
    void howeverOftenADayIsReconciledTheNewestAnswerAloneStands() throws Exception {
        String organisation = organisation();
        appoint(organisation, client("120.00", FROM), FIRST);
        for (int pounds = 1; pounds <= 30; pounds++) {
            assertTotal(organisation, FIRST, pounds + ".00", "120.00", (pounds - 120) + ".00", 1);
        }
        JsonNode days = ok(finance().get(path(organisation))).json().path("items");
        assertThat(days).hasSize(1);
        assertThat(days.path(0).path("bankBalance").asString()).isEqualTo("30.00");
    }

    @Test
    void aDayIsReconciledAgainAfterALateFactAndTheFirstAnswerStays() throws Exception {
        String organisation = organisation();
        String account = client("120.00", FROM);
        appoint(organisation, account, FIRST);
        assertTotal(organisation, FIRST, "110.00", "120.00", "-10.00", 1);
        Thread.sleep(5);
        Instant known = Instant.now();
        Thread.sleep(5);
        spend(account, "10.00", FIRST);
        assertTotal(organisation, FIRST, "110.00", "110.00", "0.00", 1);
        JsonNode now = ok(finance().get(path(organisation))).json().path("items");
        assertThat(now).hasSize(1);
        assertThat(now.path(0).path("difference").asString()).isEqualTo("0.00");
        assertThat(ok(finance().get(path(organisation) + "?knownAt=" + known))
                        .json()
                        .path("items")
                        .path(0)
                        .path("difference")
                        .asString())
                .isEqualTo("-10.00");
        assertThat(Caller.as("finance", port)
                        .get("/actuator/prometheus")
                        .response()
                        .body())
                .containsPattern("ledger_client_money_reconciliations_total\\{.*outcome=\"differed\".*} [1-9]");
    }

    @Test
    void aRepeatAnswersWithTheFirstTotal() {
        String organisation = organisation();
        String account = client("120.00", FROM);
        appoint(organisation, account, FIRST);
        String body = "{\"on\":\"%s\",\"bankBalance\":\"120.00\"}".formatted(TODAY);
        Answer first = ok(finance().post(path(organisation), body, "Idempotency-Key", organisation));
        spend(account, "10.00", TODAY);
        Answer again = ok(finance().post(path(organisation), body, "Idempotency-Key", organisation));
        assertThat(again.response().body()).isEqualTo(first.response().body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void whatCannotBeReconciledIsRefused() {
        String organisation = organisation();
        assertThat(reconcile(organisation, TODAY.plusDays(1), "1.00").code()).isEqualTo("DATE_IN_FUTURE");
        assertThat(reconcile(organisation, TODAY, "-1.00").code()).isEqualTo("MONEY_INVALID");
        assertThat(reconcile("ORG-NOWHERE", TODAY, "1.00").code()).isEqualTo("ORGANISATION_NOT_FOUND");
        assertThat(Caller.as("support", port).get(path(organisation)).code()).isEqualTo("ORGANISATION_NOT_FOUND");
        assertThat(Caller.as("auditor", port).get(path(organisation)).status()).isEqualTo(200);
        assertThat(Caller.as("support", port).post(path(organisation), "{}").code())
                .isEqualTo("FORBIDDEN");
    }

    @Test
    void anAppointmentShowsWhatIsHandedOver() {
        String organisation = organisation();
        String account = client("120.00", FROM);
        spend(account, "20.00", FIRST.minusDays(1));
        spend(account, "5.00", FIRST);
        assertThat(appoint(organisation, account, FIRST).path("openingBalance").asString())
                .isEqualTo("100.00");
        spend(account, "1.00", FIRST.minusDays(1));
        JsonNode managed = managed(organisation, TODAY);
        assertThat(managed.path("openingBalance").asString()).isEqualTo("100.00");
        assertThat(managed.path("balance").asString()).isEqualTo("94.00");
    }

    @Test
    void whatIsHandedOverOnADayToComeIsToldOnceItHasCome() {
        String organisation = organisation();
        String account = client("120.00", FROM);
        LocalDate first = TODAY.plusDays(5);
        assertThat(appoint(organisation, account, first).path("openingBalance").isNull())
                .isTrue();
        spend(account, "20.00", TODAY);
        assertThat(managed(organisation, first).path("openingBalance").asString())
                .isEqualTo("100.00");
    }

    private void assertTotal(
            String organisation, LocalDate on, String bank, String ledger, String difference, int accounts) {
        Answer answer = reconcile(organisation, on, bank);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().path("on").asString()).isEqualTo(on.toString());
        assertThat(answer.json().path("bankBalance").asString()).isEqualTo(bank);
        assertThat(answer.json().path("ledgerTotal").asString()).isEqualTo(ledger);
        assertThat(answer.json().path("difference").asString()).isEqualTo(difference);
        assertThat(answer.json().path("accounts").asInt()).isEqualTo(accounts);
    }

    private Answer reconcile(String organisation, LocalDate on, String bank) {
        return finance().post(path(organisation), "{\"on\":\"%s\",\"bankBalance\":\"%s\"}".formatted(on, bank));
    }

    private static String path(String organisation) {
        return "/api/v1/organisations/" + organisation + "/client-money";
    }

    private JsonNode managed(String organisation, LocalDate on) {
        return ok(finance().get("/api/v1/organisations/" + organisation + "/accounts?asOf=" + on))
                .json()
                .path("items")
                .path(0);
    }

    private String organisation() {
        String id = fresh("ORG");
        ok(Caller.as("admin", port)
                .post("/api/v1/organisations", "{\"organisationId\":\"%s\",\"name\":\"Trust\"}".formatted(id)));
        return id;
    }

    /** An account that an amount was paid into on a day. */
    private String client(String paid, LocalDate on) {
        String account =
                opened(FROM.toString(), FROM.plusYears(1).toString(), "1000.00").accountId();
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"%s\",\"on\":\"%s\"}".formatted(paid, on)));
        return account;
    }

    private void spend(String account, String amount, LocalDate on) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Shop\"}".formatted(amount, on)));
    }

    private JsonNode appoint(String organisation, String account, LocalDate from) {
        return ok(Caller.as("admin", port)
                        .post(
                                "/api/v1/organisations/" + organisation + "/appointments",
                                "{\"accountId\":\"%s\",\"from\":\"%s\"}".formatted(account, from)))
                .json();
    }
}
