package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.account.PostingDates;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.payout.AccountingPeriod.SealPeriod;
import uk.directpayments.ledger.payout.PeriodEvent.PeriodSealed;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Fixtures;
import uk.directpayments.ledger.support.RunningLedger;

/** Months whose books are closed: what may still be dated there, and in which period late facts count. Years ago, so that no other test minds. */
class PeriodsTest extends RunningLedger {

    private Caller.Answer pay(Opened ids, String on, String... headers) {
        return finance()
                .post(
                        "/api/v1/accounts/%s/payments".formatted(ids.accountId()),
                        "{\"lineId\":\"L1\",\"amount\":\"10.00\",\"on\":\"%s\"}".formatted(on),
                        headers);
    }

    private Caller.Answer spend(Opened ids, String id, String on) {
        return finance().post("/api/v1/accounts/%s/expenditures".formatted(ids.accountId()), """
                {"expenditureId":"%s","amount":"1.00","on":"%s","payee":"Shop","category":"Care"}""".formatted(id, on));
    }

    private Caller.Answer seal(String period, String... headers) {
        return finance().post("/api/v1/periods/" + period + "/seal", "", headers);
    }

    /** A run that pays in July, submitted on a day. */
    private Caller.Answer submitted(Opened ids, String on) {
        String runs = "/api/v1/payment-runs";
        String runId = "JULY-" + ids.accountId();
        if (finance().get(runs + "/" + runId).status() == 404) {
            ok(finance().post("/api/v1/accounts/%s/schedules".formatted(ids.accountId()), """
                    {"scheduleId":"S","lineId":"L1","frequency":"ONE_OFF","firstPayOn":"2014-07-02"}"""));
            ok(finance()
                    .post(
                            runs,
                            "{\"runId\":\"%s\",\"cutOff\":\"2014-07-02\",\"payDate\":\"2014-07-02\"}"
                                    .formatted(runId)));
            ok(approver().post(runs + "/" + runId + "/approval", "{}"));
        }
        return finance()
                .post(
                        runs + "/" + runId + "/submission",
                        "{\"on\":\"%s\",\"channel\":\"FASTER_PAYMENTS\"}".formatted(on));
    }

    /** What is sealed stays so for ever. */
    @Test
    void aMonthInWhichNothingCanBeDatedIsNotSealed() {
        for (String month : List.of("0001-01", "1899-12", "2201-01", "-0001-01", "2014-13")) {
            Caller.Answer answer = seal(month);
            assertThat(answer.status()).as(month).isEqualTo(400);
            assertThat(answer.code()).as(month).isEqualTo("FIELD_INVALID");
        }
        assertThat(ok(finance().get("/api/v1/periods")).json().toString()).doesNotContain("\"0001-01\"", "\"1899-12\"");
    }

