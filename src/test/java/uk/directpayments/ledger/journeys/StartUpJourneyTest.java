package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** Money to start with is paid, spent in part, reviewed after the weeks of the policy, and taken back. Rulebook 4.9. */
class StartUpJourneyTest extends RunningLedger {

    private static final String LINES = """
            [{"lineId":"CARE","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"8060.00"},
             {"lineId":"START","fundingSource":"SHORT_BREAKS","mode":"DIRECT_PAYMENT","category":"RECRUITMENT","annualAmount":"500.00"}]""";

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate from = today.minusDays(120);
    private final LocalDate paidOn = today.minusWeeks(12).minusDays(6);

    private Opened started(LocalDate on) {
        Opened ids = opened(from.toString(), from.plusYears(1).minusDays(1).toString(), "8560.00", LINES, "null");
        post(
                ids,
                "/schedules",
                "'scheduleId':'S','lineId':'START','frequency':'ONE_OFF','firstPayOn':'%s'".formatted(on));
        post(ids, "/payments", "'lineId':'START','instalmentId':'S.1','amount':'500.00','on':'%s'".formatted(on));
        post(ids, "/expenditures", "'amount':'120.00','on':'%s','payee':'DBS','lineId':'START'".formatted(on));
        return ids;
    }

    @Test
    void whatIsNotSpentOfItFallsDueIsFoundTakenBackAndIsGone() {
        Opened ids = started(paidOn);
        post(ids, "/payments", "'lineId':'CARE','amount':'155.00','on':'" + paidOn + "'");
        assertThat(surplus(ids, paidOn.plusWeeks(12).minusDays(1))).isEqualTo("0.00");
        assertThat(surplus(ids, paidOn.plusWeeks(12))).isEqualTo("380.00");
        assertThat(surplus(ids, today)).isEqualTo("380.00");

        JsonNode row = report(ids, "").path(0);
        assertThat(row.path("startUpDue").asString()).isEqualTo("380.00");
        assertThat(row.path("startUpKept").asString()).isEqualTo("0.00");
        assertThat(row.path("startUpWeeks").asInt()).isEqualTo(12);
        assertThat(row.path("kept").asString())
                .as("eight weeks of 155.00, and none of 500.00")
                .isEqualTo("1240.00");
        assertThat(row.path("since").asString()).isEqualTo(paidOn.plusWeeks(12).toString());
        assertThat(row.path("days").asInt()).isEqualTo(6);
        assertThat(row.path("policyVersion").asString()).isEqualTo(version());
        String known = Instant.now().toString();

        String recoveries = "/api/v1/accounts/" + ids.accountId() + "/recoveries";
        assertThat(finance().post(recoveries, "{\"amount\":\"380.01\"}").code()).isEqualTo("RECOVERY_EXCEEDS_SURPLUS");
        JsonNode proposed = ok(finance().post(recoveries, "{\"recoveryId\":\"R\",\"amount\":\"380.00\"}"))
                .json();
        assertThat(proposed.at("/calculation/startUp/due").asString()).isEqualTo("380.00");
        assertThat(proposed.at("/calculation/policyVersion").asString()).isEqualTo(version());
        ok(approver().post(recoveries + "/R/approval", "{}"));
        ok(finance().post(recoveries + "/R/receipt", "{\"amount\":\"380.00\",\"on\":\"" + today + "\"}"));
        assertThat(ok(finance().get("/api/v1/accounts/" + ids.accountId() + "/balance"))
                        .json()
                        .path("bySource")
                        .toString())
                .contains("{\"fundingSource\":\"SHORT_BREAKS\",\"balance\":\"0.00\"}")
                .contains("{\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"balance\":\"155.00\"}");
        assertThat(surplus(ids, today)).isEqualTo("0.00");
        assertThat(report(ids, "")).isEmpty();
        assertThat(report(ids, "&knownAt=" + known)).hasSize(1);
    }

