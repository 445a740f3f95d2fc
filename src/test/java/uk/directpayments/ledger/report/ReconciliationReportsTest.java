package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** The reports of what bank and ledger do not say alike, and of what holders owe the council besides money. Rulebook 4.19, 4.21. */
class ReconciliationReportsTest extends RunningLedger {

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate from = today.minusDays(200);
    private final LocalDate to = from.plusYears(1).minusDays(1);

    @Test
    void linesWithoutATransactionAndTransactionsWithoutALineAreListedByAge() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        spend(account, "SEEN", "5.00", today.minusDays(40));
        spend(account, "UNSEEN", "7.00", today.minusDays(100));
        spend(account, "WRONG", "9.00", today.minusDays(50));
        post(account, "/expenditures/WRONG/reversal", "'reason':'typing error'");
        String known = Instant.now().toString();
        send(
                account,
                "Date,Amount,Who,Ref\n%s,-5.00,Carer,\n%s,12.00,Aunt,\n%s,-7.00,Other,\n"
                        .formatted(today.minusDays(40), today.minusDays(20), today.minusDays(98)));

        JsonNode report = get("unreconciled?accountId=" + account);
        assertThat(rows(report, "BANK_LINE", "on", "days", "age", "bankAmount", "ledgerAmount", "state"))
                .containsExactly(
                        List.of(today.minusDays(20).toString(), "20", "0-30", "12.00", "", "UNMATCHED"),
                        List.of(today.minusDays(98).toString(), "98", "91-180", "-7.00", "", "SUGGESTED"));
        assertThat(rows(report, "LEDGER_TRANSACTION", "transactionId", "days", "ledgerAmount", "bankAmount"))
                .containsExactly(List.of("UNSEEN", "100", "-7.00", ""));
        assertThat(rows(report, "NO_STATEMENT", "accountId")).isEmpty();
        assertThat(report.at("/totals/bankAmount").asString()).isEqualTo("5.00");
        assertThat(report.at("/totals/ledgerAmount").asString()).isEqualTo("-7.00");

        // before the statement came, nothing was matched; and on a day before, less had happened
        JsonNode before = get("unreconciled?accountId=" + account + "&knownAt=" + known);
        assertThat(rows(before, "BANK_LINE", "on")).isEmpty();
        assertThat(rows(before, "LEDGER_TRANSACTION", "transactionId"))
                .containsExactly(List.of("UNSEEN"), List.of("SEEN"));
        assertThat(rows(get("unreconciled?accountId=" + account + "&asOf=" + today.minusDays(99)), null, "kind"))
                .containsExactly(List.of("LEDGER_TRANSACTION"), List.of("NO_STATEMENT"));

