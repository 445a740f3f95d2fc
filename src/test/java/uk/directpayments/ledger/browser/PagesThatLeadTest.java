package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/** Where a page leads, what it offers, and what of a list or a line it shows. */
class PagesThatLeadTest extends RunningLedger {

    private static final String API = "/api/v1";
    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());

    /** Banks that name nobody say in their own words who paid: without them a line is a date and an amount. */
    @Test
    void aLineOfABankIsShownWithItsOwnWordsAlsoWhereItIsMatched() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String statement = statement(account, "FROM MUM PRESENT", "30.00");
        var line = finance()
                .get(API + "/statements/" + statement + "/lines")
                .json()
                .at("/items/0");
        assertThat(line.path("payee").isNull()).isTrue();
        assertThat(line.path("description").asString()).isEqualTo("FROM MUM PRESENT");
        Visitor finance = Visitor.as("finance", port);
        String page = "/statements/" + statement;
        for (String below : new String[] {"", "/match", "/split"}) {
            String path = below.isEmpty()
                    ? page
                    : page + "/lines/" + line.path("lineId").asString() + below;
            assertThat(finance.get(path).body()).as(path).contains("FROM MUM PRESENT");
        }
    }

    @Test
    void thePartsOfALineThatWasSplitAreToldApart() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String statement = statement(account, "FROM MUM PRESENT", "30.00");
        String line = finance()
                .get(API + "/statements/" + statement + "/lines")
                .json()
                .at("/items/0/lineId")
                .asString();
        ok(finance()
                .post(
                        API + "/statements/" + statement + "/lines/" + line + "/split",
                        "{\"amounts\":[\"10.00\",\"20.00\"]}"));

        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/statements/" + statement).body())
                .contains("> line " + line + "<", "> line " + line + ".2<", "<span>" + line + ".2</span>");
        assertThat(finance.get("/statements/" + statement + "/lines/" + line + ".2/match")
                        .body())
                .contains(">" + line + ".2</dd>");
    }

    @Test
    void aStatementWithALineThatWaitsIsFoundAgainFromItsAccountAndByItsNumber() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String statement = statement(account, "FROM MUM PRESENT", "30.00");
        Visitor finance = Visitor.as("finance", port);
        String report = "/reports/unreconciled?accountId=" + account;
        assertThat(finance.get("/accounts/" + account).body()).contains("href=\"" + report + "\"");
        assertThat(finance.get(report).body()).contains("href=\"/statements/" + statement + "\"");
        assertThat(finance.get("/find?q=" + statement).headers().firstValue("Location"))
                .hasValueSatisfying(there -> assertThat(there).endsWith("/statements/" + statement));
    }

    @Test
    void theLinesOfAStatementThatWaitAndThoseThatAreLeftOutAreCountedOnItsPage() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String statement = statement(account, "FROM MUM PRESENT", "30.00");
        Visitor finance = Visitor.as("finance", port);
        String tile = ">%s</p><p class=\"ledger-tile__words\">%s</p>";
        assertThat(finance.get("/statements/" + statement).body())
                .contains(tile.formatted(1, "waiting for a match"), tile.formatted(0, "left out"));
        String line = finance()
                .get(API + "/statements/" + statement + "/lines")
                .json()
                .at("/items/0/lineId")
                .asString();
        ok(finance()
                .post(
                        API + "/statements/" + statement + "/lines/" + line + "/ignore",
                        "{\"reason\":\"her own money\"}"));
        assertThat(finance.get("/statements/" + statement).body())
                .contains(
                        tile.formatted(0, "waiting for a match"),
                        tile.formatted(1, "left out"),
                        tile.formatted(0, "recorded"));
    }

    /** Rulebook 4.20: the case goes elsewhere, what is outstanding stays to be paid back. */
    @Test
    void aFlagThatWasReferredAsFraudIsStillPaidBackOnItsPage() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String spent = ok(finance()
                        .post(
                                API + "/accounts/" + account + "/expenditures",
                                "{\"amount\":\"30.00\",\"on\":\"2026-03-02\",\"payee\":\"Shop\"}"))
                .json()
                .path("expenditureId")
                .asString();
        String flag = "/flags/"
                + ok(approver().post(API + "/flags", """
                        {"accountId":"%s","transactionId":"%s","reason":"CASH","amount":"30.00","explanation":"Whose was it?"}""".formatted(account, spent)))
                        .json()
                        .path("flagId")
                        .asString();
        ok(finance()
                .post(
                        API + flag + "/upholding",
                        "{\"amount\":\"20.00\",\"ground\":\"PROHIBITED\",\"reason\":\"Cash\",\"waiver\":true}"));
        ok(finance().post(API + flag + "/fraud-referral", "{\"reference\":\"CASE-1\"}"));
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get(flag).body())
                .contains(flag + "/repayment-request\"", flag + "/repayments\"", flag + "/write-off\"")
                .doesNotContain(flag + "/fraud-referral\"");
        ok(finance()
                .post(
                        API + flag + "/repayments",
                        "{\"amount\":\"20.00\",\"on\":\"%s\",\"method\":\"FUTURE_PAYMENTS\"}".formatted(TODAY)));
        assertThat(finance.get(flag).body())
                .contains("Kept back from payments")
                .doesNotContain(flag + "/repayments\"", flag + "/write-off\"");
    }

    @Test
    void theCountOfFlagsToDecideLeadsToThoseAndNoOthers() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String raised = bet(account, "RAISED");
        String asked = bet(account, "ASKED");
        String dismissed = bet(account, "DISMISSED");
        ok(finance().post(API + asked + "/evidence-request", "{\"due\":\"%s\"}".formatted(TODAY.plusDays(7))));
        ok(finance().post(API + dismissed + "/dismissal", "{\"reason\":\"A raffle\"}"));
        Visitor finance = Visitor.as("finance", port);
        String toDecide = "/flags?state=TO_DECIDE";
        assertThat(finance.get("/").body()).contains("href=\"" + toDecide + "\"");
        assertThat(finance.get(toDecide + "&accountId=" + account).body())
                .contains("selected=\"selected\">To decide<", "href=\"" + raised + "\"", "href=\"" + asked + "\"")
                .doesNotContain(dismissed + "\"");
        assertThat(finance.get("/flags?accountId=" + account).body()).contains(dismissed + "\"");

        List<String> all = new ArrayList<>();
        String page = finance.get(toDecide).body();
        for (String next = page; next != null; ) {
            String body = next;
            Pattern.compile("scope=\"row\"><a class=\"govuk-link\" href=\"(/flags/[^\"]+)\"")
                    .matcher(body)
                    .results()
                    .forEach(flag -> all.add(flag.group(1)));
            var more = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"").matcher(body);
            next = more.find()
                    ? finance.get(more.group(1).replace("&amp;", "&")).body()
                    : null;
        }
        assertThat(all)
                .hasSize(finance()
                        .get(API + "/flags/summary")
                        .json()
                        .path("count")
                        .asInt())
                .doesNotHaveDuplicates()
                .contains(raised, asked);
    }

    @Test
    void ofSpendingThatHasComeBackARepaymentIsStillRecordedAndNoDecisionLookedAtAgain() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String upheld = bet(account, "UPHELD");
        String dismissed = bet(account, "DISMISSED");
        ok(finance()
                .post(
                        API + upheld + "/upholding",
                        "{\"amount\":\"20.00\",\"ground\":\"PROHIBITED\",\"reason\":\"A bet\",\"waiver\":true}"));
        ok(finance().post(API + dismissed + "/dismissal", "{\"reason\":\"A raffle\"}"));
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get(dismissed).body()).contains(dismissed + "/reopening\"");
        for (String spent : List.of("UPHELD", "DISMISSED")) {
            ok(finance()
                    .post(
                            API + "/accounts/" + account + "/expenditures/" + spent + "/reversal",
                            "{\"reason\":\"Charged by mistake\"}"));
        }
        assertThat(finance.get(dismissed).body()).doesNotContain(dismissed + "/reopening\"");
        assertThat(finance.get(upheld).body())
                .contains(upheld + "/repayments\"")
                .doesNotContain(upheld + "/repayment-request\"", upheld + "/write-off\"");
        ok(finance()
                .post(
                        API + upheld + "/repayments",
                        "{\"amount\":\"20.00\",\"on\":\"%s\",\"method\":\"BANK_TRANSFER\"}".formatted(TODAY)));
        assertThat(finance.get(upheld).body()).doesNotContain(upheld + "/repayments\"");
    }

    @Test
    void ofWhatWasUpheldAndIsInQuestionNoMoreTheDecisionIsLookedAtAgain() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        ok(finance()
                .post(
                        API + "/accounts/" + account + "/expenditures",
                        "{\"expenditureId\":\"FOOD\",\"amount\":\"20.00\",\"on\":\"%s\",\"payee\":\"Shop\",\"mcc\":\"5411\"}"
                                .formatted(TODAY)));
        String flag = "/flags/"
                + ok(finance().get(API + "/flags?reason=EVERYDAY_LIVING&accountId=" + account))
                        .json()
                        .at("/items/0/flagId")
                        .asString();
        ok(finance()
                .post(
                        API + flag + "/upholding",
                        "{\"amount\":\"20.00\",\"ground\":\"OFF_PLAN\",\"reason\":\"Food\",\"waiver\":true}"));
        ok(finance()
                .post(
                        API + "/accounts/" + account + "/expenditures/FOOD/reclassification",
                        "{\"category\":\"ACTIVITY\",\"reason\":\"Cookery class\"}"));
        assertThat(ok(finance().get(API + flag)).json().path("causeGone").asBoolean())
                .isTrue();
        assertThat(Visitor.as("finance", port).get(flag).body()).contains(flag + "/reopening\"");
    }

    /** The flag of spending with an id, on a day of its own. */
    private String bet(String account, String id) {
        ok(finance()
                .post(
                        API + "/accounts/" + account + "/expenditures",
                        "{\"expenditureId\":\"%s\",\"amount\":\"20.00\",\"on\":\"2026-03-02\",\"payee\":\"%s Ltd\",\"mcc\":\"7995\"}"
                                .formatted(id, id)));
        return ok(finance().get(API + "/flags?reason=GAMBLING&accountId=" + account))
                .json()
                .path("items")
                .valueStream()
                .filter(flag -> flag.path("transactionId").asString().equals(id))
                .map(flag -> "/flags/" + flag.path("flagId").asString())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAClosedAccountRefusesAndAPlannedStayIsNotOffered() {
        Opened opened = opened("2026-02-01", "2027-01-31", "1200.00");
        String account = "/accounts/" + opened.accountId();
        String[] refused = {
            "/payments\"", "/schedules\"", "/bank-details\"", "/reserves\"", "/liabilities\"", "/recoveries\""
        };
        for (int i = 0; i < refused.length; i++) {
            refused[i] = "href=\"" + account + refused[i];
        }
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get(account).body()).contains(refused);
        String people = "/people/" + opened.personId();
        ok(finance()
                .post(
                        API + people + "/residential-stays",
                        "{\"stayId\":\"OPEN-PLAN\",\"accountId\":\"%s\",\"provider\":\"Home\",\"setting\":\"CHILDRENS_HOME\",\"admitted\":\"%s\",\"fundedByDirectPayment\":false,\"status\":\"PLANNED\"}"
                                .formatted(opened.accountId(), TODAY.plusDays(7))));
        assertThat(finance.get(people + "/residential").body())
                .contains("/OPEN-PLAN/confirmation\"")
                .doesNotContain("/OPEN-PLAN/discharge\"");

        ok(finance().post(API + account + "/closure", "{\"on\":\"%s\"}".formatted(TODAY)));
        assertThat(finance.get(account).body())
                .contains("href=\"" + account + "/expenditures\"")
                .doesNotContain(refused);
        ok(finance().post(API + account + "/contributions", "{\"amount\":\"5.00\",\"on\":\"%s\"}".formatted(TODAY)));
        assertThat(finance.get(account).body()).contains("href=\"" + account + "/recoveries\"");
        assertThat(finance.get(people + "/residential-stays").body())
                .as("a stay may come to light after the closure")
                .containsPattern(opened.accountId() + ", [^<]*, closed");
    }

    @Test
    void aRecoveryThatIsProposedIsNamedTodayUntilASecondPersonHasApprovedIt() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String path = API + "/accounts/" + account;
        ok(finance().post(path + "/contributions", "{\"amount\":\"300.00\",\"on\":\"%s\"}".formatted(TODAY)));
        String link = "href=\"/accounts/" + account + "#recoveries\"";
        Visitor approver = Visitor.as("approver", port);
        assertThat(approver.get("/").body()).doesNotContain(link);
        String recovery = ok(finance().post(path + "/recoveries", "{\"amount\":\"50.00\"}"))
                .json()
                .path("recoveryId")
                .asString();
        assertThat(approver.get("/").body()).contains("Recoveries to approve", link);
        ok(approver().post(path + "/recoveries/" + recovery + "/approval", "{}"));
        assertThat(approver.get("/").body()).doesNotContain(link);
    }

    @Test
    void aReportThatIsRefusedStillShowsWhatItWasAskedSoThatItCanBeAskedOtherwise() {
        HttpResponse<String> answer = Visitor.as("finance", port).get("/reports/flags?state=NONSENSE&reason=CASH");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("There is a problem", "name=\"state\" value=\"NONSENSE\"", "name=\"reason\" value=\"CASH\"")
                .contains("/reports/flags/file?state=NONSENSE", "format=xlsx");
    }

    @Test
    void whoeverMayReadOrganisationsAndPoliciesIsLedToThemAlsoFromTheAccountOfOne() {
        String budget = opened("2026-02-01", "2027-01-31", "1200.00").budgetId();
        String account = fresh("A");
        String organisation = fresh("ORG");
        Caller admin = Caller.as("admin", port);
        ok(admin.post(
                API + "/organisations", "{\"organisationId\":\"%s\",\"name\":\"Helpers\"}".formatted(organisation)));
        ok(finance().post(API + "/accounts", """
                {"accountId":"%s","budgetId":"%s","type":"MANAGED","holderType":"PARENT","organisationId":"%s","openedOn":"2026-02-01"}""".formatted(account, budget, organisation)));
        String its = "href=\"/organisations/" + organisation + "\"";
        for (String user : new String[] {"finance", "auditor", "admin"}) {
            Visitor reader = Visitor.as(user, port);
            assertThat(reader.get("/accounts/" + account).body())
                    .as(user)
                    .contains("href=\"/organisations\"", "href=\"/policies\"", its);
            assertThat(reader.get("/organisations/" + organisation).statusCode())
                    .as(user)
                    .isEqualTo(200);
            assertThat(reader.get("/policies").statusCode()).as(user).isEqualTo(200);
        }
    }

    @Test
    void anAccountThatIsSilentInSeveralWaysIsCountedOnceToday() {
        opened(TODAY.minusDays(300).toString(), TODAY.plusDays(60).toString(), "1200.00");
        List<JsonNode> rows = finance()
                .get(API + "/reports/returns-due")
                .json()
                .path("items")
                .valueStream()
                .toList();
        long returns = rows.stream()
                .filter(row -> row.path("kind").asString().equals("RETURN"))
                .count();
        long silent = rows.stream()
                .filter(row -> !row.path("kind").asString().equals("RETURN"))
                .map(row -> row.path("accountId").asString())
                .distinct()
                .count();
        assertThat(returns + silent).isLessThan(rows.size());
        assertThat(Visitor.as("finance", port).get("/").body().replaceAll(">\\s+<", "><"))
                .contains(">" + (returns + silent)
                        + "</p><p class=\"ledger-tile__words\"><a class=\"govuk-link\" href=\"/reports/returns-due\"");
    }

    @Test
    void whoIsNearAResidentialLimitIsNamedToday() {
        Opened opened =
                opened(TODAY.minusDays(60).toString(), TODAY.plusDays(300).toString(), "1200.00");
        String people = "/people/" + opened.personId();
        ok(finance()
                .post(
                        API + people + "/residential-stays",
                        "{\"stayId\":\"LONG\",\"accountId\":\"%s\",\"provider\":\"Home\",\"setting\":\"CHILDRENS_HOME\",\"admitted\":\"%s\",\"fundedByDirectPayment\":true,\"status\":\"ACTUAL\"}"
                                .formatted(opened.accountId(), TODAY.minusDays(40))));
        String named = "href=\"" + people + "/residential\"";
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/").body()).contains("Near a residential limit", "/residential\"");
        assertThat(finance.get("/reports").body()).contains("href=\"/residential-days/near-limits\"");
        String cursor = "";
        String page;
        do {
            page = finance.get("/residential-days/near-limits" + cursor).body();
            var next =
                    Pattern.compile("rel=\"next\" href=\"[^\"]*(\\?[^\"]*)\"").matcher(page);
            cursor = next.find() ? next.group(1) : "";
        } while (!page.contains(named) && !cursor.isEmpty());
        assertThat(page).contains(named, ">Over<", "Four weeks in one stay");
        assertThat(Visitor.as("support", port)
                        .get("/residential-days/near-limits")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aStayThatAnotherCouncilPaysForIsRecordedAndShownWithIt() {
        Opened opened = opened("2026-02-01", "2027-01-31", "1200.00");
        String people = "/people/" + opened.personId();
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get(people + "/residential-stays").body()).contains("name=\"sourceAuthority\"");
        HttpResponse<String> answer = finance.post(
                people + "/residential-stays",
                "key",
                fresh("KEY"),
                "accountId",
                opened.accountId(),
                "provider",
                "Home",
                "setting",
                "CHILDRENS_HOME",
                "admitted-day",
                "2",
                "admitted-month",
                "3",
                "admitted-year",
                "2026",
                "fundedByDirectPayment",
                "true",
                "sourceAuthority",
                "Southshire",
                "status",
                "ACTUAL");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        assertThat(finance.get(people + "/residential").body()).contains("paid for by Southshire");
    }

    @Test
    void whereMoneyIsToGoInsteadIsNamedTodayUntilASecondPersonHasApprovedIt() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        String link = "href=\"/accounts/" + account + "\"";
        String changeId = ok(finance()
                        .post(
                                API + "/accounts/" + account + "/bank-details",
                                "{\"sortCode\":\"112233\",\"accountNumber\":\"12344321\"}"))
                .json()
                .path("changeId")
                .asString();
        Visitor approver = Visitor.as("approver", port);
        assertThat(approver.get("/").body()).contains("Changes of where money goes to approve", link);
        assertThat(awaiting("&asOf=" + TODAY.minusDays(1))).doesNotContain("\"" + account + "\"");
        String approval = "/accounts/" + account + "/bank-details/" + changeId + "/approval";
        assertThat(approver.get(approval).body()).contains("****4321", "Only the last four");
        ok(approver().post(API + approval, "{}"));
        assertThat(awaiting("")).doesNotContain("\"" + account + "\"");
        assertThat(finance().get(API + "/accounts?awaiting=NOBODY").status()).isEqualTo(400);
        ok(finance()
                .post(
                        API + "/accounts/" + account + "/bank-details",
                        "{\"sortCode\":\"112233\",\"accountNumber\":\"12344321\"}"));
        assertThat(awaiting("")).contains("\"" + account + "\"");
        ok(finance().post(API + "/accounts/" + account + "/closure", "{\"on\":\"%s\"}".formatted(TODAY)));
        assertThat(awaiting("")).as("closed").doesNotContain("\"" + account + "\"");
    }

    private String awaiting(String more) {
        return ok(finance().get(API + "/accounts?limit=500&awaiting=BANK_DETAILS_APPROVAL" + more))
                .json()
                .toString();
    }

    /** One line of a bank that names no payee. */
    private String statement(String account, String words, String amount) {
        return ok(finance()
                        .upload(
                                API + "/statements",
                                "Date,Description,Amount,Balance\n2026-03-05,%s,%s,%2$s\n".formatted(words, amount),
                                "accountId",
                                account,
                                "format",
                                "csv"))
                .json()
                .path("statementId")
                .asString();
    }
}
