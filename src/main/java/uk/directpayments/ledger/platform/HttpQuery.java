package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.WebUtils;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Looks at the path and the query of an API request before its handler does: path variables are ids, a parameter that the handler
 * does not declare is refused, and so is one given twice. A mistyped {@code asof=} would otherwise answer for today.
 */
final class HttpQuery implements HandlerInterceptor {

    static final Set<String> OF_VIEW = Set.of("asOf", "knownAt");
    static final Set<String> OF_PAGING = Set.of("asOf", "knownAt", "limit", "cursor");

    private static final Pattern ID = Pattern.compile(Id.PATTERN);
    private static final Pattern ID_OF_INSTALMENT = Pattern.compile(Id.INSTALMENT_PATTERN);
    private static final DefaultParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    /** What a handler declares; as many entries as the application has handlers. */
    private final Map<Method, Declared> declared = new ConcurrentHashMap<>();

    /** @param several those that may be given more than once */
    private record Declared(Set<String> names, Set<String> several, boolean any) {}

    /** @throws RuleBroken {@code ID_INVALID}, {@code FIELD_UNKNOWN}, {@code FIELD_INVALID} */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            checkPath(request);
            Declared allowed = declared.computeIfAbsent(method.getMethod(), m -> declaredBy(method));
            request.getParameterMap().forEach((name, values) -> check(name, values, allowed));
            MultipartRequest upload = WebUtils.getNativeRequest(request, MultipartRequest.class);
            if (upload != null) {
                upload.getMultiFileMap().forEach((name, files) -> check(name, new String[files.size()], allowed));
            }
        }
        return true;
    }

    private static void checkPath(HttpServletRequest request) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables) {
            variables.forEach((name, value) -> {
                boolean instalment = name.equals(Id.OF_INSTALMENT);
                if (!(instalment ? ID_OF_INSTALMENT : ID)
                        .matcher(String.valueOf(value))
                        .matches()) {
                    String words = instalment ? Id.INSTALMENT_WORDS : Id.WORDS;
                    throw new RuleBroken("ID_INVALID", words, String.valueOf(name));
                }
            });
        }
    }

    private static void check(String name, @Nullable String[] values, Declared allowed) {
        if (!allowed.any && !allowed.names.contains(name)) {
            String shown = HttpJson.printable(name);
            throw new RuleBroken("FIELD_UNKNOWN", "There is no parameter " + shown + " here.", shown);
        }
        if (values.length > 1 && !allowed.several.contains(name)) {
            throw new RuleBroken("FIELD_INVALID", "must be given once", name);
        }
        for (String value : values) {
            if (value != null) {
                try {
                    HttpText.text(value);
                } catch (RuleBroken e) {
                    throw new RuleBroken(e.code(), e.words(), HttpJson.printable(name));
                }
            }
        }
    }

    private static Declared declaredBy(HandlerMethod method) {
        Set<String> names = new HashSet<>();
        Set<String> several = new HashSet<>();
        boolean any = false;
        for (MethodParameter parameter : method.getMethodParameters()) {
            Class<?> type = parameter.getParameterType();
            if (type == View.class) {
                names.addAll(OF_VIEW);
            } else if (type == Paging.class) {
                names.addAll(OF_PAGING);
            } else if (parameter.hasParameterAnnotation(RequestParam.class)
                    || parameter.hasParameterAnnotation(RequestPart.class)) {
                any |= Map.class.isAssignableFrom(type);
                names.add(nameOf(parameter));
                if (Collection.class.isAssignableFrom(type) || type.isArray()) {
                    several.add(nameOf(parameter));
                }
            }
        }
        return new Declared(names, several, any);
    }

    /** The name by which callers know a handler's parameter. */
    static String nameOf(MethodParameter parameter) {
        RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
        RequestPart part = parameter.getParameterAnnotation(RequestPart.class);
        PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
        parameter.initParameterNameDiscovery(NAMES);
        return Stream.of(
                        query == null ? "" : query.name(),
                        part == null ? "" : part.name(),
                        path == null ? "" : path.name(),
                        String.valueOf(parameter.getParameterName()))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }
}
