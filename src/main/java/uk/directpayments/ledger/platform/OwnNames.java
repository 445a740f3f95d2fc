package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Answers to this machine's own names alone, where there are {@link LocalUsers}. A web page whose name is pointed at a loopback address once a browser has
 * opened it (DNS rebinding) is the same site for that browser, and knows the public password as everybody does; only the name that it asks for tells.
 */
final class OwnNames extends OncePerRequestFilter {

    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d*)?", Pattern.CASE_INSENSITIVE);

    /** @throws RuleBroken {@code FORBIDDEN} */
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // as it was sent: a page may set X-Forwarded-Host
        String asked = request.getHeader(HttpHeaders.HOST);
        if (!LOOPBACK.matcher(asked == null ? request.getServerName() : asked).matches()) {
            throw new RuleBroken(
                    "FORBIDDEN",
                    "With the local users the ledger answers to localhost, 127.0.0.1 and [::1] alone; under another name it serves those who sign in at an issuer (ledger.oidc.issuer).");
        }
        chain.doFilter(request, response);
    }
}