        String line = report.at("/items/1/lineId").asString();
        String statement = report.at("/items/1/statementId").asString();
        ok(finance()
                .post(
                        "/api/v1/statements/" + statement + "/lines/" + line + "/match",
                        "{\"transactionIds\":[\"UNSEEN\"]}"));
        JsonNode after = get("unreconciled?accountId=" + account);
        assertThat(rows(after, null, "kind")).containsExactly(List.of("BANK_LINE"));
    }

    @Test
    void aLineOfABankThatTheImportRefusedIsListedWithItsReasonUntilItIsIgnored() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        String known = Instant.now().toString();
        Caller.Answer sent = ok(upload(
                account,
                "Date,Amount,Who,Ref\n%s,-5.00,Carer,\n%s,0.00,Nobody,\n"
                        .formatted(from.minusDays(5), today.minusDays(40))));
        String statement = sent.json().path("statementId").asString();
        assertThat(sent.json().path("rejected").size()).isEqualTo(2);

        String[] columns = {"statementId", "lineId", "on", "days", "age", "bankAmount", "code"};
        List<String> early =
                List.of(statement, "2", from.minusDays(5) + "", "205", "181+", "-5.00", "DATE_BEFORE_OPENING");
        // of a line that could not be read only the day on which it came in is known
        List<String> nothing = List.of(statement, "3", today.toString(), "0", "0-30", "", "AMOUNT_ZERO");
        JsonNode report = get("unreconciled?accountId=" + account);
        assertThat(rows(report, "REFUSED_LINE", columns)).containsExactly(early, nothing);
        assertThat(report.at("/totals/bankAmount").asString()).isEqualTo("-5.00");
        assertThat(rows(get("unreconciled?accountId=" + account + "&asOf=" + today.minusDays(1)), "REFUSED_LINE", "on"))
                .containsExactly(List.of(from.minusDays(5).toString()));
        assertThat(rows(get("unreconciled?accountId=" + account + "&knownAt=" + known), "REFUSED_LINE", "on"))
                .isEmpty();

        String line = "/api/v1/statements/" + statement + "/lines/3/";
        assertThat(finance()
                        .post(line + "match", "{\"transactionIds\":[\"X\"]}")
                        .code())
                .isEqualTo("LINE_NOT_FOUND");
        assertThat(finance()
                        .post(line + "split", "{\"amounts\":[\"1.00\",\"2.00\"]}")
                        .code())
                .isEqualTo("LINE_NOT_FOUND");
        assertThat(finance().post(line + "unmatch", "{\"reason\":\"why\"}").code())
                .isEqualTo("LINE_NOT_MATCHED");
        assertThat(finance().post(line + "ignore", "{}").code()).isEqualTo("REASONS_REQUIRED");
        String before = Instant.now().toString();
        assertThat(ok(finance().post(line + "ignore", "{\"reason\":\"nothing\"}"))
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("IGNORED");
        assertThat(finance().post(line + "ignore", "{\"reason\":\"nothing\"}").code())
                .isEqualTo("LINE_ALREADY_MATCHED");
        assertThat(rows(get("unreconciled?accountId=" + account), "REFUSED_LINE", columns))
                .containsExactly(early);
        assertThat(rows(get("unreconciled?accountId=" + account + "&knownAt=" + before), "REFUSED_LINE", "lineId"))
                .containsExactly(List.of("2"), List.of("3"));
        JsonNode ignored = ok(finance().get("/api/v1/statements/" + statement + "/lines?state=IGNORED"))
                .json()
                .path("items");
        assertThat(ignored).hasSize(1);
        assertThat(List.of(
                        ignored.at("/0/lineId").asString(),
                        ignored.at("/0/payee").isNull()))
                .containsExactly("3", true);
        // what the import made of the file stays
        assertThat(ok(finance().get("/api/v1/statements/" + statement))
                        .json()
                        .path("rejected")
                        .size())
                .isEqualTo(2);
        assertThat(ok(finance().post(line + "unmatch", "{\"reason\":\"a slip\"}"))
                        .json()
                        .path("state")
                        .isNull())
                .isTrue();
        assertThat(rows(get("unreconciled?accountId=" + account), "REFUSED_LINE", columns))
                .containsExactly(early, nothing);
    }

    @Test
    void aLineOfTomorrowAndOneThatContradictsAnotherAreListedWithTheirAmountsOnceHoweverOftenTheyAreSent() {
        String card = fresh("CARD");
        String account = opened(from.toString(), to.toString(), "1000.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE",
                "annualAmount":"1000.00"}]""", "{\"cardRef\":\"" + card + "\"}")
                .accountId();
        LocalDate day = today.minusDays(40);
        LocalDate tomorrow = today.plusDays(1);
        String bank = "Date,Payee,Amount,Reference\n%s,A,-5.00,R1\n%s,B,-5.00,R1\n%s,C,-7.00,\n"
                .formatted(day, day, tomorrow);
        String feed = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n"
                + "%s,T1,%sT12:00:00Z,PURCHASE,-8.00,GBP,Shop,5411\n".formatted(card, tomorrow);
        String spending = "accountId,on,amount,payee\n%s,%s,9.00,Shop\n".formatted(account, tomorrow);
        String mapping = "{\"date\":\"Date\",\"payee\":\"Payee\",\"amount\":\"Amount\",\"reference\":\"Reference\"}";
        for (int sent = 0; sent < 2; sent++) {
            ok(finance().upload("/api/v1/statements", bank, "accountId", account, "mapping", mapping));
            ok(finance().upload("/api/v1/statements", feed));
            ok(finance().upload("/api/v1/statements", spending));
        }

        JsonNode report = get("unreconciled?accountId=" + account);
        assertThat(rows(report, "REFUSED_LINE", "on", "bankAmount", "code"))
                .as(report.toString())
                .containsExactlyInAnyOrder(
                        List.of(day.toString(), "-5.00", "DUPLICATE_TRANSACTION"),
                        List.of(today.toString(), "-7.00", "DATE_IN_FUTURE"),
                        List.of(today.toString(), "-8.00", "DATE_IN_FUTURE"),
                        List.of(today.toString(), "", "DATE_IN_FUTURE"));

        String line = rows(report, "REFUSED_LINE", "bankAmount", "statementId", "lineId").stream()
                .filter(row -> row.get(0).equals("-7.00"))
                .map(row -> "/api/v1/statements/" + row.get(1) + "/lines/" + row.get(2))
                .findFirst()
                .orElseThrow();
        assertThat(ok(finance().get(line)).json().path("payee").asString()).isEqualTo("C");
        ok(finance().post(line + "/ignore", "{\"reason\":\"a slip\"}"));
        String lines = line.substring(0, line.lastIndexOf('/'));
        assertThat(ok(finance().get(lines + "?state=IGNORED")).json().path("items"))
                .hasSize(1);
        assertThat(rows(get("unreconciled?accountId=" + account), "REFUSED_LINE", "bankAmount"))
                .doesNotContain(List.of("-7.00"));
    }

    @Test
    void aLineOfACardThatNobodyHadIsListedOnceUntilItComesAgainForAnAccount() {
        String card = fresh("CARD");
        String feed = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n"
                + "%1$s,T1-%1$s,%2$sT12:00:00Z,PURCHASE,-5.00,GBP,Shop,5411\n".formatted(card, today.minusDays(100))
                + "%1$s,T2-%1$s,,PURCHASE,-6.00,GBP,Shop,5411\n".formatted(card)
                + "%1$s,T3-%1$s,%2$sT12:00:00Z,PURCHASE,5.00,GBP,Shop,5411\n".formatted(card, today.minusDays(100));
        String first = ok(finance().upload("/api/v1/statements", feed))
                .json()
                .path("statementId")
                .asString();
        ok(finance().upload("/api/v1/statements", feed.replace("T3-", "T4-")));

        // what has not settled is no line of the bank's yet; the purchase is one line, however often it was sent
        String[] columns = {"accountId", "lineId", "on", "age", "bankAmount", "code"};
        List<String> purchase =
                List.of("", "2", today.minusDays(100).toString(), "91-180", "-5.00", "ACCOUNT_NOT_FOUND");
        assertThat(ofStatement(get("unreconciled"), first, columns))
                .containsExactly(purchase, List.of("", "4", today.toString(), "0-30", "", "AMOUNT_SIGN_WRONG"));
        assertThat(rows(get("unreconciled"), "REFUSED_LINE", "code", "on").stream()
                        .filter(row -> row.get(0).equals("ACCOUNT_NOT_FOUND")
                                && row.get(1).equals(today.minusDays(100).toString())))
                .hasSize(1);
        assertThat(ofStatement(get("unreconciled?accountId=" + fresh("A")), first, columns))
                .isEmpty();
        assertThat(ofStatement(get("unreconciled?organisationId=" + fresh("O")), first, columns))
                .isEmpty();

        String known = Instant.now().toString();
        opened(from.toString(), to.toString(), "1000.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE",
                "annualAmount":"1000.00"}]""", "{\"cardRef\":\"" + card + "\"}");
        assertThat(ok(finance().upload("/api/v1/statements", feed))
                        .json()
                        .path("recorded")
                        .asInt())
                .isEqualTo(1);
        assertThat(ofStatement(get("unreconciled"), first, "lineId")).containsExactly(List.of("4"));
        assertThat(ofStatement(get("unreconciled?knownAt=" + known), first, "lineId"))
                .containsExactly(List.of("2"), List.of("4"));

        // of nobody's account, so the reason is kept under the statement's own key
        ok(finance().post("/api/v1/statements/" + first + "/lines/4/ignore", "{\"reason\":\"a refund\"}"));
        assertThat(ofStatement(get("unreconciled"), first, "lineId")).isEmpty();
    }

    private static List<List<String>> ofStatement(JsonNode report, String statement, String... columns) {
        String[] all = Arrays.copyOf(columns, columns.length + 1);
        all[columns.length] = "statementId";
        return rows(report, "REFUSED_LINE", all).stream()
                .filter(row -> row.get(columns.length).equals(statement))
                .map(row -> row.subList(0, columns.length))
                .toList();
    }

    @Test
    void aGapBetweenStatementsIsListedUntilTheStatementThatWasMissingComes() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        String head = "Date,Amount,Who,Balance\n";
        send(account, head + "%s,-1.00,A,99.00\n".formatted(today.minusDays(30)));
        Caller.Answer next = ok(upload(
                account, head + "%s,-1.00,B,90.00\n".formatted(today.minusDays(10)), "reason", "pages are lost"));
        String statement = next.json().path("statementId").asString();

        JsonNode report = get("unreconciled?accountId=" + account);
        assertThat(rows(report, "STATEMENT_GAP", "statementId", "on", "lastEnded", "lastClosing", "opening"))
                .containsExactly(List.of(
                        statement,
                        today.minusDays(10).toString(),
                        today.minusDays(30).toString(),
                        "99.00",
                        "91.00"));
        send(account, head + "%s,-8.00,C,91.00\n".formatted(today.minusDays(20)));
        JsonNode whole = get("unreconciled?accountId=" + account);
        assertThat(rows(whole, null, "kind")).as(whole.toString()).isEmpty();
    }

    @Test
    void aStatementThatBeginsWithinAnotherNeedsNoReasonAndHasNoGapBeforeIt() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        String head = "Date,Amount,Who,Balance\n";
        String both = "%s,-1.00,C,97.00\n%s,-1.00,D,96.00\n".formatted(today.minusDays(20), today.minusDays(10));
        send(account, head + "%s,-1.00,A,99.00\n".formatted(today.minusDays(60)));
        send(account, head + "%s,-1.00,B,98.00\n".formatted(today.minusDays(40)) + both);
        Caller.Answer last = ok(upload(account, head + both + "%s,-1.00,E,95.00\n".formatted(today.minusDays(5))));

        assertThat(last.json().path("duplicates").asInt()).isEqualTo(2);
        JsonNode report = get("unreconciled?accountId=" + account);
        assertThat(rows(report, null, "kind")).as(report.toString()).isEmpty();
    }

    @Test
    void anAccountOfWhichNoStatementHasToldForNinetyDaysIsListed() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        assertThat(rows(get("unreconciled?accountId=" + account), "NO_STATEMENT", "on", "days"))
                .containsExactly(List.of(from.toString(), "200"));
        assertThat(rows(get("unreconciled?accountId=" + account + "&asOf=" + from.plusDays(90)), null, "kind"))
                .isEmpty();
        send(account, "Date,Amount,Who\n%s,-1.00,A\n".formatted(today.minusDays(91)));
        assertThat(rows(get("unreconciled?accountId=" + account), "NO_STATEMENT", "on", "lastEnded"))
                .containsExactly(List.of(
                        today.minusDays(91).toString(), today.minusDays(91).toString()));
        assertThat(rows(get("unreconciled?accountId=" + account + "&asOf=" + today.minusDays(1)), null, "kind"))
                .isEmpty();
    }

    @Test
    void returnsAreListedByRiskBandWithWhatWasDoneAboutThemUntilTheyAreAccepted() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        post(account, "/risk-band", "'riskBand':'HIGH','from':'" + today.minusDays(50) + "','reason':'late before'");
        post(account, "/returns", "'returnId':'R1','period':'2026-Q1','due':'" + today.minusDays(3) + "'");
        post(account, "/returns", "'returnId':'R2','period':'2026-Q2','due':'" + today.plusDays(30) + "'");
        post(account, "/returns/R1/reminder", "'on':'" + today.minusDays(1) + "'");
        post(account, "/returns/R1/reminder", "'on':'" + today + "'");

        String[] figures = {"returnId", "riskBand", "state", "overdue", "daysOverdue", "reminders", "lastReminder"};
        assertThat(rows(get("returns-due?accountId=" + account), "RETURN", figures))
                .containsExactly(
                        List.of("R1", "HIGH", "REQUESTED", "true", "3", "2", today.toString()),
                        List.of("R2", "HIGH", "REQUESTED", "false", "0", "0", ""));
        post(account, "/returns/R1/receipt", "'on':'" + today + "'");
        assertThat(rows(get("returns-due?accountId=" + account), "RETURN", "state", "overdue"))
                .containsExactly(List.of("RECEIVED", "false"), List.of("REQUESTED", "false"));
        assertThat(rows(get("returns-due?accountId=" + account), null, "lastReturn"))
                .containsOnly(List.of(today.toString()));
        post(account, "/returns/R1/acceptance", "");
        assertThat(rows(get("returns-due?accountId=" + account), "RETURN", "returnId"))
                .containsExactly(List.of("R2"));
        assertThat(rows(get("returns-due?accountId=" + account + "&asOf=" + today.minusDays(60)), "RETURN", "returnId"))
                .isEmpty();
        assertThat(rows(get("returns-due?accountId=" + account + "&asOf=" + today.minusDays(60)), null, "riskBand"))
                .containsOnly(List.of("default"));
    }

    @Test
    void accountsThatAreSilentAreListedAndClosedOnesAreNot() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        assertThat(rows(get("returns-due?accountId=" + account), null, "kind", "silentSince", "daysSilent"))
                .containsExactly(
                        List.of("NO_RETURN", from.toString(), "200"),
                        List.of("NO_STATEMENT", from.toString(), "200"),
                        List.of("NO_SPEND", from.toString(), "200"));
        spend(account, "E1", "5.00", today.minusDays(90));
        assertThat(rows(get("returns-due?accountId=" + account), null, "kind", "lastSpend"))
                .containsExactly(
                        List.of("NO_RETURN", today.minusDays(90).toString()),
                        List.of("NO_STATEMENT", today.minusDays(90).toString()));
        assertThat(rows(
                        get("returns-due?accountId=" + account + "&asOf=" + today.plusDays(1)),
                        "NO_SPEND",
                        "daysSilent"))
                .containsExactly(List.of("91"));
        String closed = opened(from.toString(), to.toString(), "1000.00").accountId();
        post(closed, "/closure", "'on':'" + today + "'");
        assertThat(rows(get("returns-due?accountId=" + closed), null, "kind")).isEmpty();
        assertThat(rows(get("unreconciled?accountId=" + closed), null, "kind")).isEmpty();
    }

    /** From a day on that no other test looks at. */
    @Test
    void afterHowManyDaysAnAccountIsSilentIsSaidByThePolicyOfTheDayAsItWasKnown() {
        String account = opened(from.toString(), to.toString(), "1000.00").accountId();
        spend(account, "E1", "5.00", today.minusDays(80));
        LocalDate changed = today.plusDays(5);
        String known = Instant.now().toString();
        ok(Caller.as("admin", port)
                .post("/api/v1/policies", "{\"effectiveFrom\":\"" + changed + "\",\"settings\":{\"noSpendDays\":84}}"));
        String returns = "returns-due?accountId=" + account + "&asOf=";
        assertThat(rows(get(returns + changed.minusDays(1)), "NO_SPEND", "daysSilent"))
                .isEmpty();
        assertThat(rows(get(returns + changed), "NO_SPEND", "daysSilent")).containsExactly(List.of("85"));
        assertThat(rows(get(returns + changed + "&knownAt=" + known), "NO_SPEND", "daysSilent"))
                .isEmpty();
        send(account, "Date,Amount,Who\n%s,-1.00,A\n".formatted(today.minusDays(80)));
        String lines = "unreconciled?accountId=" + account + "&asOf=";
        assertThat(rows(get(lines + changed.minusDays(1)), "NO_STATEMENT", "on"))
                .isEmpty();
        assertThat(rows(get(lines + changed), "NO_STATEMENT", "days")).containsExactly(List.of("85"));
    }

    /** @param kind null for all */
    private static List<List<String>> rows(JsonNode report, String kind, String... columns) {
        return report.path("items")
                .valueStream()
                .filter(row -> kind == null || row.path("kind").asString().equals(kind))
                .map(row -> Arrays.stream(columns)
                        .map(column -> row.path(column).isNull()
                                ? ""
                                : row.path(column).asString())
                        .toList())
                .toList();
    }

    private JsonNode get(String report) {
        return ok(finance().get("/api/v1/reports/" + report)).json();
    }

    private void send(String account, String csv) {
        ok(upload(account, csv));
    }

    private Caller.Answer upload(String account, String csv, String... fields) {
        String[] all = Arrays.copyOf(fields, fields.length + 4);
        all[fields.length] = "accountId";
        all[fields.length + 1] = account;
        all[fields.length + 2] = "mapping";
        all[fields.length + 3] = "{\"date\":\"Date\",\"amount\":\"Amount\",\"payee\":\"Who\"%s}"
                .formatted(csv.contains("Balance") ? ",\"balance\":\"Balance\"" : "");
        return finance().upload("/api/v1/statements", csv, all);
    }

    private void spend(String account, String id, String amount, LocalDate on) {
        post(
                account,
                "/expenditures",
                "'expenditureId':'" + id + "','amount':'" + amount + "','on':'" + on + "','payee':'Carer'");
    }

    private void post(String account, String path, String fields) {
        ok(finance().tell("/api/v1/accounts/" + account + path, "{" + fields + "}"));
    }
}
