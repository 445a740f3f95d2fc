package uk.directpayments.ledger.platform;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import uk.directpayments.ledger.kernel.Actor;

/**
 * Stands at the way out: before the first byte of an answer leaves, the read is recorded. What a page asks of the API from within is gathered, and
 * recorded as one read of the page before it is shown. So nothing that reads can forget to say so, whatever kind of answer it gives.
 *
 * <p>A refusal (403, 404) of somebody who has signed in is recorded as an attempt, with the ids that the path named.
 */
@Component
class ReadWatch implements Filter {

    private static final String GATHERED = ReadWatch.class.getName();
    private static final String API = "/api/";
    private static final Set<String> READS = Set.of("GET", "HEAD");

    /** Parameters whose values are ids, days, numbers and words of the contract; never what somebody is called. */
    private static final List<String> FILTERS = List.of(
            "accountId",
            "budgetId",
            "personId",
            "organisationId",
            "asOf",
            "by",
            "format",
            "from",
            "knownAt",
            "sample",
            "seed",
            "severity",
            "state",
            "status",
            "to");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9.:_+-]{1,64}");
    private static final String OF_ID = "Id";

    private final ReadRecord reads;
    private final ObjectProvider<RequestMappingHandlerMapping> routes;

    ReadWatch(
            ReadRecord reads,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> routes) {
        this.reads = reads;
        this.routes = routes;
    }

    /** What a page has been told; and what it has not. */
    private static final class Gathered {
        private final Set<String> subjects = new LinkedHashSet<>();
        private final Set<String> sought = new LinkedHashSet<>();
        private final Set<String> filters = new TreeSet<>();
        private boolean everybody;
        private boolean told;
        private int refused;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, watched((HttpServletRequest) request, (HttpServletResponse) response));
    }

    /** The way out of a request. */
    HttpServletResponse watched(HttpServletRequest request, HttpServletResponse response) {
        return new WayOut(request, response);
    }

    private final class WayOut extends HttpServletResponseWrapper {

        private final HttpServletRequest request;
        private boolean open;

        private WayOut(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            open();
            return super.getOutputStream();
        }

        @Override
        public PrintWriter getWriter() throws IOException {
            open();
            return super.getWriter();
        }

        private void open() {
            if (!open) {
                // Also if it fails: what is answered then is why.
                open = true;
                leaving(request, getStatus());
            }
        }
    }

    private void leaving(HttpServletRequest request, int status) {
        Gathered gathered = request.getAttribute(GATHERED) instanceof Gathered begun ? begun : null;
        HandlerMethod handler = handler(request, status);
        String pattern = String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
        if (handler != null && pattern.startsWith(API)) {
            leavingApi(request, handler, pattern, status);
        } else if (gathered != null) {
            leavingPage(request, pattern, gathered);
        }
    }

    private void leavingApi(HttpServletRequest request, HandlerMethod handler, String pattern, int status) {
        Tells.Of tells = tells(handler, request.getMethod());
        boolean refused = status == 403 || status == 404;
        if (tells == Tells.Of.NOBODY || status >= 400 && !refused) {
            return;
        }
        Actor actor = actor();
        if (actor == null) {
            if (refused) {
                return;
            }
            throw nobody();
        }
        Set<String> subjects = new LinkedHashSet<>(refused ? Set.of() : ReadSubjects.namedBy(request));
        Map<String, String> filters = new TreeMap<>();
        path(request, subjects, filters);
        query(request, subjects, filters);
        if (request instanceof InnerRequest inner) {
            Gathered gathered = gathered(inner.page());
            if (refused) {
                gathered.refused = status;
                gathered.sought.addAll(subjects);
            } else {
                gathered.told = true;
                gathered.subjects.addAll(subjects);
                if (isOfEverybody(tells, subjects)) {
                    gathered.everybody = true;
                    gathered.filters.add(words(filters));
                }
            }
            return;
        }
        String route = request.getMethod() + " " + pattern;
        if (refused) {
            attempted(route, actor, status, subjects);
        } else {
            add(route, actor, 200, subjects, isOfEverybody(tells, subjects), words(filters));
        }
    }

    private static boolean isOfEverybody(Tells.Of tells, Set<String> subjects) {
        return tells == Tells.Of.EVERYBODY && subjects.stream().noneMatch(ReadSubjects::isSomebody);
    }

    /**
     * An attempt is on something that is there. What is not may be anything that somebody has typed, a name for instance, and tells nothing of
     * anybody.
     */
    private void attempted(String route, Actor actor, int status, Set<String> sought) {
        Set<String> there = reads.among(sought);
        if (status == 403 || !there.isEmpty()) {
            add(route, actor, status, there, false, "");
        }
    }

    /** A page is shown, whatever its status: one that was refused is shown again with what had been read for it. */
    private void leavingPage(HttpServletRequest request, String pattern, Gathered gathered) {
        Actor actor = actor();
        if (actor == null) {
            throw nobody();
        }
        String route = request.getMethod() + " " + pattern;
        if (gathered.told) {
            String filters = String.join(", ", gathered.filters);
            add(route, actor, 200, gathered.subjects, gathered.everybody, filters);
        } else {
            attempted(route, actor, gathered.refused, gathered.sought);
        }
    }

    private static IllegalStateException nobody() {
        return new IllegalStateException("nobody has signed in, and personal data were about to leave");
    }

    private void add(String route, Actor actor, int status, Set<String> subjects, boolean everybody, String filters) {
        reads.add(new ReadRecord.Read(actor, route, status, HttpEdge.correlationId(), subjects, everybody, filters));
    }

    private static Gathered gathered(HttpServletRequest page) {
        Gathered gathered = page.getAttribute(GATHERED) instanceof Gathered begun ? begun : new Gathered();
        page.setAttribute(GATHERED, gathered);
        return gathered;
    }

    /** Whose answer it is; of a request that was refused at the doors, whose it would have been. */
    private @Nullable HandlerMethod handler(HttpServletRequest request, int status) {
        Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
        if (handler == null && status == 403 && request.getRequestURI().startsWith(API)) {
            try {
                var found = routes.getObject().getHandler(request);
                handler = found == null ? null : found.getHandler();
            } catch (Exception e) {
                // no such route: refused without having named anything
                return null;
            }
        }
        return handler instanceof HandlerMethod method ? method : null;
    }

    private static Tells.Of tells(HandlerMethod handler, String method) {
        Tells marked = handler.getMethodAnnotation(Tells.class);
        if (marked != null) {
            return marked.value();
        }
        return READS.contains(method) ? Tells.Of.NAMED : Tells.Of.NOBODY;
    }

    /** What the path names: ids become subjects, the rest what the read was limited to. */
    private static void path(HttpServletRequest request, Set<String> subjects, Map<String, String> filters) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables) {
            variables.forEach((name, value) -> asked(String.valueOf(name), String.valueOf(value), subjects, filters));
        }
    }

    /** As {@link #path}; but an id that a filter names need not be anybody's. */
    private void query(HttpServletRequest request, Set<String> subjects, Map<String, String> filters) {
        Set<String> named = new LinkedHashSet<>();
        for (String name : FILTERS) {
            String[] values = request.getParameterValues(name);
            for (String value : values == null ? new String[0] : values) {
                asked(name, value, named, filters);
            }
        }
        named.removeAll(subjects);
        if (!named.isEmpty()) {
            subjects.addAll(reads.among(named));
        }
    }

    private static void asked(String name, String value, Set<String> subjects, Map<String, String> filters) {
        if (name.endsWith(OF_ID)) {
            if (ReadSubjects.isId(value)) {
                subjects.add(ReadSubjects.of(name.substring(0, name.length() - OF_ID.length()), value));
            }
        } else if (PLAIN.matcher(value).matches()) {
            filters.put(name, value);
        }
    }

    private static String words(Map<String, String> filters) {
        return filters.entrySet().stream()
                .map(filter -> filter.getKey() + "=" + filter.getValue())
                .collect(Collectors.joining(" "));
    }

    private static @Nullable Actor actor() {
        Authentication signedIn = SecurityContextHolder.getContext().getAuthentication();
        return signedIn != null && signedIn.getPrincipal() instanceof SignedIn known ? known.actor() : null;
    }
}
