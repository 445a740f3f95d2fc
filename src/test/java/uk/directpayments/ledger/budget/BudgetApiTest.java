package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** Budgets over HTTP, with the real log, register, automation and payment accounts. Each test has people of its own. */
class BudgetApiTest extends RunningLedger {

    private static final String CARE_AND_CLUB = """
            {"from":"2026-04-01","to":"2027-03-31","annualAmount":"1000.00","lines":[
              {"lineId":"care","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"PERSONAL_CARE",
               "annualAmount":"600.00","outcome":"a full week at school","allows":["HOLIDAY","7996"]},
              {"fundingSource":"SHORT_BREAKS","mode":"THIRD_PARTY","category":"CLUB","annualAmount":"400.00"}]}""";

    // ── a budget's life ──────────────────────────────────────────────────────────────────────────────────────────

    /** Budgets are back-dated: what is decided for days before the request counts, as a fact of the budget, from the request on. */
    @Test
    void beforeItsRequestABudgetIsNothingWhateverItIsDatedFrom() {
        person("PB", "2012-01-01");
        request("BB", "PB");
        JsonNode requested = budget("BB");
        LocalDate on = LocalDate.parse(requested.path("requestedOn").asString());
        LocalDate from = on.minusDays(40);
        post("/budgets/BB/indicative-amount", """
                {"amount":"1000.00","from":"%s","to":"%s","method":"RAS"}""".formatted(
                        from, from.plusYears(1).minusDays(1)));
        answered(200, approver().post(path("/budgets/BB/panel-decision"), """
                {"outcome":"APPROVED","decidedOn":"%s"}""".formatted(on.minusDays(10))));
        post("/budgets/BB/finalisation", """
                {"from":"%s","to":"%s","annualAmount":"1000.00","lines":[
                  {"fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"1000.00"}]}""".formatted(from, from.plusYears(1).minusDays(1)));
        JsonNode before = budget("BB?asOf=" + on.minusDays(1));
        assertThat(before.path("status").isNull()).isTrue();
        assertThat(before.path("finalAmount").isNull()).isTrue();
        assertThat(before.path("approvedAmount").isNull()).isTrue();
        assertThat(before.path("lines")).isEmpty();
        JsonNode then = budget("BB?asOf=" + on);
        assertThat(then.path("status").asString()).isEqualTo("FINAL");
        assertThat(then.path("finalAmount").asString()).isEqualTo("1000.00");
        assertThat(then.path("from").asString()).isEqualTo(from.toString());
    }

    @Test
    void aPlanAllowsOnlyCodesThatSpendingCanHave() {
        person("PC", "2012-01-01");
        request("BC", "PC");
        post("/budgets/BC/indicative-amount", """
                {"amount":"1000.00","from":"2026-04-01","to":"2027-03-31","method":"RAS"}""");
        answered(200, approver().post(path("/budgets/BC/panel-decision"), """
                {"outcome":"APPROVED","decidedOn":"2026-03-20"}"""));
        String plan = CARE_AND_CLUB.replace("\"7996\"", "\"%s\"");
        for (String code : List.of("ALCOHOLL", "54", "5411 ", "travel", "cash", "NOPE")) {
            Answer answer = finance().post(path("/budgets/BC/finalisation"), plan.formatted(code));
            assertThat(answer.status() + " " + answer.code()).as(code).isEqualTo("400 FIELD_INVALID");
            assertThat(answer.json().at("/errors/0/field").asString()).as(code).isEqualTo("lines[0].allows[1]");
        }
        post("/budgets/BC/finalisation", plan.formatted("AFTER_SCHOOL_CLUB"));
    }

