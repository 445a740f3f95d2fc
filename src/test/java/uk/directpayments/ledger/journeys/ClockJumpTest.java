package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.MovableClock;
import uk.directpayments.ledger.support.RunningLedger;

/** What becomes of figures and of the log when a clock jumps: the service's, by which it is today, and the database's, by which it was recorded. */
@Import(MovableClock.class)
class ClockJumpTest extends RunningLedger {

    @Autowired
    private MovableClock clock;

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());

    @AfterEach
    void putRight() {
        clock.moveToNow();
    }

    @Test
    void whileTheServicesClockIsBehindTodayIsTheFutureAndNothingIsRecordedWrongly() {
        Opened ids = opened(
                today.minusYears(1).plusDays(1).toString(), today.plusYears(1).toString(), "1200.00");
        ok(pay(ids, "BEFORE", "100.00", today));
        clock.moveTo(today.minusDays(30));
        Caller.Answer refused = spend(ids, "BEHIND", today);
        assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("DATE_IN_FUTURE");
        ok(pay(ids, "LATE", "50.00", today.minusDays(40)));
        assertThat(balance(ids, "")).as("as of thirty days ago").isEqualTo("50.00");
        assertThat(balance(ids, "?asOf=" + today)).isEqualTo("150.00");

        clock.moveToNow();
        assertThat(balance(ids, "")).isEqualTo("150.00");
        assertThat(recordedInOrder()).isTrue();
        assertThat(verifies()).isTrue();
    }

    @Test
    void whatWasDatedAheadWhileTheServicesClockWasCountsOnItsDayAloneAndCanBeReversed() {
        Opened ids = opened(today.minusDays(30).toString(), today.plusYears(2).toString(), "1200.00");
        LocalDate ahead = today.plusYears(1);
        clock.moveTo(ahead);
        ok(spend(ids, "AHEAD", ahead));
        clock.moveToNow();
        assertThat(balance(ids, "")).isEqualTo("0.00");
        assertThat(balance(ids, "?asOf=" + ahead)).isEqualTo("-10.00");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/expenditures/AHEAD/reversal",
                        "{\"reason\":\"Dated by a wrong clock\"}"));
        assertThat(balance(ids, "?asOf=" + ahead)).isEqualTo("0.00");
        assertThat(recordedInOrder()).isTrue();
    }

    /** The head's time is ahead of the clock: so it is after the database's clock has been put back. */
    @Test
    void whenTheDatabasesClockGoesBackWritesGoOnAndWhatIsRecordedMeanwhileIsKnownOnceTheClockHasCaughtUp() {
        Opened ids = opened(today.minusDays(30).toString(), today.plusYears(1).toString(), "1200.00");
        Instant ahead = Instant.now().plusSeconds(4);
        jdbc.sql("UPDATE event_log_head SET recorded_at = date_trunc('milliseconds', ?::timestamptz)")
                .param(ahead.toString())
                .update();
        ok(pay(ids, "MEANWHILE", "100.00", today));
        assertThat(balance(ids, "")).isEqualTo("100.00");
        assertThat(balance(ids, "?knownAt=" + Instant.now())).isEqualTo("0.00");
        assertThat(eventually(() -> balance(ids, "?knownAt=" + Instant.now()), "100.00"))
                .isTrue();
        assertThat(recordedInOrder()).isTrue();
        assertThat(verifies()).isTrue();
    }

    private Caller.Answer pay(Opened ids, String id, String amount, LocalDate on) {
        return finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/payments",
                        "{\"paymentId\":\"%s\",\"lineId\":\"L1\",\"amount\":\"%s\",\"on\":\"%s\"}"
                                .formatted(id, amount, on));
    }

    private Caller.Answer spend(Opened ids, String id, LocalDate on) {
        return finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"10.00\",\"on\":\"%s\",\"payee\":\"Pool\"}"
                                .formatted(id, on));
    }

    private String balance(Opened ids, String query) {
        return ok(finance()
                        .get(
                                "/api/v1/accounts/" + ids.accountId() + "/balance" + query,
                                "Ledger-Position",
                                Long.toString(head())))
                .json()
                .path("balance")
                .asString();
    }

    private boolean recordedInOrder() {
        return jdbc.sql("""
                        SELECT count(*) FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY position) AS back FROM event_log) t
                         WHERE back""").query(Long.class).single() == 0;
    }

    private boolean verifies() {
        String id = ok(finance().send("POST", "/api/v1/audit/verifications", HttpRequest.BodyPublishers.noBody()))
                .json()
                .path("verificationId")
                .asString();
        return eventually(
                () -> finance()
                        .get("/api/v1/audit/verifications/" + id)
                        .json()
                        .path("ok")
                        .asString(""),
                "true");
    }

    private static boolean eventually(Supplier<String> asked, String wanted) {
        for (int i = 0; i < 200; i++) {
            if (wanted.equals(asked.get())) {
                return true;
            }
            ChildLedger.sleep(100);
        }
        return false;
    }
}
