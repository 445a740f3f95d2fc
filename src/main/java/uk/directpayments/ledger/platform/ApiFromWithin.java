package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.DispatcherServlet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The public contract, asked from within by whoever has signed in to a page: through the same doors, the same checks and the same handlers
 * as from outside, without a connection. So a page shows nothing that the API does not tell, and can do nothing that it would refuse.
 *
 * <p>What somebody has written, they see: the position of each write is kept in their session, and every later read waits for it.
 */
@Component
public class ApiFromWithin {

    /** The largest answer that is held in memory; what is larger is downloaded, not shown. */
    private static final int MOST_BYTES = 16 << 20;

    private static final String BASE = "/api/v1";
    private static final String SESSION_POSITION = ApiFromWithin.class.getName() + ".position";

    private final DispatcherServlet handlers;
    private final FilterChainProxy doors;
    private final JsonMapper json;

    ApiFromWithin(
            DispatcherServlet handlers,
            @Qualifier("api") SecurityFilterChain doors,
            RequestRejectedHandler rejected,
            JsonMapper json) {
        this.handlers = handlers;
        this.doors = new FilterChainProxy(doors);
        this.doors.setRequestRejectedHandler(rejected);
        this.json = json;
    }

    /**
     * What the API answered.
     *
     * @param body missing if there was none
     */
    public record Said(int status, JsonNode body) {

        public boolean refused() {
            return status >= 400;
        }

        /** @throws RuleBroken the refusal, if it was one */
        public JsonNode orRefuse() {
            if (refused()) {
                throw new RuleBroken(
                        body.path("code").asString("INTERNAL"),
                        body.path("detail").asString(""));
            }
            return body;
        }
    }

    /**
     * Reads.
     *
     * @param path  below {@code /api/v1}
     * @param query parameters; those that are null or blank are left out
     */
    public Said get(String path, Map<String, ? extends @Nullable Object> query) {
        Map<String, String[]> parameters = new LinkedHashMap<>();
        query.forEach((name, value) -> {
            if (value != null && !value.toString().isBlank()) {
                parameters.put(name, new String[] {value.toString()});
            }
        });
        return ask("GET", path, parameters, Map.of(), new byte[0]);
    }

    /**
     * Writes.
     *
     * @param body           becomes the JSON of the request
     * @param idempotencyKey makes the repeat of a form that was sent twice harmless
     */
    public Said post(String path, Object body, String idempotencyKey) {
        return ask(
                "POST",
                path,
                Map.of(),
                Map.of("Content-Type", "application/json", CallResolver.IDEMPOTENCY_KEY, idempotencyKey),
                json.writeValueAsBytes(body));
    }

    /**
     * Hands on the files of the form that the page itself was sent.
     *
     * @param fields beside the files
     */
    public Said upload(String path, Map<String, String> fields, String idempotencyKey) {
        Map<String, String[]> parameters = new LinkedHashMap<>();
        fields.forEach((name, value) -> parameters.put(name, new String[] {value}));
        String type = String.valueOf(current().getContentType());
        return ask(
                "POST",
                path,
                parameters,
                Map.of("Content-Type", type, CallResolver.IDEMPOTENCY_KEY, idempotencyKey),
                null);
    }

    /**
     * Hands the page's own request on to the API, for what is downloaded: it is streamed from there.
     *
     * @return the view of a page's handler
     */
    public String handOn(String path) {
        // The API knows who asks by this alone, also when it goes on in another thread.
        current()
                .setAttribute(
                        RequestAttributeSecurityContextRepository.DEFAULT_REQUEST_ATTR_NAME,
                        SecurityContextHolder.getContext());
        return "forward:" + BASE + path;
    }

