package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;

/** An approved run that never went to the bank and no longer can is given back whole. Rulebook 7.5; concepts/paying.md. */
class RunGivenBackApiTest extends PayingLedger {

    private static final String CUT_OFF = "2025-04-30";
    private static final String NEVER_SENT = "{\"reasonCode\":\"NOT_SUBMITTED\"}";

    private String approved(String payDate) {
        String runId = created(CUT_OFF, payDate);
        ok(act(approver(), runId, "approval", "{}"));
        return runId;
    }

    @Test
    void everyPaymentOfARunThatMissedItsWindowComesBackAndIsDueAgain() {
        Opened one = scheduled();
        Opened two = scheduled();
        Opened refused = scheduled();
        String runId = created(CUT_OFF, "2025-06-04");
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/suspension".formatted(refused.accountId()),
                        "{\"from\":\"2025-06-01\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}"));
        ok(act(approver(), runId, "approval", "{}"));
        assertThat(act(finance(), runId, "submission", "{\"on\":\"2025-06-03\",\"channel\":\"BACS\"}")
                        .code())
                .isEqualTo("CUT_OFF_PASSED");
        for (String notSaid : List.of("", "{}", "{\"reasonCode\":null}", "{\"reasonCode\":\" \"}")) {
            assertThat(act(finance(), runId, "close", notSaid).code()).isEqualTo("RUN_NOT_SUBMITTED");
        }
        assertThat(act(finance(), runId, "close", "{\"reasonCode\":\"%s\"}".formatted("x".repeat(65)))
                        .code())
                .isEqualTo("FIELD_INVALID");
        assertThat(balance(one)).isEqualTo("90.00");

        ok(act(finance(), runId, "close", NEVER_SENT));
        assertThat(balance(one)).isEqualTo("0.00");
        assertThat(balance(two)).isEqualTo("0.00");
        JsonNode run = run(runId);
        assertThat(run.path("state").asString()).isEqualTo("CLOSED");
        assertThat(run.path("controlTotals").path("rejected").asInt())
                .isEqualTo(run.path("progress").path("issued").asInt())
                .isGreaterThan(1);
        assertNothingGoes(run);
        assertThat(stateOf(run, one)).isEqualTo("REJECTED NOT_SUBMITTED");
        assertThat(stateOf(run, two)).isEqualTo("REJECTED NOT_SUBMITTED");
        assertThat(stateOf(run, refused)).isEqualTo("REFUSED ACCOUNT_SUSPENDED");
        for (String format : List.of("bacs-standard-18", "pain.001.001.09")) {
            assertThat(finance()
                            .get(RUNS + "/" + runId + "/file?format=" + format)
                            .code())
                    .isEqualTo("EMPTY_RUN");
        }
        assertThat(act(finance(), runId, "close", NEVER_SENT).code()).isEqualTo("RUN_LOCKED");
        assertThat(act(finance(), runId, "submission", "{\"on\":\"2025-06-02\",\"channel\":\"BACS\"}")
                        .code())
                .isEqualTo("RUN_LOCKED");

        String next = created(CUT_OFF, "2025-06-05");
        assertThat(instalments(run(next).path("items"))).contains(scheduleOf(one) + ".1", scheduleOf(two) + ".1");
        ok(act(approver(), next, "approval", "{}"));
        assertThat(balance(one)).isEqualTo("90.00");
        assertThat(stateOf(run(runId), one)).isEqualTo("RESOLVED NOT_SUBMITTED");
        ok(act(finance(), next, "submission", "{\"on\":\"2025-06-05\",\"channel\":\"FASTER_PAYMENTS\"}"));
    }

    @Test
    void whatCameBackByHandBeforeComesBackOnce() {
        Opened one = scheduled();
        Opened two = scheduled();
        String runId = approved("2025-06-06");
        String payments = "/api/v1/accounts/%s/payments/".formatted(one.accountId());
        String paymentId = ok(finance().get("/api/v1/accounts/%s/transactions".formatted(one.accountId())))
                .json()
                .at("/items/0/transactionId")
                .asString();
        ok(finance().post(payments + paymentId + "/return", "{\"on\":\"2025-06-06\",\"reasonCode\":\"LATE\"}"));
        ok(act(finance(), runId, "close", NEVER_SENT));
        assertThat(balance(one)).isEqualTo("0.00");
        assertThat(balance(two)).isEqualTo("0.00");

        // as after a crash between what the automation did and its saying so
        settled();
        jdbc.sql("""
                        INSERT INTO parked_event (processor, key, position, name, cause)
                        SELECT 'payment-runs', stream_id, position, name, 'asked for once more' FROM event_log
                         WHERE stream_id = :run AND name = 'run.payments-rejected'""").param("run", "run/" + runId).update();
        assertThat(ok(Caller.as("admin", port).post("/api/v1/operations/processors/payment-runs/drain", "{}"))
                        .json()
                        .path("applied")
                        .asInt())
                .isEqualTo(1);
        assertThat(balance(one)).isEqualTo("0.00");
        assertThat(balance(two)).isEqualTo("0.00");
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM event_log WHERE stream_id = ANY(:accounts) AND name = 'account.payment-returned'")
                        .param("accounts", new String[] {"account/" + one.accountId(), "account/" + two.accountId()})
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void aRunThatWasSubmittedOrStillCanBeIsNotGivenBack() {
        scheduled();
        String sent = approved("2025-06-09");
        ok(act(finance(), sent, "submission", "{\"on\":\"2025-06-05\",\"channel\":\"BACS\"}"));
        assertThat(act(finance(), sent, "close", NEVER_SENT).code()).isEqualTo("RUN_LOCKED");
        ok(act(finance(), sent, "close", "{}"));
        assertThat(act(finance(), sent, "close", NEVER_SENT).code()).isEqualTo("RUN_LOCKED");

        LocalDate today = BusinessDay.today(Clock.systemUTC());
        LocalDate payDate = payableFrom(today);
        LocalDate from = today.minusDays(40);
        Opened current =
                opened(from.toString(), from.plusYears(1).toString(), "1200.00", LINE, BANK.formatted(accounts++));
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/schedules".formatted(current.accountId()),
                        "{\"scheduleId\":\"%s\",\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"%s\"}"
                                .formatted(scheduleOf(current), from)));
        String stillOpen = created(today.toString(), payDate.toString());
        assertThat(instalments(run(stillOpen).path("items"))).contains(scheduleOf(current) + ".1");
        ok(act(approver(), stillOpen, "approval", "{}"));
        String balance = balance(current);
        assertThat(act(finance(), stillOpen, "close", NEVER_SENT).code()).isEqualTo("RUN_NOT_SUBMITTED");
        assertThat(balance(current)).isEqualTo(balance);
        ok(act(finance(), stillOpen, "submission", "{\"on\":\"%s\",\"channel\":\"FASTER_PAYMENTS\"}".formatted(today)));
    }

    @Test
    void aRunThatNobodyApprovedGivesUpItsInstalmentsWhateverCodeItsClosingNames() {
        Opened ids = scheduled();
        String runId = created(CUT_OFF, "2025-06-10");
        ok(act(finance(), runId, "close", NEVER_SENT));
        JsonNode run = run(runId);
        assertThat(stateOf(run, ids)).isEqualTo("INCLUDED null");
        assertNothingGoes(run);
        String next = created(CUT_OFF, "2025-06-10");
        assertThat(instalments(run(next).path("items"))).contains(scheduleOf(ids) + ".1");
        ok(act(finance(), next, "close", "{}"));
    }

    private static void assertNothingGoes(JsonNode run) {
        for (JsonNode of : List.of(run, run.path("controlTotals"))) {
            assertThat(of.path("total").asString()).isEqualTo("0.00");
            assertThat(of.path("count").asInt()).isZero();
        }
    }

    private static String stateOf(JsonNode run, Opened ids) {
        return run.path("items")
                .valueStream()
                .filter(item -> item.path("accountId").asString().equals(ids.accountId()))
                .map(item ->
                        item.path("state").asString() + " " + item.path("code").asString("null"))
                .findFirst()
                .orElse("none");
    }
}
