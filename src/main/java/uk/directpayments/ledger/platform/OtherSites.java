package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Refuses writes that another site's page makes a browser send. A browser remembers a password of HTTP Basic and adds it to whatever goes to the same
 * address; only forms and uploads get that far, anything with JSON needs a permission that the ledger gives nobody.
 */
final class OtherSites extends OncePerRequestFilter {

    private static final String SITE = "Sec-Fetch-Site";
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** @throws RuleBroken {@code FORBIDDEN} */
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String site = request.getHeader(SITE);
        boolean reads = READS.contains(request.getMethod());
        if (!reads && ("cross-site".equals(site) || "same-site".equals(site))) {
            throw new RuleBroken("FORBIDDEN", "A page of another site has made a browser send this.");
        }
        chain.doFilter(request, response);
    }
}
