package uk.directpayments.ledger.platform;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.validation.BindException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Turns every refusal and every failure into {@code application/problem+json}: from controllers as their advice, from filters
 * and security by {@link #answer}. Nothing of an exception that nobody foresaw reaches the caller or, of its words, the log.
 */
@RestControllerAdvice
class Problems {

    /** How long a caller who met a passing refusal should wait before asking again. */
    private static final String RETRY_AFTER_SECONDS = "1";

    /** The request's attribute that holds the code of a refusal, once it was answered. */
    static final String CODE = Problems.class.getName() + ".code";

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** What programs alone ask for, whatever they accept. */
    private static final Pattern FOR_PROGRAMS = Pattern.compile("/(api|actuator|v3|webjars|assets)(/.*)?");

    private final JsonMapper json;
    private final ObjectProvider<ProblemPages> pages;
    private final String challenge;

    Problems(
            JsonMapper json,
            ObjectProvider<ProblemPages> pages,
            @Value("${ledger.oidc.issuer:#{null}}") @Nullable String issuer) {
        this.json = json;
        this.pages = pages;
        this.challenge = (issuer == null ? "Basic realm=\"ledger\", charset=\"UTF-8\"" : "Bearer realm=\"ledger\"");
    }

    @ExceptionHandler(Exception.class)
    void answer(Exception e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (e instanceof AsyncRequestNotUsableException) {
            return; // the caller has gone
        }
        if (response.isCommitted()) {
            logFailure(e);
            // A clean end would pass half an answer for a whole one: the container cuts the connection instead.
            throw new AnswerCutShort();
        }
        if (e instanceof ErrorResponse known) {
            known.getHeaders().forEach((name, values) -> response.setHeader(name, String.join(", ", values)));
        }
        Problem problem = of(e);
        if (problem.code().equals("INTERNAL")) {
            logFailure(e);
        }
        SecurityLog.refused(problem, request);
        write(problem, pathOf(request), request, response);
    }

    /** What was asked for, if a page handed the request on to the API. */
    private static String pathOf(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) instanceof String page
                ? page
                : request.getRequestURI();
    }

    /** @param path that was asked for: the request itself may be the container's own, to an error page */
    void write(Problem problem, String path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        request.setAttribute(CODE, problem.code());
        response.resetBuffer();
        response.setStatus(problem.status());
        if (problem.isPassing()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (problem.status() == 401) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        ProblemPages shown = isForPeople(path, request) ? pages.getIfAvailable() : null;
        if (shown != null) {
            shown.write(problem.status(), problem.code(), problem.detail(), request, response);
            return;
        }
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        byte[] body = json.writeValueAsBytes(problem.at(path));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static boolean isForPeople(String path, HttpServletRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return accepted != null
                && accepted.contains(MediaType.TEXT_HTML_VALUE)
                && !FOR_PROGRAMS.matcher(path).matches();
    }

    static Problem of(Throwable e) {
        JacksonException badJson = causeOf(e, JacksonException.class);
        if (badJson != null && e instanceof HttpMessageNotReadableException) {
            return HttpJson.problem(badJson);
        }
        Problem malformed = malformed(e);
        if (malformed != null) {
            return malformed;
        }
        RuleBroken refusal = causeOf(e, RuleBroken.class);
        if (refusal != null) {
            String field = refusal.field();
            return field == null
                    ? Problem.of(refusal.code(), refusal.words())
                    : Problem.of(refusal.code(), field, refusal.words());
        }
        if (Outage.is(e)) {
            return Problem.of("BUSY", "The ledger cannot reach its database just now; ask again a little later.");
        }
        if (e instanceof ErrorResponse known) {
            return Problem.ofStatus(known.getStatusCode().value());
        }
        return Problem.of("INTERNAL", internal());
    }

    /** What the framework refused before any of our code ran. */
    private static @Nullable Problem malformed(Throwable e) {
        if (e instanceof HttpMessageNotReadableException) {
            return Problem.of("BODY_INVALID", "The request needs a body: one JSON object in UTF-8.");
        }
        if (e instanceof BindException invalid) {
            return invalid(invalid.getFieldErrors().stream()
                    .map(error -> wrong(error.getField(), error))
                    .toList());
        }
        if (e instanceof HandlerMethodValidationException invalid && !invalid.isForReturnValue()) {
            return invalid(invalid.getParameterValidationResults().stream()
                    .flatMap(result -> result.getResolvableErrors().stream()
                            .map(error -> wrong(
                                    error instanceof FieldError field
                                            ? field.getField()
                                            : HttpQuery.nameOf(result.getMethodParameter()),
                                    error)))
                    .toList());
        }
        if (e instanceof MethodArgumentTypeMismatchException mismatch) {
            Class<?> wanted = mismatch.getRequiredType();
            return Problem.of("FIELD_INVALID", mismatch.getName(), HttpJson.expected(wanted));
        }
        if (e instanceof MissingServletRequestParameterException missing) {
            return Problem.of("FIELD_INVALID", missing.getParameterName(), "is required");
        }
        if (e instanceof MissingServletRequestPartException missing) {
            return Problem.of("FIELD_INVALID", missing.getRequestPartName(), "is required");
        }
        if (e instanceof MissingRequestHeaderException missing) {
            return Problem.of("FIELD_INVALID", missing.getHeaderName(), "is required");
        }
        if (e instanceof MaxUploadSizeExceededException) {
            return Problem.of("TOO_LARGE", "The upload is larger than ledger.http.max-upload-bytes allows.");
        }
        if (e instanceof MultipartException) {
            return Problem.of("BODY_INVALID", "The request is not multipart/form-data as it ought to be.");
        }
        if (e instanceof HttpMediaTypeNotSupportedException) {
            return Problem.of("MEDIA_TYPE_UNSUPPORTED", sentence(415));
        }
        if (e instanceof HttpRequestMethodNotSupportedException) {
            return Problem.of("METHOD_NOT_ALLOWED", sentence(405));
        }
        if (e instanceof AccessDeniedException denied) {
            return SecurityRules.isUnmapped(denied)
                    ? Problem.of("NOT_FOUND", sentence(404))
                    : Problem.of("FORBIDDEN", sentence(403));
        }
        if (e instanceof AuthenticationException) {
            return Problem.of("UNAUTHENTICATED", sentence(401));
        }
        if (e instanceof RequestRejectedException) {
            String what = String.valueOf(e.getMessage());
            boolean path = !what.contains("parameter") && !what.contains("header");
            return Problem.of(
                    path ? "ID_INVALID" : "FIELD_INVALID",
                    "The path, a parameter or a header holds characters that are not allowed there.");
        }
        if (e instanceof org.apache.tomcat.util.http.InvalidParameterException) {
            return Problem.of(
                    "FIELD_INVALID", "The query string cannot be read: a wrong escape or too many parameters.");
        }
        return null;
    }

    private static Problem invalid(List<Problem.Wrong> errors) {
        return errors.isEmpty() ? Problem.of("FIELD_INVALID", sentence(400)) : Problem.ofAll(errors);
    }

    private static Problem.Wrong wrong(String field, MessageSourceResolvable error) {
        String[] codes = error.getCodes();
        boolean id = codes != null && codes.length > 0 && codes[codes.length - 1].equals(Id.class.getSimpleName());
        String detail = error.getDefaultMessage();
        // A value that could not even be converted would be quoted by the framework, under a Java type's name.
        boolean unconverted = error instanceof FieldError bound && bound.isBindingFailure();
        return new Problem.Wrong(
                field, id ? "ID_INVALID" : "FIELD_INVALID", detail == null || unconverted ? "is not valid" : detail);
    }

    static String sentence(int status) {
        return switch (status) {
            case 400 -> "The request is not well formed.";
            case 401 -> "The ledger does not know who asks: sign in.";
            case 403 -> "Your role may not do this.";
            case 404 -> "There is nothing here, or nothing that you may see.";
            case 405 -> "This address does not take that method; the header Allow names those that it takes.";
            case 406 -> "The answer is not available in the type that the header Accept asks for.";
            case 413 -> "The request is larger than the ledger takes.";
            case 415 -> "The request's body must be of the type that this address takes, usually application/json.";
            case 429 -> "Too many requests; ask again a little later.";
            case 501, 505 -> "The ledger does not speak this kind of HTTP.";
            case 503 -> "Not now; ask again a little later.";
            default -> status < 500 ? "The request was refused." : internal();
        };
    }

    private static String internal() {
        return "The ledger failed in a way that nobody foresaw. Its log has more under correlation id "
                + HttpEdge.correlationId() + ".";
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable e, Class<T> type) {
        return causes(e).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    /** The exception and its causes, at most ten. */
    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause).limit(10);
    }

    /** Classes and lines only: an exception's words may quote a name, a row or a body. */
    private static void logFailure(Throwable e) {
        StringBuilder trace = new StringBuilder();
        causes(e).forEach(cause -> {
            trace.append(System.lineSeparator()).append(cause.getClass().getName());
            if (cause instanceof SQLException sql) {
                trace.append(" SQLSTATE ").append(sql.getSQLState());
            }
            Stream.of(cause.getStackTrace())
                    .limit(40)
                    .forEach(line ->
                            trace.append(System.lineSeparator()).append("\tat ").append(line));
        });
        log.error("Unexpected failure, correlation id {}:{}", HttpEdge.correlationId(), trace);
    }

    /** Thrown to the container when an answer that has begun cannot be finished. */
    static final class AnswerCutShort extends RuntimeException {
        AnswerCutShort() {
            super("an answer was cut short; the line before says why", null, false, false);
        }
    }
}
