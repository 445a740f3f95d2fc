package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.RunningLedger;

/** What a relative is paid by agreement, until the agreement is withdrawn. Rulebook 1.3, 1.4, 3.6. */
class RelativeAgreementTest extends RunningLedger {

    private static final String AGREED =
            "{\"payee\":\"Aunt May\",\"relation\":\"aunt\",\"sameHousehold\":true,\"purpose\":\"CARE\",\"necessityReason\":\"no one else\",\"from\":\"%s\"}";

    @Test
    void whatARelativeIsPaidAfterTheirAgreementWasWithdrawnIsInQuestion() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String agreements = "/api/v1/budgets/" + opened.budgetId() + "/relative-agreements";
        String agreement = ok(finance().post(agreements, AGREED.formatted("2026-02-01")))
                .json()
                .path("agreementId")
                .asString();
        String withdrawal = agreements + "/" + agreement + "/withdrawal";
        paid(opened, "before", "2026-02-10");
        paid(opened, "first", "2026-03-01");
        assertThat(inQuestion(opened, "")).isEmpty();
        Instant then = Instant.now();

        ok(finance().post(withdrawal, "{\"on\":\"2026-03-01\",\"reason\":\"Found an agency\"}"));
        assertThat(inQuestion(opened, "")).containsExactly("first");
        assertThat(inQuestion(opened, "&knownAt=" + then)).isEmpty();
        paid(opened, "after", "2026-04-01");
        assertThat(inQuestion(opened, "")).containsExactlyInAnyOrder("first", "after");

        JsonNode shown = relative(opened, "");
        assertThat(shown.path("withdrawnOn").asString()).isEqualTo("2026-03-01");
        assertThat(shown.path("withdrawalReason").asString()).isEqualTo("Found an agency");
        assertThat(relative(opened, "?asOf=2026-02-28").path("withdrawnOn").isNull())
                .isTrue();
        assertThat(relative(opened, "?asOf=2026-02-28").path("withdrawalReason").isNull())
                .isTrue();

        ok(finance().post(agreements, AGREED.formatted("2026-03-01")));
        assertThat(inQuestion(opened, "&state=RAISED")).as("agreed anew").isEmpty();
    }

    @Test
    void whatIsRecordedAsPaidToARelativeIsInQuestionUnlessAnAgreementCoversItsDay() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        ok(finance()
                .post("/api/v1/budgets/" + opened.budgetId() + "/relative-agreements", AGREED.formatted("2026-02-01")));
        String stated = "close_relative_in_household";
        paid(opened, "before", "2026-01-31", "Aunt May", stated);
        paid(opened, "agreed", "2026-02-01", "Aunt May", stated);
        paid(opened, "other", "2026-02-01", "Uncle Ben", stated);
        assertThat(inQuestion(opened, "")).containsExactlyInAnyOrder("before", "other");
    }

    @Test
    void aWithdrawalThatCannotBeIsRefusedAndStoresNothing() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String agreements = "/api/v1/budgets/" + opened.budgetId() + "/relative-agreements";
        String agreement = ok(finance().post(agreements, AGREED.formatted("2026-02-01")))
                .json()
                .path("agreementId")
                .asString();
        String withdrawal = agreements + "/" + agreement + "/withdrawal";
        long head = head();
        finance()
                .tell(agreements + "/none/withdrawal", "{'on':'2026-03-01','reason':'x'}")
                .refused(404, "AGREEMENT_NOT_FOUND");
        finance().tell(withdrawal, "{'on':'2026-03-01'}").refused(422, "REASONS_REQUIRED");
        finance().tell(withdrawal, "{'reason':'x'}").refused(400, "FIELD_INVALID");
        finance().tell(withdrawal, "{'on':'2026-01-31','reason':'x'}").refused(422, "DATE_BEFORE_START");
        assertThat(head()).isEqualTo(head);

        ok(finance().post(withdrawal, "{\"on\":\"2026-03-01\",\"reason\":\"x\"}"));
        finance().tell(withdrawal, "{'on':'2026-03-01','reason':'x'}").refused(409, "AGREEMENT_ALREADY_WITHDRAWN");
    }

    private void paid(Opened opened, String id, String on) {
        paid(opened, id, on, "aunt  MAY", "care");
    }

    private void paid(Opened opened, String id, String on, String payee, String category) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"30.00\",\"on\":\"%s\",\"payee\":\"%s\",\"category\":\"%s\"}"
                                .formatted(id, on, payee, category)));
    }

    private List<String> inQuestion(Opened opened, String further) {
        return finance()
                .get("/api/v1/flags?reason=CLOSE_RELATIVE_IN_HOUSEHOLD&accountId=" + opened.accountId() + further)
                .json()
                .path("items")
                .valueStream()
                .map(flag -> flag.path("transactionId").asString())
                .toList();
    }

    private JsonNode relative(Opened opened, String view) {
        return finance()
                .get("/api/v1/budgets/" + opened.budgetId() + view)
                .json()
                .at("/relativeAgreements/0");
    }
}
