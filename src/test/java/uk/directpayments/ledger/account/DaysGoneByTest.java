package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.MovableClock;
import uk.directpayments.ledger.support.RunningLedger;

/** What is asked of an account for a day gone by, over HTTP: the answer knows nothing of what was decided later. */
@Import(MovableClock.class)
class DaysGoneByTest extends RunningLedger {

    @Autowired
    private MovableClock clock;

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate proposed = today.minusDays(29);
    private final LocalDate approved = today.minusDays(20);

    @AfterEach
    void putRight() {
        clock.moveToNow();
    }

    @Test
    void aRecoveryShowsUntilTheDayOfItsApprovalWhatItWasProposedOn() {
        Opened ids = opened(today.minusDays(200).toString(), today.plusDays(164).toString(), "8060.00");
        String account = "/api/v1/accounts/" + ids.accountId();
        String payment = "{\"lineId\":\"L1\",\"amount\":\"%s\",\"on\":\"%s\"}";
        ok(finance().post(account + "/payments", payment.formatted("2000.00", proposed.minusDays(1))));
        clock.moveTo(proposed);
        ok(finance().post(account + "/recoveries", "{\"recoveryId\":\"R1\",\"amount\":\"100.00\"}"));
        clock.moveTo(approved);
        ok(finance().post(account + "/payments", payment.formatted("500.00", approved)));
        ok(approver().post(account + "/recoveries/R1/approval", "{}"));
        clock.moveToNow();

        for (LocalDate day : new LocalDate[] {proposed, approved.minusDays(1)}) {
            JsonNode then = recovery(account, day);
            assertThat(then.path("state").asString()).isEqualTo("PROPOSED");
            assertThat(then.at("/calculation/balance").asString()).isEqualTo("2000.00");
            assertThat(then.path("approvedOn").isNull()).isTrue();
        }
        JsonNode since = recovery(account, approved);
        assertThat(since.path("state").asString()).isEqualTo("APPROVED");
        assertThat(since.at("/calculation/balance").asString()).isEqualTo("2500.00");
        assertThat(since.path("approvedOn").asString()).isEqualTo(approved.toString());
    }

    @Test
    void anAccountShowsTheBankDetailsThatTheMoneyWentToOnTheDay() {
        Opened ids = opened(
                today.minusDays(200).toString(),
                today.plusDays(164).toString(),
                "1200.00",
                "[{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"1200.00\"}]",
                "{\"sortCode\":\"200000\",\"accountNumber\":\"55779911\"}");
        String account = "/api/v1/accounts/" + ids.accountId();
        String before = bankDetails(account, today.minusDays(200));
        assertThat(before).endsWith("9911");
        change(account, "55779922", proposed, approved);
        change(account, "55779933", approved, today);

        assertThat(bankDetails(account, proposed)).isEqualTo(before);
        assertThat(bankDetails(account, approved.minusDays(1))).isEqualTo(before);
        assertThat(bankDetails(account, approved)).endsWith("9922");
        assertThat(bankDetails(account, today.minusDays(1))).endsWith("9922");
        assertThat(bankDetails(account, today)).endsWith("9933");
        assertThat(ok(finance().get(account + "/bank-details?asOf=" + approved.minusDays(1)))
                        .json()
                        .at("/items/0/state")
                        .asString())
                .as("as the list of changes says")
                .isEqualTo("PROPOSED");
    }

    @Test
    void aLineOfTomorrowIsUnreconciledUntilTomorrowsFileHasTakenItIn() {
        String account = opened(
                        today.minusDays(200).toString(), today.plusDays(164).toString(), "1200.00")
                .accountId();
        String file = "Date,Description,Amount\n%s,Bus,-2.00\n".formatted(approved.plusDays(1));
        String report = "/api/v1/reports/unreconciled?accountId=" + account + "&asOf=" + approved.plusDays(1);
        clock.moveTo(approved);
        JsonNode early = ok(finance().upload("/api/v1/statements", file, "accountId", account))
                .json();
        assertThat(early.at("/rejected/0/code").asString()).isEqualTo("DATE_IN_FUTURE");
        assertThat(ok(finance().get(report)).toString()).contains("REFUSED_LINE");
        clock.moveTo(approved.plusDays(1));
        JsonNode taken = ok(finance().upload("/api/v1/statements", file, "accountId", account))
                .json();
        clock.moveToNow();

        assertThat(taken.path("recorded").asInt()).isEqualTo(1);
        assertThat(ok(finance().get(report)).toString()).doesNotContain("REFUSED_LINE");
    }

    @Test
    void ofAClosedAccountOnlyTheReturnIsOwedThatWasAskedForSinceOrHasCome() {
        String id = opened(today.minusDays(200).toString(), today.plusDays(164).toString(), "1200.00")
                .accountId();
        String account = "/api/v1/accounts/" + id;
        String asked = "{\"returnId\":\"%s\",\"period\":\"2026\",\"due\":\"%s\"}";
        clock.moveTo(proposed);
        ok(finance().post(account + "/returns", asked.formatted("NEVER", proposed.plusDays(5))));
        ok(finance().post(account + "/returns", asked.formatted("CAME", proposed.plusDays(5))));
        ok(finance().post(account + "/returns/CAME/receipt", "{\"on\":\"" + proposed + "\"}"));
        clock.moveTo(approved);
        ok(finance().post(account + "/closure", "{\"on\":\"" + approved + "\"}"));
        ok(finance().post(account + "/returns", asked.formatted("LAST", today.minusDays(1))));
        clock.moveToNow();

        assertThat(owed(id, approved.minusDays(1))).containsExactly("CAME", "NEVER");
        assertThat(owed(id, approved)).containsExactly("CAME", "LAST");
        assertThat(owed(id, today)).containsExactly("CAME", "LAST");
    }

    private List<String> owed(String account, LocalDate day) {
        return ok(finance().get("/api/v1/reports/returns-due?accountId=" + account + "&asOf=" + day))
                .json()
                .path("items")
                .valueStream()
                .filter(row -> row.path("kind").asString().equals("RETURN"))
                .map(row -> row.path("returnId").asString())
                .toList();
    }

    private void change(String account, String accountNumber, LocalDate proposedOn, LocalDate approvedOn) {
        clock.moveTo(proposedOn);
        String change = ok(finance()
                        .post(
                                account + "/bank-details",
                                "{\"sortCode\":\"200000\",\"accountNumber\":\"%s\"}".formatted(accountNumber)))
                .json()
                .path("changeId")
                .asString();
        clock.moveTo(approvedOn);
        ok(approver().post(account + "/bank-details/" + change + "/approval", "{}"));
        clock.moveToNow();
    }

    private String bankDetails(String account, LocalDate day) {
        return ok(finance().get(account + "?asOf=" + day))
                .json()
                .path("bankDetails")
                .asString();
    }

    private JsonNode recovery(String account, LocalDate day) {
        return ok(finance().get(account + "/recoveries?asOf=" + day)).json().at("/items/0");
    }
}