    @Test
    void aBudgetIsRequestedDecidedPaidAndEnded() {
        person("P1", "2012-01-01");
        request("B1", "P1");
        post("/budgets/B1/indicative-amount", """
                {"amount":"1100.00","from":"2026-04-01","to":"2027-03-31","method":"RAS","score":42.5}""");
        tell("/budgets/B1/panel-decision", """
                {"outcome":"APPROVED","decidedOn":"2026-03-20"}""").refused(409, "SEPARATION_OF_DUTIES");
        answered(200, approver().post(path("/budgets/B1/panel-decision"), """
                {"outcome":"APPROVED_LOWER","amount":"1000.00","reasons":"club has become cheaper","decidedOn":"2026-03-20"}"""));
        Answer finalised = post("/budgets/B1/finalisation", CARE_AND_CLUB);
        assertThat(texts(finalised.json().path("lineIds"))).containsExactly("care", "line-2");
        assertThat(budget("B1").path("status").asString()).isEqualTo("FINAL");
        consent("B1", "C1");
        post("/budgets/B1/top-ups", """
                {"source":"PARENT_TOP_UP","amount":"50.00","purpose":"a longer holiday","agreedOn":"2026-05-01"}""");
        open("A1", "B1");
        pay("A1", "care", "100.00");
        spend("A1", "30.00", "care");

        JsonNode budget = budget("B1");
        assertThat(budget.path("status").asString()).isEqualTo("ACTIVE");
        assertThat(budget.path("requestedBy").asString()).isEqualTo("her mother");
        assertThat(budget.path("indicativeAmount").asString()).isEqualTo("1100.00");
        assertThat(budget.path("approvedAmount").asString()).isEqualTo("1000.00");
        assertThat(budget.path("finalAmount").asString()).isEqualTo("1000.00");
        assertThat(budget.path("mode").asString()).isEqualTo("COMBINATION");
        assertThat(budget.path("topUps").get(0).path("purpose").asString()).isEqualTo("a longer holiday");
        assertThat(budget.path("consents").get(0).path("recipientName").asString())
                .isEqualTo("Eve");
        JsonNode care = budget.path("lines").get(0);
        assertThat(care.path("outcome").asString()).isEqualTo("a full week at school");
        assertThat(care.path("accountId").asString()).isEqualTo("A1");
        assertThat(List.of(
                        care.path("allocated").asString(),
                        care.path("paid").asString(),
                        care.path("spent").asString(),
                        care.path("unspent").asString()))
                .containsExactly("600.00", "100.00", "30.00", "70.00");
        assertThat(budget.path("lines").get(1).path("paid").asString()).isEqualTo("0.00");

        post("/budgets/B1/end", """
                {"on":"2026-11-01","cause":"MOVED_AWAY"}""");
        assertThat(budget("B1").path("endCause").asString()).isEqualTo("MOVED_AWAY");
        assertThat(budget("B1").path("endedOn").asString()).isEqualTo("2026-11-01");
        tell("/accounts/A1/payments", payment("care", "1.00", "2026-11-02")).refused(409, "BUDGET_ENDED");
        tell("/budgets/B1/end", """
                {"on":"2026-11-01","cause":"MOVED_AWAY"}""").refused(409, "BUDGET_ENDED");
        assertThat(ids(finance().get(path("/budgets?personId=P1&status=ENDED"))))
                .containsExactly("B1");
        assertThat(ids(finance().get(path("/budgets?personId=P1&status=ACTIVE"))))
                .isEmpty();
        assertThat(ids(finance().get(path("/budgets?personId=P1&status=ACTIVE&asOf=2026-10-31"))))
                .containsExactly("B1");
    }

    @Test
    void aPersonHasOneOpenRequestAndARepeatIsAnsweredAgain() {
        person("P2", "2012-01-01");
        String body = """
                {"personId":"P2","legalBasis":"CHILD_S17A","requestedOn":"2026-02-01","requestedBy":"her mother"}""";
        Answer first = finance().post(path("/budgets"), body, "Idempotency-Key", "ask-P2");
        Answer again = finance().post(path("/budgets"), body, "Idempotency-Key", "ask-P2");
        answered(201, first);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        tell("/budgets", body).refused(409, "REQUEST_ALREADY_OPEN");

        String id = first.json().path("budgetId").asString();
        post("/budgets/" + id + "/refusal", """
                {"reasons":"needs are met at school","on":"2026-03-01"}""");
        post("/budgets", body);
    }

