package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/** Lists that are longer than a page: every row can be reached, and what is counted and added up is of all of them. */
class LongListsTest extends RunningLedger {

    private static final Pattern ROW = Pattern.compile("/accounts/(MANY-[0-9]+)\"");

    @Test
    void anOrganisationSeesHowManyAccountsItManagesWhatIsOnAllOfThemAndEachOfThem() {
        Caller admin = Caller.as("admin", port);
        admin.post("/api/v1/organisations", "{\"organisationId\":\"ORG-DEMO\",\"name\":\"Demonstration\"}");
        Visitor support = Visitor.as("support", port);
        int before = managed(support);
        List<String> mine = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
            String account = "MANY-" + i;
            ok(finance().post("/api/v1/accounts", """
                    {"accountId":"%s","budgetId":"%s","type":"PREPAID_CARD","holderType":"PARENT","openedOn":"2025-04-01"}""".formatted(account, opened.budgetId())));
            ok(admin.post(
                    "/api/v1/organisations/ORG-DEMO/appointments",
                    "{\"accountId\":\"%s\",\"from\":\"2025-04-01\"}".formatted(account)));
            mine.add(account);
        }
        assertThat(managed(support)).isEqualTo(before + 60);
        assertThat(rows(support, "/?page=", before + 60)).containsAll(mine);

        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/organisations/ORG-DEMO").body()).contains("rel=\"next\"");
    }

    @Test
    void spendingThatWasTakenBackSaysSoThoughItsReversalStandsOnAnotherPage() {
        String account = opened("2025-04-01", "2027-03-31", "12000.00").accountId();
        String path = "/api/v1/accounts/" + account;
        ok(finance()
                .post(
                        path + "/payments",
                        "{\"paymentId\":\"P\",\"lineId\":\"L1\",\"amount\":\"900.00\",\"on\":\"2025-04-01\"}"));
        for (int i = 0; i < 55; i++) {
            ok(finance()
                    .post(
                            path + "/expenditures",
                            "{\"expenditureId\":\"E%d\",\"amount\":\"1.00\",\"on\":\"2025-05-01\",\"payee\":\"Shop\"}"
                                    .formatted(i)));
        }
        ok(finance().post(path + "/expenditures/E0/reversal", "{\"reason\":\"Twice\",\"on\":\"2025-06-01\"}"));
        ok(finance().post(path + "/payments/P/return", "{\"on\":\"2025-06-02\",\"reasonCode\":\"CLOSED\"}"));

        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/accounts/" + account).body())
                .contains("rel=\"next\"", ">Corrected<", ">Came back<", "/expenditures/E1/reversal")
                .doesNotContain("/expenditures/E0/reversal", "/payments/P/return");
        assertThat(finance.get("/accounts/" + account + "?asOf=2025-05-31").body())
                .doesNotContain(">Corrected<", ">Came back<");

        // The minute that is now goes on while one turns the page.
        String now = LocalDateTime.now(BusinessDay.LONDON)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString();
        Matcher next = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"")
                .matcher(finance.get("/accounts/" + account + "?knownAt=" + now).body());
        assertThat(next.find()).isTrue();
        assertThat(finance.get(next.group(1).replace("&amp;", "&")).body()).contains("Payment return");

        String rows = path + "/transactions?limit=2";
        JsonNode payment = ok(finance().get(rows)).json().at("/items/0");
        JsonNode spending = ok(finance().get(rows)).json().at("/items/1");
        assertThat(payment.path("reversedBy").asString()).isEqualTo("P.return");
        assertThat(ok(finance().get(path + "/transactions?from=2025-06-01"))
                        .json()
                        .at("/items/0/transactionId")
                        .asString())
                .isEqualTo(spending.path("reversedBy").asString());
        for (String earlier : List.of(
                "&asOf=2025-05-31", "&knownAt=" + spending.path("recordedAt").asString())) {
            JsonNode then = ok(finance().get(rows + earlier)).json();
            assertThat(then.at("/items/1/transactionId").asString()).isEqualTo("E0");
            assertThat(then.at("/items/1/reversedBy").isNull()).as(earlier).isTrue();
            assertThat(then.at("/items/0/reversedBy").isNull()).as(earlier).isTrue();
        }
    }

    @Test
    void aReportThatIsLongerThanAPageLeadsToItsNextAndItsFilesHaveAllOfIt() {
        String account = opened("2025-04-01", "2027-03-31", "12000.00").accountId();
        StringBuilder file = new StringBuilder("Date,Description,Amount,Balance\n");
        for (int i = 1; i <= 201; i++) {
            file.append("2026-03-05,AUNT %d,1.00,%d.00\n".formatted(i, i));
        }
        ok(finance().upload("/api/v1/statements", file.toString(), "accountId", account, "format", "csv"));
        Visitor finance = Visitor.as("finance", port);
        String first = finance.get("/reports/unreconciled?accountId=" + account).body();
        Matcher next = Pattern.compile("rel=\"next\" href=\"([^\"]*)\"").matcher(first);
        assertThat(next.find()).as(first).isTrue();
        assertThat(first).contains("200 rows on this page", "£201.00");
        String second = finance.get(next.group(1).replace("&amp;", "&")).body();
        assertThat(first.split(">Bank line<").length + second.split(">Bank line<").length - 2)
                .isEqualTo(201);
        assertThat(second).contains("£201.00").doesNotContain("rel=\"next\"");
        Matcher csv = Pattern.compile("href=\"([^\"]*format=csv)\"").matcher(second);
        assertThat(csv.find()).isTrue();
        assertThat(finance.get(csv.group(1).replace("&amp;", "&")).body()).contains(account);
    }

    private static int managed(Visitor support) {
        Matcher count = Pattern.compile("ledger-tile__number\">([0-9]+)<")
                .matcher(support.get("/").body());
        assertThat(count.find()).isTrue();
        return Integer.parseInt(count.group(1));
    }

    /** The accounts of every page, each of which but the last leads to the next. */
    private static List<String> rows(Visitor visitor, String path, int count) {
        List<String> rows = new ArrayList<>();
        int pages = (count + 49) / 50;
        for (int page = 1; page <= pages; page++) {
            String body = visitor.get(path + page).body();
            Matcher row = ROW.matcher(body);
            while (row.find()) {
                rows.add(row.group(1));
            }
            assertThat(body.contains("rel=\"next\"")).as("page " + page).isEqualTo(page < pages);
            assertThat(body).as("clients have names").contains("Robin Example");
        }
        return rows;
    }
}
