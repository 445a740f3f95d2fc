package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.RunningLedger;

/** Since when there has been a surplus, however long that is. Rulebook 4.21: days since first over threshold. */
class SurplusAgeTest extends RunningLedger {

    /** Yesterday: whatever policy another test publishes today. */
    private final LocalDate asOf = BusinessDay.today(Clock.systemUTC()).minusDays(1);

    /** About where the search turns to older days: 181 days, and twice as many before. */
    @ParameterizedTest
    @ValueSource(ints = {0, 180, 181, 182, 400, 542, 543, 544, 1000})
    void aSurplusIsAsOldAsItIs(int days) {
        Opened ids = opened(days + 5);
        pay(ids, "L1", "2000.00", days);
        assertThat(since(ids)).isEqualTo(asOf.minusDays(days) + " " + days + " 1200.00");
        assertThat(row(ids).path("older").asString()).isEqualTo(days > 180 ? "1200.00" : "0.00");
    }

    @Test
    void aSurplusThatIsThereFromTheOpeningIsAsOldAsTheAccount() {
        Opened ids = opened(300);
        pay(ids, "L1", "2000.00", 300);
        assertThat(since(ids)).isEqualTo(asOf.minusDays(300) + " 300 1200.00");
    }

    @Test
    void aSurplusThatWasInterruptedLongAgoBeganAnewAfterThat() {
        Opened ids = opened(700);
        pay(ids, "L1", "2000.00", 650);
        String known = Instant.now().toString();
        post(
                ids,
                "/expenditures",
                "'expenditureId':'E1','amount':'1900.00','on':'" + asOf.minusDays(420) + "','payee':'Carer'");
        pay(ids, "L1", "1700.00", 300);
        assertThat(since(ids)).isEqualTo(asOf.minusDays(300) + " 300 1000.00");
        assertThat(row(ids, "&knownAt=" + known).path("days").asInt()).isEqualTo(650);
        assertThat(row(ids, "&asOf=" + asOf.minusDays(421)).path("days").asInt())
                .isEqualTo(650 - 421);
        post(ids, "/expenditures/E1/reversal", "'reason':'Never happened'");
        assertThat(since(ids)).isEqualTo(asOf.minusDays(650) + " 650 2900.00");
    }

    /** Rulebook 4.9: due for its review after twelve weeks. */
    @Test
    void moneyToStartWithIsDueSinceItsReviewHoweverLongAgo() {
        Opened ids = opened(asOf.minusDays(500).toString(), asOf.plusDays(10).toString(), "6200.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"5200.00"},
                 {"lineId":"START","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"START","annualAmount":"1000.00"}]""", "null");
        post(
                ids,
                "/schedules",
                "'scheduleId':'S','lineId':'START','frequency':'ONE_OFF','firstPayOn':'" + asOf.minusDays(450) + "'");
        pay(ids, "START", "1000.00", 450);
        post(
                ids,
                "/expenditures",
                "'amount':'100.00','on':'" + asOf.minusDays(200) + "','payee':'Agency','lineId':'START'");
        int days = 450 - 12 * 7;
        assertThat(since(ids)).isEqualTo(asOf.minusDays(days) + " " + days + " 900.00");
    }

    /** Eight weeks of the 8060.00 a year are 1240.00. */
    @Test
    void moneyToStartWithIsNoWeeksMoneyInTheAccountThatItsLineMovesTo() {
        Opened first = opened(asOf.minusDays(200).toString(), asOf.plusDays(100).toString(), "10660.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"8060.00"},
                 {"lineId":"START","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"START","annualAmount":"2600.00"}]""", "null");
        String day = asOf.minusDays(100).toString();
        post(first, "/schedules", "'scheduleId':'S','lineId':'START','frequency':'ONE_OFF','firstPayOn':'" + day + "'");
        pay(first, "START", "100.00", 100);
        post(first, "/expenditures", "'amount':'100.00','on':'" + day + "','payee':'Agency','lineId':'START'");
        Opened next = new Opened(first.personId(), first.budgetId(), fresh("A"));
        ok(finance()
                .post(
                        "/api/v1/accounts",
                        "{\"accountId\":\"%s\",\"budgetId\":\"%s\",\"type\":\"BANK_ACCOUNT\",\"holderType\":\"PARENT\",\"openedOn\":\"%s\"}"
                                .formatted(next.accountId(), next.budgetId(), day)));
        post(first, "/closure", "'on':'" + asOf.minusDays(90) + "'");
        pay(next, "L1", "2000.00", 80);
        assertThat(row(next).path("kept").asString()).isEqualTo("1240.00");
        assertThat(row(next).path("reclaimable").asString()).isEqualTo("760.00");
        post(next, "/recoveries", "'amount':'760.00'");
    }

    /** 450.00 of 500.00 came, and 450.00 are spent; the 620.00 of the week's line are less than eight weeks' money. */
    @Test
    void whatWasKeptBackOfMoneyToStartWithIsNotDue() {
        Opened ids = opened(asOf.minusDays(200).toString(), asOf.plusDays(100).toString(), "8560.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"8060.00"},
                 {"lineId":"START","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"START","annualAmount":"500.00"}]""", "null");
        String day = asOf.minusDays(100).toString();
        post(ids, "/schedules", "'scheduleId':'S','lineId':'START','frequency':'ONE_OFF','firstPayOn':'" + day + "'");
        post(ids, "/payments", "'lineId':'START','amount':'500.00','contribution':'50.00','on':'" + day + "'");
        pay(ids, "L1", "620.00", 90);
        assertThat(row(ids).path("startUpDue").asString()).isEqualTo("450.00");
        post(ids, "/expenditures", "'amount':'450.00','on':'" + day + "','payee':'Agency','lineId':'START'");
        assertThat(row(ids).isMissingNode()).as("nothing to take back").isTrue();
        assertThat(ok(finance().get("/api/v1/accounts/" + ids.accountId()))
                        .json()
                        .path("surplus")
                        .asString())
                .isEqualTo("0.00");
    }

    @Test
    void surplusesOfDifferentAgesStandInOneReport() {
        Opened young = opened(700);
        pay(young, "L1", "2000.00", 20);
        Opened old = opened(700);
        pay(old, "L1", "2000.00", 600);
        List<Integer> ages = ok(finance().get("/api/v1/reports/surpluses?asOf=" + asOf))
                .json()
                .path("items")
                .valueStream()
                .filter(row -> List.of(young.accountId(), old.accountId())
                        .contains(row.path("accountId").asString()))
                .map(row -> row.path("days").asInt())
                .toList();
        assertThat(ages).containsExactlyInAnyOrder(20, 600);
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    /** An account of 5200.00 a year, of which 800.00 are left to it. */
    private Opened opened(int daysAgo) {
        return opened(asOf.minusDays(daysAgo).toString(), asOf.plusDays(10).toString(), "5200.00");
    }

    private String since(Opened ids) {
        JsonNode row = row(ids);
        return row.path("since").asString() + " " + row.path("days").asInt() + " "
                + row.path("reclaimable").asString();
    }

    private JsonNode row(Opened ids) {
        return row(ids, "");
    }

    private JsonNode row(Opened ids, String also) {
        String day = also.contains("asOf") ? "" : "&asOf=" + asOf;
        return ok(finance().get("/api/v1/reports/surpluses?accountId=" + ids.accountId() + day + also))
                .json()
                .at("/items/0");
    }

    private void pay(Opened ids, String line, String amount, int daysAgo) {
        post(
                ids,
                "/payments",
                "'lineId':'" + line + "','amount':'" + amount + "','on':'" + asOf.minusDays(daysAgo) + "'");
    }
}
