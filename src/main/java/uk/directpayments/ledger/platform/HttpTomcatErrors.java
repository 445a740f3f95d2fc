package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Answers what Tomcat refuses before any filter sees it (an unreadable address, a forbidden method) as a {@link Problem}. */
public class HttpTomcatErrors extends ErrorReportValve {

    private static final JsonMapper JSON = new JsonMapper();

    static void install(Context context) {
        if (context.getParent() instanceof StandardHost host) {
            host.setErrorReportValveClass(HttpTomcatErrors.class.getName());
        }
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String id = response.getHeader(HttpEdge.HEADER);
        if (id == null) {
            id = HttpEdge.idOf(request.getHeader(HttpEdge.HEADER));
            response.setHeader(HttpEdge.HEADER, id);
        }
        try (var ignored = MDC.putCloseable(HttpEdge.LOG_KEY, id)) {
            String uri = request.getRequestURI();
            Problem problem = Problem.ofStatus(status).at(uri == null ? "/" : uri);
            byte[] body = JSON.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // The caller has gone: there is nobody to tell.
            container.getLogger().debug("an error could not be answered", e);
        }
    }
}
