package uk.directpayments.ledger.platform;

import io.github.bucket4j.Bucket;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Actor;

/**
 * What a security officer reads, a line each, by the logger {@value #NAME}: who signed in to the pages and out, which sign-in was refused, and every
 * request that was refused for who asked (401, 403), for asking too often (429), or to a support organisation as not there (404). A line names the
 * user as events do, the role, the address and the part of the API; never a password, a token, an id of a person or what was typed as a user's name.
 */
@Component
final class SecurityLog {

    static final String NAME = "ledger.security";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);

    /** Lines about refusals, on each node. */
    static final int LINES_A_SECOND = 100;

    private static final Bucket LINES = Bucket.builder()
            .addLimit(limit -> limit.capacity(LINES_A_SECOND).refillGreedy(LINES_A_SECOND, Duration.ofSeconds(1)))
            .build();
    private static final AtomicLong LEFT_OUT = new AtomicLong();

    private static final Pattern PART_OF_THE_API = Pattern.compile("/api/v1(/[a-z-]{1,40})(/.*)?");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,10}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-zA-Z:.%]{2,60}");

    @EventListener
    void signedIn(InteractiveAuthenticationSuccessEvent event) {
        LOG.info("signed in: {} from {}", who(event.getAuthentication()), from(event.getAuthentication()));
    }

    @EventListener
    void signedOut(LogoutSuccessEvent event) {
        LOG.info("signed out: {} from {}", who(event.getAuthentication()), from(event.getAuthentication()));
    }

    static void signInRefused(AuthenticationException why, HttpServletRequest request) {
        if (mayBeWritten()) {
            LOG.warn("sign-in refused: {} from {}", why.getClass().getSimpleName(), address(request.getRemoteAddr()));
        }
    }

    /** Writes a line if the refusal is of interest here. */
    static void refused(Problem problem, HttpServletRequest request) {
        Authentication asking = asking(request);
        boolean told = problem.status() == 401 || problem.status() == 403 || problem.status() == 429;
        if ((told || problem.status() == 404 && isSupport(asking)) && mayBeWritten()) {
            LOG.warn(
                    "refused {} {}: {} {} by {} from {}",
                    problem.status(),
                    problem.code(),
                    METHOD.matcher(request.getMethod()).matches() ? request.getMethod() : "?",
                    part(request.getRequestURI()),
                    who(asking),
                    address(request.getRemoteAddr()));
        }
    }

    /** A flood of refusals must not fill the disk: what is beyond {@link #LINES_A_SECOND} is counted. */
    private static boolean mayBeWritten() {
        if (!LINES.tryConsume(1)) {
            LEFT_OUT.incrementAndGet();
            return false;
        }
        long leftOut = LEFT_OUT.getAndSet(0);
        if (leftOut > 0) {
            LOG.warn("{} refusals more, which are not shown", leftOut);
        }
        return true;
    }

    /** To be told before a refusal is thrown in a filter of the doors: behind them nobody knows any more who asked. */
    static void asks(Authentication who, HttpServletRequest request) {
        request.setAttribute(NAME, who);
    }

    private static @Nullable Authentication asking(HttpServletRequest request) {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        return known == null && request.getAttribute(NAME) instanceof Authentication told ? told : known;
    }

    private static boolean isSupport(@Nullable Authentication asking) {
        return asking != null
                && asking.getPrincipal() instanceof SignedIn signedIn
                && signedIn.actor().role() == Actor.Role.SUPPORT;
    }

    /** Paths go on with ids. */
    private static String part(String path) {
        Matcher api = PART_OF_THE_API.matcher(path);
        return api.matches() ? api.group(1) : "a page";
    }

    private static String who(@Nullable Authentication authentication) {
        return authentication != null && authentication.getPrincipal() instanceof SignedIn signedIn
                ? signedIn.actor().userId() + " as " + signedIn.actor().role()
                : "nobody";
    }

    private static String from(Authentication authentication) {
        return authentication.getDetails() instanceof WebAuthenticationDetails details
                ? address(details.getRemoteAddress())
                : "?";
    }

    /** Behind a proxy it is what a header says. */
    private static String address(@Nullable String address) {
        return address != null && ADDRESS.matcher(address).matches() ? address : "?";
    }
}
