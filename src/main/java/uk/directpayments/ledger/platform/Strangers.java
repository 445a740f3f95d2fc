package uk.directpayments.ledger.platform;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;

/**
 * What is kept for people who have not signed in: the page that they asked for, or the form that they sent, in a session. Anybody may send that, and as
 * often as they like, so it is little, for a short time, and of so many at most; beyond that nothing is kept, and they are sent to the sign-in all the same.
 */
final class Strangers implements HttpSessionListener {

    /** A session without use ends then, until somebody has signed in with it. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** Sessions of strangers, beyond which no new one is made to keep something. */
    static final int MOST = 500;

    /** Of a form that is kept. */
    static final long MOST_BYTES = 64 * 1024;

    private static final String STRANGER = Strangers.class.getName();

    private final AtomicInteger sessions = new AtomicInteger();

    /** Stands in a session until somebody has signed in, or the session has ended. */
    private final class Stranger implements HttpSessionBindingListener {

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            sessions.incrementAndGet();
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            sessions.decrementAndGet();
        }
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        event.getSession().setMaxInactiveInterval((int) LONGEST.toSeconds());
        event.getSession().setAttribute(STRANGER, new Stranger());
    }

    /** Pages, and forms that were sent: not what a script or a page's parts ask for. */
    HttpSessionRequestCache kept() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setRequestMatcher(request -> {
            String accepted = request.getHeader(HttpHeaders.ACCEPT);
            return accepted != null
                    && accepted.contains(MediaType.TEXT_HTML_VALUE)
                    && !request.getServletPath().equals("/logout")
                    && request.getContentLengthLong() <= MOST_BYTES
                    && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null
                    && (request.getSession(false) != null || sessions.get() < MOST);
        });
        return cache;
    }

    /** Whoever has signed in has the whole time of a session, and is shown what was kept for them. */
    SavedRequestAwareAuthenticationSuccessHandler signedIn() {
        SavedRequestAwareAuthenticationSuccessHandler shown = new SavedRequestAwareAuthenticationSuccessHandler() {
            @Override
            public void onAuthenticationSuccess(
                    HttpServletRequest request, HttpServletResponse response, Authentication user)
                    throws ServletException, IOException {
                HttpSession session = request.getSession();
                session.removeAttribute(STRANGER);
                session.setMaxInactiveInterval(
                        (int) Duration.ofMinutes(request.getServletContext().getSessionTimeout())
                                .toSeconds());
                super.onAuthenticationSuccess(request, response, user);
            }
        };
        shown.setRequestCache(kept());
        return shown;
    }
}
