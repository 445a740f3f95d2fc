package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;

/** From a month's card feed to flags, evidence, a decision and the money back; and every detector, over HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlagApiTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    DataSource database;

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate begun = LocalDate.of(2026, 1, 1);

    @BeforeAll
    void theSampleMonth() throws IOException {
        for (int card = 0; card < 12; card++) {
            account(
                    "CARD-7-%02d".formatted(card),
                    "CHILD_S17A",
                    "'allows':[]",
                    "'cardRef':'CARD-7-%02d'".formatted(card));
        }
        Answer sent = Caller.as("finance", port)
                .upload("/api/v1/statements", resource("/intake/card-feed.csv"), "format", "card-feed");
        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        assertThat(sent.json().path("recorded").asInt()).isEqualTo(404);
    }

    // ── the sample ───────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void theSampleMonthRaisesTheFlagsThatWereWorkedOut() throws IOException {
        JsonNode expected = JsonMapper.shared().readTree(resource("/intake/card-feed.expected.json"));
        int flags = 0;
        for (var account : expected.properties()) {
            var wanted = new TreeSet<String>();
            account.getValue()
                    .path("flags")
                    .forEach(flag -> wanted.add(flag.path("decision").asString() + " "
                            + flag.path("reason").asString() + " "
                            + flag.path("mcc").asString()));
            var raised = new TreeSet<String>();
            for (JsonNode flag : all("/flags?accountId=" + account.getKey())) {
                if (flag.path("detector").asString().equals("MCC")) {
                    flags++;
                    JsonNode transaction = transaction(
                            account.getKey(), flag.path("transactionId").asString());
                    raised.add(flag.path("decision").asString() + " "
                            + flag.path("reason").asString() + " "
                            + transaction.path("mcc").asString());
                    assertThat(transaction
                                    .path("flags")
                                    .valueStream()
                                    .map(f -> f.path("flagId").asString()))
                            .contains(flag.path("flagId").asString());
                }
            }
            assertThat(raised).as(account.getKey()).isEqualTo(wanted);
        }
        assertThat(flags).isEqualTo(150);
    }

    @Test
    void aFlagExplainsItselfIsEvidencedUpheldInPartAndRepaid() {
        JsonNode flag = all("/flags?accountId=CARD-7-00&reason=NHS_HEALTHCARE").get(0);
        String path = "/flags/" + flag.path("flagId").asString();
        assertThat(flag.path("explanation").asString())
                .contains(
                        "Health care is the duty of the NHS",
                        "code 5122",
                        "policy 2025-default",
                        "What would settle it");
        post("finance", path + "/evidence-request", "{'due':'" + today.plusDays(28) + "','letterRef':'L-1'}");
        assertThat(get(path).path("reminderOn").asString())
                .isEqualTo(today.plusDays(14).toString());
        tell("finance", path + "/upholding", "{'amount':'100.00','ground':'OFF_PLAN','reason':'medicine'}")
                .refused(409, "EVIDENCE_WINDOW_OPEN");
        post("finance", path + "/evidence", "{'sha256':'" + "ab".repeat(32) + "','name':'receipt.pdf'}");
        tell("finance", path + "/upholding", "{'amount':'428.22','ground':'OFF_PLAN','reason':'medicine'}")
                .refused(422, "AMOUNT_OVER_TRANSACTION");
        post("finance", path + "/upholding", "{'amount':'100.00','ground':'OFF_PLAN','reason':'medicine'}");
        tell(
                        "finance",
                        path + "/repayment-request",
                        "{'amount':'100.00','due':'" + today.minusDays(1) + "','debtor':'Sam'}")
                .refused(422, "DATE_BEFORE_START");
        post(
                "finance",
                path + "/repayment-request",
                "{'amount':'100.00','due':'" + today.plusDays(14) + "','debtor':'Sam'}");
        Instant before = Instant.now();
        post("finance", path + "/repayments", "{'amount':'60.00','on':'" + today + "','method':'BANK_TRANSFER'}");
        assertThat(get(path).path("state").asString()).isEqualTo("REPAYMENT_REQUESTED");
        assertThat(get(path).path("outstanding").asString()).isEqualTo("40.00");
        tell("finance", path + "/repayments", "{'amount':'40.01','on':'" + today + "','method':'X'}")
                .refused(409, "EXCEEDS_OUTSTANDING");
        post("finance", path + "/repayments", "{'amount':'40.00','on':'" + today + "','method':'BANK_TRANSFER'}");
        assertThat(get(path).path("state").asString()).isEqualTo("REPAID");
        assertThat(get(path + "?knownAt=" + before).path("state").asString()).isEqualTo("REPAYMENT_REQUESTED");
        assertThat(get(path + "?asOf=" + today.minusDays(1)).path("upheld").isNull())
                .isTrue();
        assertThat(get(path + "?asOf=" + today.minusDays(1)).path("state").asString())
                .isEqualTo("RAISED");
        assertThat(all("/flags?accountId=CARD-7-00&state=REPAID")).hasSize(1);
    }

    @Test
    void nothingIsPaidBackBeforeItWasSpent() {
        account("PAIDBACK", "CHILD_S17A", "'allows':[]", null);
        LocalDate spent = today.minusDays(3);
        spend("PAIDBACK", "bet", "5.00", spent, "Betting shop", "'mcc':'7995'");
        String path = "/flags/"
                + all("/flags?accountId=PAIDBACK&reason=GAMBLING")
                        .get(0)
                        .path("flagId")
                        .asString();
        post("finance", path + "/upholding", "{'amount':'5.00','ground':'PROHIBITED','reason':'a bet','waiver':true}");
        String repayment = "{'amount':'5.00','on':'%s','method':'BANK_TRANSFER'}";
        tell("finance", path + "/repayments", repayment.formatted(spent.minusDays(1)))
                .refused(422, "DATE_BEFORE_START");
        post("finance", path + "/repayments", repayment.formatted(spent));
        assertThat(get(path).path("state").asString()).isEqualTo("REPAID");
    }

    // ── what changes a flag ──────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aRefundWithdrawsItsFlagAndWhatWasKnownBeforeIsStillThere() {
        account("REFUND", "CHILD_S17A", "'allows':[]", null);
        post("finance", "/accounts/REFUND/payments", "{'lineId':'L1','amount':'100.00','on':'" + today + "'}");
        spend("REFUND", "bet", "5.00", today, "Betting shop", "'mcc':'7995'");
        JsonNode flag = all("/flags?accountId=REFUND").get(0);
        assertThat(flag.path("state").asString()).isEqualTo("RAISED");
        assertThat(flag.path("severity").asString()).isEqualTo("HIGH");
        assertThat(get("/accounts/REFUND").path("openFlags").asInt()).isEqualTo(1);
        tell("finance", "/accounts/REFUND/closure", "{'on':'" + today + "'}").refused(409, "BALANCE_NOT_ZERO");
        Instant before = Instant.now();
        post("finance", "/accounts/REFUND/refunds", "{'expenditureId':'bet','amount':'5.00','on':'" + today + "'}");
        assertThat(all("/flags?accountId=REFUND").get(0).path("state").asString())
                .isEqualTo("WITHDRAWN");
        assertThat(all("/flags?accountId=REFUND&knownAt=" + before)
                        .get(0)
                        .path("state")
                        .asString())
                .isEqualTo("RAISED");
        tell("finance", "/flags/" + flag.path("flagId").asString() + "/dismissal", "{'reason':'x'}")
                .refused(409, "FLAG_CLOSED");
        assertThat(get("/accounts/REFUND").path("openFlags").asInt()).isZero();
    }

    @Test
    void anOpenFlagKeepsAnAccountOpenAndADismissedOneStaysDismissed() {
        account("OPEN", "CHILD_S17A", "'allows':[]", null);
        post("finance", "/accounts/OPEN/payments", "{'lineId':'L1','amount':'35.00','on':'" + today + "'}");
        spend("OPEN", "food", "35.00", today, "Supermarket", "'mcc':'5411'");
        tell("finance", "/accounts/OPEN/closure", "{'on':'" + today + "'}").refused(409, "OPEN_FLAGS");
        String id = all("/flags?accountId=OPEN").get(0).path("flagId").asString();
        tell("finance", "/flags/" + id + "/dismissal", "{}").refused(422, "REASONS_REQUIRED");
        post("finance", "/flags/" + id + "/dismissal", "{'reason':'ingredients for a cookery class'}");
        post(
                "finance",
                "/accounts/OPEN/expenditures/food/reclassification",
                "{'category':'ACTIVITY','reason':'class'}");
        assertThat(get("/flags/" + id).path("state").asString()).isEqualTo("DISMISSED");
        post("finance", "/accounts/OPEN/closure", "{'on':'" + today + "'}");
    }

    @Test
    void aPlanItemAllowsWhatItNamesButNoGambling() {
        account("PLAN", "CHILD_S17A", "'allows':['5411','GAMBLING']", null);
        spend("PLAN", "food", "35.00", today, "Supermarket", "'mcc':'5411'");
        spend("PLAN", "bet", "5.00", today, "Betting shop", "'mcc':'7995'");
        assertThat(reasons("PLAN")).containsExactly("MCC GAMBLING", "OVERSPEND OVERSPEND");
    }

    @Test
    void aFlagIsRaisedByHandOnceAndUpheldByAnother() {
        account("HAND", "CHILD_S17A", "'allows':[]", null);
        spend("HAND", "shop", "12.00", today, "Shop", "'category':'ACTIVITY'");
        String body =
                "{'accountId':'HAND','transactionId':'shop','reason':'OUTSIDE_PLAN','amount':'12.00','explanation':'toys'}";
        tell("finance", "/flags", body.replace("12.00", "12.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        tell("finance", "/flags", body.replace("'shop'", "'shopp'")).refused(404, "TRANSACTION_NOT_FOUND");
        JsonNode raised = post("finance", "/flags", body);
        tell("finance", "/flags", body).refused(409, "DUPLICATE_FLAG");
        String path = "/flags/" + raised.path("flagId").asString();
        assertThat(get(path).path("detector").asString()).isEqualTo("MANUAL");
        assertThat(get(path).path("explanation").asString()).isEqualTo("toys");
        tell("finance", path + "/upholding", "{'amount':'12.00','ground':'OFF_PLAN','reason':'r','waiver':true}")
                .refused(409, "SEPARATION_OF_DUTIES");
        post("approver", path + "/upholding", "{'amount':'12.00','ground':'OFF_PLAN','reason':'r','waiver':true}");
        tell("finance", "/flags/F-0/dismissal", "{'reason':'x'}").refused(404, "FLAG_NOT_FOUND");
    }

    /** The reasons of rulebook 3.2, and those that its note on precedence adds. */
    @Test
    void aFlagIsRaisedByHandForAReasonThatThereIs() {
        account("WHY", "CHILD_S17A", "'allows':[]", null);
        spend("WHY", "shop", "12.00", today, "Shop", "'category':'ACTIVITY'");
        String body = "{'accountId':'WHY','transactionId':'shop','reason':'%s','amount':'1.00','explanation':'e'}";
        for (String none : List.of("BECAUSE", "GAMBLING_", "GAMBLIN", "outside_plan", "")) {
            tell("finance", "/flags", body.formatted(none)).refused(400, "FIELD_INVALID");
        }
        for (String reason :
                ("ILLEGAL GAMBLING ALCOHOL TOBACCO ADULT_SERVICES DEBT_REPAYMENT CASH CASH_EQUIVALENT INVESTMENT PERSONAL_FINES"
                                + " POLITICAL FUNERAL HOUSEHOLD_BILL HOUSING_COST NHS_HEALTHCARE NHS_EQUIPMENT RESIDENTIAL_CARE COUNCIL_OWN_SERVICE"
                                + " CLOSE_RELATIVE_IN_HOUSEHOLD EVERYDAY_LIVING EATING_OUT HOLIDAY HOME_ALTERATION PHONE_DATA MEMBERSHIP GIFT PET DIGITAL"
                                + " LEGAL VEHICLE OUTSIDE_PLAN DUPLICATE_FUNDING AFTER_END_DATE EMPLOYER_CASH_WAGES CLIENT_CONTRIBUTION_FROM_DP UNKNOWN"
                                + " CARE_AND_SUPPORT PA_EMPLOYMENT ACTIVITY TRAVEL EDUCATION EQUIPMENT PERSONAL_CARE_SERVICE POSTAGE"
                                + " DUPLICATE SELF_PAYMENT RESIDENTIAL_SINGLE_PERIOD_EXCEEDED RESIDENTIAL_120_EXCEEDED"
                                + " RESIDENTIAL_LINKED_EXCEEDED OVERLAPPING_STAY TRANSITION_REVIEW_DUE")
                        .split(" ")) {
            post("finance", "/flags", body.formatted(reason));
        }
        tell("finance", "/flags", body.formatted("OVERSPEND")).refused(409, "DUPLICATE_FLAG");
        String own = "{'effectiveFrom':'" + today
                + "','settings':{'merchants.fair':{'names':['Fun Fair'],'decision':'QUERY','reasonCode':'FUN_FAIR'}}}";
        tell("finance", "/flags", body.formatted("FUN_FAIR")).refused(400, "FIELD_INVALID");
        policy(own, 201);
        post("finance", "/flags", body.formatted("FUN_FAIR"));
    }

    /** Rulebook 3.9: amount <= transaction amount. */
    @Test
    void aFlagIsUpheldByUpToWhatIsLeftOfItsTransactionThoughLessWasAsked() {
        account("MORE", "CHILD_S17A", "'allows':[]", null);
        spend("MORE", "shop", "12.00", today, "Shop", "'category':'ACTIVITY'");
        String path = "/flags/"
                + post(
                                "finance",
                                "/flags",
                                "{'accountId':'MORE','transactionId':'shop','reason':'OUTSIDE_PLAN','amount':'4.00','explanation':'toys'}")
                        .path("flagId")
                        .asString();
        String upheld = "{'amount':'%s','ground':'OFF_PLAN','reason':'r','waiver':true}";
        tell("approver", path + "/upholding", upheld.formatted("12.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        post("finance", "/accounts/MORE/refunds", "{'expenditureId':'shop','amount':'3.00','on':'" + today + "'}");
        tell("approver", path + "/upholding", upheld.formatted("9.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        post("approver", path + "/upholding", upheld.formatted("9.00"));
        assertThat(get(path).path("amount").asString()).isEqualTo("4.00");
        assertThat(get(path).path("upheld").asString()).isEqualTo("9.00");
        assertThat(get(path).path("outstanding").asString()).isEqualTo("9.00");
    }

    /** Rulebook 3.9, 7.4: one open flag per transaction and reason; what is upheld of a transaction is no more than that. */
    @Test
    void ofOneTransactionNoMoreThanItselfIsUpheldHoweverManyQuestionsThereAreAboutIt() {
        account("TWICE", "CHILD_S17A", "'allows':[]", null);
        spend("TWICE", "first", "60.00", today, "Betting shop", "'mcc':'7995'");
        spend("TWICE", "bet", "60.00", today, "Betting shop", "'mcc':'7995'");
        String gambling = flagOf("TWICE", "bet", "GAMBLING");
        String duplicate = flagOf("TWICE", "bet", "DUPLICATE");
        String upheld = "{'amount':'%s','ground':'PROHIBITED','reason':'r','waiver':true}";
        post("finance", gambling + "/upholding", upheld.formatted("40.00"));
        tell("finance", duplicate + "/upholding", upheld.formatted("20.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        post("finance", duplicate + "/upholding", upheld.formatted("20.00"));
        String again =
                "{'accountId':'TWICE','transactionId':'bet','reason':'%s','amount':'60.00','explanation':'once more'}";
        tell("finance", "/flags", again.formatted("GAMBLING")).refused(409, "DUPLICATE_FLAG");
        post("finance", gambling + "/repayments", "{'amount':'40.00','on':'" + today + "','method':'CARD'}");
        for (String reason : List.of("GAMBLING", "OUTSIDE_PLAN")) {
            String more = "/flags/"
                    + post("finance", "/flags", again.formatted(reason))
                            .path("flagId")
                            .asString();
            tell("approver", more + "/upholding", upheld.formatted("0.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        }
        assertThat(claims("TWICE", "")).containsExactlyInAnyOrder("REPAID 40.00 40.00 0.00", "UPHELD 20.00 0.00 20.00");
        post("finance", duplicate + "/reopening", "{'reason':'on appeal'}");
        post("finance", duplicate + "/upholding", upheld.formatted("20.00"));
    }

    /** What the shop gave back is what the first flag was about: it is not taken off a second time. */
    @Test
    void aFlagIsUpheldByWhatHasNotComeBackOnceTheOthersAskForNothingMore() {
        account("GIVEN", "CHILD_S17A", "'allows':[]", null);
        spend("GIVEN", "bet", "100.00", today, "Betting shop", "'mcc':'7995'");
        String gambling = flagOf("GIVEN", "bet", "GAMBLING");
        String other = "/flags/"
                + post(
                                "finance",
                                "/flags",
                                "{'accountId':'GIVEN','transactionId':'bet','reason':'OUTSIDE_PLAN','amount':'60.00','explanation':'the rest'}")
                        .path("flagId")
                        .asString();
        String upheld = "{'amount':'%s','ground':'PROHIBITED','reason':'r','waiver':true}";
        post("finance", gambling + "/upholding", upheld.formatted("40.00"));
        post("finance", "/accounts/GIVEN/refunds", "{'expenditureId':'bet','amount':'40.00','on':'" + today + "'}");
        tell("approver", other + "/upholding", upheld.formatted("20.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        post(
                "finance",
                gambling + "/write-off",
                "{'amount':'40.00','authority':'HEAD_OF_SERVICE','reason':'refunded'}");
        tell("approver", other + "/upholding", upheld.formatted("60.01")).refused(422, "AMOUNT_OVER_TRANSACTION");
        post("approver", other + "/upholding", upheld.formatted("60.00"));
    }

    private String flagOf(String account, String transaction, String reason) {
        return all("/flags?accountId=" + account + "&reason=" + reason).stream()
                .filter(flag -> flag.path("transactionId").asString().equals(transaction))
                .map(flag -> "/flags/" + flag.path("flagId").asString())
                .findFirst()
                .orElseThrow();
    }

    /** Rulebook 3.8, 4.21, 7.10 number 6. */
    @Test
    void whatHasComeBackWholeIsAskedBackFromNobodyAndWhatWasRepaidIsToldAllTheSame() {
        account("BACK", "CHILD_S17A", "'allows':[]", null);
        spend("BACK", "bet", "60.00", today, "Betting shop", "'mcc':'7995'");
        spend("BACK", "bet2", "50.00", today, "Betting shop", "'mcc':'7995'");
        spend("BACK", "bet3", "55.00", today, "Betting shop", "'mcc':'7995'");
        List<String> paths = all("/flags?accountId=BACK&reason=GAMBLING").stream()
                .sorted(Comparator.comparing(flag -> flag.path("amount").asString()))
                .map(flag -> "/flags/" + flag.path("flagId").asString())
                .toList();
        String unpaid = paths.get(0);
        String fraud = paths.get(1);
        String paid = paths.get(2);
        String upheld = "{'amount':'%s','ground':'PROHIBITED','reason':'r','waiver':true}";
        post("finance", unpaid + "/upholding", upheld.formatted("50.00"));
        post("finance", fraud + "/upholding", upheld.formatted("55.00"));
        post("finance", fraud + "/fraud-referral", "{'reference':'F-0'}");
        post("finance", paid + "/upholding", upheld.formatted("60.00"));
        String repayment = "{'amount':'20.00','on':'" + today + "','method':'BANK_TRANSFER'}";
        post("finance", paid + "/repayments", repayment);
        Instant before = Instant.now();
        post("finance", "/accounts/BACK/expenditures/bet/reversal", "{'reason':'bounced'}");
        post("finance", "/accounts/BACK/expenditures/bet2/reversal", "{'reason':'bounced'}");
        post("finance", "/accounts/BACK/expenditures/bet3/reversal", "{'reason':'bounced'}");
        for (String flag : paths) {
            String asked = "{'amount':'10.00','due':'" + today.plusDays(14) + "','debtor':'Sam'}";
            tell("finance", flag + "/repayment-request", asked).refused(409, "FLAG_CLOSED");
            String written = "{'amount':'10.00','authority':'HEAD_OF_SERVICE','reason':'r'}";
            tell("finance", flag + "/write-off", written).refused(409, "FLAG_CLOSED");
            tell("finance", flag + "/fraud-referral", "{'reference':'F-1'}").refused(409, "FLAG_CLOSED");
            assertThat(get(flag).path("state").asString()).isEqualTo("WITHDRAWN");
            assertThat(get(flag).path("outstanding").asString()).isEqualTo("0.00");
        }
        assertThat(get(paid).path("repaid").asString()).isEqualTo("20.00");
        assertThat(get(paid + "?knownAt=" + before).path("outstanding").asString())
                .isEqualTo("40.00");
        assertThat(claims("BACK", "")).containsExactly("WITHDRAWN 20.00 20.00 0.00");
        assertThat(claims("BACK", "&knownAt=" + before))
                .containsExactlyInAnyOrder(
                        "UPHELD 60.00 20.00 40.00", "UPHELD 50.00 0.00 50.00", "REFERRED_FRAUD 55.00 0.00 55.00");
        post("finance", paid + "/repayments", repayment);
        assertThat(claims("BACK", "")).containsExactly("WITHDRAWN 40.00 40.00 0.00");
    }

    private List<String> claims(String account, String more) {
        return all("/reports/recoveries?accountId=" + account + more).stream()
                .map(row -> String.join(
                        " ",
                        row.path("state").asString(),
                        row.path("amount").asString(),
                        row.path("received").asString(),
                        row.path("outstanding").asString()))
                .toList();
    }

    /** API: Two dates. */
    @Test
    void aFlagBeforeItWasRaisedOrKnownIsThereWithNothingInQuestion() {
        account("EARLY", "CHILD_S17A", "'allows':[]", null);
        LocalDate spent = today.minusDays(3);
        spend("EARLY", "bet", "12.00", spent, "Bets", "'mcc':'7995'");
        String path = "/flags/"
                + all("/flags?accountId=EARLY&reason=GAMBLING")
                        .get(0)
                        .path("flagId")
                        .asString();
        post("finance", path + "/upholding", "{'amount':'12.00','ground':'PROHIBITED','reason':'r','waiver':true}");
        assertThat(get(path).path("state").asString()).isEqualTo("UPHELD");
        for (String early : List.of("?knownAt=2000-01-01T00:00:00Z", "?asOf=" + spent.minusDays(1))) {
            JsonNode flag = get(path + early);
            assertThat(flag.path("accountId").asString()).as(early).isEqualTo("EARLY");
            assertThat(flag.path("transactionId").asString()).isEqualTo("bet");
            assertThat(flag.path("state").isNull()).as(flag.toString()).isTrue();
            assertThat(flag.path("explanation").isNull()).isTrue();
            assertThat(flag.path("upheld").isNull()).isTrue();
            assertThat(flag.path("amount").asString()).isEqualTo("0.00");
            assertThat(flag.path("outstanding").asString()).isEqualTo("0.00");
            assertThat(get("/flags?accountId=EARLY&" + early.substring(1)).path("items"))
                    .isEmpty();
            for (String nobodys : List.of("/flags/F-0" + early, path + early)) {
                String user = nobodys.contains("F-0") ? "finance" : "support";
                Answer answer = Caller.as(user, port).get("/api/v1" + nobodys);
                assertThat(answer.status()).as(user + " " + answer).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("FLAG_NOT_FOUND");
            }
        }
    }

    /** Rulebook 3.5: a recorded decision comes first. */
    @Test
    void theCategoryThatTheCouncilHasDecidedCountsBeforeTheMerchantsTradeUnlessThatIsNeverEligible() {
        account("DECIDED", "CHILD_S17A", "'allows':[]", null);
        spend("DECIDED", "aid", "35.00", today, "Aids Ltd", "'mcc':'5999','category':'EQUIPMENT'");
        spend("DECIDED", "aid2", "36.00", today, "Aids Ltd", "'mcc':'5999'");
        spend("DECIDED", "wine", "37.00", today, "Supermarket", "'mcc':'5411'");
        spend("DECIDED", "bet", "38.00", today, "Betting shop", "'mcc':'7995'");
        String decided = "/accounts/DECIDED/expenditures/%s/reclassification";
        String body = "{'category':'%s','reason':'the receipt says so'}";
        post("finance", decided.formatted("aid2"), body.formatted("EQUIPMENT"));
        post("finance", decided.formatted("wine"), body.formatted("alcohol"));
        post("finance", decided.formatted("bet"), body.formatted("EQUIPMENT"));
        assertThat(openOf("DECIDED", "aid")).as("stated, not decided").containsExactly("MCC UNKNOWN");
        assertThat(openOf("DECIDED", "aid2")).isEmpty();
        assertThat(openOf("DECIDED", "wine")).containsExactly("MCC ALCOHOL");
        assertThat(openOf("DECIDED", "bet")).containsExactly("MCC GAMBLING");
        assertThat(get(flagOf("DECIDED", "wine", "ALCOHOL")).path("explanation").asString())
                .contains("it was recorded as ALCOHOL")
                .doesNotContain("Weekly shop");
        for (String nothing : List.of("UNKNOWN", "things")) {
            post("finance", decided.formatted("aid2"), body.formatted(nothing));
            assertThat(openOf("DECIDED", "aid2")).as(nothing).containsExactly("MCC UNKNOWN");
            post("finance", decided.formatted("aid2"), body.formatted("equipment"));
            assertThat(openOf("DECIDED", "aid2")).isEmpty();
        }

        Caller admin = Caller.as("admin", port);
        admin.tell("/api/v1/organisations", "{'organisationId':'ORG-DEMO','name':'Demonstration'}");
        post(
                "admin",
                "/organisations/ORG-DEMO/appointments",
                "{'accountId':'DECIDED','from':'" + today.minusDays(9) + "'}");
        spend("DECIDED", "word", "39.00", today, "Corner shop", "'description':'sundries'");
        spend("DECIDED", "much", "1500.00", today, "Somebody", "'description':'sundries'");
        post("finance", decided.formatted("word"), body.formatted("ALCOHOL"));
        assertThat(openOf("DECIDED", "much")).containsExactly("MCC UNKNOWN");
        for (String bySupport : List.of("aid2", "wine", "word", "much", "aid")) {
            post("support", decided.formatted(bySupport), body.formatted("CARE_AND_SUPPORT"));
        }
        assertThat(openOf("DECIDED", "aid2")).as("decided by the council").isEmpty();
        assertThat(openOf("DECIDED", "wine")).as("decided by the council").containsExactly("MCC ALCOHOL");
        assertThat(openOf("DECIDED", "word")).as("decided by the council").containsExactly("MCC ALCOHOL");
        assertThat(openOf("DECIDED", "much")).as("not the council's word").containsExactly("MCC UNKNOWN");
        assertThat(openOf("DECIDED", "aid")).as("not the council's word").containsExactly("MCC UNKNOWN");
    }

    /** Rulebook 3.4: no plan override; 3.5: the plan before the list, the list before the merchant's trade. */
    @Test
    void aPlanAllowsWhatACouncilsListRefusesUnlessThatIsNeverEligible() {
        String settings = "'merchants.%s':{'names':['%s'],'decision':'PROHIBITED','reasonCode':'%s'}";
        policy(
                "{'effectiveFrom':'" + today + "','settings':{"
                        + settings.formatted("booze", "Corner Drinks", "ALCOHOL") + ","
                        + settings.formatted("power", "Northern Power", "HOUSEHOLD_BILL") + ","
                        + settings.formatted("gas", "Northern Gas", "HOUSING_COST") + "}}",
                201);
        account("LISTED", "CHILD_S17A", "'allows':['EVERYDAY_LIVING','HOUSEHOLD_BILL']", null);
        spend("LISTED", "drinks", "35.00", today, "Corner Drinks", "'mcc':'5411'");
        spend("LISTED", "power", "36.00", today, "Northern Power", "'description':'bill'");
        spend("LISTED", "power2", "37.00", today, "Northern Power", "'mcc':'4900'");
        spend("LISTED", "gas", "38.00", today, "Northern Gas", "'description':'bill'");
        assertThat(openOf("LISTED", "drinks")).containsExactly("MCC ALCOHOL");
        assertThat(openOf("LISTED", "power")).isEmpty();
        assertThat(openOf("LISTED", "power2")).isEmpty();
        assertThat(openOf("LISTED", "gas")).containsExactly("MCC HOUSING_COST");
    }

    /** What is asked about a transaction besides that it overspends the account. */
    private List<String> openOf(String account, String transaction) {
        return all("/flags?accountId=" + account + "&state=RAISED").stream()
                .filter(flag -> flag.path("transactionId").asString().equals(transaction))
                .map(flag -> flag.path("detector").asString() + " "
                        + flag.path("reason").asString())
                .filter(flag -> !flag.startsWith("OVERSPEND"))
                .sorted()
                .toList();
    }

    // ── detectors ────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void everyDetectorFindsWhatItLooksFor() {
        policy(
                "{'effectiveFrom':'" + today
                        + "','settings':{'merchants.council':{'names':['Town Council'],'kind':'COUNCIL'}}}",
                201);
        account("DET", "ADULT_CARE_ACT", "'allows':['CASH','8050']", null);
        post("finance", "/accounts/DET/payments", "{'lineId':'L1','amount':'9000.00','on':'" + begun + "'}");
        post(
                "finance",
                "/budgets/B-DET/relative-agreements",
                "{'payee':'Aunt May','relation':'aunt','sameHousehold':true,'purpose':'CARE','necessityReason':'no one else','from':'2026-02-01','to':'2026-02-28'}");
        spend("DET", "may1", "30.00", LocalDate.of(2026, 2, 10), "aunt  MAY", "'category':'care'");
        spend("DET", "may2", "31.00", LocalDate.of(2026, 3, 1), "Aunt May", "'category':'care'");
        spend("DET", "self", "32.00", LocalDate.of(2026, 3, 2), "Sam Example", "'category':'care'");
        spend("DET", "dup1", "33.00", LocalDate.of(2026, 3, 10), "Agency", "'category':'care'");
        spend("DET", "dup2", "33.00", LocalDate.of(2026, 3, 13), "Agency", "'category':'care'");
        for (int i = 0; i < 3; i++) {
            spend("DET", "cash" + i, "50.00", LocalDate.of(2026, 4, 6 + i * 7), "Machine " + i, "'type':'CASH'");
        }
        spend("DET", "split1", "950.00", LocalDate.of(2026, 5, 5), "Shop", "'description':'a'");
        spend("DET", "split2", "995.00", LocalDate.of(2026, 5, 6), "Shop", "'description':'b'");
        for (int i = 0; i < 4; i++) {
            spend(
                    "DET",
                    "week" + i,
                    "1" + i + ".00",
                    LocalDate.of(2026, 5, 16 + i % 2),
                    "Stall " + i,
                    "'category':'fair'");
        }
        spend("DET", "home", "900.00", LocalDate.of(2026, 6, 1), "The Elms", "'category':'RESIDENTIAL_CARE'");
        spend("DET", "nurses", "95.00", LocalDate.of(2026, 6, 2), "Nurses", "'mcc':'8050'");
        spend("DET", "hall", "20.00", today, "Town Council", "'category':'hire'");
        post(
                "finance",
                "/accounts/DET/liabilities",
                "{'kind':'PAYE','amount':'80.00','due':'2026-06-22','payee':'HMRC'}");
        post("finance", "/accounts/DET/suspension", "{'from':'2026-07-01','cause':'AWAY','reason':'hospital'}");
        spend("DET", "away", "20.00", LocalDate.of(2026, 7, 2), "Taxi", "'category':'travel'");
        String stay = "/people/P-DET/residential-stays";
        post(
                "finance",
                stay,
                "{'stayId':'s1','accountId':'DET','provider':'Elms','setting':'CARE_HOME','admitted':'2026-01-05','discharged':'2026-02-10','fundedByDirectPayment':true,'status':'ACTUAL'}");
        post(
                "finance",
                stay,
                "{'stayId':'s2','accountId':'DET','provider':'Oaks','setting':'CARE_HOME','admitted':'2026-02-08','discharged':'2026-02-12','fundedByDirectPayment':true,'status':'ACTUAL'}");
        spend("DET", "much", "9999.00", LocalDate.of(2026, 7, 3), "Holidays", "'category':'break'");
        post(
                "finance",
                "/flags",
                "{'accountId':'DET','transactionId':'away','reason':'GIFT','amount':'20.00','explanation':'a present'}");

        assertThat(reasons("DET"))
                .contains(
                        "RELATIVE CLOSE_RELATIVE_IN_HOUSEHOLD",
                        "SELF_PAYMENT SELF_PAYMENT",
                        "DUPLICATE DUPLICATE",
                        "CASH_PATTERN CASH",
                        "SPLIT OUTSIDE_PLAN",
                        "CLUSTER OUTSIDE_PLAN",
                        "MCC RESIDENTIAL_CARE",
                        "PAYE_MISSING PA_EMPLOYMENT",
                        "AFTER_END AFTER_END_DATE",
                        "RESIDENTIAL_LIMIT RESIDENTIAL_LINKED_EXCEEDED",
                        "OVERLAPPING_STAY OVERLAPPING_STAY",
                        "STAY_MISSING RESIDENTIAL_CARE",
                        "STAY_UNPAID RESIDENTIAL_CARE",
                        "COUNCIL_PAYEE COUNCIL_OWN_SERVICE",
                        "MANUAL GIFT",
                        "OVERSPEND OVERSPEND")
                .extracting(found -> Detector.valueOf(found.split(" ")[0]))
                .containsAll(EnumSet.allOf(Detector.class));
        assertThat(all("/flags?accountId=DET&reason=CLOSE_RELATIVE_IN_HOUSEHOLD"))
                .extracting(flag -> flag.path("transactionId").asString())
                .containsExactly("may2");

        // each goes when its cause goes
        post(
                "finance",
                "/budgets/B-DET/relative-agreements",
                "{'payee':'Aunt May','relation':'aunt','sameHousehold':true,'purpose':'CARE','necessityReason':'still','from':'2026-03-01'}");
        post("finance", "/accounts/DET/expenditures/dup1/reversal", "{'reason':'twice in the books'}");
        post("finance", "/accounts/DET/expenditures/home/stay", "{'stayId':'s1'}");
        post("finance", stay + "/s2/void", "{'reason':'never happened'}");
        post("finance", "/accounts/DET/top-ups", "{'source':'COUNCIL_TOP_UP','amount':'5000.00','on':'" + today + "'}");
        spend("DET", "tax", "80.00", LocalDate.of(2026, 6, 20), "HMRC", "'mcc':'9311'");
        assertThat(reasons("DET", "RAISED"))
                .doesNotContain(
                        "RELATIVE CLOSE_RELATIVE_IN_HOUSEHOLD",
                        "DUPLICATE DUPLICATE",
                        "MCC RESIDENTIAL_CARE",
                        "STAY_UNPAID RESIDENTIAL_CARE",
                        "OVERLAPPING_STAY OVERLAPPING_STAY",
                        "OVERSPEND OVERSPEND",
                        "PAYE_MISSING PA_EMPLOYMENT")
                .contains("SELF_PAYMENT SELF_PAYMENT", "RESIDENTIAL_LIMIT RESIDENTIAL_LINKED_EXCEEDED");
    }

    /** Rulebook 3.6. */
    @Test
    void onlySpendingThatIsLookedAtByItsAmountIsSplitToStayBelowThat() {
        policy(
                "{'effectiveFrom':'" + today
                        + "','settings':{'merchants.kind':{'names':['Kind Agency'],'decision':'ALLOWED','reasonCode':'CARE_AND_SUPPORT'}}}",
                201);
        account("SPLIT", "CHILD_S17A", "'allows':['ACTIVITY']", null);
        spend("SPLIT", "ride1", "190.00", today, "Stables", "'mcc':'7999'");
        spend("SPLIT", "ride2", "195.00", today, "Stables", "'mcc':'7999'");
        spend("SPLIT", "care1", "950.00", today, "Kind Agency", "'description':'care'");
        spend("SPLIT", "care2", "960.00", today, "Kind Agency", "'description':'care'");
        assertThat(reasons("SPLIT")).doesNotContain("SPLIT OUTSIDE_PLAN");
        spend("SPLIT", "taxi1", "95.00", today, "Taxi", "'mcc':'4121'");
        spend("SPLIT", "taxi2", "96.00", today, "Taxi", "'mcc':'4121'");
        assertThat(openOf("SPLIT", "taxi2")).containsExactly("SPLIT OUTSIDE_PLAN");
        spend("SPLIT", "any1", "1000.00", today, "Anybody", "'description':'a'");
        spend("SPLIT", "any2", "999.99", today, "Anybody", "'description':'b'");
        assertThat(openOf("SPLIT", "any2")).containsExactly("SPLIT OUTSIDE_PLAN");
        spend("SPLIT", "any3", "1000.00", today.minusDays(1), "Anybody", "'description':'c'");
        assertThat(openOf("SPLIT", "any3")).contains("SPLIT OUTSIDE_PLAN");
    }

    /** Rulebook 3.6: a residential merchant without a linked stay. A plan item says what for, and not which nights. */
    @Test
    void residentialCareThatThePlanNamesIsAskedAboutUntilAStayIsLinkedButNotAHomeCareAgencys() {
        policy(
                "{'effectiveFrom':'" + today
                        + "','settings':{'merchants.home':{'names':['Home Help Ltd'],'kind':'HOME_CARE_AGENCY'},"
                        + "'merchants.day':{'names':['Day Centre'],'decision':'ALLOWED','reasonCode':'CARE_AND_SUPPORT'}}}",
                201);
        account("STAYS", "CHILD_S17A", "'allows':['RESIDENTIAL_CARE']", null);
        spend("STAYS", "elms", "1400.00", today, "The Elms", "'mcc':'8050'");
        spend("STAYS", "home", "1300.00", today, "Home Help Ltd", "'mcc':'8050'");
        spend("STAYS", "day", "1200.00", today, "Day Centre", "'mcc':'8050'");
        spend("STAYS", "words", "1100.00", today, "The Oaks", "'category':'residential_care'");
        spend("STAYS", "decided", "1000.00", today, "Nurses", "'mcc':'8050'");
        post(
                "finance",
                "/accounts/STAYS/expenditures/decided/reclassification",
                "{'category':'CARE_AND_SUPPORT','reason':'at home'}");
        assertThat(openOf("STAYS", "elms")).containsExactly("STAY_MISSING RESIDENTIAL_CARE");
        assertThat(openOf("STAYS", "words")).containsExactly("STAY_MISSING RESIDENTIAL_CARE");
        for (String other : List.of("home", "day", "decided")) {
            assertThat(openOf("STAYS", other)).as(other).isEmpty();
        }
        post(
                "finance",
                "/people/P-STAYS/residential-stays",
                "{'stayId':'elms','accountId':'STAYS','provider':'The Elms','setting':'CARE_HOME','admitted':'"
                        + today.minusDays(9) + "','discharged':'" + today.minusDays(2)
                        + "','fundedByDirectPayment':true,'status':'ACTUAL'}");
        post("finance", "/accounts/STAYS/expenditures/elms/stay", "{'stayId':'elms'}");
        assertThat(openOf("STAYS", "elms")).isEmpty();
    }

    // ── policy ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aPolicyChangesYesterdayOnlyIfItIsRetrospectiveAndThenTheOldAnswerIsStillThere() {
        account("POL", "CHILD_S17A", "'allows':[]", null);
        LocalDate yesterday = today.minusDays(1);
        String version = get("/policies?on=" + yesterday).path("version").asString();
        spend("POL", "old", "35.00", yesterday, "Pet shop", "'mcc':'5995'");
        policy("{'effectiveFrom':'" + today + "','settings':{'mcc':{'5995':{'decision':'ALLOWED'}}}}", 201);
        spend("POL", "new", "36.00", today, "Pet shop", "'mcc':'5995'");
        assertThat(all("/flags?accountId=POL&reason=PET"))
                .extracting(
                        flag -> flag.path("transactionId").asString(),
                        flag -> flag.path("policyVersion").asString())
                .containsExactly(tuple("old", version));
        Instant before = Instant.now();
        String past = "{'effectiveFrom':'" + yesterday + "','settings':{'mcc.5995':{'decision':'ALLOWED'}}";
        policy(past + "}", 409);
        policy(past + ",'retrospective':true}", 422);
        policy(past + ",'retrospective':true,'reason':'assistance dogs'}", 201);
        assertThat(all("/flags?accountId=POL&reason=PET").get(0).path("state").asString())
                .isEqualTo("WITHDRAWN");
        assertThat(all("/flags?accountId=POL&reason=PET&knownAt=" + before)
                        .get(0)
                        .path("state")
                        .asString())
                .isEqualTo("RAISED");
    }

    @Test
    void aMerchantListForDaysGoneByFindsWhatWasSpentThereBeforeAndTheOldAnswerIsStillThere() {
        account("LIST", "CHILD_S17A", "'allows':[]", null);
        LocalDate yesterday = today.minusDays(1);
        spend("LIST", "before", "10.00", yesterday.minusDays(1), "Lucky Seven Ltd", "'category':'leisure'");
        spend("LIST", "bet", "40.00", yesterday, "LUCKY-SEVEN  Ltd.", "'category':'leisure'");
        spend("LIST", "taxi", "9.00", yesterday, "Taxi", "'category':'travel'");
        Instant before = Instant.now();
        String bookmaker = "'merchants.bookmaker':{'names':['%s'],'decision':'PROHIBITED','reasonCode':'GAMBLING'}";
        retrospective(yesterday, bookmaker.formatted("Lucky Seven Ltd"), "found on a statement");
        String version = get("/policies?on=" + yesterday).path("version").asString();
        String flags = "/flags?accountId=LIST&reason=GAMBLING";
        assertThat(all(flags))
                .extracting(
                        flag -> flag.path("transactionId").asString(),
                        flag -> flag.path("policyVersion").asString(),
                        flag -> flag.path("state").asString())
                .containsExactly(tuple("bet", version, "RAISED"));
        assertThat(all(flags + "&knownAt=" + before)).isEmpty();

        retrospective(yesterday, bookmaker.formatted("Lucky Eight Ltd"), "the wrong company");
        assertThat(all(flags).get(0).path("state").asString()).isEqualTo("WITHDRAWN");
        retrospective(yesterday, bookmaker.formatted("lucky seven ltd"), "it was the right one");
        assertThat(all(flags).get(0).path("state").asString()).isEqualTo("RAISED");
    }

    @Test
    void aMerchantListWithANameThatSaysNothingIsRefusedAndSpendingGoesOn() {
        account("NAMES", "CHILD_S17A", "'allows':[]", null);
        for (String name : List.of("null", "''", "'---'")) {
            Answer refused = Caller.as("admin", port)
                    .tell(
                            "/api/v1/policies",
                            "{'effectiveFrom':'" + today + "','settings':{'merchants':{'x':{'names':[" + name
                                    + "],'kind':'COUNCIL'}}}}");
            assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("FIELD_INVALID");
            assertThat(refused.toString()).contains("settings.merchants.x");
        }
        spend("NAMES", "after", "35.00", today, "Pet shop", "'mcc':'5995'");
    }

    @Test
    void whatTheCouncilHasNamedIsTakenAwayByNullByEitherName() {
        String settings = "{'effectiveFrom':'" + today + "','settings':{%s}}";
        for (String away : List.of(
                "'costCentres.CARER':null,'merchants.gone':null",
                "'costCentres':{'CARER':null},'merchants':{'gone':null}")) {
            policy(
                    settings.formatted(
                            "'costCentres.CARER':'R1','merchants.gone':{'names':['Gone Ltd'],'kind':'COUNCIL'}"),
                    201);
            assertThat(get("/policies").at("/settings/costCentres.CARER").asString())
                    .isEqualTo("R1");
            policy(settings.formatted(away), 201);
            assertThat(get("/policies").path("settings").has("costCentres.CARER"))
                    .isFalse();
            assertThat(get("/policies").path("settings").has("merchants.gone")).isFalse();
        }
        tell("admin", "/policies", settings.formatted("'surplusWeeks':null")).refused(400, "FIELD_INVALID");
        tell("admin", "/policies", "{'effectiveFrom':'" + today + "','settings':null}")
                .refused(400, "FIELD_INVALID");
    }

    /** Its account by account takes a minute where there are thousands: here it waits for a table that somebody holds. */
    @Test
    void aPolicyForDaysGoneByAnswersWhileEverythingIsStillBeingAssessedAndSoDoOtherWrites() throws Exception {
        account("SLOW", "CHILD_S17A", "'allows':[]", null);
        LocalDate yesterday = today.minusDays(1);
        spend("SLOW", "bet", "40.00", yesterday, "Slow Bets Ltd", "'category':'leisure'");
        try (Connection held = database.getConnection()) {
            held.setAutoCommit(false);
            held.createStatement().execute("LOCK TABLE residential_stay IN ACCESS EXCLUSIVE MODE");
            post(
                    "admin",
                    "/policies",
                    "{'effectiveFrom':'" + yesterday
                            + "','settings':{'merchants.slow':{'names':['Slow Bets Ltd'],'decision':'PROHIBITED','reasonCode':'GAMBLING'}},"
                            + "'retrospective':true,'reason':'found on a statement'}");
            account("MEANWHILE", "CHILD_S17A", "'allows':[]", null);
            held.rollback();
        }
        reassessed();
        assertThat(reasons("SLOW", "RAISED")).contains("MCC GAMBLING");
    }

    @Test
    void taxIsMissingUntilTheListKnowsWhoWasPaidAndAgainOnceItsPaymentHasComeBack() {
        account("TAX", "CHILD_S17A", "'allows':['PA_EMPLOYMENT']", null);
        LocalDate due = today.minusDays(100);
        post(
                "finance",
                "/accounts/TAX/liabilities",
                "{'kind':'PAYE','amount':'80.00','due':'" + due + "','payee':'HMRC'}");
        spend("TAX", "tax", "80.00", due, "H M Revenue", "'category':'tax'");
        String missing = "PAYE_MISSING PA_EMPLOYMENT";
        assertThat(reasons("TAX", "RAISED")).contains(missing);
        retrospective(due, "'merchants.hmrc':{'names':['HM Revenue'],'kind':'HMRC'}", "the name on statements");
        assertThat(reasons("TAX", "RAISED")).doesNotContain(missing);
        post("finance", "/accounts/TAX/expenditures/tax/reversal", "{'reason':'bounced'}");
        assertThat(reasons("TAX", "RAISED")).contains(missing);
    }

    private void retrospective(LocalDate from, String settings, String reason) {
        policy(
                "{'effectiveFrom':'" + from + "','settings':{" + settings + "},'retrospective':true,'reason':'" + reason
                        + "'}",
                201);
    }

    @Test
    void aLimitThatIsLoweredForDaysGoneByHoldsForTheStaysThatBeganThenAndTheOldAnswerIsStillThere() {
        account("RETRO", "CHILD_S17A", "'allows':[]", null);
        String stay =
                "{'stayId':'%s','accountId':'RETRO','provider':'Elms','setting':'CARE_HOME','admitted':'%s','discharged':'%s',"
                        + "'fundedByDirectPayment':true,'status':'ACTUAL'}";
        LocalDate from = today.minusDays(40);
        String stays = "/people/P-RETRO/residential-stays";
        post("finance", stays, stay.formatted("earlier", from.minusDays(20), from.minusDays(1)));
        post("finance", stays, stay.formatted("within", from, from.plusDays(19)));
        String flags = "/flags?personId=P-RETRO&reason=RESIDENTIAL_SINGLE_PERIOD_EXCEEDED";
        assertThat(all(flags)).isEmpty();
        Instant before = Instant.now();
        policy(
                "{'effectiveFrom':'" + from + "','settings':{'child.singlePeriodMax':15},'retrospective':true,"
                        + "'reason':'panel decision of March'}",
                201);
        String version = get("/policies?on=" + from).path("version").asString();
        assertThat(all(flags))
                .extracting(
                        flag -> flag.path("stayId").asString(),
                        flag -> flag.path("on").asString(),
                        flag -> flag.path("policyVersion").asString(),
                        flag -> flag.path("state").asString())
                .containsExactly(tuple("within", from.plusDays(15).toString(), version, "RAISED"));
        assertThat(all(flags + "&knownAt=" + before)).isEmpty();

        policy(
                "{'effectiveFrom':'" + from + "','settings':{'child.singlePeriodMax':28},'retrospective':true,"
                        + "'reason':'the panel meant its next meeting'}",
                201);
        assertThat(all(flags).get(0).path("state").asString()).isEqualTo("WITHDRAWN");
    }

    /** It is in force on them. */
    @Test
    void aPolicyForDaysGoneByThatIsEarlierThanEveryOtherHoldsForTheDaysBeforeIt() {
        account("FIRST", "CHILD_S17A", "'allows':[]", null);
        LocalDate admitted = LocalDate.of(2019, 5, 1);
        post(
                "finance",
                "/people/P-FIRST/residential-stays",
                "{'stayId':'long-ago','accountId':'FIRST','provider':'Elms','setting':'CARE_HOME','admitted':'"
                        + admitted + "','discharged':'" + admitted.plusDays(20)
                        + "','fundedByDirectPayment':true,'status':'ACTUAL'}");
        String flags = "/flags?personId=P-FIRST&reason=RESIDENTIAL_SINGLE_PERIOD_EXCEEDED";
        assertThat(all(flags)).isEmpty();
        retrospective(LocalDate.of(2020, 1, 1), "'child.singlePeriodMax':15", "found in the minutes");
        String version = get("/policies?on=" + admitted).path("version").asString();
        assertThat(all(flags))
                .extracting(
                        flag -> flag.path("on").asString(),
                        flag -> flag.path("policyVersion").asString())
                .containsExactly(tuple(admitted.plusDays(15).toString(), version));
        retrospective(LocalDate.of(2020, 6, 1), "'child.singlePeriodMax':28", "from summer on");
        assertThat(all(flags).get(0).path("state").asString()).isEqualTo("RAISED");
    }

    @Test
    void aLimitThatIsLoweredHoldsForStaysFromThatDayOnAndChangesNoneBefore() {
        account("LOW", "CHILD_S17A", "'allows':[]", null);
        String stays = "/people/P-LOW/residential-stays";
        String stay = "{'stayId':'%s','accountId':'LOW','provider':'Elms','setting':'CARE_HOME','admitted':'%s',%s"
                + "'fundedByDirectPayment':true,'status':'ACTUAL'}";
        LocalDate before = today.minusDays(60);
        String left = "'discharged':'" + before.plusDays(10) + "',";
        post("finance", stays, stay.formatted("old", before, left));
        policy("{'effectiveFrom':'" + today + "','settings':{'child.singlePeriodMax':5}}", 201);
        String version = get("/policies?on=" + today).path("version").asString();
        post("finance", stays, stay.formatted("new", today, ""));
        assertThat(all("/flags?accountId=LOW&reason=RESIDENTIAL_SINGLE_PERIOD_EXCEEDED&asOf=" + today.plusDays(20)))
                .extracting(
                        flag -> flag.path("stayId").asString(),
                        flag -> flag.path("on").asString(),
                        flag -> flag.path("policyVersion").asString())
                .containsExactly(tuple("new", today.plusDays(5).toString(), version));
        String near = "/residential-days/near-limits?asOf=";
        assertThat(all(near + before.plusDays(9)))
                .noneMatch(one -> one.path("personId").asString().equals("P-LOW"));
        assertThat(all(near + today.plusDays(5)))
                .filteredOn(one -> one.path("personId").asString().equals("P-LOW"))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.path("policyVersion").asString()).isEqualTo(version);
                    assertThat(one.path("limits").get(0).path("limit").asString())
                            .isEqualTo("SINGLE_28");
                    assertThat(one.path("limits").get(0).path("level").asString())
                            .isEqualTo("OVER");
                });
        assertThat(Caller.as("support", port).get("/api/v1" + near + today).status())
                .isEqualTo(403);
    }

    @Test
    void aLimitThatIsLoweredAndWasReachedBeforeIsExceededOnTheFirstNightOfALaterStayUnlessItWasAlready() {
        account("UNDER", "CHILD_S17A", "'allows':[]", null);
        account("ABOVE", "CHILD_S17A", "'allows':[]", null);
        String stay =
                "{'stayId':'%s','accountId':'%s','provider':'Elms','setting':'CARE_HOME','admitted':'%s',%s'fundedByDirectPayment':true,"
                        + "'status':'ACTUAL'}";
        LocalDate first = today.minusDays(200);
        for (int i = 0; i < 5; i++) {
            LocalDate admitted = first.plusDays(30 * i);
            for (String account : List.of("UNDER", "ABOVE")) {
                LocalDate left = admitted.plusDays(account.equals("UNDER") ? 20 : 25);
                post(
                        "finance",
                        "/people/P-" + account + "/residential-stays",
                        stay.formatted(account + "-" + i, account, admitted, "'discharged':'" + left + "',"));
            }
        }
        String flags = "/flags?reason=RESIDENTIAL_120_EXCEEDED&asOf=" + today.plusDays(20) + "&accountId=";
        assertThat(all(flags + "UNDER")).isEmpty();
        List<JsonNode> above = all(flags + "ABOVE");
        assertThat(above)
                .extracting(
                        flag -> flag.path("stayId").asString(),
                        flag -> flag.path("on").asString())
                .containsExactly(tuple("ABOVE-4", first.plusDays(120 + 20).toString()));

        policy("{'effectiveFrom':'" + today + "','settings':{'child.in12MonthsMax':90}}", 201);
        String version = get("/policies?on=" + today).path("version").asString();
        for (String account : List.of("UNDER", "ABOVE")) {
            post(
                    "finance",
                    "/people/P-" + account + "/residential-stays",
                    stay.formatted(account + "-new", account, today, ""));
        }
        policy("{'effectiveFrom':'" + today + "','settings':{'surplusWeeks':7}}", 201);
        post("finance", "/people/P-UNDER/residential-stays", stay.formatted("UNDER-newer", "UNDER", today, ""));
        assertThat(all(flags + "UNDER"))
                .extracting(
                        flag -> flag.path("stayId").asString(),
                        flag -> flag.path("on").asString(),
                        flag -> flag.path("policyVersion").asString())
                .containsExactly(tuple("UNDER-new", today.toString(), version));
        assertThat(all(flags + "ABOVE"))
                .extracting(flag -> flag.path("flagId").asString())
                .containsExactly(above.get(0).path("flagId").asString());
        policy("{'effectiveFrom':'" + today + "','settings':{'child.in12MonthsMax':120,'surplusWeeks':8}}", 201);
    }

    @Test
    void whereThePolicyDoesNotPayDuringADisputePaymentsAreOnHoldUntilItIsClosed() {
        account("HOLD", "CHILD_S17A", "'allows':[]", null);
        String payment = "{'paymentId':'%s','lineId':'L1','amount':'10.00','on':'" + today + "'}";
        String path = "/accounts/HOLD/payments";
        String disputes = "/budgets/B-HOLD/disputes";
        post(
                "finance",
                disputes,
                "{'disputeId':'D1','stage':'RECONSIDERATION','on':'" + today + "','reason':'too little'}");
        post("finance", path, payment.formatted("one"));
        policy("{'effectiveFrom':'" + today + "','settings':{'payDuringDispute':false}}", 201);
        tell("finance", path, payment.formatted("two")).refused(409, "PAYMENTS_ON_HOLD");
        post("finance", disputes + "/D1/closure", "{'outcome':'settled','on':'" + today + "'}");
        post("finance", path, payment.formatted("two"));
        policy("{'effectiveFrom':'" + today + "','settings':{'payDuringDispute':true}}", 201);
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private void account(String id, String basis, String allows, String bankDetails) {
        boolean adult = basis.equals("ADULT_CARE_ACT");
        post(
                "finance",
                "/people",
                "{'personId':'P-" + id + "','name':'Robin Example','dateOfBirth':'" + (adult ? "1980" : "2012")
                        + "-05-01'}");
        post(
                "finance",
                "/budgets",
                "{'budgetId':'B-" + id + "','personId':'P-" + id + "','legalBasis':'" + basis + "','requestedOn':'"
                        + begun + "','requestedBy':'Sam'}");
        String period = "'from':'" + begun + "','to':'2026-12-31'";
        post(
                "finance",
                "/budgets/B-" + id + "/indicative-amount",
                "{'amount':'20000.00'," + period + ",'method':'RAS'}");
        post("approver", "/budgets/B-" + id + "/panel-decision", "{'outcome':'APPROVED','decidedOn':'" + begun + "'}");
        post(
                "finance",
                "/budgets/B-" + id + "/finalisation",
                "{" + period
                        + ",'annualAmount':'20000.00','lines':[{'lineId':'L1','fundingSource':'"
                        + (adult ? "ADULT_SOCIAL_CARE" : "SOCIAL_CARE_CHILD")
                        + "','mode':'DIRECT_PAYMENT','category':'care','annualAmount':'20000.00'," + allows + "}]}");
        post(
                "finance",
                "/budgets/B-" + id + "/consents",
                "{'recipientType':'" + (adult ? "NOMINEE" : "PARENT") + "','recipientName':'Sam Example','on':'" + begun
                        + "'}");
        post(
                "finance",
                "/accounts",
                "{'accountId':'" + id + "','budgetId':'B-" + id
                        + "','type':'PREPAID_CARD','holderType':'" + (adult ? "NOMINEE" : "PARENT") + "','openedOn':'"
                        + begun + "'"
                        + (bankDetails == null ? "" : ",'bankDetails':{" + bankDetails + "}") + "}");
    }

    private void spend(String account, String id, String amount, LocalDate on, String payee, String more) {
        post(
                "finance",
                "/accounts/" + account + "/expenditures",
                "{'expenditureId':'" + id + "','amount':'" + amount + "','on':'" + on + "','payee':'" + payee + "',"
                        + more + "}");
    }

    private void policy(String body, int status) {
        Answer answer = Caller.as("admin", port).tell("/api/v1/policies", body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    }

    /** Once every account and stay has been assessed by the policies published so far. */
    private void reassessed() {
        long head = get("/operations/processors").path("head").asLong();
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (get("/operations/processors")
                .path("items")
                .valueStream()
                .anyMatch(processor -> processor.path("name").asString().equals("policy-to-accounts")
                        && processor.path("position").asLong() < head)) {
            assertThat(System.nanoTime()).as("the reassessment goes on").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private List<String> reasons(String account) {
        return reasons(account, null);
    }

    private List<String> reasons(String account, String state) {
        return all("/flags?accountId=" + account + (state == null ? "" : "&state=" + state)).stream()
                .map(flag -> flag.path("detector").asString() + " "
                        + flag.path("reason").asString())
                .sorted()
                .toList();
    }

    private JsonNode transaction(String account, String id) {
        return all("/accounts/" + account + "/transactions").stream()
                .filter(one -> one.path("transactionId").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> all(String path) {
        List<JsonNode> all = new ArrayList<>();
        get(path + (path.contains("?") ? "&" : "?") + "limit=500").path("items").forEach(all::add);
        return all;
    }

    private Answer tell(String user, String path, String body) {
        return Caller.as(user, port).tell("/api/v1" + path, body);
    }

    private JsonNode post(String user, String path, String body) {
        return tell(user, path, body).ok().json();
    }

    private JsonNode get(String path) {
        return Caller.as("finance", port).get("/api/v1" + path).ok().json();
    }

    private static String resource(String name) throws IOException {
        try (var in = FlagApiTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
