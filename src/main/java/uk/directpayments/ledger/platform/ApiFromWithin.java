package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
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

    private static final String BASE = "/api/v1";
    private static final String SESSION_POSITION = ApiFromWithin.class.getName() + ".position";

    private final DispatcherServlet handlers;
    private final FilterChainProxy doors;
    private final ReadWatch reads;
    private final JsonMapper json;

    ApiFromWithin(
            DispatcherServlet handlers,
            @Qualifier("api") SecurityFilterChain doors,
            RequestRejectedHandler rejected,
            ReadWatch reads,
            JsonMapper json) {
        this.reads = reads;
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
        InnerRequest inner = new InnerRequest(page, method, BASE + path, parameters, all);
        HttpServletRequest asked = body == null ? inner : new HttpBody.Whole(inner, body);
        InnerAnswer heard = new InnerAnswer(outer());
        SecurityContext signedIn = SecurityContextHolder.getContext();
        inner.setAttribute(RequestAttributeSecurityContextRepository.DEFAULT_REQUEST_ATTR_NAME, signedIn);
        FilterChain toHandlers = (request, response) -> handlers.service(request, response);
        try {
            doors.doFilter(asked, reads.watched(inner, heard), toHandlers);
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
}