    @Test
    void aRefusedBudgetOpensNoAccountThoughSomebodyHadConsented() {
        person("P2r", "2012-01-01");
        post("/budgets", """
                {"budgetId":"B2r","personId":"P2r","legalBasis":"CHILD_S17A","requestedOn":"2026-02-01","requestedBy":"her mother"}""");
        consent("B2r", "C2r");
        post("/budgets/B2r/refusal", """
                {"reasons":"needs are met at school","on":"2026-05-01"}""");
        tell("/accounts", """
                {"accountId":"A2r","budgetId":"B2r","type":"BANK_ACCOUNT","holderType":"PARENT","openedOn":"2026-06-01"}""").refused(409, "BUDGET_REFUSED");
    }

    @Test
    void whatTheCouncilMayNotDoIsRefusedWithItsCode() {
        tell("/budgets", """
                {"personId":"nobody","legalBasis":"TRAVEL","requestedOn":"2026-02-01","requestedBy":"x"}""").refused(404, "PERSON_NOT_FOUND");
        tell("/budgets/none/end", """
                {"on":"2026-02-01","cause":"x"}""").refused(404, "BUDGET_NOT_FOUND");
        person("P3", "2012-01-01");
        tell("/budgets", """
                {"personId":"P3","legalBasis":"SEN_S49","ehcPlanRef":" ","requestedOn":"2026-02-01","requestedBy":"x"}""").refused(422, "EHC_PLAN_REQUIRED");
        finalBudget("B3", "P3");
        tell("/budgets/B3/lines/none/revision", """
                {"annualAmount":"1.00","from":"2026-06-01"}""").refused(404, "LINE_NOT_FOUND");
        tell("/budgets/B3/lines/care/revision", """
                {"annualAmount":"1.00","from":"2026-06-01","reasons":"less is enough"}""").refused(409, "NOTICE_REQUIRED");
        tell("/budgets/B3/consents", """
                {"recipientType":"YOUNG_PERSON","recipientName":"Ada","on":"2026-04-01"}""").refused(422, "RECIPIENT_NOT_PERMITTED");
        tell("/budgets/B3/consents/none/withdrawal", """
                {"on":"2026-04-01"}""").refused(404, "CONSENT_NOT_FOUND");
        tell("/budgets/B3/end", """
                {"on":"2026-11-01","cause":"%s"}""".formatted("x".repeat(65))).refused(400, "FIELD_INVALID");
    }

