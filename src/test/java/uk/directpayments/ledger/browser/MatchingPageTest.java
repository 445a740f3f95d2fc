package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/** One line of a bank beside more entries of the ledger than are shown at once: none of them is out of reach. */
class MatchingPageTest extends RunningLedger {

    private static final Pattern ENTRY = Pattern.compile("value=\"(MANY-[0-9]+)\"");
    private static final Pattern TICKED = Pattern.compile("value=\"(MANY-[0-9]+)\" checked");
    private static final int ENTRIES = 203;

    @Test
    void everyEntryIsReachedThoseOfTheAmountComeFirstAndWhatIsTickedStaysTickedWhenOneTurnsThePage() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        for (int i = 1; i <= ENTRIES; i++) {
            boolean last = i == ENTRIES;
            ok(finance()
                    .post(
                            account + "/expenditures",
                            "{\"expenditureId\":\"MANY-%d\",\"amount\":\"%s\",\"on\":\"2025-05-%s\",\"payee\":\"Shop\"}"
                                    .formatted(i, last ? "7.77" : "1.00", last ? "06" : "02")));
        }
        String statement = ok(finance()
                        .upload(
                                "/api/v1/statements",
                                "Date,Description,Amount,Balance\n2025-05-05,KIOSK,-7.77,0.00\n",
                                "accountId",
                                opened.accountId(),
                                "format",
                                "csv"))
                .json()
                .path("statementId")
                .asString();
        var line = finance()
                .get("/api/v1/statements/" + statement + "/lines")
                .json()
                .at("/items/0");
        assertThat(line.path("candidates").toString()).contains("MANY-" + ENTRIES);
        String path =
                "/statements/" + statement + "/lines/" + line.path("lineId").asString() + "/match";

        Visitor finance = Visitor.as("finance", port);
        String first = finance.get(path).body();
        assertThat(entries(first)).hasSize(200).contains("MANY-" + ENTRIES);
        assertThat(first)
                .as("though it is the last of all, it is the first")
                .containsSubsequence("value=\"MANY-" + ENTRIES, "value=\"MANY-1\"")
                .contains("Page 1 of 2: 203 entries", "Show more entries")
                .doesNotContain("Show the entries before these");

        long head = head();
        String second = finance.post(path, "key", "k", "transactionIds", "MANY-1", "turn", "2")
                .body();
        assertThat(entries(second)).containsExactlyInAnyOrder("MANY-200", "MANY-201", "MANY-202", "MANY-1");
        assertThat(ticked(second)).containsExactly("MANY-1");
        assertThat(second)
                .contains("Page 2 of 2", "Show the entries before these")
                .doesNotContain("Show more");
        assertThat(head()).as("turning a page does nothing").isEqualTo(head);

        Set<String> all = new HashSet<>(entries(first));
        all.addAll(entries(second));
        assertThat(all).hasSize(ENTRIES);

        String back = finance.post(path, "key", "k", "transactionIds", "MANY-202", "turn", "-1")
                .body();
        assertThat(back).contains("Page 1 of 2");
        assertThat(ticked(back)).containsExactly("MANY-202");
        assertThat(finance.post(path, "key", "k").body())
                .contains(
                        "aria-describedby=\"transactionIds-hint transactionIds-error\"", "id=\"transactionIds-error\"");
        assertThat(finance.post(path, "key", "k", "transactionIds", "MANY-" + ENTRIES)
                        .statusCode())
                .isEqualTo(302);
    }

    private static Set<String> entries(String body) {
        return found(ENTRY, body);
    }

    private static Set<String> ticked(String body) {
        return found(TICKED, body);
    }

    private static Set<String> found(Pattern pattern, String body) {
        Set<String> found = new HashSet<>();
        Matcher row = pattern.matcher(body);
        while (row.find()) {
            found.add(row.group(1));
        }
        return found;
    }
}
