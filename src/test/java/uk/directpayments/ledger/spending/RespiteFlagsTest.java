package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** A year of a child's short breaks and what the ledger asks about them, over HTTP: limits, a stay that never was, a stay that was shorter. */
class RespiteFlagsTest extends RunningLedger {

    private static final String SINGLE = "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED";
    private static final String YEAR = "RESIDENTIAL_120_EXCEEDED";

    @Test
    void aYearOfShortBreaksIsAskedAboutUntilItIsCorrected() {
        Opened child = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(child, "june", "2025-06-01", "2025-06-20");
        stay(child, "july", "2025-06-20", "2025-07-05");
        JsonNode single = only(child, SINGLE, "");
        assertThat(single.path("state").asString()).isEqualTo("RAISED");
        assertThat(single.path("detector").asString()).isEqualTo("RESIDENTIAL_LIMIT");
        assertThat(single.path("stayId").asString()).isEqualTo("july");
        assertThat(single.path("on").asString()).isEqualTo("2025-06-29");
        assertThat(flags(child, SINGLE, "&asOf=2025-06-28")).isEmpty();

        Instant before = Instant.now();
        correct(child, "july/void", "{\"reason\":\"another child's\"}");
        assertThat(only(child, SINGLE, "").path("state").asString()).isEqualTo("WITHDRAWN");
        assertThat(only(child, SINGLE, "&knownAt=" + before).path("state").asString())
                .isEqualTo("RAISED");

        stay(child, "august", "2025-08-01", "2025-08-26");
        stay(child, "september", "2025-09-05", "2025-09-30");
        stay(child, "october", "2025-10-10", "2025-11-04");
        stay(child, "november", "2025-11-20", "2025-12-15");
        assertThat(flags(child, YEAR, "")).as("119 nights").isEmpty();
        stay(child, "january", "2026-01-10", "2026-01-14");
        JsonNode year = only(child, YEAR, "");
        assertThat(year.path("on").asString()).isEqualTo("2026-01-11");
        assertThat(year.path("stayId").asString()).isEqualTo("january");
        assertThat(year.path("explanation").asString()).isNotBlank();

        correct(child, "august/amendment", "{\"discharged\":\"2025-08-20\",\"reason\":\"came home early\"}");
        assertThat(only(child, YEAR, "").path("state").asString()).isEqualTo("WITHDRAWN");
        assertThat(flags(child, SINGLE, "&state=RAISED")).isEmpty();
    }

    @Test
    void aStayThatNobodyHasPaidForIsAskedAboutUntilAPaymentIsLinked() {
        Opened child = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(child, "june", "2025-06-01", "2025-06-20");
        assertThat(flags(child, "RESIDENTIAL_CARE", "&asOf=2025-07-30")).isEmpty();
        JsonNode unpaid = only(child, "RESIDENTIAL_CARE", "");
        assertThat(unpaid.path("detector").asString()).isEqualTo("STAY_UNPAID");
        assertThat(unpaid.path("on").asString()).isEqualTo("2025-07-31");
        ok(
                finance()
                        .post(
                                "/api/v1/accounts/" + child.accountId() + "/expenditures",
                                "{\"expenditureId\":\"E1\",\"amount\":\"1400.00\",\"on\":\"2025-06-20\",\"payee\":\"The Elms\",\"mcc\":\"8050\"}"));
        assertThat(flags(child, "RESIDENTIAL_CARE", "&state=RAISED"))
                .as("the stay, and a home without a stay")
                .hasSize(2);
        ok(finance().post("/api/v1/accounts/" + child.accountId() + "/expenditures/E1/stay", "{\"stayId\":\"june\"}"));
        assertThat(flags(child, "RESIDENTIAL_CARE", "&state=RAISED")).isEmpty();
        assertThat(flags(child, "RESIDENTIAL_CARE", "&state=WITHDRAWN")).hasSize(2);
    }