    // ── budget and accounts ──────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aRevisionAndAWithdrawnConsentReachTheAccountBeforeTheyAreAnswered() {
        person("P4", "2012-01-01");
        finalBudget("B4", "P4");
        consent("B4", "C4");
        open("A4", "B4");
        tell("/accounts/A4/payments", payment("care", "600.01", "2026-07-01")).refused(409, "EXCEEDS_ALLOCATION");
        post("/budgets/B4/lines/care/revision", """
                {"annualAmount":"700.00","from":"2026-06-01"}""");
        pay("A4", "care", "700.00");
        tell("/accounts/A4/payments", payment("care", "0.01", "2026-07-01")).refused(409, "EXCEEDS_ALLOCATION");
        post("/budgets/B4/consents/C4/withdrawal", """
                {"on":"2026-08-01"}""");
        tell("/accounts/A4/payments", payment("line-2", "1.00", "2026-08-01")).refused(409, "CONSENT_REQUIRED");
        post("/accounts/A4/payments", payment("line-2", "1.00", "2026-07-31"));
    }

    @Test
    void aLineThatItsAccountHasNotUsedCanBePaidThroughAnother() {
        person("P5", "2012-01-01");
        finalBudget("B5", "P5");
        consent("B5", "C5");
        open("A5", "B5");
        open("A5b", "B5");
        assertThat(accountOfCare("B5")).isEqualTo("A5");
        pay("A5b", "care", "400.00");
        assertThat(accountOfCare("B5")).isEqualTo("A5b");
        tell("/accounts/A5/payments", payment("care", "1.00", "2026-07-01")).refused(409, "LINE_NOT_PAYABLE");
    }

    @Test
    void aClosedAccountHandsItsLinesOnWithWhatItHasPaid() {
        person("P6", "2012-01-01");
        finalBudget("B6", "P6");
        consent("B6", "C6");
        open("A6", "B6");
        open("A6b", "B6");
        pay("A6", "care", "400.00");
        spend("A6", "400.00", "care");
        post("/accounts/A6/closure", """
                {"on":"2026-09-01"}""");
        assertThat(accountOfCare("B6")).isEqualTo("A6b");
        tell("/accounts/A6b/payments", payment("care", "200.01", "2026-10-01")).refused(409, "EXCEEDS_ALLOCATION");
        pay("A6b", "care", "200.00");
        JsonNode care = budget("B6").path("lines").get(0);
        assertThat(care.path("paid").asString()).isEqualTo("600.00");
        assertThat(care.path("spent").asString()).isEqualTo("400.00");
    }

    @Test
    void anAccountOpenedBeforeTheBudgetIsFinalPaysItsLinesFromThenOn() {
        person("P7", "2012-01-01");
        request("B7", "P7");
        consent("B7", "C7");
        open("A7", "B7");
        decide("B7");
        pay("A7", "care", "600.00");
        assertThat(accountOfCare("B7")).isEqualTo("A7");
    }

    @Test
    void aDeathEndsEveryBudgetOfThePersonAndACorrectedDateCorrectsThem() {
        person("P8", "2012-01-01");
        finalBudget("B8", "P8");
        request("B8b", "P8");
        consent("B8", "C8");
        open("A8", "B8");
        post("/people/P8/death", """
                {"on":"2026-09-10"}""");
        assertThat(budget("B8").path("endedOn").asString()).isEqualTo("2026-09-10");
        assertThat(budget("B8b").path("endCause").asString()).isEqualTo("DEATH");
        tell("/accounts/A8/payments", payment("care", "1.00", "2026-09-11")).refused(409, "BUDGET_ENDED");
        post("/people/P8/death", """
                {"on":"2026-09-12"}""");
        assertThat(budget("B8").path("endedOn").asString()).isEqualTo("2026-09-12");
        post("/accounts/A8/payments", payment("care", "1.00", "2026-09-11"));
    }

    @Test
    void anEndThatTheCouncilPutsDownToADeathIsMovedByNoDeathThatIsRecordedLater() {
        person("P8w", "2012-01-01");
        finalBudget("B8w", "P8w");
        post("/budgets/B8w/end", """
                {"on":"2026-06-30","cause":"DEATH"}""");
        post("/people/P8w/death", """
                {"on":"2026-07-10"}""");
        assertThat(budget("B8w").path("endedOn").asString()).isEqualTo("2026-06-30");
        assertThat(budget("B8w").path("endCause").asString()).isEqualTo("DEATH");
        post("/people/P8w/death", """
                {"on":"2026-06-20"}""");
        assertThat(budget("B8w").path("endedOn").asString()).isEqualTo("2026-06-20");
    }

    @Test
    void aDeathThatWasKnownBeforeEndsABudgetThatIsRequestedAfterIt() {
        person("P8x", "2012-01-01");
        finalBudget("B8x", "P8x");
        consent("B8x", "C8x");
        post("/people/P8x/death", """
                {"on":"2026-09-10"}""");
        request("B8y", "P8x");
        assertThat(budget("B8y").path("endCause").asString()).isEqualTo("DEATH");
        assertThat(budget("B8y").path("endedOn").asString()).isEqualTo("2026-09-10");
        tell("/budgets/B8y/finalisation", CARE_AND_CLUB).refused(409, "BUDGET_ENDED");
        post("/people/P8x/death", """
                {"on":"2026-09-12"}""");
        assertThat(budget("B8y").path("endedOn").asString()).isEqualTo("2026-09-12");
    }

    @Test
    void anAccountThatIsOpenedLateKnowsOfADeath() {
        person("P8z", "2012-01-01");
        finalBudget("B8z", "P8z");
        consent("B8z", "C8z");
        post("/people/P8z/death", """
                {"on":"2026-09-10"}""");
        open("A8z", "B8z");
        assertThat(jdbc.sql(
                                "SELECT payload FROM event_log WHERE stream_id = 'account/A8z' AND name = 'account.death-noted'")
                        .query(String.class)
                        .single())
                .contains("2026-09-10");
    }

    @Test
    void whileAReductionIsDisputedPaymentsGoOnAtTheOldAmount() {
        for (String id : List.of("Px", "Py")) {
            person(id, "2012-01-01");
            finalBudget("B" + id, id);
            consent("B" + id, "C" + id);
            open("A" + id, "B" + id);
            post("/budgets/B" + id + "/lines/care/revision", """
                    {"annualAmount":"400.00","from":"2026-10-01","reasons":"fewer hours","noticeGivenOn":"2026-09-01"}""");
        }
        post("/budgets/BPx/disputes", """
                {"disputeId":"D","stage":"RECONSIDERATION","on":"2026-09-20","reason":"the hours are needed"}""");
        tell("/accounts/APy/payments", payment("care", "500.00", "2026-11-02")).refused(409, "EXCEEDS_ALLOCATION");
        assertThat(allocated("BPx", "2026-11-02")).isEqualTo("600.00");
        assertThat(allocated("BPy", "2026-11-02")).isEqualTo("400.00");
        post("/accounts/APx/payments", payment("care", "500.00", "2026-11-02"));

        post("/budgets/BPx/disputes/D/closure", """
                {"outcome":"the reduction stands","on":"2026-11-10"}""");
        assertThat(allocated("BPx", "2026-11-09")).isEqualTo("600.00");
        assertThat(allocated("BPx", "2026-11-10")).isEqualTo("400.00");
        tell("/accounts/APx/payments", payment("care", "1.00", "2026-11-10")).refused(409, "EXCEEDS_ALLOCATION");
    }

    private String allocated(String budget, String asOf) {
        return finance()
                .get(path("/budgets/" + budget + "?asOf=" + asOf))
                .json()
                .path("lines")
                .get(0)
                .path("allocated")
                .asString();
    }

    // ── two dates and pages ──────────────────────────────────────────────────────────────────────────────────────

    @Test
    void beforeItWasKnownABudgetHasNoFactsAndOneNeverKnownIsNotFound() {
        String before = Clock.systemUTC().instant().toString();
        person("P9", "2012-01-01");
        finalBudget("B9", "P9");

        JsonNode unknown = finance().get(path("/budgets/B9?knownAt=" + before)).json();
        assertThat(unknown.path("status").isNull()).isTrue();
        assertThat(unknown.path("lines").isEmpty()).isTrue();
        JsonNode early = finance().get(path("/budgets/B9?asOf=2026-01-31")).json();
        assertThat(early.path("status").isNull()).isTrue();
        assertThat(early.path("finalAmount").isNull()).isTrue();
        Answer none = finance().get(path("/budgets/none"));
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.code()).isEqualTo("BUDGET_NOT_FOUND");
        assertThat(ids(finance().get(path("/budgets?personId=P9&knownAt=" + before))))
                .isEmpty();
    }

    @Test
    void pagesFollowOneAnother() {
        person("P10", "2012-01-01");
        for (String id : List.of("B10a", "B10b", "B10c")) {
            request(id, "P10");
            post("/budgets/" + id + "/refusal", """
                    {"reasons":"not now","on":"2026-03-01"}""");
        }
        Answer first = finance().get(path("/budgets?personId=P10&limit=2"));
        assertThat(ids(first)).containsExactly("B10a", "B10b");
        Answer second = finance()
                .get(path("/budgets?personId=P10&limit=2&cursor="
                        + first.json().path("next").asString()));
        assertThat(ids(second)).containsExactly("B10c");
        assertThat(second.json().path("next").isNull()).isTrue();
    }

    @Test
    void personalTextIsNowhereInTheDatabaseInClear() {
        person("P11", "2012-01-01");
        finalBudget("B11", "P11");
        consent("B11", "C11");
        assertThat(budget("B11").path("consents").get(0).path("documentRef").asString())
                .isEqualTo("DOC-77");
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM event_log WHERE payload LIKE '%her mother%' OR payload LIKE '%DOC-77%'"
                                        + " OR payload LIKE '%full week%'")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("SELECT count(*) FROM budget_register WHERE document::text LIKE '%her mother%'"
                                + " OR document::text LIKE '%DOC-77%' OR document::text LIKE '%full week%'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private void person(String id, String born) {
        post("/people", """
                {"personId":"%s","name":"Ada","dateOfBirth":"%s"}""".formatted(id, born));
    }

    private void request(String id, String person) {
        post("/budgets", """
                {"budgetId":"%s","personId":"%s","legalBasis":"CHILD_S17A","requestedOn":"2026-02-01","requestedBy":"her mother"}""".formatted(id, person));
    }

    private void finalBudget(String id, String person) {
        request(id, person);
        decide(id);
    }

    private void decide(String id) {
        post("/budgets/" + id + "/indicative-amount", """
                {"amount":"1000.00","from":"2026-04-01","to":"2027-03-31","method":"QUESTIONNAIRE"}""");
        answered(200, approver().post(path("/budgets/" + id + "/panel-decision"), """
                {"outcome":"APPROVED","decidedOn":"2026-03-20"}"""));
        post("/budgets/" + id + "/finalisation", CARE_AND_CLUB);
    }

    private void consent(String budget, String consent) {
        post("/budgets/" + budget + "/consents", """
                {"consentId":"%s","recipientType":"PARENT","recipientName":"Eve","on":"2026-04-01","documentRef":"DOC-77"}""".formatted(consent));
    }

    private void open(String account, String budget) {
        post("/accounts", """
                {"accountId":"%s","budgetId":"%s","type":"BANK_ACCOUNT","holderType":"PARENT",
                 "bankDetails":{"sortCode":"089999","accountNumber":"66374958"},"openedOn":"2026-04-01"}""".formatted(account, budget));
    }

    private void pay(String account, String line, String amount) {
        post("/accounts/" + account + "/payments", payment(line, amount, "2026-07-01"));
    }

    private static String payment(String line, String amount, String on) {
        return """
                {"lineId":"%s","amount":"%s","on":"%s"}""".formatted(line, amount, on);
    }

    private void spend(String account, String amount, String line) {
        post("/accounts/" + account + "/expenditures", """
                {"amount":"%s","on":"2026-07-02","payee":"Carers Ltd","category":"PERSONAL_CARE","lineId":"%s"}""".formatted(amount, line));
    }

    private static String path(String path) {
        return "/api/v1" + path;
    }

    private Answer tell(String path, String body) {
        return finance().post(path(path), body);
    }

    private Answer post(String path, String body) {
        return tell(path, body).ok();
    }

    private static void answered(int status, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    }

    private JsonNode budget(String id) {
        return finance().get(path("/budgets/" + id)).json();
    }

    private String accountOfCare(String budget) {
        return budget(budget).path("lines").get(0).path("accountId").asString();
    }

    private static List<String> ids(Answer list) {
        return StreamSupport.stream(list.json().path("items").spliterator(), false)
                .map(item -> item.path("budgetId").asString())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }
}
