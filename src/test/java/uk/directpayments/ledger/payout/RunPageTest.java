package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Visitor;

/** What the page of a payment run counts, and what it leads to. */
class RunPageTest extends PayingLedger {

    private static final String SAME_NAME = "S1";

    private String page(String runId) {
        return Visitor.as("finance", port).get("/payment-runs/" + runId).body();
    }

    private void schedule(Opened ids, String scheduleId, String frequency, String firstPayOn) {
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/schedules".formatted(ids.accountId()),
                        "{\"scheduleId\":\"%s\",\"lineId\":\"L1\",\"frequency\":\"%s\",\"firstPayOn\":\"%s\"}"
                                .formatted(scheduleId, frequency, firstPayOn)));
    }

    private Opened account(String from, String annualAmount) {
        return opened(
                from, "2026-03-31", annualAmount, LINE.replace("1200.00", annualAmount), BANK.formatted(accounts++));
    }

    /** A run that pays this account alone, and one instalment of it. */
    private String runOf(Opened ids, String payDate) {
        String runId = created("2025-04-30", payDate);
        run(runId).path("items").forEach(item -> {
            if (!item.path("accountId").asString().equals(ids.accountId())) {
                ok(act(
                        finance(),
                        runId,
                        "holds",
                        "{\"instalmentId\":\"%s\",\"accountId\":\"%s\",\"reason\":\"Another's\"}"
                                .formatted(
                                        item.path("instalmentId").asString(),
                                        item.path("accountId").asString())));
            }
        });
        return runId;
    }

    @Test
    void theExceptionsAreCountedThoughNotAllAreShown() {
        Opened weekly = account("2014-04-01", "5200.00");
        schedule(weekly, scheduleOf(weekly), "WEEKLY", "2014-04-01");
        String runId = created("2026-03-31", "2026-03-31");
        int counted = 0;
        String cursor = "";
        do {
            JsonNode part = ok(finance().get(RUNS + "/" + runId + "?limit=500" + cursor))
                    .json();
            for (JsonNode item : part.path("items")) {
                counted += item.path("exceptions").isEmpty() ? 0 : 1;
            }
            if (cursor.isEmpty()) {
                for (JsonNode item : part.path("held")) {
                    counted += item.path("exceptions").isEmpty() ? 0 : 1;
                }
            }
            cursor = part.path("next").isNull()
                    ? ""
                    : "&cursor=" + part.path("next").asString();
        } while (!cursor.isEmpty());
        JsonNode run = run(runId);
        assertThat(run.path("held").size()).isLessThan(500);
        assertThat(counted).isGreaterThan(500);
        assertThat(run.path("controlTotals").path("exceptions").asInt()).isEqualTo(counted);
        assertThat(page(runId))
                .contains("<p class=\"ledger-tile__number\">" + counted + "</p>")
                .contains("The first 500 of " + counted + " payments with exceptions are shown.");
        ok(act(finance(), runId, "close", "{}"));
        assertThat(run(runId).path("exceptions").valueStream())
                .as("given up: the next run's to look at")
                .allMatch(exception -> exception.path("resolved").asBoolean());
        // the runs of other tests shall not have to pay them
        ok(finance()
                .post(
                        "/api/v1/budgets/%s/end".formatted(weekly.budgetId()),
                        "{\"on\":\"2014-04-01\",\"cause\":\"MOVED\"}"));
    }

    @Test
    void whatWasHeldAndReleasedIsNoExceptionAndWhatWasGivenUpIsResolved() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00", LINE, BANK.formatted(19_190_619));
        schedule(ids, scheduleOf(ids), "MONTHLY", "2025-04-01");
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/payments".formatted(ids.accountId()),
                        "{\"lineId\":\"L1\",\"amount\":\"1.00\",\"on\":\"2025-04-01\"}"));
        String instalment = "{\"instalmentId\":\"%s.1\",\"reason\":\"A query\"}".formatted(scheduleOf(ids));
        String runId = created("2025-04-30", "2025-06-19");
        assertThat(exceptions(ids)).isEmpty();
        ok(act(finance(), runId, "holds", instalment));
        assertThat(exceptions(ids)).containsExactly("HELD false");
        ok(act(finance(), runId, "holds/" + scheduleOf(ids) + ".1/release", "{}"));
        assertThat(exceptions(ids)).isEmpty();
        ok(act(finance(), runId, "holds", instalment));
        ok(act(finance(), runId, "close", "{}"));
        assertThat(exceptions(ids)).containsExactly("HELD true");
    }

    /** State and whether it is resolved, of each row of the report. */
    private List<String> exceptions(Opened ids) {
        return ok(finance().get("/api/v1/reports/payment-exceptions?accountId=" + ids.accountId()))
                .json()
                .path("items")
                .valueStream()
                .map(row -> row.path("state").asString() + " "
                        + row.path("resolved").asString())
                .toList();
    }

    @Test
    void instalmentsOfTheSameNameAreHeldAndReleasedByTheirAccount() {
        Opened one = account("2025-04-01", "1200.00");
        Opened two = account("2025-04-01", "2400.00");
        schedule(one, SAME_NAME, "MONTHLY", "2025-04-01");
        schedule(two, SAME_NAME, "MONTHLY", "2025-04-01");
        String runId = created("2025-04-30", "2025-06-12");
        Visitor finance = Visitor.as("finance", port);
        String holds = "/payment-runs/" + runId + "/holds";
        assertThat(finance.get("/payment-runs/" + runId).body())
                .contains(holds + "?instalmentId=S1.1&amp;accountId=" + two.accountId());
        assertThat(finance.get(holds + "?instalmentId=S1.1&accountId=" + two.accountId())
                        .body())
                .contains("value=\"" + two.accountId() + "\"");
        String key = UUID.randomUUID().toString();
        assertThat(finance.post(holds, "key", key, "instalmentId", "S1.1", "reason", "A query")
                        .body())
                .contains("name the account too");
        for (Opened ids : new Opened[] {one, two}) {
            assertThat(finance.post(
                                    holds,
                                    "key",
                                    UUID.randomUUID().toString(),
                                    "instalmentId",
                                    "S1.1",
                                    "accountId",
                                    ids.accountId(),
                                    "reason",
                                    "A query about " + ids.accountId())
                            .statusCode())
                    .isEqualTo(302);
        }
        String release = holds + "/S1.1/release";
        assertThat(finance.get("/payment-runs/" + runId).body())
                .contains(release + "?accountId=" + one.accountId(), release + "?accountId=" + two.accountId());
        for (Opened ids : new Opened[] {one, two}) {
            assertThat(finance.get(release + "?accountId=" + ids.accountId()).body())
                    .contains("A query about " + ids.accountId());
        }
        assertThat(finance.post(release, "key", UUID.randomUUID().toString(), "accountId", two.accountId())
                        .statusCode())
                .isEqualTo(302);
        assertThat(run(runId).path("held").toString())
                .contains("A query about " + one.accountId())
                .doesNotContain("A query about " + two.accountId());
        ok(act(finance(), runId, "close", "{}"));
    }

    @Test
    void aRunIsClosedFromItsPageWhereThatMayBeDone() {
        Opened ids = account("2025-04-01", "1200.00");
        schedule(ids, scheduleOf(ids), "MONTHLY", "2025-04-01");
        String close = "/close\"";
        String submission = "/submission\"";
        String givingBack = "/giving-back\"";
        String unwanted = runOf(ids, "2025-06-13");
        assertThat(page(unwanted)).contains(close).doesNotContain(givingBack, submission);
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.post("/payment-runs/" + unwanted + close.replace("\"", ""), "key", key())
                        .statusCode())
                .isEqualTo(302);
        assertThat(page(unwanted))
                .contains("£0.00", "in 0 payments", "Never approved: its instalments were given up")
                .doesNotContain(close, givingBack, submission, "Nobody yet");

        String neverSent = runOf(ids, "2025-06-16");
        ok(act(approver(), neverSent, "approval", "{}"));
        assertThat(page(neverSent))
                .contains(givingBack, submission, "File for the bank")
                .doesNotContain(close);
        assertThat(finance.get("/payment-runs/" + neverSent + "/giving-back").body())
                .contains("never went to the bank");
        assertThat(finance.post(
                                "/payment-runs/" + neverSent + "/giving-back",
                                "key",
                                key(),
                                "reasonCode",
                                "NOT_SUBMITTED")
                        .statusCode())
                .isEqualTo(302);
        assertThat(balance(ids)).isEqualTo("0.00");
        assertThat(page(neverSent))
                .contains("£0.00", "in 0 payments", "1 issued, 0 refused by their accounts, 1 came back")
                .doesNotContain(close, givingBack, submission, "File for the bank");

        String refused = runOf(ids, "2025-06-17");
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/suspension".formatted(ids.accountId()),
                        "{\"from\":\"2025-06-01\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}"));
        ok(act(approver(), refused, "approval", "{}"));
        assertThat(page(refused)).contains(close).doesNotContain(givingBack, submission);
        assertThat(finance.post("/payment-runs/" + refused + "/close", "key", key())
                        .statusCode())
                .isEqualTo(302);
        assertThat(run(refused).path("state").asString()).isEqualTo("CLOSED");
    }

    @Test
    void aBanksCodeIsSaidAsTheBankWritesItAndEachOfOursInWords() {
        Opened one = account("2025-04-01", "1200.00");
        Opened same = opened("2025-04-01", "2026-03-31", "1200.00", LINE, BANK.formatted(accounts - 1));
        schedule(one, scheduleOf(one), "MONTHLY", "2025-04-01");
        schedule(same, scheduleOf(same), "MONTHLY", "2025-04-01");
        String runId = runOf(one, "2025-06-18");
        ok(act(approver(), runId, "approval", "{}"));
        ok(act(finance(), runId, "submission", "{\"on\":\"2025-06-16\",\"channel\":\"BACS\"}"));
        ok(act(
                finance(),
                runId,
                "rejections",
                "{\"rejections\":[{\"instalmentId\":\"%s.1\",\"reasonCode\":\"ARUCS-2\"}]}"
                        .formatted(scheduleOf(one))));
        assertThat(page(runId)).contains(">ARUCS-2<", ">First payment<").doesNotContain("Arucs");
        Visitor finance = Visitor.as("finance", port);
        String report = "/reports/payment-exceptions?accountId=";
        assertThat(finance.get(report + one.accountId()).body()).contains(">ARUCS-2<");
        assertThat(finance.get(report + one.accountId()).body()
                        + finance.get(report + same.accountId()).body())
                .contains(">First payment, Same bank account<")
                .doesNotContain("FIRST_PAYMENT");
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
