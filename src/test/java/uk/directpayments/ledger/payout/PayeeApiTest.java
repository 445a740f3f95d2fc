package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** In whose name a run pays, and what it says of whoever has not been paid yet. Rulebook 7.5. */
class PayeeApiTest extends PayingLedger {

    private static final String CUT_OFF = "2025-04-30";

    private String consent(Opened ids, String recipientType, String name, String on) {
        return ok(finance()
                        .post(
                                "/api/v1/budgets/%s/consents".formatted(ids.budgetId()),
                                "{\"recipientType\":\"%s\",\"recipientName\":\"%s\",\"on\":\"%s\"}"
                                        .formatted(recipientType, name, on)))
                .json()
                .path("consentId")
                .asString();
    }

    private void withdraw(Opened ids, String consentId, String on) {
        ok(finance()
                .post(
                        "/api/v1/budgets/%s/consents/%s/withdrawal".formatted(ids.budgetId(), consentId),
                        "{\"on\":\"%s\"}".formatted(on)));
    }

    /** Both files of a run that pays what was due by April, told apart by the names in them. */
    private String files(String payDate) {
        String runId = created(CUT_OFF, payDate);
        ok(act(approver(), runId, "approval", "{}"));
        StringBuilder files = new StringBuilder();
        for (String format : new String[] {"pain.001.001.09", "bacs-standard-18"}) {
            files.append(ok(finance().get(RUNS + "/" + runId + "/file?format=" + format))
                    .response()
                    .body());
        }
        return files.toString().toUpperCase(Locale.ROOT);
    }

    @Test
    void whoeverHasWithdrawnTheirConsentIsNotPaidInTheirName() {
        Opened ids = scheduled();
        withdraw(ids, consent(ids, "NOMINEE", "Kim Withdrawn", "2025-04-01"), "2025-04-05");
        withdraw(ids, consent(ids, "PARENT", "Lee Withdrawn", "2025-04-02"), "2025-05-22");
        assertThat(files("2025-05-22"))
                .contains("SAM EXAMPLE")
                .doesNotContain("KIM WITHDRAWN")
                .doesNotContain("LEE WITHDRAWN");
    }

    @Test
    void theHoldersConsentGoesBeforeAnothersAndOfTwoOfTheHoldersTheLater() {
        Opened ids = scheduled();
        consent(ids, "PARENT", "Alex Later", "2025-04-03");
        consent(ids, "PARENT", "Billie Earlier", "2025-04-02");
        consent(ids, "NOMINEE", "Kim Nominee", "2025-04-04");
        consent(ids, "PARENT", "Chris Toolate", "2025-05-24");
        assertThat(files("2025-05-23"))
                .contains("ALEX LATER")
                .doesNotContain("BILLIE EARLIER")
                .doesNotContain("KIM NOMINEE")
                .doesNotContain("CHRIS TOOLATE");
    }

    @Test
    void whereTheHoldersOwnConsentIsWithdrawnWhoeverElseConsentsIsPaid() {
        Opened ids = scheduled();
        JsonNode consents =
                ok(finance().get("/api/v1/budgets/" + ids.budgetId())).json().path("consents");
        consent(ids, "NOMINEE", "Kim Nominee", "2025-04-04");
        withdraw(ids, consents.path(0).path("consentId").asString(), "2025-05-01");
        assertThat(files("2025-05-27")).contains("KIM NOMINEE");
    }

    @Test
    void whereNobodyConsentsOnThePayDateThePaymentIsHeldAndCannotBeReleased() {
        Opened ids = scheduled();
        JsonNode consents =
                ok(finance().get("/api/v1/budgets/" + ids.budgetId())).json().path("consents");
        withdraw(ids, consents.path(0).path("consentId").asString(), "2025-05-01");
        consent(ids, "PARENT", "Sam Again", "2025-05-29");
        String runId = created(CUT_OFF, "2025-05-28");
        String instalment = scheduleOf(ids) + ".1";
        assertThat(run(runId)
                        .path("held")
                        .valueStream()
                        .filter(held -> held.path("instalmentId").asString().equals(instalment))
                        .map(held -> held.path("exceptions").toString()))
                .singleElement()
                .asString()
                .contains("CONSENT_REQUIRED", "NO_BANK_DETAILS");
        assertThat(act(finance(), runId, "holds/" + instalment + "/release", "{}")
                        .code())
                .isEqualTo("NO_BANK_DETAILS");
        ok(act(finance(), runId, "close", "{}"));
        assertThat(files("2025-05-29")).contains("SAM AGAIN");
    }

    @Test
    void aFirstPaymentThatCameBackLeavesTheNextOneTheFirst() {
        Opened ids = scheduled();
        String runId = created(CUT_OFF, "2025-05-30");
        assertThat(remarks(runId, ids)).contains("FIRST_PAYMENT");
        ok(act(approver(), runId, "approval", "{}"));
        ok(act(finance(), runId, "submission", "{\"on\":\"2025-05-28\",\"channel\":\"BACS\"}"));
        ok(act(
                finance(),
                runId,
                "rejections",
                "{\"rejections\":[{\"instalmentId\":\"%s.1\",\"reasonCode\":\"AC01\"}]}".formatted(scheduleOf(ids))));
        String again = created(CUT_OFF, "2025-06-02");
        assertThat(remarks(again, ids)).contains("FIRST_PAYMENT");
        ok(act(approver(), again, "approval", "{}"));
        String next = created("2025-05-31", "2025-06-03");
        assertThat(instalments(run(next).path("items"))).contains(scheduleOf(ids) + ".2");
        assertThat(remarks(next, ids)).doesNotContain("FIRST_PAYMENT");
        ok(act(finance(), next, "close", "{}"));
    }

    private String remarks(String runId, Opened ids) {
        StringBuilder remarks = new StringBuilder();
        run(runId).path("items").forEach(item -> {
            if (item.path("accountId").asString().equals(ids.accountId())) {
                remarks.append(item.path("exceptions"));
            }
        });
        return remarks.toString();
    }
}
