package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;

/** Payment runs over HTTP, from the selection of what is due to the bank's last word. */
class PaymentRunApiTest extends PayingLedger {

    @Test
    void anInstalmentIsReleasedHoweverLongTheIdOfItsSchedule() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00", LINE, BANK.formatted(accounts++));
        String scheduleId = (ids.accountId() + "-" + "x".repeat(64)).substring(0, 64);
        ok(finance().post("/api/v1/accounts/%s/schedules".formatted(ids.accountId()), """
                {"scheduleId":"%s","lineId":"L1","frequency":"MONTHLY","firstPayOn":"2025-04-01"}""".formatted(scheduleId)));
        String runId = created("2025-04-01", "2025-05-06");
        String instalmentId = scheduleId + ".1";
        ok(act(finance(), runId, "holds", "{\"instalmentId\":\"%s\",\"reason\":\"Asked\"}".formatted(instalmentId)));
        assertThat(run(runId).path("items").toString()).doesNotContain(instalmentId);
        ok(act(finance(), runId, "holds/" + instalmentId + "/release", "{}"));
        assertThat(run(runId).path("items").toString()).contains(instalmentId);
        assertThat(act(finance(), runId, "holds/" + "x".repeat(80) + "/release", "{}")
                        .status())
                .isEqualTo(404);
        Caller.Answer tooLong = act(finance(), runId, "holds/" + "x".repeat(81) + "/release", "{}");
        assertThat(tooLong.code()).isEqualTo("ID_INVALID");
        assertThat(tooLong.json().path("detail").asString()).contains("1 to 80");
        ok(act(finance(), runId, "close", "{}"));
    }

    @Test
    void aRunPaysWhatIsDueOnceSendsItToTheBankAndTakesBackWhatTheBankRejects() throws Exception {
        Opened one = scheduled();
        Opened two = scheduled();
        String runId = created("2025-04-30", "2025-05-06");

        JsonNode run = run(runId);
        assertThat(run.path("state").asString()).isEqualTo("CREATED");
        assertThat(instalments(run.path("items"))).contains(scheduleOf(one) + ".1", scheduleOf(two) + ".1");
        assertThat(run.path("exceptions").toString()).contains("FIRST_PAYMENT");
        assertThat(balance(one)).isEqualTo("0.00");
        assertThat(finance()
                        .get(RUNS + "/" + runId + "/file?format=bacs-standard-18")
                        .code())
                .isEqualTo("RUN_NOT_APPROVED");
        assertThat(act(finance(), runId, "approval", "{}").code()).isEqualTo("SEPARATION_OF_DUTIES");
        assertThat(act(approver(), runId, "approval", "{\"total\":\"1.00\"}").code())
                .isEqualTo("CONTROL_TOTAL_MISMATCH");
        assertThat(act(finance(), runId, "submission", "{\"on\":\"2025-05-01\",\"channel\":\"BACS\"}")
                        .code())
                .isEqualTo("RUN_NOT_APPROVED");

        ok(act(
                approver(),
                runId,
                "approval",
                "{\"total\":\"%s\",\"count\":%d}"
                        .formatted(
                                run.path("total").asString(), run.path("count").asInt())));
        assertThat(balance(one)).isEqualTo("90.00");
        assertThat(act(approver(), runId, "approval", "{}").code()).isEqualTo("RUN_LOCKED");
        assertThat(act(
                                finance(),
                                runId,
                                "holds",
                                "{\"instalmentId\":\"%s.1\",\"reason\":\"late\"}".formatted(scheduleOf(one)))
                        .code())
                .isEqualTo("RUN_LOCKED");
        JsonNode approved = run(runId);
        assertThat(approved.path("state").asString()).isEqualTo("APPROVED");
        assertThat(approved.path("progress").path("toIssue").asInt()).isZero();
        assertThat(approved.path("progress").path("issued").asInt())
                .isEqualTo(run.path("count").asInt());

        for (String format : List.of("bacs-standard-18", "pain.001.001.09")) {
            String file = RUNS + "/" + runId + "/file?format=" + format;
            String bytes = ok(finance().get(file)).response().body();
            assertThat(finance().get(file).response().body()).isEqualTo(bytes);
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes(StandardCharsets.UTF_8)));
            assertThat(approved.path("files").toString()).contains(sha256);
            assertThat(bytes).containsIgnoringCase("Sam Example");
        }
        assertThat(finance().get(RUNS + "/" + runId + "/file?format=csv").code())
                .isEqualTo("FIELD_INVALID");

        assertThat(act(
                                finance(),
                                runId,
                                "rejections",
                                "{\"rejections\":[{\"instalmentId\":\"%s.1\",\"reasonCode\":\"AC04\"}]}"
                                        .formatted(scheduleOf(one)))
                        .code())
                .isEqualTo("RUN_NOT_SUBMITTED");
        assertThat(act(finance(), runId, "close", "{}").code()).isEqualTo("RUN_NOT_SUBMITTED");
        assertThat(act(finance(), runId, "submission", "{\"on\":\"2025-05-02\",\"channel\":\"BACS\"}")
                        .code())
                .isEqualTo("CUT_OFF_PASSED");
        ok(act(finance(), runId, "submission", "{\"on\":\"2025-05-01\",\"channel\":\"BACS\"}"));

        String rejections =
                "{\"rejections\":[{\"instalmentId\":\"%s.1\",\"reasonCode\":\"AC04\"}]}".formatted(scheduleOf(one));
        ok(act(finance(), runId, "rejections", rejections));
        assertThat(act(finance(), runId, "rejections", rejections).code()).isEqualTo("ALREADY_RETURNED");
        assertThat(balance(one)).isEqualTo("0.00");
        assertThat(balance(two)).isEqualTo("90.00");
        assertThat(run(runId).path("exceptions").toString())
                .contains("{\"instalmentId\":\"" + scheduleOf(one) + ".1\",\"accountId\":\"" + one.accountId()
                        + "\",\"code\":\"AC04\",\"net\":\"90.00\",\"state\":\"REJECTED\",\"resolved\":false}");
        ok(act(finance(), runId, "close", "{}"));
        assertThat(run(runId).path("state").asString()).isEqualTo("CLOSED");

        // the rejected instalment is due again, the other is not, and paying it resolves the rejection
        String next = created("2025-04-30", "2025-05-07");
        assertThat(instalments(run(next).path("items")))
                .contains(scheduleOf(one) + ".1")
                .doesNotContain(scheduleOf(two) + ".1");
        ok(act(approver(), next, "approval", "{}"));
        assertThat(balance(one)).isEqualTo("90.00");
        assertThat(run(runId).path("exceptions").toString()).contains("\"state\":\"RESOLVED\",\"resolved\":true");
        ok(act(finance(), next, "submission", "{\"on\":\"2025-05-07\",\"channel\":\"FASTER_PAYMENTS\"}"));
    }

    @Test
    void whatIsHeldIsNotPaidAndIsFreeForTheNextRunOnceTheRunIsApproved() {
        Opened paid = scheduled();
        Opened held = scheduled();
        Opened nowhere = scheduled("null", "10.00");
        String runId = created("2025-04-30", "2025-05-08");
        String instalment = scheduleOf(held) + ".1";
        for (String none : List.of("", ",\"reason\":null", ",\"reason\":\" \"")) {
            Caller.Answer unfounded =
                    act(finance(), runId, "holds", "{\"instalmentId\":\"%s\"%s}".formatted(instalment, none));
            assertThat(unfounded.status()).as(none).isEqualTo(422);
            assertThat(unfounded.code()).isEqualTo("REASONS_REQUIRED");
        }
        ok(act(
                finance(),
                runId,
                "holds",
                "{\"instalmentId\":\"%s\",\"reason\":\"Query from the family\"}".formatted(instalment)));
        assertThat(act(finance(), runId, "holds", "{\"instalmentId\":\"%s\",\"reason\":\"x\"}".formatted(instalment))
                        .code())
                .isEqualTo("ALREADY_HELD");
        assertThat(act(finance(), runId, "holds", "{\"instalmentId\":\"none\",\"reason\":\"x\"}")
                        .code())
                .isEqualTo("INSTALMENT_NOT_FOUND");
        JsonNode run = run(runId);
        assertThat(instalments(run.path("items")))
                .contains(scheduleOf(paid) + ".1")
                .doesNotContain(instalment);
        assertThat(instalments(run.path("held"))).contains(instalment, scheduleOf(nowhere) + ".1");
        assertThat(run.path("held").toString()).contains("Query from the family", "NO_BANK_DETAILS");
        assertThat(act(finance(), runId, "holds/" + scheduleOf(nowhere) + ".1/release", "{}")
                        .code())
                .isEqualTo("NO_BANK_DETAILS");
        String total = run.path("total").asString();

        ok(act(finance(), runId, "holds/" + instalment + "/release", "{}"));
        assertThat(act(finance(), runId, "holds/" + instalment + "/release", "{}")
                        .code())
                .isEqualTo("NOT_HELD");
        assertThat(run(runId).path("total").asString()).isNotEqualTo(total);
        ok(act(finance(), runId, "holds", "{\"instalmentId\":\"%s\",\"reason\":\"again\"}".formatted(instalment)));
        assertThat(run(runId).path("total").asString()).isEqualTo(total);
        assertThat(create("2025-04-30", "2025-05-09").code()).isEqualTo("EMPTY_RUN");
        ok(act(approver(), runId, "approval", "{}"));
        assertThat(balance(held)).isEqualTo("0.00");
        assertThat(balance(paid)).isEqualTo("90.00");

        String next = created("2025-04-30", "2025-05-09");
        assertThat(instalments(run(next).path("items"))).contains(instalment);
        ok(act(finance(), next, "close", "{}"));
        assertThat(run(next).path("state").asString()).isEqualTo("CLOSED");
        String third = created("2025-04-30", "2025-05-09");
        assertThat(instalments(run(third).path("items"))).contains(instalment);
        ok(act(approver(), third, "approval", "{}"));
    }

    @Test
    void anExceptionIsResolvedOnceItsInstalmentHasBeenPaidThoughItWasHeldOrGivenUpBefore() {
        Opened asked = scheduled();
        Opened nowhere = scheduled("null", "10.00");
        Opened left = scheduled("null", "10.00");
        Opened first = scheduled();
        String givenUp = created("2025-04-30", "2025-05-27");
        ok(act(finance(), givenUp, "close", "{}"));
        String runId = created("2025-04-30", "2025-05-28");
        String instalment = scheduleOf(asked) + ".1";
        ok(act(finance(), runId, "holds", "{\"instalmentId\":\"%s\",\"reason\":\"Asked\"}".formatted(instalment)));
        ok(act(approver(), runId, "approval", "{}"));
        assertThat(exceptionsOf(asked)).contains(runId + " HELD false");
        assertThat(exceptionsOf(first)).containsExactlyInAnyOrder(givenUp + " RESOLVED true", runId + " ISSUED true");

        String next = created("2025-04-30", "2025-05-29");
        ok(act(approver(), next, "approval", "{}"));
        payFirst(nowhere, "2025-05-29");
        for (Opened paid : List.of(asked, nowhere)) {
            assertThat(exceptionsOf(paid))
                    .contains(runId + " RESOLVED true")
                    .contains(givenUp + " RESOLVED true")
                    .noneMatch(row -> row.endsWith("false"));
        }
        assertThat(exceptionsOf(left))
                .as("what a run gave up that nobody approved is the next one's to look at")
                .containsExactlyInAnyOrder(givenUp + " HELD true", runId + " HELD false", next + " HELD false");
        JsonNode run = run(runId);
        assertThat(instalments(run.path("held")))
                .as("what was not approved stays where it was")
                .contains(instalment, scheduleOf(nowhere) + ".1", scheduleOf(left) + ".1");
        assertThat(instalments(run.path("items"))).doesNotContain(instalment, scheduleOf(nowhere) + ".1");
        assertThat(itemOf(run.path("held"), asked).path("reason").asString()).isEqualTo("Asked");
        assertThat(itemOf(run.path("held"), asked).path("state").asString()).isEqualTo("RESOLVED");
        assertThat(itemOf(run(givenUp).path("items"), first).path("state").asString())
                .isEqualTo("RESOLVED");
    }

    /** Of an account, by run: what has become of the item and whether that is resolved. */
    private List<String> exceptionsOf(Opened ids) {
        return ok(finance().get("/api/v1/reports/payment-exceptions?accountId=" + ids.accountId()))
                .json()
                .path("items")
                .valueStream()
                .map(row ->
                        row.path("runId").asString() + " " + row.path("state").asString() + " "
                                + row.path("resolved").asString())
                .toList();
    }

    @Test
    void suspendedEndedAndUnaffordableInstalmentsAreHeldWithTheirReasonAndTheAccountHasTheLastWord() {
        Opened suspended = scheduled();
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/suspension".formatted(suspended.accountId()),
                        "{\"from\":\"2025-04-15\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}"));
        Opened paidByHand = scheduled();
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/payments".formatted(paidByHand.accountId()),
                        "{\"lineId\":\"L1\",\"amount\":\"1150.00\",\"on\":\"2025-04-10\"}"));
        Opened raced = scheduled();
        String runId = created("2025-04-30", "2025-05-12");
        String held = run(runId).path("held").toString();
        assertThat(held).contains("SUSPENDED", "ABOVE_ALLOCATION");
        // released in error, and paid by hand meanwhile: their accounts refuse
        ok(act(finance(), runId, "holds/" + scheduleOf(suspended) + ".1/release", "{}"));
        payFirst(raced, "2025-05-01");
        ok(act(approver(), runId, "approval", "{}"));
        JsonNode run = run(runId);
        assertThat(run.path("exceptions").toString())
                .contains("ACCOUNT_SUSPENDED")
                .contains("\"code\":\"ALREADY_PAID\",\"net\":\"90.00\",\"state\":\"RESOLVED\",\"resolved\":true}");
        assertThat(itemOf(run.path("items"), raced).path("state").asString()).isEqualTo("RESOLVED");
        assertThat(run.path("progress").path("refused").asInt()).isEqualTo(2);
        assertThat(balance(suspended)).isEqualTo("0.00");
        assertThat(balance(raced)).as("by hand too, less its contribution").isEqualTo("90.00");
    }

    @Test
    void whatARunAddsUpToIsWhatItsFileSaysOfWhatTheAccountsDidNotRefuse() {
        List<Opened> three = List.of(scheduled(), scheduled(), scheduled());
        String runId = created("2025-04-30", "2025-05-15");
        JsonNode included = run(runId);
        payFirst(three.get(0), "2025-05-01");
        ok(act(approver(), runId, "approval", "{}"));
        JsonNode run = run(runId);
        JsonNode file = run.path("files").path(0);
        assertThat(file.path("count").asInt()).isEqualTo(included.path("count").asInt() - 1);
        assertThat(pounds(file, "controlTotal"))
                .isEqualTo(pounds(included, "total").subtract(new BigDecimal("90.00")));
        assertAddsUpTo(
                runId, file.path("controlTotal").asString(), file.path("count").asInt());

        // of days on which nothing else is due
        Opened alone = opened(
                "2014-04-01", "2014-04-30", "100.00", LINE.replace("1200.00", "100.00"), BANK.formatted(accounts++));
        ok(finance()
                .post("/api/v1/accounts/%s/schedules".formatted(alone.accountId()), """
                {"scheduleId":"%s","lineId":"L1","frequency":"ONE_OFF","firstPayOn":"2014-04-01"}""".formatted(scheduleOf(alone))));
        String refused = created("2014-04-30", "2014-04-30");
        assertAddsUpTo(refused, "100.00", 1);
        payFirst(alone, "2014-04-02");
        ok(act(approver(), refused, "approval", "{}"));
        assertAddsUpTo(refused, "0.00", 0);
    }

    private void payFirst(Opened ids, String on) {
        ok(finance()
                .post("/api/v1/accounts/%s/payments".formatted(ids.accountId()), """
                {"lineId":"L1","instalmentId":"%s.1","amount":"100.00","on":"%s"}""".formatted(scheduleOf(ids), on)));
    }

    private void assertAddsUpTo(String runId, String total, int count) {
        JsonNode run = run(runId);
        JsonNode listed = ok(finance().get(RUNS + "?limit=500"))
                .json()
                .path("items")
                .valueStream()
                .filter(item -> item.path("runId").asString().equals(runId))
                .findFirst()
                .orElseThrow();
        for (JsonNode of : List.of(run, run.path("controlTotals"), listed)) {
            assertThat(of.path("total").asString()).isEqualTo(total);
            assertThat(of.path("count").asInt()).isEqualTo(count);
        }
    }

    private static BigDecimal pounds(JsonNode of, String figure) {
        return new BigDecimal(of.path(figure).asString());
    }

    @Test
    void bankDetailsAreChangedByTwoPeopleAndPaymentsToThemWaitUntilTheyHaveCooledOff() {
        Opened moved = scheduled();
        String details = "/api/v1/accounts/%s/bank-details".formatted(moved.accountId());
        String changed = "{\"sortCode\":\"401020\",\"accountNumber\":\"87654321\"}";
        assertThat(finance()
                        .post(details, "{\"sortCode\":\"40102\",\"accountNumber\":\"87654321\"}")
                        .code())
                .isEqualTo("BANK_DETAILS_INVALID");
        assertThat(finance().post(details, "{}").code()).isEqualTo("BANK_DETAILS_INVALID");
        String superseded =
                ok(finance().post(details, changed)).json().path("changeId").asString();
        Caller.Answer proposed = ok(finance().post(details, changed));
        assertThat(proposed.json().path("modulusCheck").asString()).isEqualTo("OFF");
        String changeId = proposed.json().path("changeId").asString();
        assertThat(finance().post(details + "/" + changeId + "/approval", "{}").code())
                .isEqualTo("SEPARATION_OF_DUTIES");
        assertThat(approver()
                        .post(details + "/" + superseded + "/approval", "{}")
                        .code())
                .isEqualTo("BANK_DETAILS_CHANGE_NOT_FOUND");
        ok(approver().post(details + "/" + changeId + "/approval", "{}"));
        assertThat(approver().post(details + "/" + changeId + "/approval", "{}").code())
                .isEqualTo("BANK_DETAILS_CHANGE_NOT_FOUND");
        assertThat(finance()
                        .get("/api/v1/accounts/" + moved.accountId())
                        .json()
                        .path("bankDetails")
                        .asString())
                .isEqualTo("****4321");

        String runId = created("2025-04-30", "2025-05-14");
        String instalment = scheduleOf(moved) + ".1";
        assertThat(run(runId).path("held").toString()).contains(instalment, "BANK_DETAILS_CHANGED");
        ok(act(finance(), runId, "holds/" + instalment + "/release", "{}"));
        ok(act(approver(), runId, "approval", "{}"));
        assertThat(finance()
                        .get(RUNS + "/" + runId + "/file?format=bacs-standard-18")
                        .response()
                        .body())
                .contains("40102087654321099");
    }

    /** Rulebook 4.21. */
    @Test
    void aPaymentWhoseBankDetailsChangeBetweenSelectionAndApprovalGoesToNeitherAndTheNextRunTakesItToTheNewOnes() {
        String old = "200000%08d099".formatted(accounts);
        Opened moved = scheduled();
        Opened proposedOnly = scheduled();
        String runId = created("2025-04-30", "2025-05-19");
        String details = "/api/v1/accounts/%s/bank-details";
        String changed = "{\"sortCode\":\"401020\",\"accountNumber\":\"76543210\"}";
        ok(finance().post(details.formatted(proposedOnly.accountId()), changed));
        String changeId = ok(finance().post(details.formatted(moved.accountId()), changed))
                .json()
                .path("changeId")
                .asString();
        ok(approver().post(details.formatted(moved.accountId()) + "/" + changeId + "/approval", "{}"));
        ok(act(approver(), runId, "approval", "{}"));
        assertThat(run(runId).path("exceptions").toString())
                .contains(
                        "{\"instalmentId\":\"%s.1\",\"accountId\":\"%s\",\"code\":\"BANK_DETAILS_CHANGED\",\"net\":\"90.00\",\"state\":\"REFUSED\",\"resolved\":false}"
                                .formatted(scheduleOf(moved), moved.accountId()));
        assertThat(balance(moved)).isEqualTo("0.00");
        assertThat(balance(proposedOnly)).isEqualTo("90.00");
        String file = RUNS + "/%s/file?format=bacs-standard-18";
        assertThat(ok(finance().get(file.formatted(runId))).response().body()).doesNotContain(old, "76543210");

        String next = created("2025-04-30", "2025-05-20");
        assertThat(itemOf(run(next).path("held"), moved).path("exceptions").toString())
                .contains("BANK_DETAILS_CHANGED");
        ok(act(finance(), next, "holds/" + scheduleOf(moved) + ".1/release", "{}"));
        ok(act(approver(), next, "approval", "{}"));
        assertThat(balance(moved)).isEqualTo("90.00");
        assertThat(ok(finance().get(file.formatted(next))).response().body())
                .contains("40102076543210099")
                .doesNotContain(old);
        assertThat(itemOf(run(runId).path("items"), moved).path("state").asString())
                .isEqualTo("RESOLVED");
    }

    @Test
    void aPayeeWithoutALatinLetterIsNotProvidedAndAFileThatWasRecordedWithoutWordsForThatStaysAsItWas()
            throws Exception {
        Opened ids = scheduled();
        String consents = "/api/v1/budgets/%s/consents".formatted(ids.budgetId());
        ok(finance().post(consents, """
                {"recipientType":"PARENT","recipientName":"\u03a3\u03a9","on":"2025-04-02"}"""));
        String runId = created("2025-04-30", "2025-05-21");
        ok(act(approver(), runId, "approval", "{}"));
        String file = RUNS + "/" + runId + "/file?format=bacs-standard-18";
        String bytes = ok(finance().get(file)).response().body();
        assertThat(bytes).contains("NOT PROVIDED      \r\n");

        String before = bytes.replace("NOT PROVIDED", " ".repeat(12));
        recordedInstead(runId, sha256(bytes), sha256(before));
        assertThat(ok(finance().get(file)).response().body()).isEqualTo(before);
        recordedInstead(runId, sha256(before), "ab".repeat(32));
        assertThat(finance().get(file).code()).isEqualTo("FIGURE_UNAVAILABLE");
    }

    /** A platform has the reference alone to tell whose card to load. */
    @Test
    void cardsThatABanksFileWouldNameAlikeAreNotLoadedAndOthersAreByTheirReferenceAsItIs() throws Exception {
        Opened one = scheduled("{\"cardRef\":\"tok_live_4711_0815_aB3f\"}", "10.00");
        Opened other = scheduled("{\"cardRef\":\"tok_live_4711_0815_aB3g\"}", "10.00");
        Opened alone = scheduled("{\"cardRef\":\"tok_4712\"}", "10.00");
        Opened shared = scheduled("{\"cardRef\":\"tok_4712\"}", "10.00");
        String runId = created("2025-04-30", "2025-05-22");
        JsonNode run = run(runId);
        for (Opened alike : List.of(one, other)) {
            JsonNode held = itemOf(run.path("held"), alike);
            assertThat(held.path("exceptions").toString()).contains("NO_BANK_DETAILS");
            Caller.Answer released = act(finance(), runId, "holds/" + scheduleOf(alike) + ".1/release", "{}");
            assertThat(released.code()).isEqualTo("NO_BANK_DETAILS");
            assertThat(released.json().path("detail").asString()).contains("card like another");
        }
        assertThat(instalments(run.path("items"))).contains(scheduleOf(alone) + ".1", scheduleOf(shared) + ".1");

        ok(act(approver(), runId, "approval", "{}"));
        String file = RUNS + "/" + runId + "/file?format=";
        assertThat(ok(finance().get(file + "bacs-standard-18")).response().body())
                .contains("TOK 4712          ")
                .doesNotContain("TOK LIVE");
        String pain = ok(finance().get(file + "pain.001.001.09")).response().body();
        assertThat(pain).contains("<Ustrd>tok_4712</Ustrd>");
        String before = pain.replace("tok_4712", "tok 4712");
        recordedInstead(runId, sha256(pain), sha256(before));
        assertThat(ok(finance().get(file + "pain.001.001.09")).response().body())
                .as("a file that was recorded with a blank instead stays as it was")
                .isEqualTo(before);
        for (Opened alike : List.of(one, other)) {
            ok(finance().post("/api/v1/accounts/%s/closure".formatted(alike.accountId()), "{\"on\":\"2025-05-22\"}"));
        }
    }

    private static JsonNode itemOf(JsonNode items, Opened ids) {
        return items.valueStream()
                .filter(item -> item.path("accountId").asString().equals(ids.accountId()))
                .findFirst()
                .orElseThrow();
    }

    private static String sha256(String file) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.US_ASCII)));
    }

    /** As if another version had written the file. */
    private void recordedInstead(String runId, String sha256, String other) {
        assertThat(jdbc.sql("UPDATE run_register SET document = replace(document::text, :old, :new)::jsonb"
                                + " WHERE id = :run AND document::text LIKE '%' || :old || '%'")
                        .param("run", runId)
                        .param("old", sha256)
                        .param("new", other)
                        .update())
                .isPositive();
    }

    @Test
    void aRevisedLineIsPaidAsRevisedAndAResumedAccountInArrears() {
        Opened ids = scheduled();
        String schedules = "/api/v1/accounts/%s/schedules".formatted(ids.accountId());
        ok(finance().post("/api/v1/budgets/%s/lines/L1/revision".formatted(ids.budgetId()), """
                {"annualAmount":"2400.00","from":"2025-05-01","reasons":"More hours"}"""));
        JsonNode instalments =
                ok(finance().get(schedules)).json().path("items").path(0).path("instalments");
        assertThat(instalments.path(0).path("amount").asString()).isEqualTo("100.00");
        assertThat(instalments.path(1).path("amount").asString()).isEqualTo("200.00");
        assertThat(instalments.path(1).path("net").asString()).isEqualTo("190.00");

        String account = "/api/v1/accounts/" + ids.accountId();
        ok(finance()
                .post(account + "/suspension", "{\"from\":\"2025-05-01\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}"));
        assertThat(states(schedules)).startsWith("SCHEDULED SUSPENDED SUSPENDED");
        ok(finance().post(account + "/resumption", "{\"on\":\"2025-06-15\"}"));
        assertThat(states(schedules)).startsWith("SCHEDULED SCHEDULED SCHEDULED");

        String runId = created("2025-06-30", "2025-06-30");
        ok(act(approver(), runId, "approval", "{}"));
        assertThat(balance(ids)).isEqualTo("470.00");
        assertThat(states(schedules)).startsWith("ISSUED ISSUED ISSUED SCHEDULED");
        ok(finance()
                .post(
                        "/api/v1/budgets/%s/end".formatted(ids.budgetId()),
                        "{\"on\":\"2025-07-15\",\"cause\":\"MOVED\"}"));
        assertThat(states(schedules)).startsWith("ISSUED ISSUED ISSUED SCHEDULED STOPPED STOPPED");
        assertThat(run(created("2025-12-31", "2025-07-14")).path("items").toString())
                .contains(scheduleOf(ids) + ".4")
                .doesNotContain(scheduleOf(ids) + ".5");
    }

    @Test
    void anInstalmentThatIsAgreedAnewAfterItsSelectionIsRefusedAndPaidByTheNextRunAtWhatItIsWorth() {
        Opened less = scheduled();
        Opened more = scheduled();
        Opened asItWas = scheduled();
        String runId = created("2025-05-31", "2025-06-02");
        revise(less, "600.00", "2025-05-01");
        revise(more, "2400.00", "2025-05-01");
        ok(act(approver(), runId, "approval", "{}"));
        for (Opened revised : List.of(less, more)) {
            assertThat(run(runId).path("exceptions").toString())
                    .contains(
                            "{\"instalmentId\":\"%s.2\",\"accountId\":\"%s\",\"code\":\"CALCULATION_STALE\",\"net\":\"90.00\",\"state\":\"REFUSED\",\"resolved\":false}"
                                    .formatted(scheduleOf(revised), revised.accountId()));
            assertThat(balance(revised)).isEqualTo("90.00");
        }
        assertThat(balance(asItWas)).isEqualTo("180.00");

        String next = created("2025-05-31", "2025-06-03");
        ok(act(approver(), next, "approval", "{}"));
        assertThat(balance(less)).isEqualTo("130.00");
        assertThat(balance(more)).isEqualTo("280.00");
        assertThat(balance(asItWas)).isEqualTo("180.00");
        assertThat(run(runId).path("items").toString()).doesNotContain("REFUSED");
    }

    /** Rulebook 4.7: 155.00 a week for ten days is 221.43. */
    @Test
    void aPeriodThatTheLineCutsIsPaidByItsDaysAndSaysWhich() {
        Opened ids = opened(
                "2025-04-01", "2025-04-10", "8060.00", LINE.replace("1200.00", "8060.00"), BANK.formatted(accounts++));
        String schedules = "/api/v1/accounts/%s/schedules".formatted(ids.accountId());
        String scheduled =
                "{\"scheduleId\":\"%s\",\"lineId\":\"L1\",\"frequency\":\"WEEKLY\",\"firstPayOn\":\"2025-04-07\"%s}";
        String before = ",\"coversFrom\":\"2025-0%s\"".formatted("3-31");
        assertThat(finance()
                        .post(schedules, scheduled.formatted(scheduleOf(ids), before))
                        .code())
                .isEqualTo("DATE_BEFORE_START");
        JsonNode agreed = ok(finance()
                        .post(schedules, scheduled.formatted(scheduleOf(ids), before.replace("03-31", "04-01"))))
                .json();
        String part = """
                {"instalmentId":"%s.1","number":1,"payOn":"2025-04-07","coversFrom":"2025-04-01","coversTo":"2025-04-10",\
                "amount":"221.43","contribution":"0.00","net":"221.43","state":"SCHEDULED"}""".formatted(scheduleOf(ids));
        assertThat(agreed.path("instalments").toString()).isEqualTo("[" + part + "]");
        assertThat(ok(finance().get(schedules))
                        .json()
                        .at("/items/0/instalments")
                        .toString())
                .isEqualTo("[" + part + "]");
        ok(act(approver(), created("2025-04-08", "2025-04-08"), "approval", "{}"));
        assertThat(balance(ids)).isEqualTo("221.43");
    }

    /** Rulebook 7.10, number 3: what was paid stays; of the new yearly amount what is left is paid, and then nothing. */
    @Test
    void afterACutInTheMiddleOfTheYearARunPaysWhatTheNewAmountLeavesAndListsNothingAboveIt() {
        Opened ids = scheduled();
        payInstalments(ids, 6);
        cut(ids, "900.00");
        assertThat(amounts(ids))
                .isEqualTo("100.00 100.00 100.00 100.00 100.00 100.00 75.00 75.00 75.00 75.00 0.00 0.00");
        assertThat(states("/api/v1/accounts/%s/schedules".formatted(ids.accountId())))
                .endsWith("ISSUED SCHEDULED SCHEDULED SCHEDULED SCHEDULED STOPPED STOPPED");
        JsonNode run = run(created("2026-03-31", "2026-03-31"));
        assertThat(run.path("held").toString()).doesNotContain(ids.accountId());
        assertThat(instalments(run.path("items")))
                .contains(scheduleOf(ids) + ".7", scheduleOf(ids) + ".10")
                .doesNotContain(scheduleOf(ids) + ".11", scheduleOf(ids) + ".12");
        ok(act(approver(), run.path("runId").asString(), "approval", "{}"));
        assertThat(paid(ids)).isEqualTo("900.00");
    }

    @Test
    void whereMoreWasPaidThanTheNewAmountNothingIsLeftToPay() {
        Opened ids = scheduled();
        payInstalments(ids, 6);
        cut(ids, "500.00");
        assertThat(amounts(ids)).endsWith("100.00 0.00 0.00 0.00 0.00 0.00 0.00");
        JsonNode run =
                run(ok(create("2026-03-31", "2026-03-31")).json().path("runId").asString());
        assertThat(instalments(run.path("items"))).noneMatch(id -> id.startsWith(scheduleOf(ids)));
        assertThat(instalments(run.path("held"))).noneMatch(id -> id.startsWith(scheduleOf(ids)));
        assertThat(paid(ids)).isEqualTo("600.00");
        ok(act(finance(), run.path("runId").asString(), "close", "{}"));
    }

    private void payInstalments(Opened ids, int count) {
        for (int i = 1; i <= count; i++) {
            ok(finance().post("/api/v1/accounts/%s/payments".formatted(ids.accountId()), """
                    {"lineId":"L1","instalmentId":"%s.%d","amount":"100.00","on":"2025-%02d-01"}""".formatted(
                            scheduleOf(ids), i, i + 3)));
        }
    }

    private void cut(Opened ids, String annualAmount) {
        revise(ids, annualAmount, "2025-10-01");
    }

    private void revise(Opened ids, String annualAmount, String from) {
        ok(finance().post("/api/v1/budgets/%s/lines/L1/revision".formatted(ids.budgetId()), """
                {"annualAmount":"%s","from":"%s","reasons":"Other hours","noticeGivenOn":"2025-04-01"}""".formatted(
                        annualAmount, from)));
    }

    private String amounts(Opened ids) {
        List<String> amounts = new ArrayList<>();
        ok(finance().get("/api/v1/accounts/%s/schedules".formatted(ids.accountId())))
                .json()
                .at("/items/0/instalments")
                .forEach(instalment -> amounts.add(instalment.path("amount").asString()));
        return String.join(" ", amounts);
    }

    private String paid(Opened ids) {
        return ok(finance().get("/api/v1/budgets/" + ids.budgetId()))
                .json()
                .at("/lines/0/paid")
                .asString();
    }

    private String states(String schedules) {
        List<String> states = new ArrayList<>();
        ok(finance().get(schedules))
                .json()
                .path("items")
                .path(0)
                .path("instalments")
                .forEach(instalment -> states.add(instalment.path("state").asString()));
        return String.join(" ", states);
    }

    @Test
    void overlappingRunsCreatedAtTheSameMomentNeverTakeTheSameInstalment() throws Exception {
        for (int i = 0; i < 4; i++) {
            scheduled();
        }
        ExecutorService officers = Executors.newFixedThreadPool(4);
        List<Future<Caller.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(officers.submit(() -> create("2025-06-30", "2025-07-01")));
        }
        // all of them there before one is closed: what a closed run held is anybody's
        List<Caller.Answer> all = new ArrayList<>();
        for (Future<Caller.Answer> answer : answers) {
            all.add(answer.get());
        }
        officers.shutdown();
        List<String> taken = new ArrayList<>();
        int created = 0;
        for (Caller.Answer answer : all) {
            if (answer.status() == 201) {
                created++;
                JsonNode run = run(answer.json().path("runId").asString());
                run.path("items")
                        .forEach(item -> taken.add(item.path("accountId").asString()
                                + item.path("instalmentId").asString()));
                run.path("held")
                        .forEach(item -> taken.add(item.path("accountId").asString()
                                + item.path("instalmentId").asString()));
                ok(act(finance(), run.path("runId").asString(), "close", "{}"));
            } else {
                assertThat(answer.code()).isEqualTo("EMPTY_RUN");
            }
        }
        assertThat(created).isPositive();
        assertThat(taken).doesNotHaveDuplicates();
    }

    @Test
    void creatingTwiceUnderOneKeyIsOneRunAndADayWithoutBanksIsRefused() {
        scheduled();
        assertThat(create("2025-04-30", "2025-05-05").code()).isEqualTo("PAY_DATE_NOT_WORKING_DAY");
        assertThat(create("2025-04-30", "2025-05-10").code()).isEqualTo("PAY_DATE_NOT_WORKING_DAY");
        String body = "{\"cutOff\":\"2025-04-30\",\"payDate\":\"2025-05-13\"}";
        Caller.Answer first = ok(finance().post(RUNS, body, "Idempotency-Key", "run-once"));
        Caller.Answer second = ok(finance().post(RUNS, body, "Idempotency-Key", "run-once"));
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.response().body()).isEqualTo(first.response().body());
        String runId = first.json().path("runId").asString();
        assertThat(finance()
                        .post(
                                RUNS,
                                "{\"runId\":\"%s\",\"cutOff\":\"2025-04-30\",\"payDate\":\"2025-05-13\"}"
                                        .formatted(runId))
                        .code())
                .isEqualTo("ID_ALREADY_USED");
        JsonNode before = run(runId, "&asOf=2025-01-01");
        assertThat(before.path("state").isNull()).isTrue();
        assertThat(before.path("total").asString()).isEqualTo("0.00");
        assertThat(finance().get(RUNS + "/none").code()).isEqualTo("RUN_NOT_FOUND");
        ok(act(finance(), runId, "close", ""));
    }
}
