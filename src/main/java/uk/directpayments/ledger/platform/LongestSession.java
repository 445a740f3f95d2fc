package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/** Ends a session of the pages after so long, however busily it was used: a role that was taken away ends with it at the latest. */
final class LongestSession extends OncePerRequestFilter {

    private final Duration longest;

    /** @param longest of {@code ledger.pages.longest-session}, more than nothing */
    LongestSession(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new StartRefused("ledger.pages.longest-session must be longer than nothing, but is " + longest + ".");
        }
        this.longest = longest;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpSession session = request.getSession(false);
        if (session != null && System.currentTimeMillis() - session.getCreationTime() > longest.toMillis()) {
            session.invalidate();
        }
        chain.doFilter(request, response);
    }
}
