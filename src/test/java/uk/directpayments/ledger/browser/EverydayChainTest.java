package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Visitor;

/** What an officer does every day, by forms alone: from a new person to a paid account, a statement held against the ledger, and the rest of an account. */
class EverydayChainTest extends BrowserTest {

    @Test
    void aPersonIsTakenOnGetsABudgetOfTwoLinesAnAccountAndASchedule() {
        Page page = as("finance");
        String name = "Chain " + fresh("Example");
        follow(page, "Find");
        follow(page, "Take on a person");
        press(page, "Take on");
        assertThat(page.locator(".govuk-error-summary").innerText())
                .contains("Full name: enter an answer", "Date of birth: enter an answer");
        page.getByLabel("Full name").fill(name);
        date(page, "Date of birth", "1", "5", "2012");
        press(page, "Take on");
        assertThat(heading(page)).isEqualTo(name);

        follow(page, "Record a request for a budget");
        page.getByLabel("Children Act 1989, section 17A").check();
        page.getByLabel("Who asked for it?").fill("Sam Example");
        date(page, "On which day?", "1", "4", "2026");
        press(page, "Record the request");
        assertThat(heading(page)).as(text(page)).startsWith("Budget ");
        String budget = page.url().replaceFirst(".*/", "");

        follow(page, "Set the indicative amount");
        page.getByLabel("How much a year?").fill("£12,000");
        date(page, "First day of the budget", "1", "4", "2026");
        date(page, "Last day of the budget", "31", "3", "2027");
        page.getByLabel("Questionnaire").check();
        press(page, "Set it");
        follow(page, "Record the panel’s decision");
        page.getByLabel("Approved", new Page.GetByLabelOptions().setExact(true)).check();
        press(page, "Record the decision");
        assertThat(page.locator(".govuk-error-summary").innerText())
                .as("whoever set the amount does not decide")
                .contains("cannot record the panel's decision");

        Page approver = as("approver");
        approver.navigate("/budgets/" + budget);
        follow(approver, "Record the panel’s decision");
        approver.getByLabel("Approved", new Page.GetByLabelOptions().setExact(true))
                .check();
        press(approver, "Record the decision");

        page.navigate("/budgets/" + budget);
        follow(page, "Make this budget final");
        date(page, "First day", "1", "4", "2026");
        date(page, "Last day", "31", "3", "2027");
        line(page, 0, "SOCIAL_CARE_CHILD", "Care", "10,000.00");
        press(page, "Add another line");
        assertThat(page.locator("[name='lines[0].category']").inputValue())
                .as("nothing typed is lost")
                .isEqualTo("Care");
        line(page, 1, "SHORT_BREAKS", "Breaks", "1.999");
        press(page, "Make it final");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("2. How much a year:");
        page.locator(".govuk-error-summary a").first().click();
        assertThat(page.evaluate("document.activeElement.name")).isEqualTo("lines[1].annualAmount");
        page.locator("[name='lines[1].annualAmount']").fill("2000");
        press(page, "Make it final");
        assertThat(text(page)).contains("Final", "Short breaks", "£10,000.00", "£2,000.00");

        follow(page, "Record a consent");
        page.getByLabel("Parent", new Page.GetByLabelOptions().setExact(true)).check();
        page.getByLabel("Their name").fill("Sam Example");
        date(page, "On which day did they consent?", "1", "4", "2026");
        press(page, "Record the consent");
        follow(page, "Open an account");
        page.getByLabel("Bank account", new Page.GetByLabelOptions().setExact(true))
                .check();
        page.getByLabel("Parent", new Page.GetByLabelOptions().setExact(true)).check();
        page.getByLabel("Sort code").fill("12");
        page.getByLabel("Account number").fill("12345678");
        date(page, "From which day?", "1", "4", "2026");
        press(page, "Open the account");
        assertThat(page.locator(".govuk-error-summary").innerText()).isNotBlank();
        assertThat(page.getByLabel("Account number").inputValue()).isEqualTo("12345678");
        page.getByLabel("Sort code").fill("200000");
        press(page, "Open the account");
        assertThat(heading(page)).as(text(page)).startsWith("Account ");

        follow(page, "Schedule payments");
        page.getByLabel("On which line of the budget?").selectOption(lineId(budget));
        page.getByLabel("Monthly").check();
        date(page, "First payment on", "1", "12", "2026");
        press(page, "Schedule them");
        assertThat(text(page)).contains("Schedule of line", "Scheduled");
        shot(page, "chain-account");
    }

