package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * The ledger in a browser: Debian's Chromium. Without one the tests are skipped, with a line that says so. Whatever a test does, no page may ask
 * anybody but the ledger for anything, or complain on its console.
 */
abstract class BrowserTest extends RunningLedger {

    private static final List<String> CHROMIUMS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static Playwright playwright;
    private static Browser browser;

    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void open() {
        Optional<Path> chromium = Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), CHROMIUMS.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (chromium.isEmpty()) {
            System.err.println("NO BROWSER: the pages are not tested. Install chromium, or name one in CHROMIUM.");
        }
        assumeTrue(chromium.isPresent(), "no browser");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
            playwright = null;
        }
    }

    @AfterEach
    void nothingWasAskedOfOthersAndNothingComplained() {
        contexts.forEach(BrowserContext::close);
        assertThat(complaints).isEmpty();
    }

    /** A new window, in which nobody has signed in. */
    protected Page window(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setBaseURL("http://127.0.0.1:" + port));
        contexts.add(context);
        context.setDefaultTimeout(20_000);
        context.onRequest(request -> {
            URI asked = URI.create(request.url().replaceAll("[?#].*", ""));
            if (!"data".equals(asked.getScheme()) && !mayBeAsked(asked)) {
                complaints.add("asked of somebody else: " + asked);
            }
        });
        // An error's status is told on the console too; that is no complaint.
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        return context.newPage();
    }

    /** Nobody but the ledger. */
    protected boolean mayBeAsked(URI asked) {
        return "127.0.0.1".equals(asked.getHost());
    }

    protected Page as(String user) {
        return as(user, new Browser.NewContextOptions());
    }

    protected Page as(String user, Browser.NewContextOptions options) {
        Page page = window(options);
        page.navigate("/login");
        signIn(page, user);
        return page;
    }

    protected static void signIn(Page page, String user) {
        page.getByLabel("User").fill(user);
        page.getByLabel("Password").fill("demo");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
    }

    protected static void follow(Page page, String link) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(link).setExact(true))
                .first()
                .click();
    }

    protected static void press(Page page, String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    protected static String heading(Page page) {
        page.waitForLoadState();
        return page.locator("h1").innerText();
    }

    /** What a page says, once it has come to its end. */
    protected static String text(Page page) {
        page.waitForLoadState();
        return page.locator("main").innerText();
    }

    /** Presses Tab until what has the focus has this text or name. */
    protected static void tabTo(Page page, String wanted) {
        for (int i = 0; i < 80; i++) {
            page.keyboard().press("Tab");
            Object at = page.evaluate("document.activeElement.name || document.activeElement.innerText");
            if (wanted.equals(at)) {
                return;
            }
        }
        throw new AssertionError("by keyboard one does not come to " + wanted);
    }

    protected static void date(Page page, String legend, String day, String month, String year) {
        var group = page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName(legend));
        group.getByLabel("Day").fill(day);
        group.getByLabel("Month").fill(month);
        group.getByLabel("Year").fill(year);
    }

    /** For the eyes of whoever runs it with {@code -Dbrowser.shots=DIR}. */
    protected static void shot(Page page, String name) {
        String folder = System.getProperty("browser.shots");
        if (folder != null) {
            page.setViewportSize(1280, 900);
            page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of(folder, name + ".png")));
        }
    }
}
