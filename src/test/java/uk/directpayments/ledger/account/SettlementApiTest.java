package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;

/** A surplus found, proposed, approved by somebody else, taken back in part and written off; and the policy that says how much may stay. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SettlementApiTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    Surpluses surpluses;

    @Autowired
    ContributionArrears arrears;

    @Autowired
    Accruals accruals;

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate from = today.minusDays(200);

    /** What a recovery can be proposed for is the surplus less what others ask for, and no penny more. */
    @Test
    void whatHasBeenAskedForAlreadyCannotBeAskedForAgain() {
        account("S9", "8060.00");
        post("finance", "/accounts/S9/payments", "{'lineId':'L1','amount':'2000.00','on':'" + today + "'}");
        assertThat(get("/accounts/S9").path("surplus").asString()).isEqualTo(unclaimed("S9"));
        var whole = new BigDecimal(unclaimed("S9"));
        post("finance", "/accounts/S9/recoveries", "{'recoveryId':'r1','amount':'100.00'}");
        String left = whole.subtract(new BigDecimal("100.00")).toPlainString();
        assertThat(get("/accounts/S9").path("surplus").asString()).isEqualTo(whole.toPlainString());
        assertThat(unclaimed("S9")).isEqualTo(left);
        assertThat(get("/accounts/S9?asOf=" + today.minusDays(1))
                        .path("unclaimedSurplus")
                        .asString())
                .isEqualTo("0.00");
        post("approver", "/accounts/S9/recoveries/r1/approval", "{}");
        assertThat(unclaimed("S9")).as("approved and not here yet").isEqualTo(left);
        post("finance", "/accounts/S9/recoveries/r1/receipt", "{'amount':'100.00','on':'" + today + "'}");
        assertThat(get("/accounts/S9").path("surplus").asString()).isEqualTo(left);
        assertThat(unclaimed("S9")).as("here: counted once, in the balance").isEqualTo(left);

        tell("finance", "/accounts/S9/recoveries", "{'amount':'" + whole.subtract(new BigDecimal("99.99")) + "'}")
                .refused(409, "RECOVERY_EXCEEDS_SURPLUS");
        post("finance", "/accounts/S9/recoveries", "{'recoveryId':'r2','amount':'" + left + "'}");
        assertThat(unclaimed("S9")).isEqualTo("0.00");
        post("finance", "/accounts/S9/expenditures", "{'amount':'50.00','on':'" + today + "','payee':'Shop'}");
        assertThat(unclaimed("S9"))
                .as("never less than nothing, though more has been asked for than is there")
                .isEqualTo("0.00");
    }

    @Test
    void moneyThatCameBackBeforeItWasProposedIsARecoveryFromItsDayOn() {
        account("S19", "8060.00");
        LocalDate came = today.minusDays(3);
        post("finance", "/accounts/S19/payments", "{'lineId':'L1','amount':'3000.00','on':'" + came + "'}");
        post("finance", "/accounts/S19/recoveries", "{'recoveryId':'r19','amount':'100.00'}");
        post("approver", "/accounts/S19/recoveries/r19/approval", "{}");
        post("finance", "/accounts/S19/recoveries/r19/receipt", "{'amount':'40.00','on':'" + came + "'}");
        String list = "/accounts/S19/recoveries?asOf=";
        JsonNode then = get(list + came).path("items").path(0);
        assertThat(then.path("received").asString()).isEqualTo("40.00");
        assertThat(then.path("outstanding").asString()).isEqualTo("60.00");
        assertThat(then.path("state").asString()).isEqualTo("PROPOSED");
        assertThat(then.path("approvedOn").isNull()).isTrue();
        assertThat(get("/reports/recoveries?accountId=S19&asOf=" + came)
                        .at("/items/0/received")
                        .asString())
                .isEqualTo("40.00");
        assertThat(get("/accounts/S19/balance?asOf=" + came).path("balance").asString())
                .isEqualTo("2960.00");
        assertThat(get(list + came.minusDays(1)).path("items")).isEmpty();
        post("finance", "/accounts/S19/recoveries/r19/receipt", "{'amount':'60.00','on':'" + came + "'}");
        assertThat(get(list + came).at("/items/0/state").asString()).isEqualTo("RECEIVED");
    }

    /** Its budget goes on: nothing is kept for the weeks to come in an account that has none. */
    @Test
    void whatComesBackToAClosedAccountIsTakenBackWhileItsBudgetGoesOn() {
        account("S10", "6240.00");
        LocalDate closed = today.minusDays(5);
        post("finance", "/accounts/S10/payments", "{'lineId':'L1','amount':'100.00','on':'" + from + "'}");
        post(
                "finance",
                "/accounts/S10/expenditures",
                "{'expenditureId':'e10','amount':'100.00','on':'" + closed + "','payee':'Agency'}");
        post("approver", "/accounts/S10/closure", "{'on':'" + closed + "'}");
        post("finance", "/accounts/S10/refunds", "{'expenditureId':'e10','amount':'60.00','on':'" + today + "'}");
        assertThat(unclaimed("S10")).isEqualTo("60.00");
        assertThat(get("/reports/surpluses?accountId=S10")
                        .at("/items/0/reclaimable")
                        .asString())
                .isEqualTo("60.00");
        post("finance", "/accounts/S10/recoveries", "{'recoveryId':'r10','amount':'60.00'}");
        post("approver", "/accounts/S10/recoveries/r10/approval", "{}");
        post("finance", "/accounts/S10/recoveries/r10/receipt", "{'amount':'60.00','on':'" + today + "'}");
        assertThat(get("/accounts/S10/balance").path("balance").asString()).isEqualTo("0.00");
    }

    @Test
    void aProposalThatHasGoneStaleIsWrittenOffAndMakesRoomForTheNext() {
        account("S6", "8060.00");
        post("finance", "/accounts/S6/payments", "{'lineId':'L1','amount':'2340.50','on':'" + today + "'}");
        String whole = unclaimed("S6");
        post("finance", "/accounts/S6/recoveries", "{'recoveryId':'r1','amount':'" + whole + "'}");
        post("finance", "/accounts/S6/expenditures", "{'amount':'300.00','on':'" + today + "','payee':'Agency'}");
        tell("approver", "/accounts/S6/recoveries/r1/approval", "{}").refused(409, "CALCULATION_STALE");

        JsonNode dropped =
                post("finance", "/accounts/S6/recoveries/r1/write-off", "{'authority':'TEAM','reason':'spent since'}");
        assertThat(dropped.path("transactionId").isNull()).as("nothing moved").isTrue();
        assertThat(get("/accounts/S6/recoveries").at("/items/0/state").asString())
                .isEqualTo("WRITTEN_OFF");
        assertThat(get("/accounts/S6/recoveries").at("/items/0/outstanding").asString())
                .isEqualTo("0.00");
        assertThat(get("/accounts/S6/balance").path("balance").asString()).isEqualTo("2040.50");
        String left = new BigDecimal(whole).subtract(new BigDecimal("300.00")).toPlainString();
        assertThat(unclaimed("S6")).isEqualTo(left);
        post("finance", "/accounts/S6/recoveries", "{'recoveryId':'r2','amount':'" + left + "'}");

        post("approver", "/accounts/S6/recoveries/r2/approval", "{}");
        post("finance", "/accounts/S6/expenditures", "{'amount':'2040.50','on':'" + today + "','payee':'Agency'}");
        post("finance", "/accounts/S6/recoveries/r2/write-off", "{'authority':'HEAD','reason':'spent since'}");
        assertThat(get("/accounts/S6/balance").path("balance").asString())
                .as("what was spent is not taken once more")
                .isEqualTo("0.00");
    }

    @Test
    void aSurplusIsTakenBackInStepsAndWhatCannotBeIsWrittenOff() {
        account("S1", "8060.00");
        post(
                "finance",
                "/accounts/S1/payments",
                "{'paymentId':'p','lineId':'L1','amount':'2340.50','on':'" + today + "'}");
        post(
                "finance",
                "/accounts/S1/liabilities",
                "{'liabilityId':'l','kind':'PAYE','amount':'210.25','due':'" + today + "','payee':'HMRC'}");
        post(
                "finance",
                "/accounts/S1/reserves",
                "{'kind':'REDUNDANCY','amount':'300.00','until':'2099-01-01','reason':'agreed'}");
        assertThat(get("/accounts/S1").path("surplus").asString()).isEqualTo("590.25");
        assertThat(get("/accounts").path("items").path(0).path("surplus").asString())
                .isEqualTo("590.25");
        assertThat(get("/accounts/S1?asOf=" + today.minusDays(1))
                        .path("surplus")
                        .asString())
                .isEqualTo("0.00");

        tell("finance", "/accounts/S1/recoveries", "{'amount':'590.26'}").refused(409, "RECOVERY_EXCEEDS_SURPLUS");
        assertThat(unclaimed("S1")).isEqualTo("590.25");
        JsonNode proposal = post("finance", "/accounts/S1/recoveries", "{'recoveryId':'r','amount':'590.25'}");
        assertThat(get("/accounts/S1").path("surplus").asString()).isEqualTo("590.25");
        assertThat(unclaimed("S1")).as("all has been asked for").isEqualTo("0.00");
        assertThat(get("/accounts")
                        .path("items")
                        .path(0)
                        .path("unclaimedSurplus")
                        .asString())
                .isEqualTo("0.00");
        assertThat(proposal.path("calculation").path("kept").asString()).isEqualTo("1240.00");
        tell("finance", "/accounts/S1/recoveries/r/approval", "{}").refused(409, "SEPARATION_OF_DUTIES");
        tell("finance", "/accounts/S1/recoveries/x/approval", "{}").refused(404, "RECOVERY_NOT_FOUND");
        post("approver", "/accounts/S1/recoveries/r/approval", "{}");
        post("finance", "/accounts/S1/recoveries/r/receipt", "{'amount':'500.00','on':'" + today + "'}");
        tell("finance", "/accounts/S1/recoveries/r/receipt", "{'amount':'90.26','on':'" + today + "'}")
                .refused(409, "EXCEEDS_OUTSTANDING");
        tell("finance", "/accounts/S1/recoveries/r/write-off", "{'authority':'TEAM_MANAGER'}")
                .refused(422, "REASONS_REQUIRED");

        Answer lowered = Caller.as("admin", port)
                .tell(
                        "/api/v1/policies",
                        "{'effectiveFrom':'" + today
                                + "','settings':{'delegatedAuthority':{'TEAM_MANAGER':9024,'TEAM':500000,'HEAD':500000},'surplusWeeks':4}}");
        assertThat(lowered.status()).as(lowered.toString()).isEqualTo(201);
        tell("finance", "/accounts/S1/recoveries/r/write-off", "{'authority':'TEAM_MANAGER','reason':'hardship'}")
                .refused(409, "AUTHORITY_EXCEEDED");
        for (String spelt : List.of("Team_Manager", " team_manager ", "ANYBODY")) {
            tell("finance", "/accounts/S1/recoveries/r/write-off", "{'authority':'" + spelt + "','reason':'hardship'}")
                    .refused(409, "AUTHORITY_EXCEEDED");
        }
        post("finance", "/accounts/S1/recoveries/r/write-off", "{'authority':'HEAD','reason':'hardship'}");
        assertThat(get("/accounts/S1/recoveries")
                        .path("items")
                        .path(0)
                        .path("state")
                        .asString())
                .isEqualTo("WRITTEN_OFF");
        assertThat(get("/accounts/S1/transactions")
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("kind").asString()
                                + item.path("amount").asString()))
                .containsExactly("PAYMENT2340.50", "RECOVERY-500.00", "WRITE_OFF-90.25");
        assertThat(get("/accounts/S1/balance").path("balance").asString()).isEqualTo("1750.25");
        // 4 weeks may stay now: 1750.25 − 210.25 − 300.00 − 620.00
        assertThat(get("/accounts/S1").path("surplus").asString()).isEqualTo("620.00");
        assertThat(get("/policies?on=" + today)
                        .path("settings")
                        .path("surplusWeeks")
                        .asInt())
                .isEqualTo(4);
        assertThat(get("/policies?on=" + today.minusDays(1))
                        .path("settings")
                        .path("surplusWeeks")
                        .asInt())
                .isEqualTo(8);

        post("finance", "/accounts/S1/liabilities/l/settlement", "{'on':'" + today + "'}");
        assertThat(get("/accounts/S1/liabilities")
                        .path("items")
                        .path(0)
                        .path("payee")
                        .asString())
                .isEqualTo("HMRC");
        assertThat(get("/accounts/S1").path("surplus").asString()).isEqualTo("830.25");
    }

    @Test
    void aSurplusIsAsOldAsItHasLastedAndArrearsAreAgedFromTheOldest() {
        account("S2", "5200.00");
        post(
                "finance",
                "/accounts/S2/payments",
                "{'paymentId':'p1','lineId':'L1','amount':'850.00','contribution':'40.00','on':'" + today.minusDays(100)
                        + "'}");
        post(
                "finance",
                "/accounts/S2/payments",
                "{'paymentId':'p2','lineId':'L1','amount':'100.00','contribution':'30.00','on':'" + today.minusDays(40)
                        + "'}");
        post("finance", "/accounts/S2/contributions", "{'amount':'50.00','on':'" + today.minusDays(10) + "'}");
        // yesterday: whatever policy another test publishes today
        View now = View.now(today.minusDays(1));
        var aged = surpluses.aged(List.of("S2", "none"), now).get("S2");
        assertThat(aged.surplus().reclaimable()).isEqualTo(Money.parse("130.00"));
        assertThat(aged.days()).isEqualTo(99);
        var owed = arrears.of(List.of("S2"), now).get("S2");
        assertThat(owed.arrears()).isEqualTo(Money.parse("20.00"));
        assertThat(owed.oldest()).isEqualTo(today.minusDays(40));
        assertThat(owed.to90()).isEqualTo(Money.parse("20.00"));
        assertThat(arrears.of(List.of("S2"), now.asOf(today.minusDays(50)))
                        .get("S2")
                        .to90())
                .isEqualTo(Money.parse("40.00"));
    }

    @Test
    void aPaymentThatCameBackMakesNoArrearsYounger() {
        account("S5", "5200.00");
        for (int ago : List.of(50, 20)) {
            post(
                    "finance",
                    "/accounts/S5/payments",
                    "{'paymentId':'p" + ago + "','lineId':'L1','amount':'100.00','contribution':'50.00','on':'"
                            + today.minusDays(ago) + "'}");
        }
        post(
                "finance",
                "/accounts/S5/payments/p20/return",
                "{'on':'" + today.minusDays(15) + "','reasonCode':'BAD_ACCOUNT'}");
        var owed = arrears.of(List.of("S5"), View.now(today)).get("S5");
        assertThat(owed.arrears()).isEqualTo(Money.parse("50.00"));
        assertThat(owed.oldest()).isEqualTo(today.minusDays(50));
        assertThat(List.of(owed.to30(), owed.to90())).containsExactly(Money.ZERO, Money.parse("50.00"));
    }

    @Test
    void whoPaysAnInstalmentByHandLeavesItsContributionToTheClient() {
        account("S11", "7800.00");
        post(
                "finance",
                "/accounts/S11/schedules",
                "{'scheduleId':'s','lineId':'L1','frequency':'MONTHLY','firstPayOn':'" + from
                        + "','contributionPerInstalment':'50.00'}");
        String payment = "{'lineId':'L1','instalmentId':'s.%d','amount':'650.00',%s'on':'" + from + "'}";
        post("finance", "/accounts/S11/payments", payment.formatted(1, ""));
        assertThat(get("/accounts/S11/balance").path("balance").asString()).isEqualTo("600.00");
        post("finance", "/accounts/S11/payments", payment.formatted(2, "'contribution':'0.00',"));
        assertThat(get("/accounts/S11/balance").path("balance").asString()).isEqualTo("1250.00");
        assertThat(arrears.of(List.of("S11"), View.now(today)).get("S11").arrears())
                .isEqualTo(Money.parse("50.00"));
    }

    @Test
    void whatWasPaidForDaysAfterTheDayIsPrepaidAndWhatIsUnpaidIsAccrued() {
        account("S3", "4030.00");
        for (String schedule : List.of("old", "new")) {
            LocalDate first = today.minusDays(schedule.equals("old") ? 28 : 14);
            post(
                    "finance",
                    "/accounts/S3/schedules",
                    "{'scheduleId':'" + schedule + "','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'" + first
                            + "'}");
            post(
                    "finance",
                    "/accounts/S3/payments",
                    "{'lineId':'L1','instalmentId':'" + schedule + ".1','amount':'310.00','on':'" + first + "'}");
        }
        assertThat(accruals.of(List.of("S3"), View.now(today)).get("S3"))
                .extracting(Accruals.Accrual::instalmentId, Accruals.Accrual::prepaid, Accruals.Accrual::accrued)
                .containsExactly(
                        tuple("old.2", Money.ZERO, Money.parse("11.07")),
                        tuple("new.1", Money.parse("143.93"), Money.ZERO));
    }

    private void account(String id, String annualAmount) {
        LocalDate to = from.plusYears(1).minusDays(1);
        post("finance", "/people", "{'personId':'P" + id + "','name':'Ada','dateOfBirth':'2012-01-01'}");
        post(
                "finance",
                "/budgets",
                "{'budgetId':'B" + id + "','personId':'P" + id + "','legalBasis':'CHILD_S17A','requestedOn':'" + from
                        + "','requestedBy':'mother'}");
        String period = "'from':'" + from + "','to':'" + to + "'";
        post(
                "finance",
                "/budgets/B" + id + "/indicative-amount",
                "{'amount':'" + annualAmount + "'," + period + ",'method':'RAS'}");
        post("approver", "/budgets/B" + id + "/panel-decision", "{'outcome':'APPROVED','decidedOn':'" + from + "'}");
        post(
                "finance",
                "/budgets/B" + id + "/finalisation",
                "{" + period + ",'annualAmount':'" + annualAmount
                        + "','lines':[{'lineId':'L1','fundingSource':'SOCIAL_CARE_CHILD','mode':'DIRECT_PAYMENT','category':'care','annualAmount':'"
                        + annualAmount + "'}]}");
        post(
                "finance",
                "/budgets/B" + id + "/consents",
                "{'recipientType':'PARENT','recipientName':'Byron','on':'" + from + "'}");
        post(
                "finance",
                "/accounts",
                "{'accountId':'" + id + "','budgetId':'B" + id
                        + "','type':'BANK_ACCOUNT','holderType':'PARENT','openedOn':'" + from + "'}");
    }

    private String unclaimed(String account) {
        return get("/accounts/" + account).path("unclaimedSurplus").asString();
    }

    private Answer tell(String user, String path, String body) {
        return Caller.as(user, port).tell("/api/v1" + path, body);
    }

    private JsonNode post(String user, String path, String body) {
        return tell(user, path, body).ok().json();
    }

    private JsonNode get(String path) {
        return Caller.as("finance", port).get("/api/v1" + path).ok().json();
    }
}
