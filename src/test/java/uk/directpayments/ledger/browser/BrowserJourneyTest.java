package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FilePayload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.Caller;

/** What each role comes for, from the sign-in to the end, by clicks and by keyboard. */
class BrowserJourneyTest extends BrowserTest {

    /** A card feed of one purchase. */
    static String feed(String transaction, String card) {
        return "provider,accountRef,cardLast4,txnId,authAt,settledAt,type,amount,currency,merchantName,merchantId,mcc,"
                + "country,entryMode,cashback,runningBalance\n"
                + "DEMOCARD,%s,1000,%s,2025-05-06T16:06:00Z,2025-05-06T17:06:00Z,PURCHASE,-1.00,GBP,SHOP,M1,5411,GBR,CHIP,0.00,94.00"
                        .formatted(card, transaction);
    }

    // ── finance ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anOfficerFindsAnAccountByNameRecordsSpendingAndSeesItAtOnce() {
        Opened opened = paid("Quentin Findable");
        Page page = as("finance");
        assertThat(heading(page)).startsWith("Today");

        follow(page, "Find");
        page.getByRole(AriaRole.SEARCHBOX).fill("find quen");
        press(page, "Find");
        follow(page, "Quentin Findable");
        follow(page, opened.accountId());
        assertThat(text(page)).contains("£300.00");

        follow(page, "Record spending");
        page.getByLabel("How much was spent?").fill("£12.50");
        page.getByLabel("Who was paid?").fill("Swimming pool");
        press(page, "Record the spending");