    @Test
    void whatIsAskedOfAStayWhoseDaysAreCorrectedIsOfItsNewDayWhereverItIsRead() {
        Opened child = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(child, "june", "2025-06-01", "2025-06-20");
        assertThat(only(child, "RESIDENTIAL_CARE", "").path("on").asString()).isEqualTo("2025-07-31");

        correct(child, "june/amendment", "{\"admitted\":\"2025-05-30\",\"reason\":\"a letter of the home\"}");
        assertRaisedFrom(child, "2025-07-29", "2025-07-28");
        correct(child, "june/amendment", "{\"admitted\":\"2025-06-10\",\"reason\":\"another letter\"}");
        assertRaisedFrom(child, "2025-08-09", "2025-08-08");
    }

    /** In the list, in the list by state, by itself, and in what an account counts. */
    private void assertRaisedFrom(Opened child, String day, String before) {
        String asOf = "&asOf=" + day;
        JsonNode flag = only(child, "RESIDENTIAL_CARE", asOf);
        assertThat(flag.path("on").asString()).isEqualTo(day);
        assertThat(flag.path("state").asString()).isEqualTo("RAISED");
        assertThat(only(child, "RESIDENTIAL_CARE", asOf + "&state=RAISED")).isEqualTo(flag);
        String path = "/api/v1/flags/" + flag.path("flagId").asString() + "?asOf=";
        assertThat(ok(finance().get(path + day)).json()).isEqualTo(flag);
        assertThat(openFlags(child, day)).isOne();

        assertThat(flags(child, "RESIDENTIAL_CARE", "&asOf=" + before)).isEmpty();
        assertThat(ok(finance().get(path + before)).json().path("state").isNull())
                .isTrue();
        assertThat(openFlags(child, before)).isZero();
    }

    private int openFlags(Opened child, String asOf) {
        return ok(finance().get("/api/v1/accounts/" + child.accountId() + "?asOf=" + asOf))
                .json()
                .path("openFlags")
                .asInt();
    }

    @Test
    void nothingIsRaisedByHandAboutWhatHasComeBack() {
        Opened child = opened("2025-04-01", "2026-03-31", "9000.00");
        String spent = "/api/v1/accounts/" + child.accountId() + "/expenditures";
        ok(
                finance()
                        .post(
                                spent,
                                "{\"expenditureId\":\"E1\",\"amount\":\"20.00\",\"on\":\"2025-06-20\",\"payee\":\"Shop\",\"category\":\"ACTIVITY\"}"));
        ok(finance()
                .post(
                        "/api/v1/accounts/" + child.accountId() + "/refunds",
                        "{\"expenditureId\":\"E1\",\"amount\":\"15.00\",\"on\":\"2025-06-21\"}"));
        assertThat(raise(child, "5.01").code()).isEqualTo("AMOUNT_OVER_TRANSACTION");
        ok(raise(child, "5.00"));
        ok(finance().post(spent + "/E1/reversal", "{\"reason\":\"twice\"}"));
        assertThat(only(child, "OUTSIDE_PLAN", "").path("state").asString()).isEqualTo("WITHDRAWN");
        Answer again = raise(child, "0.01");
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.code()).isEqualTo("AMOUNT_OVER_TRANSACTION");
    }

    private Answer raise(Opened child, String amount) {
        return finance()
                .post(
                        "/api/v1/flags",
                        "{\"accountId\":\"%s\",\"transactionId\":\"E1\",\"reason\":\"OUTSIDE_PLAN\",\"amount\":\"%s\",\"explanation\":\"toys\"}"
                                .formatted(child.accountId(), amount));
    }

    private void stay(Opened child, String id, String admitted, String discharged) {
        ok(finance().post(stays(child), """
                {"stayId":"%s","accountId":"%s","provider":"The Elms","setting":"CHILDRENS_HOME","admitted":"%s","discharged":"%s",
                 "fundedByDirectPayment":true,"status":"ACTUAL"}""".formatted(id, child.accountId(), admitted, discharged)));
    }

    private void correct(Opened child, String path, String body) {
        ok(finance().post(stays(child) + "/" + path, body));
    }

    private static String stays(Opened child) {
        return "/api/v1/people/" + child.personId() + "/residential-stays";
    }

    private JsonNode only(Opened child, String reason, String more) {
        List<JsonNode> found = flags(child, reason, more);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<JsonNode> flags(Opened child, String reason, String more) {
        return ok(finance().get("/api/v1/flags?personId=" + child.personId() + "&reason=" + reason + more))
                .json()
                .path("items")
                .valueStream()
                .toList();
    }
}