    private Said ask(
            String method,
            String path,
            Map<String, String[]> parameters,
            Map<String, String> headers,
            byte @Nullable [] body) {
        HttpServletRequest page = current();
        HttpSession session = page.getSession();
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        all.put("Accept", "application/json");
        if (method.equals("GET") && session.getAttribute(SESSION_POSITION) instanceof Long position) {
            all.put(ViewResolver.LEDGER_POSITION, position.toString());
        }
        Inner inner = new Inner(page, method, BASE + path, parameters, all);
        HttpServletRequest asked = body == null ? inner : new HttpBody.Whole(inner, body);
        Heard heard = new Heard(outer());
        SecurityContext signedIn = SecurityContextHolder.getContext();
        inner.setAttribute(RequestAttributeSecurityContextRepository.DEFAULT_REQUEST_ATTR_NAME, signedIn);
        FilterChain toHandlers = (request, response) -> handlers.service(request, response);
        try {
            doors.doFilter(asked, heard, toHandlers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ServletException e) {
            throw new IllegalStateException("the API could not be asked", e);
        } finally {
            SecurityContextHolder.setContext(signedIn);
        }
        String position = heard.getHeader(Answers.POSITION);
        if (!method.equals("GET") && position != null) {
            session.setAttribute(SESSION_POSITION, Long.parseLong(position));
        }
        byte[] answer = heard.body();
        return new Said(heard.getStatus(), answer.length == 0 ? MissingNode.getInstance() : json.readTree(answer));
    }

    private static HttpServletRequest current() {
        return attributes().getRequest();
    }

    private static HttpServletResponse outer() {
        HttpServletResponse response = attributes().getResponse();
        if (response == null) {
            throw new IllegalStateException("no response");
        }
        return response;
    }

    private static ServletRequestAttributes attributes() {
        return (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
    }

    /** The question: the connection and files of the page's request, everything else its own. */
    private static final class Inner extends HttpServletRequestWrapper {

        private final String method;
        private final String path;
        private final Map<String, String[]> parameters;
        private final Map<String, String> headers;
        private final Map<String, Object> attributes = new HashMap<>();

        Inner(
                HttpServletRequest page,
                String method,
                String path,
                Map<String, String[]> parameters,
                Map<String, String> headers) {
            super(page);
            this.method = method;
            this.path = path;
            this.parameters = Collections.unmodifiableMap(parameters);
            this.headers = headers;
        }

        @Override
        public String getMethod() {
            return method;
        }

        @Override
        public String getRequestURI() {
            return getContextPath() + path;
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer(getRequestURI());
        }

        @Override
        public String getServletPath() {
            return path;
        }

        @Override
        public @Nullable String getPathInfo() {
            return null;
        }

        @Override
        public @Nullable String getQueryString() {
            return null;
        }

        @Override
        public @Nullable String getContentType() {
            return headers.get("Content-Type");
        }

        @Override
        public @Nullable String getParameter(String name) {
            String[] values = parameters.get(name);
            return values == null ? null : values[0];
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return parameters;
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.enumeration(parameters.keySet());
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return parameters.get(name);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return headers.get(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            String value = headers.get(name);
            return Collections.enumeration(value == null ? List.of() : List.of(value));
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(headers.keySet());
        }

        @Override
        public long getDateHeader(String name) {
            return -1;
        }

        @Override
        public int getIntHeader(String name) {
            return -1;
        }

        @Override
        public Cookie @Nullable [] getCookies() {
            return null;
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return attributes.get(name);
        }

        @Override
        public Enumeration<String> getAttributeNames() {
            return Collections.enumeration(attributes.keySet());
        }

        @Override
        public void setAttribute(String name, @Nullable Object value) {
            if (value == null) {
                attributes.remove(name);
            } else {
                attributes.put(name, value);
            }
        }

        @Override
        public void removeAttribute(String name) {
            attributes.remove(name);
        }

        /** The files; what else the page's form had is for the page. */
        @Override
        public Collection<Part> getParts() throws IOException, ServletException {
            return super.getParts().stream()
                    .filter(part -> part.getSubmittedFileName() != null)
                    .toList();
        }

        /** The API knows no sessions, and must not touch the page's. */
        @Override
        public @Nullable HttpSession getSession(boolean create) {
            return null;
        }

        @Override
        public HttpSession getSession() {
            throw new IllegalStateException("the API has no session");
        }

        @Override
        public boolean isAsyncSupported() {
            return false;
        }
    }

    /** The answer, kept from the browser. */
    private static final class Heard extends HttpServletResponseWrapper {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), true);
        private int status = 200;

        Heard(HttpServletResponse page) {
            super(page);
        }

        byte[] body() {
            writer.flush();
            return bytes.toByteArray();
        }

        @Override
        public int getStatus() {
            return status;
        }

        @Override
        public void setStatus(int status) {
            this.status = status;
        }

        @Override
        public void sendError(int status) {
            this.status = status;
        }

        @Override
        public void sendError(int status, String words) {
            this.status = status;
        }

        @Override
        public void sendRedirect(String location, int status, boolean clearBuffer) {
            this.status = status;
        }

        @Override
        public void addCookie(Cookie cookie) {
            // The page's own session is the only one.
        }

        @Override
        public boolean containsHeader(String name) {
            return headers.containsKey(name);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return headers.get(name);
        }

        @Override
        public Collection<String> getHeaders(String name) {
            String value = headers.get(name);
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public Collection<String> getHeaderNames() {
            return headers.keySet();
        }

        @Override
        public void setHeader(String name, String value) {
            headers.put(name, value);
        }

        @Override
        public void addHeader(String name, String value) {
            headers.put(name, value);
        }

        @Override
        public void setDateHeader(String name, long value) {
            headers.put(name, Long.toString(value));
        }

        @Override
        public void addDateHeader(String name, long value) {
            headers.put(name, Long.toString(value));
        }

        @Override
        public void setIntHeader(String name, int value) {
            headers.put(name, Integer.toString(value));
        }

        @Override
        public void addIntHeader(String name, int value) {
            headers.put(name, Integer.toString(value));
        }

        @Override
        public void setContentType(@Nullable String type) {
            // It was asked for as JSON.
        }

        @Override
        public @Nullable String getContentType() {
            return headers.get("Content-Type");
        }

        @Override
        public void setCharacterEncoding(@Nullable String encoding) {
            // JSON is UTF-8.
        }

        @Override
        public String getCharacterEncoding() {
            return StandardCharsets.UTF_8.name();
        }

        @Override
        public void setLocale(Locale locale) {
            // The page has its own.
        }

        @Override
        public void setContentLength(int length) {
            // Counted by who reads.
        }

        @Override
        public void setContentLengthLong(long length) {
            // Counted by who reads.
        }

        @Override
        public void setBufferSize(int size) {
            // There is one buffer.
        }

        @Override
        public int getBufferSize() {
            return MOST_BYTES;
        }

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public void flushBuffer() {
            // Nothing leaves before the page does.
        }

        @Override
        public void reset() {
            resetBuffer();
            headers.clear();
            status = 200;
        }

        @Override
        public void resetBuffer() {
            writer.flush();
            bytes.reset();
        }

        @Override
        public PrintWriter getWriter() {
            return writer;
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public void write(int one) {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] from, int offset, int length) {
                    if (bytes.size() + length > MOST_BYTES) {
                        throw new RuleBroken(
                                "TOO_LARGE", "This is too much to show on a page: narrow it down, or download it.");
                    }
                    bytes.write(from, offset, length);
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException("written at once");
                }
            };
        }
    }
}
