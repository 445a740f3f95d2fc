package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;

/** What callers read of accounts, over HTTP, of a whole ledger. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountReadsTest {

    private static final String ACCOUNTS = "/api/v1/accounts";

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    private Instant beforeAnything = Instant.EPOCH;
    private Instant beforeTheCorrection = Instant.EPOCH;

    /** One budget of two lines; A1 is paid, spends and is corrected, A2 only stands there, A3 opens late. */
    @BeforeAll
    void aLedgerWithAccounts() {
        beforeAnything = now();
        post("/people", "{'personId':'P1','name':'Ada','dateOfBirth':'2012-01-01'}");
        post(
                "/budgets",
                "{'budgetId':'B1','personId':'P1','legalBasis':'CHILD_S17A','requestedOn':'2025-03-01','requestedBy':'mother'}");
        post(
                "/budgets/B1/indicative-amount",
                "{'amount':'10000.00','from':'2025-04-01','to':'2026-03-31','method':'RAS'}");
        Caller.as("approver", port)
                .tell("/api/v1/budgets/B1/panel-decision", "{'outcome':'APPROVED','decidedOn':'2025-03-10'}")
                .ok();
        post("/budgets/B1/finalisation", """
                {'from':'2025-04-01','to':'2026-03-31','annualAmount':'10000.00','lines':[
                 {'lineId':'L1','fundingSource':'SOCIAL_CARE_CHILD','mode':'DIRECT_PAYMENT','category':'care','annualAmount':'8000.00'},
                 {'lineId':'L2','fundingSource':'SHORT_BREAKS','mode':'DIRECT_PAYMENT','category':'breaks','annualAmount':'2000.00'}]}""");
        post("/budgets/B1/consents", "{'recipientType':'PARENT','recipientName':'Byron','on':'2025-03-12'}");
        Caller.as("admin", port)
                .tell("/api/v1/organisations", "{'organisationId':'ORG-1','name':'Independent Living'}")
                .ok();
        for (String account : List.of(
                "'accountId':'A1','openedOn':'2025-04-01','bankDetails':{'sortCode':'12-34-56','accountNumber':'87654321'}",
                "'accountId':'A2','openedOn':'2025-04-01','organisationId':'ORG-1'",
                "'accountId':'A3','openedOn':'2025-09-01'")) {
            post("/accounts", "{'budgetId':'B1','type':'BANK_ACCOUNT','holderType':'PARENT'," + account + "}");
        }
        post(
                "/accounts/A1/schedules",
                "{'scheduleId':'S1','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'2025-04-07','contributionPerInstalment':'15.39'}");
        post(
                "/accounts/A1/payments",
                "{'paymentId':'p1','lineId':'L1','instalmentId':'S1.1','amount':'615.39','contribution':'15.39','on':'2025-04-07'}");
        post("/accounts/A1/payments", "{'paymentId':'p2','lineId':'L2','amount':'100.00','on':'2025-04-08'}");
        post("/accounts/A1/top-ups", "{'amount':'50.00','source':'PARENT_TOP_UP','on':'2025-04-09'}");
        post("/accounts/A1/contributions", "{'amount':'15.39','on':'2025-04-10'}");
        post(
                "/accounts/A1/expenditures",
                "{'expenditureId':'e1','amount':'80.00','on':'2025-04-11','payee':'Agency','lineId':'L1','mcc':'8099'}");
        post(
                "/accounts/A1/expenditures",
                "{'expenditureId':'e2','amount':'20.00','on':'2025-05-02','payee':'Taxi','category':'taxi','lineId':'L2'}");
        beforeTheCorrection = now();
        post("/accounts/A1/expenditures/e1/reclassification", "{'category':'personal care','reason':'agency invoice'}");
        post("/accounts/A1/expenditures/e2/reversal", "{'reason':'never happened'}");
        post("/accounts/A1/refunds", "{'refundId':'r1','expenditureId':'e1','amount':'5.00','on':'2025-05-05'}");
        post(
                "/accounts/A1/reserves",
                "{'reserveId':'k1','kind':'HOLIDAY_PAY','amount':'300.00','until':'2099-03-31','reason':'holiday'}");
        post("/accounts/A1/risk-band", "{'riskBand':'HIGH','from':'2025-04-01','reason':'two returns were late'}");
        post("/accounts/A2/suspension", "{'from':'2025-06-01','cause':'AWAY','reason':'abroad'}");
    }

    @Test
    void theBalanceIsGivenOnTwoDatesInTotalAndBySource() {
        JsonNode today = get("/A1/balance");
        assertThat(today.path("accountId").asString()).isEqualTo("A1");
        assertThat(today.path("balance").asString()).isEqualTo("690.39");
        assertThat(today.path("bySource").toString())
                .isEqualTo(Caller.json("[{'fundingSource':'SOCIAL_CARE_CHILD','balance':'525.00'},"
                        + "{'fundingSource':'SHORT_BREAKS','balance':'100.00'},"
                        + "{'fundingSource':'PARENT_TOP_UP','balance':'50.00'},"
                        + "{'fundingSource':'CLIENT_CONTRIBUTION','balance':'15.39'}]"));
        assertThat(today.path("knownAt").isNull()).isTrue();
        assertThat(today.path("position").asLong()).isPositive();

        assertThat(balance("?asOf=2025-04-07")).isEqualTo("600.00");
        assertThat(balance("?asOf=2025-05-02")).isEqualTo("685.39");
        assertThat(balance("?asOf=2025-05-02&knownAt=" + beforeTheCorrection)).isEqualTo("665.39");
        JsonNode then = get("/A1/balance?knownAt=" + beforeTheCorrection);
        assertThat(then.path("balance").asString()).isEqualTo("665.39");
        assertThat(Instant.parse(then.path("knownAt").asString())).isEqualTo(beforeTheCorrection);
        assertThat(then.path("position").asLong())
                .isLessThan(today.path("position").asLong());
    }

    @Test
    void beforeItWasOpenedOrKnownAnAccountHasNothing() {
        for (String query : List.of("?asOf=2025-03-31", "?knownAt=" + beforeAnything)) {
            assertThat(balance(query)).isEqualTo("0.00");
            assertThat(get("/A1/transactions" + query).path("items")).isEmpty();
            assertThat(get("/A1/schedules?knownAt=" + beforeAnything).path("items"))
                    .isEmpty();
            JsonNode account = get("/A1" + query);
            assertThat(account.path("balance").asString()).isEqualTo("0.00");
            assertThat(account.path("reserves").asString()).isEqualTo("0.00");
            assertThat(account.path("state").isNull()).isTrue();
            assertThat(account.path("risk").isNull()).as("nor why").isTrue();
            assertThat(get("/A1/reserves" + query).path("items")).isEmpty();
            assertThat(get("?personId=P1&" + query.substring(1)).path("items")).isEmpty();
        }
    }

    @Test
    void anOrganisationIsReadOnTwoDatesAndHasNoNameBeforeItWasKnown() {
        Caller finance = Caller.as("finance", port);
        String path = "/api/v1/organisations/ORG-1";
        for (String query : List.of("", "?asOf=2025-03-31", "?knownAt=" + beforeTheCorrection)) {
            assertThat(finance.get(path + query).json().path("name").asString()).isEqualTo("Independent Living");
        }
        JsonNode unknown = finance.get(path + "?knownAt=" + beforeAnything).json();
        assertThat(unknown.path("organisationId").asString()).isEqualTo("ORG-1");
        assertThat(unknown.path("name").isNull()).isTrue();
    }

    @Test
    void anAccountShowsItsStateItsMoneyAndOnlyTheEndOfItsNumber() {
        JsonNode account = get("/A1");
        assertThat(account.path("bankDetails").asString()).isEqualTo("****4321");
        assertThat(account.path("state").asString()).isEqualTo("OPEN");
        assertThat(account.path("balance").asString()).isEqualTo("690.39");
        assertThat(account.path("reserves").asString()).isEqualTo("300.00");
        assertThat(account.path("personId").asString()).isEqualTo("P1");
        assertThat(account.path("surplus").asString())
                .as("the budget has ended: all that is not reserved")
                .isEqualTo("390.39");
        assertThat(account.path("openFlags").asInt()).isEqualTo(1);
        assertThat(account.path("organisationId").isNull()).isTrue();
        assertThat(account.has("unavailable")).isFalse();
        assertThat(account.toString()).doesNotContain("87654321", "123456");
        assertThat(get("/A2").path("state").asString()).isEqualTo("SUSPENDED");
        assertThat(get("/A2?asOf=2025-05-31").path("state").asString()).isEqualTo("OPEN");
        assertThat(get("/A2").path("bankDetails").isNull()).isTrue();
    }

    @Test
    void listsAreFilteredAndPaged() {
        assertThat(ids("?personId=P1")).containsExactly("A1", "A2", "A3");
        assertThat(ids("?personId=P1&asOf=2025-08-31")).containsExactly("A1", "A2");
        assertThat(ids("?personId=P9")).isEmpty();
        assertThat(ids("?organisationId=ORG-1")).containsExactly("A2");
        assertThat(ids("?status=SUSPENDED")).containsExactly("A2");
        assertThat(ids("?status=CLOSED")).isEmpty();
        JsonNode first = get("?limit=2");
        assertThat(first.path("items")).hasSize(2);
        JsonNode second = get("?limit=2&cursor=" + first.path("next").asString());
        assertThat(second.path("items").path(0).path("accountId").asString()).isEqualTo("A3");
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(finance("?status=LOST").code()).isEqualTo("FIELD_INVALID");
    }

    @Test
    void transactionsRunInBusinessOrderWithTheirBalances() {
        JsonNode items = get("/A1/transactions").path("items");
        List<String> rows = new ArrayList<>();
        items.forEach(row -> rows.add(row.path("on").asString() + " "
                + row.path("kind").asString() + " " + row.path("amount").asString() + " "
                + row.path("balanceAfter").asString()));
        assertThat(rows)
                .containsExactly(
                        "2025-04-07 PAYMENT 600.00 600.00",
                        "2025-04-08 PAYMENT 100.00 700.00",
                        "2025-04-09 TOP_UP 50.00 750.00",
                        "2025-04-10 CONTRIBUTION 15.39 765.39",
                        "2025-04-11 EXPENDITURE -80.00 685.39",
                        "2025-05-02 EXPENDITURE -20.00 665.39",
                        "2025-05-02 REVERSAL 20.00 685.39",
                        "2025-05-05 REFUND 5.00 690.39");
        JsonNode spent = items.path(4);
        assertThat(spent.path("transactionId").asString()).isEqualTo("e1");
        assertThat(spent.path("payee").asString()).isEqualTo("Agency");
        assertThat(spent.path("category").asString()).isEqualTo("personal care");
        assertThat(spent.path("mcc").asString()).isEqualTo("8099");
        assertThat(spent.path("recordedBy").asString()).isEqualTo("finance");
        assertThat(spent.path("fundingSources").toString()).isEqualTo("[\"SOCIAL_CARE_CHILD\"]");
        assertThat(spent.path("flags").path(0).path("reason").asString()).isEqualTo("NHS_HEALTHCARE");
        assertThat(spent.path("reverses").isNull()).isTrue();
        assertThat(items.path(6).path("reverses").asString()).isEqualTo("e2");
        assertThat(Instant.parse(spent.path("recordedAt").asString())).isAfter(beforeAnything.minusSeconds(1));

        JsonNode known = get("/A1/transactions?knownAt=" + beforeTheCorrection).path("items");
        assertThat(known).hasSize(6);
        assertThat(known.path(4).path("category").isNull()).isTrue();
        assertThat(get("/A1/transactions?from=2025-04-10&to=2025-04-30").path("items"))
                .isEqualTo(sublist(items, 3, 5));

        List<JsonNode> paged = new ArrayList<>();
        JsonNode page = get("/A1/transactions?limit=3");
        page.path("items").forEach(paged::add);
        while (!page.path("next").isNull()) {
            page = get("/A1/transactions?limit=3&cursor=" + page.path("next").asString());
            page.path("items").forEach(paged::add);
        }
        List<JsonNode> whole = new ArrayList<>();
        items.forEach(whole::add);
        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void schedulesShowWhatBecameOfEachInstalment() {
        JsonNode schedule = get("/A1/schedules").path("items").path(0);
        assertThat(schedule.path("scheduleId").asString()).isEqualTo("S1");
        assertThat(schedule.path("lineId").asString()).isEqualTo("L1");
        JsonNode first = schedule.path("instalments").path(0);
        assertThat(first.toString())
                .isEqualTo(Caller.json("{'instalmentId':'S1.1','number':1,'payOn':'2025-04-07','amount':'615.39',"
                        + "'contribution':'15.39','net':'600.00','state':'ISSUED'}"));
        assertThat(schedule.path("instalments").path(1).path("state").asString())
                .isEqualTo("SCHEDULED");
        assertThat(get("/A2/schedules").path("items")).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFoundAndForASupportUserNothingIs() {
        for (String path : List.of("", "/balance", "/transactions", "/schedules")) {
            Answer unknown = finance("/A9" + path);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.code()).isEqualTo("ACCOUNT_NOT_FOUND");
            Answer hidden = Caller.as("support", port).get(ACCOUNTS + "/A1" + path);
            assertThat(hidden.status()).isEqualTo(404);
            assertThat(hidden.code()).isEqualTo("ACCOUNT_NOT_FOUND");
        }
        assertThat(Caller.as("support", port).get(ACCOUNTS).json().path("items"))
                .isEmpty();
    }

    @Test
    void anAccountWithAnEventThatCouldNotBeAppliedIsMarkedAndHasNoFigures() {
        String park = "INSERT INTO parked_event (processor, key, position, name, cause)"
                + " SELECT 'account-balances', 'A2', position, 'test', 'test' FROM event_log_head";
        jdbc.sql(park).update();
        try {
            JsonNode row = get("?personId=P1").path("items").path(1);
            assertThat(row.path("accountId").asString()).isEqualTo("A2");
            assertThat(row.path("unavailable").asBoolean()).isTrue();
            assertThat(row.path("balance").isNull()).isTrue();
            assertThat(row.path("reserves").isNull()).isTrue();
            assertThat(get("?personId=P1").path("items").path(0).has("unavailable"))
                    .isFalse();
            assertThat(finance("/A2").status()).isEqualTo(503);
            assertThat(finance("/A2/balance").code()).isEqualTo("FIGURE_UNAVAILABLE");
            assertThat(get("/A2/balance?knownAt=" + beforeTheCorrection)
                            .path("balance")
                            .asString())
                    .isEqualTo("0.00");
        } finally {
            jdbc.sql("DELETE FROM parked_event WHERE processor = 'account-balances' AND key = 'A2'")
                    .update();
        }
    }

    // ── calling ──────────────────────────────────────────────────────────────────────────────────────────────────

    private void post(String path, String body) {
        Caller.as("finance", port).tell("/api/v1" + path, body).ok();
    }

    private JsonNode get(String path) {
        return finance(path).ok().json();
    }

    private Answer finance(String path) {
        return Caller.as("finance", port).get(ACCOUNTS + path);
    }

    private String balance(String query) {
        return get("/A1/balance" + query).path("balance").asString();
    }

    private List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        get(query).path("items").forEach(row -> ids.add(row.path("accountId").asString()));
        return ids;
    }

    private static JsonNode sublist(JsonNode items, int from, int to) {
        var list = tools.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        for (int i = from; i < to; i++) {
            list.add(items.path(i));
        }
        return list;
    }

    /** An instant between what has been recorded and what will be: the log counts in milliseconds of the database's clock. */
    private Instant now() {
        Instant now = jdbc.sql("SELECT date_trunc('milliseconds', clock_timestamp())")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
        jdbc.sql("SELECT 1 FROM pg_sleep(0.005)").query(Integer.class).single();
        return now;
    }
}
