package uk.directpayments.ledger.platform;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link ApiFromWithin} asks: the connection and files of the page's request, everything else its own. */
final class InnerRequest extends HttpServletRequestWrapper {

    private final String method;
    private final String path;
    private final Map<String, String[]> parameters;
    private final Map<String, String> headers;
    private final Map<String, Object> attributes = new HashMap<>();

    InnerRequest(
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

    /** The request of the page that asks. */
    HttpServletRequest page() {
        return (HttpServletRequest) getRequest();
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
