package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import uk.directpayments.ledger.support.TestIssuer;

/** People sign in to the pages where they sign in to everything: at a real issuer, in a real browser. */
class SignInTest extends BrowserTest {

    private static final TestIssuer ISSUER = new TestIssuer();

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        ISSUER.settings().forEach((name, value) -> registry.add(name, () -> value));
    }

    @AfterAll
    static void closeIssuer() {
        ISSUER.close();
    }

    @BeforeEach
    void theIssuerKnowsTheLedger() {
        ISSUER.knows("http://127.0.0.1:" + port);
    }

    @Override
    protected boolean mayBeAsked(URI asked) {
        return super.mayBeAsked(asked) || ISSUER.address().equals("http://" + asked.getAuthority());
    }

    @Test
    void anOfficerComesBackFromTheCouncilsSignInToWhereTheyWantedToBeAndSignsOutOfBoth() {
        Page page = window(new Browser.NewContextOptions());
        page.navigate("/reports");
        assertThat(heading(page)).isEqualTo("Sign in");
        assertThat(page.getByLabel("Password").count()).isZero();
        signInAs(page, "amina");
        page.waitForURL("**/reports**");
        assertThat(heading(page)).isEqualTo("Reports");
        assertThat(page.content()).contains("amina");

        press(page, "Sign out");
        page.waitForURL("**/login?out");
        assertThat(text(page)).contains("You have signed out.");
        page.navigate("/reports");
        assertThat(heading(page)).isEqualTo("Sign in");
        toTheIssuer(page);
        assertThat(page.getByLabel("Password").count())
                .as("the issuer asks again")
                .isOne();
    }

    @Test
    void whoHasNoRoleIsToldSoAndSeesNothing() {
        Page page = window(new Browser.NewContextOptions());
        page.navigate("/");
        signInAs(page, "frank");
        page.waitForURL("**/login?role");
        assertThat(text(page)).contains("nobody has given you a role in the ledger");
        page.navigate("/");
        assertThat(heading(page)).isEqualTo("Sign in");
    }

    @Test
    void aSupportWorkerSeesTheirOrganisationsPages() {
        Page page = window(new Browser.NewContextOptions());
        page.navigate("/");
        signInAs(page, "dan");
        page.waitForURL("http://127.0.0.1:" + port + "/**");
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Upload spending"))
                        .count())
                .isPositive();
    }

    private static void toTheIssuer(Page page) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in with your work account"))
                .click();
    }

    private static void signInAs(Page page, String user) {
        toTheIssuer(page);
        page.getByLabel("Username").fill(user);
        page.getByLabel("Password").fill(TestIssuer.PASSWORD);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
    }
}
