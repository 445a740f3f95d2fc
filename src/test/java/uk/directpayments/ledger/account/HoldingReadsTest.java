package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.RunningLedger;

/** {@code GET /accounts/{id}/bank-details} and {@code /reserves}: on two dates, page by page. */
class HoldingReadsTest extends RunningLedger {

    @Test
    void aChangeOfBankDetailsSaysWhoProposedAndApprovedItAndNoMoreThanItsLastFourDigits() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String path = "/api/v1/accounts/" + opened.accountId() + "/bank-details";
        assertThat(items(path)).isEmpty();
        String replaced = propose(path, "55779911");
        // when the last was recorded; having been asked for, no later one is recorded at it
        String before = jdbc.sql("SELECT recorded_at FROM event_log_head")
                .query(OffsetDateTime.class)
                .single()
                .toInstant()
                .toString();
        assertThat(items(path + "?knownAt=" + before)).hasSize(1);
        String approved = propose(path, "55779922");
        ok(approver().post(path + "/" + approved + "/approval", "{}"));

        JsonNode all = items(path);
        assertThat(all).hasSize(2);
        assertThat(all.get(0).path("changeId").asString()).isEqualTo(replaced);
        assertThat(all.get(0).path("state").asString()).isEqualTo("REPLACED");
        assertThat(all.get(1).path("state").asString()).isEqualTo("APPROVED");
        assertThat(all.get(1).path("proposedBy").asString()).isEqualTo("finance");
        assertThat(all.get(1).path("approvedBy").asString()).isEqualTo("approver");
        assertThat(all.get(1).path("bankDetails").asString()).endsWith("9922").doesNotContain("5577");
        assertThat(items(path + "?asOf=2025-05-01"))
                .as("before they were proposed")
                .isEmpty();
        JsonNode then = items(path + "?knownAt=" + before);
        assertThat(then.get(0).path("state").asString()).isEqualTo("PROPOSED");

        JsonNode first = ok(finance().get(path + "?limit=1")).json();
        assertThat(first.path("items")).hasSize(1);
        JsonNode second = ok(finance()
                        .get(path + "?limit=1&cursor=" + first.path("next").asString()))
                .json();
        assertThat(second.at("/items/0/changeId").asString()).isEqualTo(approved);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(finance().get("/api/v1/accounts/none/bank-details").code()).isEqualTo("ACCOUNT_NOT_FOUND");
    }

    @Test
    void aReserveIsHeldFromItsApprovalUntilItIsReleasedOrItsDayHasPassed() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        for (String id : new String[] {"R-1", "R-2"}) {
            ok(finance()
                    .post(
                            account + "/reserves",
                            "{\"reserveId\":\"%s\",\"kind\":\"HOLIDAY_PAY\",\"amount\":\"20.00\",\"until\":\"2027-01-31\",\"reason\":\"Agreed\"}"
                                    .formatted(id)));
        }
        ok(finance().post(account + "/reserves/R-1/release", "{}"));
        JsonNode all = items(account + "/reserves");
        assertThat(all).hasSize(2);
        assertThat(all.get(0).path("holds").asBoolean()).isFalse();
        assertThat(all.get(0).path("releasedOn").isNull()).isFalse();
        assertThat(all.get(1).path("holds").asBoolean()).isTrue();
        assertThat(all.get(1).path("amount").asString()).isEqualTo("20.00");
        assertThat(items(account + "/reserves?asOf=2027-02-01")
                        .get(1)
                        .path("holds")
                        .asBoolean())
                .isFalse();
        assertThat(items(account + "/reserves?asOf=2025-05-01")).isEmpty();
        JsonNode first = ok(finance().get(account + "/reserves?limit=1")).json();
        JsonNode second = ok(finance()
                        .get(account + "/reserves?limit=1&cursor="
                                + first.path("next").asString()))
                .json();
        assertThat(second.at("/items/0/reserveId").asString()).isEqualTo("R-2");
    }

    private String propose(String path, String accountNumber) {
        return ok(finance().post(path, "{\"sortCode\":\"200000\",\"accountNumber\":\"%s\"}".formatted(accountNumber)))
                .json()
                .path("changeId")
                .asString();
    }

    private JsonNode items(String path) {
        return ok(finance().get(path)).json().path("items");
    }
}
