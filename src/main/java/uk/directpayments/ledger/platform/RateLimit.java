package uk.directpayments.ledger.platform;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import uk.directpayments.ledger.kernel.RuleBroken;

/** So many requests a second for each user, on each node; a user who was idle may use a second's worth at once. */
final class RateLimit extends OncePerRequestFilter {

    /** Buckets kept at most; the least used goes first, and its user merely starts a fresh second. */
    private static final int MOST_USERS = 10_000;

    private final int perSecond;

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_USERS)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();

    RateLimit(int perSecond) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("ledger.http.requests-per-second must be at least 1, not " + perSecond);
        }
        this.perSecond = perSecond;
    }

    /** @throws RuleBroken {@code TOO_MANY_REQUESTS} */
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        if (user != null
                && user.isAuthenticated()
                && !buckets.get(user.getName(), name -> newBucket()).tryConsume(1)) {
            SecurityLog.asks(user, request);
            throw new RuleBroken(
                    "TOO_MANY_REQUESTS",
                    "More than the " + perSecond + " requests a second of ledger.http.requests-per-second.");
        }
        chain.doFilter(request, response);
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