    @Test
    void spendingRecordedLateChangesWhatFellDueAndTheAgeOfIt() {
        Opened ids = started(paidOn);
        LocalDate later = paidOn.plusWeeks(12).plusDays(2);
        post(
                ids,
                "/expenditures",
                "'expenditureId':'E','amount':'350.00','on':'%s','payee':'Ins','lineId':'START'".formatted(later));
        assertThat(surplus(ids, later.minusDays(1))).isEqualTo("380.00");
        assertThat(surplus(ids, later)).isEqualTo("30.00");
        assertThat(report(ids, ""))
                .as("less than minReclaimPence is not chased")
                .isEmpty();
        post(ids, "/refunds", "'expenditureId':'E','amount':'350.00','on':'%s'".formatted(later.plusDays(1)));
        JsonNode row = report(ids, "").path(0);
        assertThat(row.path("startUpDue").asString()).isEqualTo("380.00");
        assertThat(row.path("days").asInt())
                .as("thirty pounds were due all the time")
                .isEqualTo(6);
    }

    @Test
    void whatIsKeptIsNoSurplusAndSaysWhenItIsReviewed() {
        Opened ids = started(today.minusDays(30));
        post(ids, "/payments", "'lineId':'CARE','amount':'1340.00','on':'" + today.minusDays(30) + "'");
        JsonNode row = report(ids, "").path(0);
        assertThat(row.path("reclaimable").asString()).isEqualTo("100.00");
        assertThat(row.path("startUpKept").asString()).isEqualTo("380.00");
        assertThat(row.path("startUpDue").asString()).isEqualTo("0.00");
        assertThat(row.path("startUpReviewOn").asString())
                .isEqualTo(today.minusDays(30).plusWeeks(12).toString());
        reviewAfter(4);
        try {
            JsonNode now = report(ids, "").path(0);
            assertThat(now.path("reclaimable").asString()).isEqualTo("480.00");
            assertThat(now.path("startUpDue").asString()).isEqualTo("380.00");
            assertThat(now.path("policyVersion").asString()).isEqualTo(version());
            assertThat(surplus(ids, today.minusDays(1))).isEqualTo("100.00");
            ok(finance().post("/api/v1/accounts/" + ids.accountId() + "/recoveries", "{\"amount\":\"480.00\"}"));
        } finally {
            reviewAfter(12);
        }
    }

    @Test
    void aFigureThatCannotBeRightIsNotGiven() {
        Opened ids = started(paidOn);
        // what comes behind a letter is parked as well, and this one is thrown away
        settled();
        jdbc.sql(
                        "INSERT INTO parked_event (processor, key, position, name, cause) VALUES ('start-up-payments', :key, 1, 'n', 'c')")
                .param("key", ids.accountId())
                .update();
        try {
            assertThat(finance().get("/api/v1/accounts/" + ids.accountId()).code())
                    .isEqualTo("FIGURE_UNAVAILABLE");
            assertThat(report(ids, "").at("/0/unavailable").asBoolean()).isTrue();
        } finally {
            jdbc.sql("DELETE FROM parked_event WHERE processor = 'start-up-payments'")
                    .update();
        }
    }

    /** From today on, for everybody: the ledger is that of other tests too. */
    private void reviewAfter(int weeks) {
        ok(Caller.as("admin", port)
                .post(
                        "/api/v1/policies",
                        "{\"effectiveFrom\":\"" + today + "\",\"settings\":{\"startUpReviewWeeks\":" + weeks + "}}"));
    }

    private String version() {
        return ok(finance().get("/api/v1/policies?on=" + today))
                .json()
                .path("version")
                .asString();
    }

    private String surplus(Opened ids, LocalDate asOf) {
        return ok(finance().get("/api/v1/accounts/" + ids.accountId() + "?asOf=" + asOf))
                .json()
                .path("surplus")
                .asString();
    }

    private JsonNode report(Opened ids, String query) {
        return ok(finance().get("/api/v1/reports/surpluses?accountId=" + ids.accountId() + query))
                .json()
                .path("items");
    }
}