    @Test
    void theCouncilsOwnActsAreKeptOutOfASealedPeriodButForSubmissionsAndFactsArePostedToTheFirstOpenDay() {
        Opened ids = opened("2014-04-01", "2015-03-31", "1200.00");
        ok(pay(ids, "2014-05-06", "Idempotency-Key", "before-the-seal"));
        ok(spend(ids, "EARLY", "2014-05-07"));
        long before = head();
        Caller.Answer sealed = ok(seal("2014-05", "Idempotency-Key", "seal-may"));
        assertThat(sealed.json().path("lastPosition").asLong()).isEqualTo(before);
        assertThat(sealed.json().path("lastEventHash").asString()).matches("[0-9a-f]{64}");
        assertThat(ok(seal("2014-05", "Idempotency-Key", "seal-may")).response().body())
                .isEqualTo(sealed.response().body());
        assertThat(seal("2014-05").code()).isEqualTo("PERIOD_SEALED");
        ok(seal("2014-06"));

        assertThat(pay(ids, "2014-05-31").code()).isEqualTo("PERIOD_SEALED");
        assertThat(ok(pay(ids, "2014-05-06", "Idempotency-Key", "before-the-seal"))
                        .header("Idempotency-Replayed"))
                .isEqualTo("true");
        ok(pay(ids, "2014-04-30"));
        ok(pay(ids, "2014-07-01"));
        String account = "/api/v1/accounts/" + ids.accountId();
        assertThat(finance()
                        .post(
                                account + "/top-ups",
                                "{\"amount\":\"1.00\",\"source\":\"COUNCIL_TOP_UP\",\"on\":\"2014-05-10\"}")
                        .code())
                .isEqualTo("PERIOD_SEALED");
        ok(finance()
                .post(
                        account + "/top-ups",
                        "{\"amount\":\"1.00\",\"source\":\"PARENT_TOP_UP\",\"on\":\"2014-05-10\"}"));
        assertThat(finance()
                        .post(
                                account + "/expenditures/EARLY/reclassification",
                                "{\"category\":\"Play\",\"reason\":\"x\"}")
                        .code())
                .isEqualTo("PERIOD_SEALED");
        assertThat(finance()
                        .post(account + "/closure", "{\"on\":\"2014-05-31\"}")
                        .code())
                .isEqualTo("PERIOD_SEALED");
        assertThat(finance()
                        .post("/api/v1/payment-runs", "{\"cutOff\":\"2014-05-01\",\"payDate\":\"2014-05-08\"}")
                        .code())
                .isEqualTo("PERIOD_SEALED");
        Opened july = opened("2014-04-01", "2015-03-31", "1200.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE",
                "annualAmount":"1200.00"}]""", "{\"cardRef\":\"JULY\"}");
        assertThat(submitted(july, "2014-07-03").code()).isEqualTo("CUT_OFF_PASSED");
        ok(spend(ids, "LATE", "2014-05-08"));
        ok(seal("2014-07"));
        ok(submitted(july, "2014-07-01"));

        JsonNode items = ok(finance().get(account + "/transactions")).json().path("items");
        Map<String, String> posted = new HashMap<>();
        items.forEach(item -> posted.put(
                item.path("transactionId").asString(),
                item.path("on").asString() + " " + item.path("postingDate").asString()));
        assertThat(posted)
                .containsEntry("EARLY", "2014-05-07 2014-05-07")
                .containsEntry("LATE", "2014-05-08 2014-07-01");
    }

    @Test
    void aSealIsListedWithThePositionThatItAnsweredFromWhenItIsKnown() throws Exception {
        opened("2012-04-01", "2013-03-31", "1200.00");
        Instant before = Instant.now();
        Thread.sleep(5);
        Caller.Answer sealed = ok(seal("2012-05"));
        Instant between = Instant.now();
        Thread.sleep(5);
        ok(seal("2012-06"));

        assertThat(periods(""))
                .containsEntry("2012-05", sealed.json().path("lastPosition").asLong())
                .containsKey("2012-06");
        assertThat(periods("?knownAt=" + before)).doesNotContainKeys("2012-05", "2012-06");
        assertThat(periods("?knownAt=" + between)).containsKey("2012-05").doesNotContainKey("2012-06");
    }

    /** The last position of each. */
    private Map<String, Long> periods(String query) {
        Map<String, Long> periods = new HashMap<>();
        ok(finance().get("/api/v1/periods" + query))
                .json()
                .path("items")
                .forEach(one -> periods.put(
                        one.path("period").asString(), one.path("lastPosition").asLong()));
        return periods;
    }

    @Test
    void aMonthIsSealedOnceItHasEnded() {
        PeriodSealed sealed = new PeriodSealed(YearMonth.of(2026, 4), 9, "ab", "finance");
        SealPeriod seal = new SealPeriod(YearMonth.of(2026, 4), 9, "ab", "finance", LocalDate.of(2026, 5, 1));
        Fixtures.of(AccountingPeriod.class).when(seal).records(sealed);
        Fixtures.of(AccountingPeriod.class).given(sealed).when(seal).refuses("PERIOD_SEALED");
        Fixtures.of(AccountingPeriod.class)
                .when(new SealPeriod(YearMonth.of(2026, 4), 9, "ab", "finance", LocalDate.of(2026, 4, 30)))
                .refuses("PERIOD_NOT_ENDED");
        assertThat(seal(YearMonth.now(BusinessDay.LONDON).toString()).code()).isEqualTo("PERIOD_NOT_ENDED");
        assertThat(seal("2025-4").code()).isEqualTo("FIELD_INVALID");
    }

    @Test
    void whatWasKnownBeforeASealStaysInItsPeriod() {
        PostingDates dates = new PostingDates(Map.of(YearMonth.of(2026, 1), 10L, YearMonth.of(2026, 2), 20L));
        LocalDate january = LocalDate.of(2026, 1, 31);
        assertThat(dates.of(january, 9)).isEqualTo(january);
        assertThat(dates.of(january, 11)).isEqualTo(LocalDate.of(2026, 2, 1));
        assertThat(dates.of(january, 21)).isEqualTo(LocalDate.of(2026, 3, 1));
        assertThat(dates.of(LocalDate.of(2026, 2, 3), 20)).isEqualTo(LocalDate.of(2026, 2, 3));
    }

    @Test
    void noPaymentSlipsIntoAPeriodWhileItIsBeingSealed() throws Exception {
        Opened ids = opened("2013-04-01", "2014-03-31", "120000.00");
        ExecutorService officers = Executors.newFixedThreadPool(6);
        List<Future<Caller.Answer>> payments = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            payments.add(officers.submit(() -> pay(ids, "2013-05-06")));
        }
        Thread.sleep(100);
        ok(seal("2013-05"));
        int refused = 0;
        for (Future<Caller.Answer> payment : payments) {
            Caller.Answer answer = payment.get();
            if (answer.status() != 201) {
                assertThat(answer.code()).isEqualTo("PERIOD_SEALED");
                refused++;
            }
        }
        officers.shutdown();
        long sealedAt = jdbc.sql("SELECT position FROM event_log WHERE stream_id = 'period/2013-05'")
                .query(Long.class)
                .single();
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM event_log WHERE stream_id = :account AND name = 'account.payment-issued' AND position > :sealed")
                        .param("account", "account/" + ids.accountId())
                        .param("sealed", sealedAt)
                        .query(Integer.class)
                        .single())
                .isZero();
        org.slf4j.LoggerFactory.getLogger(PeriodsTest.class).info("{} of 60 payments came too late", refused);
    }
}
