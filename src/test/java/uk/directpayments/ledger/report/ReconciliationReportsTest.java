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
        ok(finance().post("/api/v1/accounts/" + account + path, "{" + fields.replace('\'', '"') + "}"));
    }
}
