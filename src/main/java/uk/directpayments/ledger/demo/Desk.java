package uk.directpayments.ledger.demo;

import static uk.directpayments.ledger.demo.Office.fields;

import java.time.LocalDate;
import java.util.List;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.Money;

/**
 * What the finance office does for everybody, once all stories have been told: payment runs, statements of a bank, returns, client money.
 * A repeated history may find some of it done already, and sends the same of what is left.
 */
final class Desk {

    /** Instalments of bank accounts that fell due in these last days are paid by runs. */
    static final int DAYS_LEFT_TO_RUNS = 42;

    private static final int DAYS_SINCE_LAST_RUN = 14;
    private static final int DAYS_TO_NEXT_RUN = 4;
    private static final int MOST_DAYS_WITHOUT_BANK = 6;

    /** An adult with a bank account of their own: the second story. */
    private static final String AT_BANK = "ACC-02";

    /** A child with a card: the first. */
    private static final String ON_CARD = "ACC-01";

    private final Office office;
    private final FinancialYears years;

    Desk(Office office, FinancialYears years) {
        this.office = office;
        this.years = years;
    }

    void work() {
        statements();
        paymentRuns();
        returns();
        clientMoney();
    }

    // ── payment runs ─────────────────────────────────────────────────────────────────────────────────────────────

    /** A run that was paid, with one payment that the bank sent back; and one that waits for the approver. */
    private void paymentRuns() {
        LocalDate today = years.today();
        String sentBack = firstLeftToRuns();
        LocalDate lastCutOff = today.minusDays(DAYS_SINCE_LAST_RUN);
        LocalDate paid = create("RUN-LAST", lastCutOff, lastCutOff);
        String last = "/payment-runs/RUN-LAST";
        post("approver", last + "/approval");
        post("finance", last + "/submission", "on", paid, "channel", "BANK_PORTAL");
        post(
                "finance",
                last + "/rejections",
                "rejections",
                List.of(fields("instalmentId", sentBack, "accountId", AT_BANK, "reasonCode", "ARUCS-2")));
        post("finance", last + "/close");
        create("RUN-NEXT", today.plusDays(DAYS_SINCE_LAST_RUN), today.plusDays(DAYS_TO_NEXT_RUN));
        post(
                "finance",
                "/payment-runs/RUN-NEXT/holds",
                "instalmentId",
                sentBack,
                "accountId",
                AT_BANK,
                "reason",
                "The bank sent it back: waiting for new bank details");
    }

    /** The id of an instalment that the last run is to pay. */
    private String firstLeftToRuns() {
        LocalDate after = years.today().minusDays(DAYS_LEFT_TO_RUNS);
        for (JsonNode schedule :
                office.get("finance", "/accounts/" + AT_BANK + "/schedules").path("items")) {
            for (JsonNode instalment : schedule.path("instalments")) {
                if (LocalDate.parse(instalment.path("payOn").asString()).isAfter(after)) {
                    return instalment.path("instalmentId").asString();
                }
            }
        }
        throw new IllegalStateException("no instalment of " + AT_BANK + " is left to a run");
    }

    /** @return the day on which it pays: the first on which banks do */
    private LocalDate create(String runId, LocalDate cutOff, LocalDate from) {
        for (LocalDate payDate = from; ; payDate = payDate.plusDays(1)) {
            try {
                post("finance", "/payment-runs", "runId", runId, "cutOff", cutOff, "payDate", payDate);
                return payDate;
            } catch (Office.Refused e) {
                if (!e.code.equals("PAY_DATE_NOT_WORKING_DAY")
                        || payDate.isAfter(from.plusDays(MOST_DAYS_WITHOUT_BANK))) {
                    throw e;
                }
            }
        }
    }

    // ── statements, returns, client money ────────────────────────────────────────────────────────────────────────

    /** Two months of a bank account: one reconciled, and one in which the bank took a charge that nobody has explained. */
    private void statements() {
        LocalDate first = years.lastFrom().plusMonths(6);
        String balance = statement("first.csv", first, first.plusMonths(1).minusDays(1), "");
        post(
                "finance",
                "/accounts/" + AT_BANK + "/reconciliations",
                "from",
                first,
                "to",
                first.plusMonths(1).minusDays(1),
                "bankBalance",
                balance);
        LocalDate last = first.plusMonths(2).minusDays(1);
        statement("second.csv", first.plusMonths(1), last, last + ",SAMPLE BANK,Charge,-4.50,\n");
    }

    /**
     * What the bank says of the account's transactions, with what more it says; what the ledger does not match by itself the officer does.
     *
     * @return the balance at its end
     */
    private String statement(String filename, LocalDate from, LocalDate to, String more) {
        JsonNode transactions = office.get(
                        "finance", "/accounts/" + AT_BANK + "/transactions?limit=500&from=" + from + "&to=" + to)
                .path("items");
        String balance = "0.00";
        StringBuilder csv = new StringBuilder("Date,Payee,Description,Amount,Balance\n");
        for (JsonNode line : transactions) {
            balance = line.path("balanceAfter").asString();
            csv.append(String.join(
                            ",",
                            line.path("on").asString(),
                            line.path("payee").asString("SYNTHETIC COUNCIL").replace(',', ' '),
                            line.path("kind").asString(),
                            line.path("amount").asString(),
                            more.isEmpty() ? balance : ""))
                    .append('\n');
        }
        String statement = "/statements/"
                + office.upload("finance", AT_BANK, filename, csv + more)
                        .path("statementId")
                        .asString();
        JsonNode lines = office.get("finance", statement + "/lines?limit=500").path("items");
        for (int i = 0; i < transactions.size(); i++) {
            JsonNode transaction = transactions.get(i);
            JsonNode line = lines.get(i);
            if (!line.path("state").asString().equals("MATCHED")) {
                post(
                        "finance",
                        statement + "/lines/" + line.path("lineId").asString() + "/match",
                        "transactionIds",
                        List.of(transaction.path("transactionId").asString()));
            }
        }
        return balance;
    }

    /** One accepted, one that is late. */
    private void returns() {
        LocalDate today = years.today();
        String year = years.lastFrom().getYear() + "-";
        String first = "/accounts/" + ON_CARD + "/returns";
        post("finance", first, "returnId", "RETURN-1", "period", year + "H1", "due", today);
        post("finance", first + "/RETURN-1/receipt", "on", today);
        post("finance", first + "/RETURN-1/acceptance");
        post(
                "finance",
                "/accounts/" + AT_BANK + "/returns",
                "returnId",
                "RETURN-1",
                "period",
                year + "H1",
                "due",
                today.minusDays(DAYS_SINCE_LAST_RUN));
    }

    /** At the end of last year the organisation's bank had what the ledger says; a month later twelve pounds more. */
    private void clientMoney() {
        atTheOrganisationsBank(years.lastTo(), Money.ZERO);
        LocalDate later = years.thisFrom().plusMonths(1);
        if (!later.isAfter(years.today())) {
            atTheOrganisationsBank(later, Money.ofPence(1_200));
        }
    }

    private void atTheOrganisationsBank(LocalDate on, Money more) {
        String organisation = "/organisations/" + SyntheticCouncil.ORGANISATION;
        Money total = more;
        for (JsonNode account : office.get("finance", organisation + "/accounts?limit=500&asOf=" + on)
                .path("items")) {
            total = total.plus(Money.parse(account.path("balance").asString()));
        }
        post("finance", organisation + "/client-money", "on", on, "bankBalance", total);
    }

    private JsonNode post(String user, String path, Object... namesAndValues) {
        return office.post(user, path, fields(namesAndValues));
    }
}
