package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** What becomes of a question when what it rested on is told otherwise, over HTTP. */
class FlagCorrectionsTest extends RunningLedger {

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate tomorrow = today.plusDays(1);

    @Test
    void aDeathThatWasLaterThanToldTakesBackWhatWasAskedOfTheDaysBetween() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        died(ids, "2026-03-01");
        spend(ids, "E1", "5.00", "2026-03-05", "");
        assertThat(raised(ids, "AFTER_END_DATE")).containsExactly("E1");
        died(ids, "2026-03-10");
        assertThat(raised(ids, "AFTER_END_DATE")).isEmpty();
        spend(ids, "E2", "5.00", "2026-03-06", "");
        spend(ids, "E3", "5.00", "2026-03-11", "");
        assertThat(raised(ids, "AFTER_END_DATE")).containsExactly("E3");
    }

    /** Rulebook 4.16: notice, redundancy, holiday and tax are paid first. */
    @Test
    void whatAnEmployerOwesMayBePaidAfterADeathAndNothingElse() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        died(ids, "2026-03-01");
        spend(ids, "TAX", "80.00", "2026-03-19", ",\"mcc\":\"9311\"");
        spend(ids, "NOTICE", "90.00", "2026-03-20", ",\"category\":\"PA_EMPLOYMENT\"");
        spend(ids, "CARE", "70.00", "2026-03-21", ",\"category\":\"CARE_AND_SUPPORT\"");
        assertThat(raised(ids, "AFTER_END_DATE")).containsExactly("CARE");
    }

    @Test
    void whoeverIsPaidIsAskedAboutAsTheRecipientForTheDaysOfTheirConsentAlone() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        for (String day : List.of("2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01")) {
            spend(ids, day, "20.00", day, ",\"category\":\"PA_EMPLOYMENT\"", "Jo Assistant");
        }
        assertThat(raised(ids, "SELF_PAYMENT")).isEmpty();
        String consents = "/api/v1/budgets/" + ids.budgetId() + "/consents";
        ok(
                finance()
                        .post(
                                consents,
                                "{\"consentId\":\"jo\",\"recipientType\":\"NOMINEE\",\"recipientName\":\"Jo Assistant\",\"on\":\"2026-04-01\"}"));
        assertThat(raised(ids, "SELF_PAYMENT")).containsExactly("2026-04-01", "2026-06-30", "2026-07-01");
        ok(finance().post(consents + "/jo/withdrawal", "{\"on\":\"2026-07-01\"}"));
        assertThat(raised(ids, "SELF_PAYMENT")).containsExactly("2026-04-01", "2026-06-30");
    }

    @Test
    void whenWhatTookAnAccountBelowNothingComesBackTheNextThatKeepsItThereIsAskedAbout() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        spend(ids, "A", "150.00", "2026-03-05", "");
        spend(ids, "B", "160.00", "2026-03-06", "");
        assertThat(raised(ids, "OVERSPEND")).containsExactly("A");
        reverse(ids, "A");
        assertThat(raised(ids, "OVERSPEND")).containsExactly("B");
        assertThat(flags(ids, "OVERSPEND", "RAISED").get(0).path("amount").asString())
                .isEqualTo("160.00");
        reverse(ids, "B");
        assertThat(raised(ids, "OVERSPEND")).isEmpty();
    }

    @Test
    void itIsTheOneThatWouldHaveCrossedWithoutItAndOnlyByItsOwnAmount() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        pay(ids, "100.00");
        spend(ids, "A", "150.00", "2026-03-05", "");
        spend(ids, "B", "10.00", "2026-03-06", "");
        spend(ids, "C", "200.00", "2026-03-07", "");
        reverse(ids, "A");
        assertThat(raised(ids, "OVERSPEND")).containsExactly("C");
        assertThat(flags(ids, "OVERSPEND", "RAISED").get(0).path("amount").asString())
                .isEqualTo("110.00");
    }

    @Test
    void whatIsSpentOfAnAccountThatIsBelowNothingForAnotherReasonIsNotBlamedForIt() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        String payment = pay(ids, "100.00");
        spend(ids, "A", "50.00", "2026-03-05", "");
        back(ids, payment);
        spend(ids, "B", "10.00", "2026-03-07", "");
        assertThat(raised(ids, "OVERSPEND")).isEmpty();
    }

    @Test
    void taxThatIsPaidLateIsMissingUntilTheDayOnWhichItIsPaidAndAgainOnceThatHasComeBack() {
        Opened ids = opened("2026-01-01", "2026-12-31", "6000.00");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/liabilities",
                        "{\"kind\":\"PAYE\",\"amount\":\"80.00\",\"due\":\"2026-02-22\",\"payee\":\"HMRC\"}"));
        JsonNode flag = flags(ids, "PA_EMPLOYMENT", "RAISED").get(0);
        assertThat(flag.path("on").asString()).isEqualTo("2026-04-22");
        assertThat(flag.path("explanation").asString()).contains("the payment to HMRC");
        String path = "/api/v1/flags/" + flag.path("flagId").asString();
        spend(ids, "LATE", "80.00", "2026-05-30", ",\"mcc\":\"9311\"");
        assertThat(state(path + "?asOf=2026-05-29")).isEqualTo("RAISED");
        assertThat(state(path + "?asOf=2026-05-30")).isEqualTo("WITHDRAWN");
        assertThat(finance().post(path + "/dismissal", "{\"reason\":\"paid\"}").code())
                .isEqualTo("FLAG_CLOSED");
        refund(ids, "LATE", "80.00", "2026-06-09");
        assertThat(state(path + "?asOf=2026-06-08")).isEqualTo("WITHDRAWN");
        assertThat(state(path)).isEqualTo("RAISED");
    }

    @Test
    void taxThatWasNeverPaidIsMissingThoughTheNextQuartersIsPaidUntilOneMorePaymentComes() {
        Opened ids = opened("2025-04-01", "2026-03-31", "6000.00");
        for (String due : List.of("2025-07-22", "2025-10-22")) {
            ok(finance()
                    .post(
                            "/api/v1/accounts/" + ids.accountId() + "/liabilities",
                            "{\"kind\":\"PAYE\",\"amount\":\"80.00\",\"due\":\"" + due + "\",\"payee\":\"HMRC\"}"));
        }
        spend(ids, "OCT", "80.00", "2025-10-20", ",\"mcc\":\"9311\"");
        JsonNode flag = flags(ids, "PA_EMPLOYMENT", "RAISED").get(0);
        assertThat(flag.path("on").asString()).isEqualTo("2025-09-22");
        String path = "/api/v1/flags/" + flag.path("flagId").asString();
        spend(ids, "JULY", "81.00", "2025-10-20", ",\"mcc\":\"9311\"");
        assertThat(state(path + "?asOf=2025-10-19")).isEqualTo("RAISED");
        assertThat(state(path + "?asOf=2025-10-20")).isEqualTo("WITHDRAWN");
        assertThat(flags(ids, "PA_EMPLOYMENT", "RAISED")).isEmpty();
        reverse(ids, "OCT");
        assertThat(state(path)).as("one payment, in time for October's").isEqualTo("RAISED");
    }

    @Test
    void whatWasInQuestionBeforePartOfItCameBackIsStillToldOfThatDay() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        pay(ids, "100.00");
        spend(ids, "BET", "50.00", "2026-03-05", ",\"mcc\":\"7995\"");
        refund(ids, "BET", "20.00", "2026-06-05");
        String path = "/api/v1/flags?accountId=" + ids.accountId();
        String report = "/api/v1/reports/flags?accountId=" + ids.accountId();
        assertThat(List.of(path + "&asOf=2026-05-31", path + "&asOf=2026-06-05", path))
                .extracting(asked ->
                        ok(finance().get(asked)).json().at("/items/0/amount").asString())
                .containsExactly("50.00", "30.00", "30.00");
        assertThat(List.of(report + "&asOf=2026-06-04", report))
                .extracting(asked ->
                        ok(finance().get(asked)).json().at("/items/0/amount").asString())
                .containsExactly("50.00", "30.00");
        assertThat(ok(finance().get("/api/v1/flags/summary?asOf=2026-06-04"))
                        .json()
                        .path("amount")
                        .asString())
                .isNotEqualTo(ok(finance().get("/api/v1/flags/summary?asOf=2026-06-05"))
                        .json()
                        .path("amount")
                        .asString());
    }

    private String state(String path) {
        return ok(finance().get(path)).json().path("state").asString();
    }

    @Test
    void aPaymentThatIsIssuedForTomorrowIsNoMoneyOfTodayAndWhatIsSpentBeyondTodaysCanBeDecided() {
        Opened ids = openedLately();
        pay(ids, "10.00", today.toString());
        pay(ids, "620.00", tomorrow.toString());
        spend(ids, "A", "300.00", today.toString(), "");
        assertThat(balance(ids, today)).isEqualTo("-290.00");
        assertThat(flags(ids, "OVERSPEND", "RAISED").get(0).path("amount").asString())
                .isEqualTo("290.00");
        assertThat(balance(ids, tomorrow)).isEqualTo("330.00");
        String path = "/api/v1/flags/" + assertWithdrawnTomorrow(ids);
        ok(finance().post(path + "/evidence-request", "{}"));
        assertWithdrawnTomorrow(ids);
        ok(finance().post(path + "/dismissal", "{\"reason\":\"The council pays late\"}"));
        assertThat(state(path + "?asOf=" + tomorrow))
                .as("what was decided stands")
                .isEqualTo("DISMISSED");
    }

    @Test
    void anOverspendStaysOpenUntilTheDayOfThePaymentThatEndsIt() {
        Opened ids = openedLately();
        spend(ids, "A", "300.00", today.minusDays(1).toString(), "");
        String path = "/api/v1/flags/"
                + flags(ids, "OVERSPEND", "RAISED").get(0).path("flagId").asString();
        pay(ids, "299.99", tomorrow.toString());
        assertThat(state(path + "?asOf=" + tomorrow)).as("not enough").isEqualTo("RAISED");
        pay(ids, "0.01", tomorrow.toString());
        assertWithdrawnTomorrow(ids);
        assertThat(ok(finance().get("/api/v1/accounts/" + ids.accountId()))
                        .json()
                        .path("openFlags")
                        .asInt())
                .isOne();
        ok(finance()
                .post(
                        path + "/upholding",
                        "{\"amount\":\"300.00\",\"ground\":\"OFF_PLAN\",\"reason\":\"r\",\"waiver\":true}"));
        ok(finance().post(path + "/reopening", "{\"reason\":\"on appeal\"}"));
        assertWithdrawnTomorrow(ids);
    }

    @Test
    void ofWhatTookAnAccountBelowNothingAndCameBackInPartOnlyWhatIsStillMissingIsAskedAbout() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        pay(ids, "10.00");
        spend(ids, "A", "100.00", "2026-03-05", "");
        assertOverspent(ids, "A", "90.00");
        refund(ids, "A", "50.00", "2026-03-09");
        assertOverspent(ids, "A", "40.00");
        back(ids, pay(ids, "20.00"));
        assertOverspent(ids, "A", "40.00");
        pay(ids, "15.00");
        assertOverspent(ids, "A", "25.00");
        spend(ids, "B", "30.00", "2026-03-06", "");
        assertOverspent(ids, "A", "25.00");
        refund(ids, "A", "45.00", "2026-03-09");
        assertOverspent(ids, "B", "10.00");
        back(ids, pay(ids, "4.00"));
        assertOverspent(ids, "B", "10.00");
    }

    /** Rulebook 4.13, 7.11: the statement of a month comes when the next month has been paid. */
    @Test
    void whatWasSpentBeforeMoneyCameIsAskedAboutUntilThatDayThoughItIsRecordedAfterIt() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        pay(ids, "620.00", "2026-03-01");
        pay(ids, "620.00", "2026-04-01");
        spend(ids, "APRIL", "500.00", "2026-04-20", "");
        spend(ids, "A", "20.00", "2026-03-10", "");
        assertThat(raised(ids, "OVERSPEND")).isEmpty();
        spend(ids, "B", "700.00", "2026-03-20", "");
        assertThat(balance(ids, LocalDate.parse("2026-03-25"))).isEqualTo("-100.00");
        assertThat(flags(ids, "OVERSPEND", "RAISED")).isEmpty();
        assertAskedAbout(ids, "2026-03-20", "B 100.00 RAISED");
        assertAskedAbout(ids, "2026-03-31", "B 100.00 RAISED");
        assertAskedAbout(ids, "2026-04-01", "B 100.00 WITHDRAWN");

        // what is recorded later still changes it
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/top-ups".formatted(ids.accountId()),
                        "{\"amount\":\"60.00\",\"source\":\"PARENT_TOP_UP\",\"on\":\"2026-03-15\"}"));
        assertAskedAbout(ids, "2026-03-31", "B 40.00 RAISED");
        spend(ids, "C", "10.00", "2026-03-21", "");
        assertAskedAbout(ids, "2026-03-31", "B 40.00 RAISED");
        refund(ids, "B", "15.00", "2026-03-22");
        assertAskedAbout(ids, "2026-03-31", "B 35.00 RAISED");
        assertAskedAbout(ids, "2026-04-01", "B 35.00 WITHDRAWN");
        refund(ids, "B", "35.00", "2026-03-23");
        assertAskedAbout(ids, "2026-03-31", "B 35.00 WITHDRAWN");
    }

    private void assertAskedAbout(Opened ids, String asOf, String... said) {
        assertThat(ok(finance()
                                .get("/api/v1/flags?accountId=%s&reason=OVERSPEND&asOf=%s"
                                        .formatted(ids.accountId(), asOf)))
                        .json()
                        .path("items")
                        .valueStream()
                        .map(flag -> flag.path("transactionId").asString() + " "
                                + flag.path("amount").asString() + " "
                                + flag.path("state").asString()))
                .as(asOf)
                .containsExactly(said);
    }

    private void assertOverspent(Opened ids, String by, String amount) {
        assertThat(flags(ids, "OVERSPEND", "RAISED")).singleElement().satisfies(flag -> {
            assertThat(flag.path("transactionId").asString()).isEqualTo(by);
            assertThat(flag.path("amount").asString()).isEqualTo(amount);
        });
    }

    /** Open today; the flag's id. */
    private String assertWithdrawnTomorrow(Opened ids) {
        String query = "/api/v1/flags?accountId=" + ids.accountId() + "&reason=OVERSPEND&asOf=";
        JsonNode now = ok(finance().get(query + today)).json().path("items").get(0);
        assertThat(now.path("state").asString()).isIn("RAISED", "EVIDENCE_REQUESTED");
        assertThat(ok(finance().get(query + tomorrow))
                        .json()
                        .path("items")
                        .get(0)
                        .path("state")
                        .asString())
                .isEqualTo("WITHDRAWN");
        return now.path("flagId").asString();
    }

    private Opened openedLately() {
        return opened(today.minusDays(9).toString(), today.plusDays(355).toString(), "6000.00");
    }

    private String balance(Opened ids, LocalDate asOf) {
        return ok(finance().get("/api/v1/accounts/" + ids.accountId() + "/balance?asOf=" + asOf))
                .json()
                .path("balance")
                .asString();
    }

    private String pay(Opened ids, String amount) {
        return pay(ids, amount, "2026-03-01");
    }

    private String pay(Opened ids, String amount, String on) {
        return ok(finance()
                        .post(
                                "/api/v1/accounts/" + ids.accountId() + "/payments",
                                "{\"lineId\":\"L1\",\"amount\":\"" + amount + "\",\"on\":\"" + on + "\"}"))
                .json()
                .path("paymentId")
                .asString();
    }

    @Test
    void aStayWhosePaymentHasComeBackIsUnpaidAgain() {
        Opened ids = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(ids, "june", "2025-06-01", "2025-06-20");
        spend(ids, "E1", "1400.00", "2025-06-20", ",\"mcc\":\"8050\"");
        link(ids, "E1", "june");
        assertThat(flags(ids, "RESIDENTIAL_CARE", "RAISED")).isEmpty();
        reverse(ids, "E1");
        assertThat(flags(ids, "RESIDENTIAL_CARE", "RAISED"))
                .singleElement()
                .satisfies(flag -> assertThat(flag.path("detector").asString()).isEqualTo("STAY_UNPAID"));
    }

    @Test
    void aPaymentOfAStayThatIsVoidedIsAskedAboutAndSoIsTheStayThatItPaidForBefore() {
        Opened ids = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(ids, "june", "2025-06-01", "2025-06-20");
        stay(ids, "august", "2025-08-01", "2025-08-20");
        spend(ids, "E1", "1400.00", "2025-06-20", ",\"mcc\":\"8050\"");
        link(ids, "E1", "june");
        link(ids, "E1", "august");
        assertThat(flags(ids, "RESIDENTIAL_CARE", "RAISED"))
                .singleElement()
                .satisfies(flag -> assertThat(flag.path("stayId").asString()).isEqualTo("june"));
        ok(finance()
                .post(
                        "/api/v1/people/" + ids.personId() + "/residential-stays/august/void",
                        "{\"reason\":\"another child's\"}"));
        assertThat(raised(ids, "RESIDENTIAL_CARE")).contains("E1");
    }

    @Test
    void anExpenditureIsForAStayOfItsOwnPersonThatHasNotBeenVoided() {
        Opened ids = opened("2025-04-01", "2026-03-31", "9000.00");
        Opened other = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(ids, "june", "2025-06-01", "2025-06-20");
        stay(ids, "july", "2025-07-01", "2025-07-20");
        assertThat(spending(ids, "N", ",\"stayId\":\"nonsense\"").code()).isEqualTo("STAY_NOT_FOUND");
        assertThat(spending(other, "O", ",\"stayId\":\"june\"").code()).isEqualTo("PAYMENT_OF_OTHER_PERSON");
        ok(finance()
                .post(
                        "/api/v1/people/" + ids.personId() + "/residential-stays/july/void",
                        "{\"reason\":\"another child's\"}"));
        assertThat(spending(ids, "V", ",\"stayId\":\"july\"").code()).isEqualTo("STAY_ALREADY_VOIDED");
        ok(spending(ids, "E1", ",\"mcc\":\"8050\",\"stayId\":\"june\""));
        assertThat(flags(ids, "RESIDENTIAL_CARE", "RAISED")).isEmpty();
    }

    private Answer spending(Opened ids, String id, String more) {
        return finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"1400.00\",\"on\":\"2025-06-20\",\"payee\":\"The Elms\"%s}"
                                .formatted(id, more));
    }

    /** Rulebook 7.10 (6). */
    @Test
    void whatHasComeBackWholeCarriesNoOpenFlagWhateverWasDecided() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        spend(ids, "BET", "20.00", "2026-03-05", ",\"mcc\":\"7995\"");
        String path = "/api/v1/flags/"
                + flags(ids, "GAMBLING", "RAISED").get(0).path("flagId").asString();
        ok(
                finance()
                        .post(
                                path + "/upholding",
                                "{\"amount\":\"20.00\",\"ground\":\"PROHIBITED\",\"reason\":\"A bet\",\"waiver\":\"Admitted\"}"));
        assertThat(ok(finance().get(path)).json().path("state").asString()).isEqualTo("UPHELD");
        reverse(ids, "BET");
        JsonNode after = ok(finance().get(path)).json();
        assertThat(after.path("state").asString()).isEqualTo("WITHDRAWN");
        assertThat(after.path("upheld").asString())
                .as("what was decided can still be read")
                .isEqualTo("20.00");
        assertThat(ok(finance().get(path + "?asOf=2026-03-05"))
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("RAISED");
    }

    /** Rulebook 3.8: UPHELD may be re-opened on appeal. */
    @Test
    void whatWasUpheldIsReopenedOnAppealThoughItsCauseHasGoneAndThenNothingIsInQuestion() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        spend(ids, "A", "60.00", "2026-03-05", "");
        String path = "/api/v1/flags/"
                + flags(ids, "OVERSPEND", "RAISED").get(0).path("flagId").asString();
        String upheld = "{\"amount\":\"60.00\",\"ground\":\"OFF_PLAN\",\"reason\":\"r\",\"waiver\":true}";
        ok(finance().post(path + "/upholding", upheld));
        pay(ids, "100.00");
        JsonNode before = ok(finance().get(path)).json();
        assertThat(before.path("state").asString()).isEqualTo("UPHELD");
        assertThat(before.path("causeGone").asBoolean()).isTrue();
        Answer reopened = ok(finance().post(path + "/reopening", "{\"reason\":\"The council paid late\"}"));
        assertThat(reopened.json().path("state").asString()).isEqualTo("WITHDRAWN");
        JsonNode after = ok(finance().get(path)).json();
        assertThat(after.path("state").asString()).isEqualTo("WITHDRAWN");
        assertThat(after.path("outstanding").asString()).isEqualTo("0.00");
        assertThat(ok(finance().get("/api/v1/accounts/" + ids.accountId()))
                        .json()
                        .path("openFlags")
                        .asInt())
                .isZero();
        assertThat(finance().post(path + "/reopening", "{\"reason\":\"x\"}").code())
                .isEqualTo("RECONSIDERATION_USED");
    }

    /** Rulebook 3.6: the same payee and amount. What has come back of one of them is another matter. */
    @Test
    void aRefundInPartNeitherMakesNorUnmakesTwoPaymentsOfTheSameAmount() {
        Opened ids = opened("2026-02-01", "2027-01-31", "6000.00");
        spend(ids, "A", "500.00", "2026-03-03", "", "Agency");
        spend(ids, "B", "500.00", "2026-03-04", "", "Agency");
        refund(ids, "B", "1.00", "2026-03-05");
        assertThat(flags(ids, "DUPLICATE", "RAISED")).singleElement().satisfies(flag -> {
            assertThat(flag.path("transactionId").asString()).isEqualTo("B");
            assertThat(flag.path("amount").asString()).isEqualTo("499.00");
        });
        spend(ids, "C", "500.00", "2026-04-07", "", "Carer");
        spend(ids, "D", "400.00", "2026-04-08", "", "Carer");
        refund(ids, "C", "100.00", "2026-04-09");
        assertThat(raised(ids, "DUPLICATE")).containsExactly("B");
        reverse(ids, "A");
        assertThat(raised(ids, "DUPLICATE")).isEmpty();
    }

    /** Rulebook 3.6. */
    @Test
    void bankHolidaysAreOneWithTheWeekendThatTheyAdjoinAndClusterByThemselvesElsewhere() {
        Opened ids = opened("2025-04-01", "2027-01-31", "6000.00");
        for (int i = 1; i <= 3; i++) {
            spend(ids, "good-friday-" + i, i + ".01", "2026-04-03", "");
            spend(ids, "easter-monday-" + i, i + ".02", "2026-04-06", "");
            spend(ids, "thursday-" + i, i + ".03", "2026-04-02", "");
            spend(ids, "tuesday-" + i, i + ".04", "2026-04-07", "");
            spend(ids, "new-year-" + i, i + ".05", "2026-01-01", "");
            spend(ids, "weekend-after-" + i, i + ".06", "2026-01-03", "");
        }
        assertThat(raised(ids, "OUTSIDE_PLAN")).containsExactly("easter-monday-2", "easter-monday-3", "good-friday-3");
        spend(ids, "new-year-4", "4.05", "2026-01-01", "");
        assertThat(raised(ids, "OUTSIDE_PLAN")).contains("new-year-4").hasSize(4);
        reverse(ids, "good-friday-1");
        assertThat(raised(ids, "OUTSIDE_PLAN")).containsExactly("easter-monday-3", "good-friday-3", "new-year-4");
    }

    @Test
    void aLimitThatWasExceededIsUpheldByWhatAPersonSaysWasWrong() {
        Opened ids = opened("2025-04-01", "2026-03-31", "9000.00");
        stay(ids, "june", "2025-06-01", "2025-07-05");
        JsonNode flag =
                flags(ids, "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED", "RAISED").get(0);
        String path = "/api/v1/flags/" + flag.path("flagId").asString();
        ok(
                finance()
                        .post(
                                path + "/upholding",
                                "{\"amount\":\"700.00\",\"ground\":\"LIMIT\",\"reason\":\"Seven nights over\",\"waiver\":\"The home has confirmed the nights\"}"));
        assertThat(ok(finance().get(path)).json().path("upheld").asString()).isEqualTo("700.00");
    }

    // ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────

    private void died(Opened ids, String on) {
        ok(finance().post("/api/v1/people/" + ids.personId() + "/death", "{\"on\":\"" + on + "\"}"));
    }

    private void spend(Opened ids, String id, String amount, String on, String more) {
        spend(ids, id, amount, on, more, id + " Ltd");
    }

    private void spend(Opened ids, String id, String amount, String on, String more, String payee) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"%s\"%s}"
                                .formatted(id, amount, on, payee, more)));
    }

    private void back(Opened ids, String payment) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/payments/" + payment + "/return",
                        "{\"on\":\"2026-03-06\",\"reasonCode\":\"AC04\"}"));
    }

    private void refund(Opened ids, String id, String amount, String on) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/refunds",
                        "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\"}".formatted(id, amount, on)));
    }

    private void reverse(Opened ids, String id) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/expenditures/" + id + "/reversal",
                        "{\"reason\":\"Charged by mistake\"}"));
    }

    private void link(Opened ids, String id, String stayId) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/expenditures/" + id + "/stay",
                        "{\"stayId\":\"" + stayId + "\"}"));
    }

    private void stay(Opened ids, String id, String admitted, String discharged) {
        ok(finance().post("/api/v1/people/" + ids.personId() + "/residential-stays", """
                {"stayId":"%s","accountId":"%s","provider":"The Elms","setting":"CHILDRENS_HOME","admitted":"%s","discharged":"%s",
                 "fundedByDirectPayment":true,"status":"ACTUAL"}""".formatted(
                        id, ids.accountId(), admitted, discharged)));
    }

    private List<String> raised(Opened ids, String reason) {
        return flags(ids, reason, "RAISED").stream()
                .map(flag -> flag.path("transactionId").asString())
                .sorted()
                .toList();
    }

    private List<JsonNode> flags(Opened ids, String reason, String state) {
        Answer answer = ok(
                finance().get("/api/v1/flags?accountId=" + ids.accountId() + "&reason=" + reason + "&state=" + state));
        return answer.json().path("items").valueStream().toList();
    }
}