        assertThat(heading(page)).isEqualTo("Account " + opened.accountId());
        assertThat(text(page)).contains("Record spending", "Swimming pool", "−£12.50", "£287.50");
        follow(page, "Why this balance?");
        assertThat(text(page)).contains("£287.50", "Expenditure recorded", "Payment issued");
    }

    @Test
    void theBalanceOfAnotherDayIsThatOfTheDay() {
        Opened opened = paid("Twodates Example");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/expenditures",
                        "{\"amount\":\"100.00\",\"on\":\"2025-06-10\",\"payee\":\"Shop\"}"));
        Page page = as("finance");
        page.navigate("/accounts/" + opened.accountId());
        assertThat(page.locator(".ledger-tile").first().innerText()).contains("£200.00");
        page.getByLabel("As of the day").fill("2025-06-09");
        press(page, "Show");
        assertThat(page.locator(".ledger-tile").first().innerText()).contains("£300.00", "9 June 2025");
        page.getByLabel("As known at").fill("2020-01-01T10:00");
        press(page, "Show");
        assertThat(text(page)).contains("Not opened by then");
    }

    @Test
    void aFlagIsDecidedByKeyboardAlone() {
        Opened opened = paid("Keyboard Example");
        String flag = flagged(opened);
        Page page = as("finance");
        page.navigate("/flags?accountId=" + opened.accountId());
        tabTo(page, "Gambling");
        page.keyboard().press("Enter");
        page.waitForURL("**/flags/" + flag);
        assertThat(heading(page)).isEqualTo("Gambling");
        tabTo(page, "Dismiss it");
        page.keyboard().press("Enter");
        page.waitForURL("**/dismissal");
        tabTo(page, "reason");
        page.keyboard().type("It was a raffle of the school");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.waitForURL("**/flags/" + flag);
        assertThat(text(page)).contains("Dismissed", "Dismiss this flag");
        assertThat(finance().get("/api/v1/flags/" + flag).json().path("state").asString())
                .isEqualTo("DISMISSED");
    }

    @Test
    void aMistakeIsToldBesideTheFieldAndInASummaryAndNothingTypedIsLost() {
        Opened opened = paid("Mistake Example");
        Page page = as("finance");
        page.navigate("/accounts/" + opened.accountId() + "/expenditures");
        page.getByLabel("How much was spent?").fill("12.345");
        page.getByLabel("Who was paid?").fill("Swimming pool");
        page.getByLabel("Day", new Page.GetByLabelOptions().setExact(true)).fill("31");
        page.getByLabel("Month").fill("2");
        press(page, "Record the spending");

        assertThat(page.title()).startsWith("Error: ");
        var summary = page.locator(".govuk-error-summary");
        assertThat(summary.innerText()).contains("How much was spent: must be a string of pounds");
        assertThat(page.locator("#amount-error").innerText()).contains("must be a string of pounds");
        assertThat(page.getByLabel("How much was spent?").inputValue()).isEqualTo("12.345");
        assertThat(page.getByLabel("Who was paid?").inputValue()).isEqualTo("Swimming pool");
        assertThat(page.getByLabel("Month").inputValue()).isEqualTo("2");
        summary.locator("a").first().click();
        assertThat(page.evaluate("document.activeElement.id")).isEqualTo("amount");

        page.getByLabel("How much was spent?").fill("12.34");
        press(page, "Record the spending");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("On which day");
        page.getByLabel("Month").fill("3");
        page.getByLabel("Year").fill("2026");
        press(page, "Record the spending");
        assertThat(text(page)).contains("−£12.34");
    }

    @Test
    void aFormThatIsSentTwiceIsDoneOnce() {
        Opened opened = paid("Twice Example");
        Page page = as("finance");
        page.navigate("/accounts/" + opened.accountId() + "/contributions");
        page.getByLabel("How much did the client pay in?").fill("5.00");
        page.evaluate("""
                async () => {
                  const form = document.querySelector('.ledger-form');
                  for (let i = 0; i < 2; i++) {
                    await fetch(form.action, {method: 'post', body: new URLSearchParams(new FormData(form))});
                  }
                }""");
        press(page, "Record the contribution");
        assertThat(text(page)).contains("£305.00").doesNotContain("£310.00");
    }

    @Test
    void whoeverWasSignedOutReturnsToWhereTheyWereWithWhatTheyHadTyped() {
        Opened opened = paid("Expired Example");
        Page page = as("finance");
        String form = "/accounts/" + opened.accountId() + "/expenditures";
        page.navigate(form);
        page.getByLabel("How much was spent?").fill("7.77");
        page.getByLabel("Who was paid?").fill("Swimming pool");
        forgetSession(page);
        long before = head();
        press(page, "Record the spending");
        assertThat(heading(page)).isEqualTo("Sign in");
        signIn(page, "finance");

        assertThat(heading(page)).isEqualTo("Record spending");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("You had been signed out");
        assertThat(page.getByLabel("How much was spent?").inputValue()).isEqualTo("7.77");
        assertThat(head()).as("nothing is done by signing in").isEqualTo(before);
        press(page, "Record the spending");
        assertThat(text(page)).contains("−£7.77");

        forgetSession(page);
        page.navigate("/budgets/" + opened.budgetId());
        signIn(page, "finance");
        assertThat(heading(page)).isEqualTo("Budget " + opened.budgetId());
    }

    @Test
    void everythingWorksWithoutScripts() {
        Opened opened = paid("Scriptless Example");
        flagged(opened);
        Page page = as("finance", new Browser.NewContextOptions().setJavaScriptEnabled(false));
        page.navigate("/flags?accountId=" + opened.accountId());
        follow(page, "Gambling");
        follow(page, "Ask for evidence");
        press(page, "Ask for evidence");
        assertThat(text(page)).contains("Evidence requested");
        page.navigate("/audit/verifications");
        press(page, "Start");
        assertThat(heading(page)).isEqualTo("Verification of the log");
    }

    @Test
    void twoPeopleTakeAPaymentRunFromItsSelectionToTheFile() throws IOException {
        Opened opened = opened(
                "2025-04-01", "2027-03-31", "12000.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"12000.00"}]""", "{\"cardRef\":\"CARD-%s\"}".formatted(fresh("RUN")));
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"2026-11-01\"}"));
        Page first = as("finance");
        follow(first, "Payment runs");
        follow(first, "Start a payment run");
        date(first, "Which instalments?", "30", "11", "2026");
        date(first, "On which day is it paid?", "4", "1", "2027");
        press(first, "Select what is due");
        assertThat(text(first)).contains("You started this run, so somebody else approves it.", opened.accountId());
        String run = first.url().replaceFirst(".*/", "");

        Page second = as("approver");
        assertThat(text(second)).contains("Payment runs to approve");
        second.navigate("/payment-runs/" + run);
        press(second, "Approve this run");
        press(second, "Approve and pay");
        assertThat(text(second)).contains("Approved", "File for the bank");
        Download file = second.waitForDownload(() -> follow(second, "Bacs Standard 18"));
        assertThat(Files.size(file.path())).isPositive();

        second.navigate("/payment-runs/" + run);
        press(second, "Record that the file was sent");
        second.getByLabel("How?").fill("Bacs");
        press(second, "Record it");
        assertThat(text(second)).contains("Submitted");
    }

    // ── support ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anOrganisationSeesItsClientsAnswersARequestAndUploadsSpending() {
        Caller admin = Caller.as("admin", port);
        admin.post("/api/v1/organisations", "{\"organisationId\":\"ORG-DEMO\",\"name\":\"Demonstration\"}");
        String card = fresh("CARD");
        Opened mine = paid("Client Example", "{\"cardRef\":\"%s\"}".formatted(card));
        Opened other = paid("Stranger Example");
        ok(admin.post(
                "/api/v1/organisations/ORG-DEMO/appointments",
                "{\"accountId\":\"%s\",\"from\":\"2025-04-01\"}".formatted(mine.accountId())));
        String flag = flagged(mine);
        ok(finance().post("/api/v1/flags/" + flag + "/evidence-request", "{}"));

        Page page = as("support");
        assertThat(heading(page)).isEqualTo("Clients");
        assertThat(text(page)).contains("Client Example", mine.accountId()).doesNotContain(other.accountId());
        assertThat(page.navigate("/accounts/" + other.accountId()).status()).isEqualTo(404);
        assertThat(heading(page)).isEqualTo("There is nothing here");

        page.navigate("/flags/" + flag);
        follow(page, "Add evidence");
        page.getByLabel("The document, for example a receipt")
                .setInputFiles(
                        new FilePayload("receipt.pdf", "application/pdf", "paid".getBytes(StandardCharsets.UTF_8)));
        press(page, "Add evidence");
        assertThat(text(page)).contains("Evidence received");

        follow(page, "Upload spending");
        page.getByLabel("The file")
                .setInputFiles(new FilePayload(
                        "feed.csv",
                        "text/csv",
                        (feed("T-" + card, card) + "\n"
                                        + feed("T2-" + card, "NOBODYS").split("\n")[1])
                                .getBytes(StandardCharsets.UTF_8)));
        press(page, "Upload");
        assertThat(text(page)).contains("No account has this card reference.", "SHOP", mine.accountId());
    }

    // ── auditor ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anAuditorFollowsAnAccountVerifiesTheLogAndTakesAPackAway() throws IOException {
        Opened opened = paid("Audited Example");
        Page page = as("auditor");
        assertThat(heading(page)).isEqualTo("Audit");
        page.navigate("/accounts/" + opened.accountId());
        follow(page, "Everything that happened to it");
        assertThat(text(page)).contains("Account opened", "Payment issued", "by finance");
        page.getByLabel("As known at").fill("2020-01-01T10:00");
        press(page, "Show");
        assertThat(text(page)).contains("Nothing had been recorded by then.");

        page.navigate("/");
        follow(page, "Verify the whole log");
        press(page, "Start");
        page.getByText("The log is what was signed").waitFor();
        page.navigate("/");
        follow(page, "Checkpoint and proofs");
        page.getByLabel("Position").fill("1");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Prove it"))
                .first()
                .click();
        assertThat(text(page)).contains("Position 1 of");

        page.navigate("/accounts/" + opened.accountId());
        Download pack = page.waitForDownload(() -> follow(page, "Evidence pack (zip)"));
        assertThat(text(page)).contains("Journal for hledger (text)");
        follow(page, "Journal for hledger (text)");
        assertThat(page.locator("body").innerText()).contains("assets:recipient:" + opened.accountId(), "GBP");
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(pack.path())))) {
            assertThat(zip.getNextEntry()).isNotNull();
        }
    }

    // ── admin ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anAdministratorSeesWhatAPolicyChangesAndErasesAPerson() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Page page = as("admin");
        assertThat(heading(page)).isEqualTo("Operations");
        follow(page, "Policies");
        follow(page, "Publish a policy");
        page.getByLabel("What changes?").fill("evidenceDays = 27");
        press(page, "Publish it");
        assertThat(text(page)).contains("What is different from", "evidenceDays", "27");
        ok(finance().post("/api/v1/accounts/" + opened.accountId() + "/closure", "{\"on\":\"2026-01-01\"}"));
        page.navigate("/people/" + opened.personId());
        follow(page, "Erase this person");
        page.getByLabel("Why?").fill("Asked for by the person");
        press(page, "Erase for ever");
        assertThat(text(page)).contains("[erased]");
    }

    // ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    /** An account with £300.00 on it, of a person with a name of their own. */
    private Opened paid(String name, String bankDetails) {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"1200.00"}]""", bankDetails);
        ok(finance()
                .post(
                        "/api/v1/people/" + opened.personId() + "/correction",
                        "{\"name\":\"%s\",\"reason\":\"Spelling\"}".formatted(name)));
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"300.00\",\"on\":\"2025-04-01\"}"));
        return opened;
    }

    private Opened paid(String name) {
        return paid(name, "null");
    }

    private String flagged(Opened opened) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/expenditures",
                        "{\"amount\":\"20.00\",\"on\":\"2025-05-01\",\"payee\":\"Betting shop\",\"mcc\":\"7995\"}"));
        return finance()
                .get("/api/v1/flags?reason=GAMBLING&accountId=" + opened.accountId())
                .json()
                .at("/items/0/flagId")
                .asString();
    }

    /** As if half an hour had gone by: the session is gone, the page is still there. */
    private static void forgetSession(Page page) {
        List<Cookie> kept = page.context().cookies().stream()
                .filter(cookie -> !cookie.name.equals("JSESSIONID"))
                .toList();
        page.context().clearCookies();
        page.context().addCookies(kept);
    }
}