    @Test
    void aNewBankAccountIsProposedByOneAndApprovedByAnotherAlsoByKeyboard() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Page page = as("finance");
        page.navigate("/accounts/" + opened.accountId());
        tabTo(page, "Change where the money goes");
        page.keyboard().press("Enter");
        page.waitForURL("**/bank-details");
        tabTo(page, "sortCode");
        page.keyboard().type("200000");
        page.keyboard().press("Tab");
        page.keyboard().type("55779911");
        page.keyboard().press("Enter");
        page.waitForURL("**/accounts/" + opened.accountId());
        assertThat(text(page)).contains("9911", "Proposed", "Somebody else approves it");
        Page second = as("approver");
        second.navigate("/accounts/" + opened.accountId());
        second.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Approve"))
                .first()
                .click();
        press(second, "Approve it");
        assertThat(text(second)).contains("Approved", "approver");
    }

    @Test
    void aStatementIsCheckedUploadedAndItsLinesAreMatchedSplitAndLeftOut() {
        Opened opened = opened("2025-04-01", "2027-03-31", "12000.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        for (String one : List.of("E1 12.00 Pool", "E2 3.00 Shop", "E3 5.00 Shop")) {
            String[] part = one.split(" ");
            ok(finance()
                    .post(
                            account + "/expenditures",
                            "{\"expenditureId\":\"%s-%s\",\"amount\":\"%s\",\"on\":\"2025-05-03\",\"payee\":\"%s\"}"
                                    .formatted(opened.accountId(), part[0], part[1], part[2])));
        }
        ok(finance().post(account + "/payments", "{\"lineId\":\"L1\",\"amount\":\"100.00\",\"on\":\"2025-05-01\"}"));
        Page page = as("finance");
        follow(page, "Statements");
        page.getByLabel("The file")
                .setInputFiles(new FilePayload(
                        "feed.csv",
                        "text/csv",
                        BrowserJourneyTest.feed("T-" + opened.accountId(), "NOBODYS")
                                .getBytes(StandardCharsets.UTF_8)));
        Page wrong = page.waitForPopup(() -> press(page, "Check it first (opens in a new tab)"));
        assertThat(text(wrong)).contains("Lines that are refused", "No account has this card reference.");
        wrong.close();
        page.getByLabel("Which account is it of?").fill(opened.accountId());
        page.getByLabel("CSV", new Page.GetByLabelOptions().setExact(true)).check();
        page.getByLabel("The file")
                .setInputFiles(new FilePayload(
                        "may.csv",
                        "text/csv",
                        ("Date,Description,Amount,Balance\n2025-05-02,COUNCIL,100.00,100.00\n2025-05-03,CARD,-8.00,92.00\n"
                                        + "2025-05-04,CARD,-12.00,80.00\n2025-05-05,INTEREST,0.07,80.07\n")
                                .getBytes(StandardCharsets.UTF_8)));
        long head = head();
        Page checked = page.waitForPopup(() -> press(page, "Check it first (opens in a new tab)"));
        assertThat(heading(checked)).as(text(checked)).isEqualTo("What would become of this file");
        assertThat(text(checked)).contains("Nothing has been recorded", "lines in the file", "would be refused");
        assertThat(head()).isEqualTo(head);
        shot(checked, "checked");
        checked.close();

        press(page, "Upload");
        assertThat(text(page)).contains("What became of the statement");
        shot(page, "statement");
        String statement = page.url();
        page.locator("tr", new Page.LocatorOptions().setHasText("−£12.00"))
                .getByRole(AriaRole.LINK)
                .last()
                .click();
        assertThat(text(page)).contains("What the bank says", "What the ledger has", "Shop");
        shot(page, "match");
        page.getByLabel("£3.00 Shop").check();
        press(page, "Match what is ticked");
        assertThat(page.locator(".govuk-error-summary").innerText()).isNotBlank();
        assertThat(page.getByLabel("£3.00 Shop").isChecked())
                .as("what was ticked is ticked")
                .isTrue();
        page.getByLabel("£3.00 Shop").uncheck();
        page.getByLabel("£12.00 Pool").check();
        press(page, "Match what is ticked");
        assertThat(page.url()).isEqualTo(statement);
        assertThat(text(page)).contains("Matched").doesNotContain("Suggested\t");

        row(page, "0.07").click();
        follow(page, "Split this line");
        page.getByLabel("Which amounts?").fill("0.03\n£0.04");
        press(page, "Split it");
        assertThat(text(page)).contains("£0.03", "£0.04");
        row(page, "0.03").click();
        follow(page, "Leave this line out");
        press(page, "Leave it out");
        assertThat(page.locator(".govuk-error-summary").innerText()).isNotBlank();
        page.getByLabel("Why?").fill("Interest of the bank");
        press(page, "Leave it out");
        assertThat(text(page)).contains("Ignored");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Open again"))
                .last()
                .click();
        page.getByLabel("Why?").fill("It was ours");
        press(page, "Open it again");
        assertThat(page.locator("td", new Page.LocatorOptions().setHasText("Ignored"))
                        .count())
                .isZero();
    }

    @Test
    void moneyIsKeptBackAndOwedAndAReturnIsAskedForAndAccepted() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"900.00\",\"on\":\"2025-04-01\"}"));
        Page page = as("finance");
        page.navigate("/accounts/" + opened.accountId());
        follow(page, "Keep money back");
        page.getByLabel("Holiday pay").check();
        page.getByLabel("How much?").fill("20");
        date(page, "Until which day?", "31", "3", "2027");
        page.getByLabel("Why?").fill("Agreed with the parent");
        press(page, "Keep it back");
        assertThat(text(page)).contains("Money kept back", "Kept back", "£20.00");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Release"))
                .first()
                .click();
        press(page, "Release it");
        assertThat(text(page)).contains("Released");

        follow(page, "Record what is owed");
        page.getByLabel("What for?").fill("Wages");
        page.getByLabel("How much?").fill("70");
        page.getByLabel("To whom?").fill("Alex Carer");
        date(page, "By when?", "20", "12", "2026");
        press(page, "Record it");
        assertThat(text(page)).contains("Alex Carer", "Owed");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Settle"))
                .first()
                .click();
        press(page, "Settle it");
        assertThat(text(page)).contains("Settled");

        follow(page, "Ask for a return");
        page.getByLabel("About which time?").fill("2026-Q3");
        date(page, "By when?", "31", "12", "2026");
        press(page, "Ask for it");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("They were reminded"))
                .first()
                .click();
        press(page, "Record it");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("The return came"))
                .first()
                .click();
        page.getByLabel("The document")
                .setInputFiles(new FilePayload("q3.pdf", "application/pdf", "x".getBytes(StandardCharsets.UTF_8)));
        press(page, "Record it");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Accept"))
                .first()
                .click();
        press(page, "Accept it");
        assertThat(text(page)).contains("Accepted");
        shot(page, "account");
    }

    @Test
    void whatTheBankRejectedIsRecordedAMonthIsSealedAndASampleIsAudited() {
        String card = fresh("CARD");
        Opened opened = opened("2025-04-01", "2027-03-31", "12000.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"12000.00"}]""", "{\"cardRef\":\"%s\"}".formatted(card));
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"2026-12-01\"}"));
        String run = fresh("RUN");
        ok(finance()
                .post(
                        "/api/v1/payment-runs",
                        "{\"runId\":\"%s\",\"cutOff\":\"2026-12-05\",\"payDate\":\"2027-01-04\"}".formatted(run)));
        ok(approver().post("/api/v1/payment-runs/" + run + "/approval", "{}"));
        ok(finance().get("/api/v1/payment-runs/" + run + "/file?format=bacs-standard-18"));
        ok(finance()
                .post(
                        "/api/v1/payment-runs/" + run + "/submission",
                        "{\"on\":\"%s\",\"channel\":\"Bacs\"}".formatted(BusinessDay.today(Clock.systemUTC()))));
        Page page = as("finance");
        page.navigate("/payment-runs/" + run);
        page.locator("tr", new Page.LocatorOptions().setHasText(opened.accountId()))
                .last()
                .getByRole(AriaRole.LINK)
                .last()
                .click();
        assertThat(page.getByLabel("Which instalment?").inputValue()).isNotBlank();
        press(page, "Record it");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("The bank’s reason: enter an answer");
        page.getByLabel("The bank’s reason").fill("AC01");
        press(page, "Record it");
        assertThat(text(page)).contains("Rejected");

        follow(page, "Payment runs");
        follow(page, "Sealed months");
        follow(page, "Seal a month");
        press(page, "Seal it");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("Which month: enter an answer");
        page.getByLabel("Which month?").fill("2019-02");
        press(page, "Seal it");
        assertThat(heading(page)).isEqualTo("Sealed months");
        assertThat(text(page)).contains("February 2019");

        Page auditor = as("auditor");
        follow(auditor, "Audits of samples");
        follow(auditor, "Draw a sample of accounts");
        auditor.getByLabel("A number to draw by").fill("x");
        auditor.getByLabel("How many accounts?").fill("2");
        press(auditor, "Draw it");
        assertThat(auditor.locator(".govuk-error-summary").innerText()).contains("A number to draw by");
        auditor.getByLabel("A number to draw by").fill("42");
        press(auditor, "Draw it");
        assertThat(text(auditor)).contains("Drawn by the number", "42");
        follow(auditor, "Record a finding");
        auditor.getByLabel("What was found?").fill("A receipt is missing");
        press(auditor, "Record it");
        assertThat(text(auditor)).contains("All accounts: A receipt is missing");
        shot(auditor, "sample");
        follow(auditor, "Close this audit");
        press(auditor, "Close it");
        assertThat(text(auditor)).contains("Closed").doesNotContain("Record a finding");
    }

    @Test
    void theChainBeginsWithoutScripts() {
        Page page = as("finance", new com.microsoft.playwright.Browser.NewContextOptions().setJavaScriptEnabled(false));
        page.navigate("/people/new");
        String name = "Scriptless " + fresh("Person");
        page.getByLabel("Full name").fill(name);
        date(page, "Date of birth", "1", "5", "2012");
        press(page, "Take on");
        assertThat(heading(page)).isEqualTo(name);
        follow(page, "Record a request for a budget");
        page.getByLabel("Care Act 2014", new Page.GetByLabelOptions().setExact(true))
                .check();
        press(page, "Record the request");
        assertThat(page.locator("#requestedBy-error").innerText()).contains("Who asked for it: enter an answer");
        assertThat(page.getByLabel("Care Act 2014", new Page.GetByLabelOptions().setExact(true))
                        .isChecked())
                .as("nothing typed is lost")
                .isTrue();
        page.getByLabel("Who asked for it?").fill("Sam Example");
        press(page, "Record the request");
        assertThat(heading(page)).startsWith("Budget ");
        assertThat(text(page)).contains("Requested");
    }

    @Test
    void aFormThatIsSentTwiceIsDoneOnce() {
        String name = "Twice " + fresh("Person");
        Visitor twice = Visitor.as("finance", port);
        String[] typed = {
            "key",
            fresh("KEY"),
            "name",
            name,
            "dateOfBirth-day",
            "1",
            "dateOfBirth-month",
            "5",
            "dateOfBirth-year",
            "2012"
        };
        assertThat(twice.post("/people/new", typed).headers().firstValue("Location"))
                .as("the same person, not a second one")
                .isEqualTo(twice.post("/people/new", typed).headers().firstValue("Location"));
    }

    // ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    /** What can be done about the line of an amount. */
    private static Locator row(Page page, String amount) {
        return page.locator("tr", new Page.LocatorOptions().setHasText("£" + amount))
                .first()
                .getByRole(AriaRole.LINK)
                .last();
    }

    private static void line(Page page, int row, String source, String category, String amount) {
        page.locator("[name='lines[%d].fundingSource']".formatted(row)).selectOption(source);
        page.locator("[name='lines[%d].mode']".formatted(row)).selectOption("DIRECT_PAYMENT");
        page.locator("[name='lines[%d].category']".formatted(row)).fill(category);
        page.locator("[name='lines[%d].annualAmount']".formatted(row)).fill(amount);
    }

    private String lineId(String budget) {
        return Caller.as("finance", port)
                .get("/api/v1/budgets/" + budget)
                .json()
                .at("/lines/0/lineId")
                .asString();
    }
}
