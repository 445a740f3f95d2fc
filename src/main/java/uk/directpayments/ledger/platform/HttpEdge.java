package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The outermost filter: every request has a correlation id, the caller's {@code X-Correlation-Id} if it is one or a new one,
 * that stands in the answer and the log; and whatever the filters inside throw is answered as a {@link Problem}.
 */
final class HttpEdge extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(HttpEdge.class);

    static final String HEADER = "X-Correlation-Id";

    static final String LOG_KEY = "correlationId";

    private static final Pattern CORRELATION_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Problems problems;

    HttpEdge(Problems problems) {
        this.problems = problems;
    }

    /** The correlation id of the request that this thread serves; a new one if it serves none. */
    static String correlationId() {
        String id = MDC.get(LOG_KEY);
        return id == null ? UUID.randomUUID().toString() : id;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String known = response.getHeader(HEADER);
        String id = idOf(known == null ? request.getHeader(HEADER) : known);
        response.setHeader(HEADER, id);
        try (Carried.Line ignored = Carried.line(id)) {
            answered(request, response, chain);
            told(request, response);
        }
    }

    private void answered(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (Problems.AnswerCutShort e) {
            throw e;
        } catch (ServletException e) {
            problems.answer(e.getRootCause() instanceof Exception cause ? cause : e, request, response);
        } catch (RuntimeException e) {
            problems.answer(e, request, response);
        }
    }

    /** The route and not the address: somebody may have written a name in it. */
    private static void told(HttpServletRequest request, HttpServletResponse response) {
        if (log.isDebugEnabled() && !request.isAsyncStarted()) {
            Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
            log.debug("{} was answered {}", route == null ? "no route" : route, response.getStatus());
        }
    }

    /** What the container has refused, before any filter saw it, is a request too. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    /** The end of an answer that was streamed by another thread is the same request. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    /** The caller's id if it is one, else a new one. */
    static String idOf(@Nullable String given) {
        return given != null && CORRELATION_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }
}
