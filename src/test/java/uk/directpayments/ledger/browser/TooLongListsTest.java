package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/** What a page counts is counted of all, or not shown: beyond {@code ledger.pages.most-items} it says so. */
@TestPropertySource(properties = "ledger.pages.most-items=3")
class TooLongListsTest extends RunningLedger {

    @Test
    void aListOfAsManyAsMayBeIsShownAndWithOneMoreThePageSaysThatItIsTooLong() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Visitor finance = Visitor.as("finance", port);
        for (int i = 1; i <= 3; i++) {
            owed(opened, "Carer-" + i);
        }
        HttpResponse<String> three = finance.get("/accounts/" + opened.accountId());
        assertThat(three.statusCode()).isEqualTo(200);
        assertThat(three.body()).contains("Carer-1", "Carer-2", "Carer-3");

        owed(opened, "Carer-4");
        HttpResponse<String> four = finance.get("/accounts/" + opened.accountId());
        assertThat(four.statusCode()).isEqualTo(413);
        assertThat(four.body())
                .contains("There are more than 3 of them", "<main")
                .doesNotContain("Carer-1");
        assertThat(finance()
                        .get("/api/v1/accounts/" + opened.accountId() + "/liabilities")
                        .json()
                        .path("items"))
                .as("the API has them all")
                .hasSize(4);
    }

    /** One item is looked for among as many as may be read: beyond, a form does not pretend that it is not there. */
    @Test
    void aFormAboutAnItemThatLiesTooFarDownAListSaysSo() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String account = "/accounts/" + opened.accountId();
        for (int i = 1; i <= 4; i++) {
            ok(finance()
                    .post(
                            "/api/v1" + account + "/expenditures",
                            "{\"expenditureId\":\"E%d\",\"amount\":\"1.00\",\"on\":\"2025-05-0%d\",\"payee\":\"Shop %d\"}"
                                    .formatted(i, i, i)));
        }
        Visitor finance = Visitor.as("finance", port);
        HttpResponse<String> within = finance.get(account + "/expenditures/E3/reversal");
        assertThat(within.statusCode()).isEqualTo(200);
        assertThat(within.body()).contains("Shop 3", "−£1.00", "3 May 2025").doesNotContain("Shop 2");
        assertThat(finance.get(account + "/expenditures/E4/reversal").statusCode())
                .isEqualTo(413);
        assertThat(finance.get(account + "/expenditures/E4/reversal").body()).contains("There are more than 3");
    }

    private void owed(Opened opened, String payee) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/liabilities",
                        "{\"kind\":\"Wages\",\"amount\":\"20.00\",\"due\":\"2026-12-31\",\"payee\":\"%s\"}"
                                .formatted(payee)));
    }
}
