package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What changes after everything has begun, by forms alone: lines, top-ups, agreements, disputes, money that comes back, questions, stays, the end. */
class EverydayChangesTest extends BrowserTest {

    @Test
    void aLineIsReducedWithNoticeATopUpIsAgreedAndTheBudgetEnds() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Page page = as("finance");
        page.navigate("/budgets/" + opened.budgetId());
        open(page, "Revise");
        assertThat(text(page)).contains("Social care (child)", "£1,200.00");
        page.getByLabel("How much a year from then on?").fill("£1,000");
        date(page, "From which day?", "1", "12", "2026");
        page.getByLabel("Why?").fill("Fewer hours are needed");
        press(page, "Change it");
        shot(page, "revision-refused");
        assertThat(page.title()).startsWith("Error: ");
        assertThat(page.locator(".govuk-error-summary").innerText())
                .contains("A reduction needs reasons, and notice given before it begins.");
        assertThat(page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("When was notice given?"))
                        .innerText())
                .as("it is told beside the field that is to blame")
                .contains("A reduction needs reasons, and notice given before it begins.");
        assertThat(page.getByLabel("How much a year from then on?").inputValue())
                .as("nothing typed is lost")
                .isEqualTo("£1,000");
        assertThat(page.getByLabel("Why?").inputValue()).isEqualTo("Fewer hours are needed");
        page.locator(".govuk-error-summary a").first().click();
        assertThat(page.evaluate("document.activeElement.name")).isEqualTo("noticeGivenOn-day");
        date(page, "When was notice given?", "1", "11", "2026");
        press(page, "Change it");
        assertThat(heading(page)).as(text(page)).isEqualTo("Budget " + opened.budgetId());
        page.getByLabel("As of the day").fill("2026-12-01");
        press(page, "Show");
        assertThat(text(page)).contains("£1,000.00");

        page.navigate("/budgets/" + opened.budgetId());
        follow(page, "Agree a top-up");
        page.getByLabel("Parent top-up").check();
        page.getByLabel("How much?").fill("50");
        page.getByLabel("What is it for?").fill("Riding lessons");
        press(page, "Record the agreement");
        assertThat(text(page)).contains("Top-ups that were agreed", "£50.00, parent top-up, for Riding lessons");

        follow(page, "End this budget");
        date(page, "What is its last day?", "27", "11", "2026");
        press(page, "End it");
        assertThat(page.locator("#cause-error").innerText()).contains("Why: enter an answer");
        page.getByLabel("Why?").fill("MOVED_AWAY");
        press(page, "End it");
        assertThat(text(page)).contains("Ended", "27 November 2026: Moved away").doesNotContain("Agree a top-up");
        shot(page, "budget-ended");
    }

    @Test
    void whatIsAccruedIsSeenWithoutScrolling() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"2025-04-01\"}"));
        Page page = as("finance");
        page.setViewportSize(1300, 900);
        page.navigate("/reports/accruals?accountId=" + opened.accountId());
        assertThat(text(page)).contains("Accrued", "£100.00");
        shot(page, "accruals");
        page.setViewportSize(1300, 900);
        assertThat(page.locator(".ledger-scroll").evaluate("table => table.scrollWidth - table.clientWidth"))
                .isEqualTo(0);
    }

    @Test
    void aRelativeIsAgreedAndNoMoreADisputeIsFoughtOutAndAConsentWithdrawn() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Page page = as("finance");
        page.navigate("/budgets/" + opened.budgetId());
        follow(page, "Agree that a relative is paid");
        page.getByLabel("Who is paid?").fill("Alex Example");
        page.getByLabel("How are they related?").fill("aunt");
        page.getByLabel("They live in the same household").check();
        page.getByLabel("Administration").check();
        date(page, "First day", "1", "5", "2025");
        page.getByLabel("Why is it necessary?").fill("Robin trusts nobody else");
        press(page, "Record the agreement");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("with an adult's direct payment alone");
        assertThat(page.getByLabel("They live in the same household").isChecked())
                .isTrue();
        assertThat(page.getByLabel("Why is it necessary?").inputValue()).isEqualTo("Robin trusts nobody else");
        shot(page, "relative-refused");
        page.getByLabel("Care", new Page.GetByLabelOptions().setExact(true)).check();
        press(page, "Record the agreement");
        assertThat(text(page))
                .contains("Relatives who are paid by agreement", "Alex Example", "aunt, in the same household");

        open(page, "Withdraw the agreement about Alex Example");
        assertThat(text(page)).contains("Alex Example", "1 May 2025");
        press(page, "Withdraw it");
        assertThat(page.locator("#reason-error").innerText()).isNotBlank();
        page.getByLabel("Why?").fill("An agency was found");
        press(page, "Withdraw it");
        assertThat(text(page)).contains("Withdrawn from", "An agency was found");

        follow(page, "Record a dispute");
        page.getByLabel("Reconsideration").check();
        page.getByLabel("What is it about?").fill("The hours at night");
        press(page, "Record it");
        follow(page, "Record a dispute");
        page.getByLabel("Reconsideration").check();
        page.getByLabel("What is it about?").fill("The hours at night, again");
        press(page, "Record it");
        assertThat(page.locator(".govuk-error-summary").innerText()).contains("has been reconsidered once already");
        assertThat(page.getByLabel("What is it about?").inputValue()).isEqualTo("The hours at night, again");
        follow(page, "Cancel");
        open(page, "It has ended");
        assertThat(text(page)).contains("Reconsideration", "The hours at night");
        page.getByLabel("What came of it?").fill("Two hours more");
        press(page, "Record it");
        assertThat(text(page)).contains("Two hours more");

        open(page, "Record its withdrawal");
        assertThat(text(page)).contains("Sam Example", "Parent");
        press(page, "Record it");
        assertThat(text(page)).contains("Withdrawn");
        shot(page, "budget-care");
    }

    @Test
    void aPaymentComesBackATopUpComesAndASurplusIsTakenBackByTwo() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        ok(finance()
                .post(
                        account + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"2026-12-01\"}"));
        ok(finance().post(account + "/payments", "{\"lineId\":\"L1\",\"amount\":\"900.00\",\"on\":\"2025-04-01\"}"));
        ok(finance().post(account + "/payments", "{\"lineId\":\"L1\",\"amount\":\"11.00\",\"on\":\"2025-04-02\"}"));
        Page page = as("finance");
        page.navigate("/accounts/" + opened.accountId());
        page.locator("tr", new Page.LocatorOptions().setHasText("£11.00"))
                .getByRole(AriaRole.LINK)
                .click();
        assertThat(text(page)).as("one sees which payment it is").contains("£11.00", "2 April 2025");
        page.getByLabel("The bank’s reason").fill("AC01");
        press(page, "Record it");
        assertThat(text(page)).contains("Came back", "Payment return", "£900.00");

        follow(page, "Record a top-up");
        page.getByLabel("How much came?").fill("40");
        page.getByLabel("Parent top-up").check();
        press(page, "Record the top-up");
        assertThat(text(page)).contains("£940.00");

        follow(page, "Say how closely it is watched");
        page.getByLabel("Which risk band?").selectOption("HIGH");
        page.getByLabel("Why?").fill("Two returns are missing");
        press(page, "Record it");
        assertThat(text(page)).contains("High, since", "Two returns are missing");

        String surplus = read(opened).path("surplus").asString();
        follow(page, "Take back a surplus");
        assertThat(page.getByLabel("How much?").inputValue()).isEqualTo(surplus);
        page.getByLabel("How much?").fill("100");
        press(page, "Propose it");
        String left = read(opened).path("unclaimedSurplus").asString();
        assertThat(text(page)).contains("of which £" + left + " have not been asked for yet");
        follow(page, "Take back a surplus");
        assertThat(page.getByLabel("How much?").inputValue())
                .as("what has been asked for is not proposed again")
                .isEqualTo(left);
        follow(page, "Cancel");

        Page second = as("approver");
        second.navigate("/accounts/" + opened.accountId());
        open(second, "Approve");
        assertThat(text(second))
                .as("the figures that it rests on")
                .contains("£100.00", "May stay for the coming weeks", "£184.62", "£" + surplus);
        shot(second, "recovery-approval");
        press(second, "Approve it");
        page.navigate("/accounts/" + opened.accountId());
        page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Money taken back"))
                .getByText("Record that it came back")
                .click();
        assertThat(page.getByLabel("How much came back?").inputValue()).isEqualTo("100.00");
        page.getByLabel("How much came back?").fill("100.01");
        press(page, "Record it");
        assertThat(page.locator("#amount-error").innerText()).contains("Only 100.00 of this recovery are outstanding.");
        page.getByLabel("How much came back?").fill("60");
        press(page, "Record it");
        assertThat(text(page)).contains("£60.00", "£40.00");
        open(page, "Write off");
        page.getByLabel("By whose authority?").fill("Head of finance");
        page.getByLabel("Why?").fill("Hardship");
        press(page, "Write it off");
        assertThat(text(page)).contains("Written off");

        open(page, "By hand");
        assertThat(page.getByLabel("Which instalment is it?").inputValue()).isNotBlank();
        press(page, "Pay");
        assertThat(text(page)).contains("Issued");
        shot(page, "account-changes");
    }

    @Test
    void aQuestionIsRaisedByHandAndSpendingIsLinkedWithAStayThatWasPlannedTookPlaceAndIsCorrected() {
        Opened opened = opened("2025-04-01", "2027-03-31", "12000.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        ok(
                finance()
                        .post(
                                account + "/expenditures",
                                "{\"amount\":\"140.00\",\"on\":\"2026-11-05\",\"payee\":\"The Oaks\",\"category\":\"RESIDENTIAL_CARE\"}"));
        Page page = as("finance");
        page.navigate("/people/" + opened.personId() + "/residential");
        follow(page, "Record a residential stay");
        page.getByLabel("Which account pays for it?").selectOption(opened.accountId());
        page.getByLabel("Where is it?").fill("The Oaks");
        page.getByLabel("Residential short break unit").check();
        date(page, "First day", "1", "11", "2026");
        date(page, "Day of leaving", "4", "11", "2026");
        page.getByLabel("It is paid for, in whole or in part, by a direct payment")
                .check();
        page.getByLabel("Planned").check();
        press(page, "Record the stay");
        assertThat(text(page)).contains("Planned");

        open(page, "It took place");
        assertThat(text(page)).contains("The Oaks", "1 November 2026");
        date(page, "First day", "1", "12", "2030");
        press(page, "Record it");
        assertThat(page.locator(".govuk-error-summary").innerText()).isNotBlank();
        assertThat(page.locator("#admitted-year").inputValue()).isEqualTo("2030");
        date(page, "First day", "2", "11", "2026");
        press(page, "Record it");
        assertThat(text(page)).contains("Actual").doesNotContain("It took place");

        open(page, "Correct");
        shot(page, "stay-correction");
        assertThat(page.getByLabel("Residential short break unit").isChecked()).isTrue();
        assertThat(page.getByLabel("It is paid for, in whole or in part, by a direct payment")
                        .isChecked())
                .isTrue();
        date(page, "Day of leaving", "6", "11", "2026");
        page.getByLabel("Why?").fill("It was two nights longer");
        press(page, "Correct it");
        assertThat(text(page)).contains("2 Nov 2026", "6 Nov 2026");

        page.navigate("/accounts/" + opened.accountId());
        page.getByText("Correct the spending of").first().click();
        follow(page, "Say which stay it paid for");
        assertThat(text(page)).contains("The Oaks", "−£140.00");
        shot(page, "stay-of-spending");
        page.getByLabel("Which stay?")
                .selectOption(finance()
                        .get("/api/v1/people/" + opened.personId() + "/residential-stays")
                        .json()
                        .at("/items/0/stayId")
                        .asString());
        press(page, "Record it");
        assertThat(heading(page)).isEqualTo("Account " + opened.accountId());
        page.navigate("/people/" + opened.personId() + "/residential");
        assertThat(text(page)).contains("paid for by 1 entry");
        shot(page, "stays");

        page.navigate("/accounts/" + opened.accountId());
        page.getByText("Correct the spending of").first().click();
        follow(page, "Raise a question");
        assertThat(page.getByLabel("How much of it is in question?").inputValue())
                .isEqualTo("140.00");
        page.getByLabel("How much of it is in question?").fill("140.01");
        page.getByLabel("What may be wrong?").selectOption("OUTSIDE_PLAN");
        page.getByLabel("What is the question?").fill("Was this the night that the plan names?");
        press(page, "Raise the flag");
        assertThat(page.locator("#amount-error").innerText()).isNotBlank();
        assertThat(page.getByLabel("What is the question?").inputValue())
                .isEqualTo("Was this the night that the plan names?");
        assertThat(page.getByLabel("What may be wrong?").inputValue()).isEqualTo("OUTSIDE_PLAN");
        shot(page, "question-refused");
        page.getByLabel("How much of it is in question?").fill("40");
        press(page, "Raise the flag");
        assertThat(heading(page)).as(text(page)).isEqualTo("Outside plan");
        assertThat(text(page)).contains("Was this the night that the plan names?", "£40.00", "By hand");
        shot(page, "flag-by-hand");
    }

    private JsonNode read(Opened opened) {
        return finance().get("/api/v1/accounts/" + opened.accountId()).json();
    }

    /** Follows the first link whose text begins so: what it is about is told to those who cannot see where it stands. */
    private static void open(Page page, String link) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(link))
                .first()
                .click();
    }
}
