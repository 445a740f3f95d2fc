package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Spring's way to the handler of a request, which compares a path with the pattern of every route whole, a sixth of what a request costs: here only
 * routes with as many segments, and the same where they are literal, are looked at.
 */
final class HttpRoutes extends RequestMappingHandlerMapping {

    private static final String SEGMENTS = HttpRoutes.class.getName();

    private final Map<RequestMappingInfo, List<Shape>> shapes = new ConcurrentHashMap<>();

    /**
     * What is plain to see of a pattern.
     *
     * @param segments each literal one, null for one that holds a variable; null if their number varies
     */
    private record Shape(@Nullable String @Nullable [] segments) {

        static Shape of(String pattern) {
            if (pattern.contains("**") || pattern.contains("{*")) {
                return new Shape(null);
            }
            return new Shape(Arrays.stream(pattern.split("/"))
                    .filter(segment -> !segment.isEmpty())
                    .map(segment -> segment.matches(".*[{*?\\\\].*") ? null : segment)
                    .toArray(String[]::new));
        }

        boolean mayMatch(String[] path) {
            if (segments == null) {
                return true;
            }
            if (segments.length != path.length) {
                return false;
            }
            for (int i = 0; i < path.length; i++) {
                if (segments[i] != null && !segments[i].equals(path[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request) throws Exception {
        request.setAttribute(SEGMENTS, segments(request));
        return super.lookupHandlerMethod(path, request);
    }

    private static String[] segments(HttpServletRequest request) {
        return ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication().elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(segment -> ((PathContainer.PathSegment) segment).valueToMatch())
                .toArray(String[]::new);
    }

    @Override
    protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo route, HttpServletRequest request) {
        String[] path = (String[]) request.getAttribute(SEGMENTS);
        boolean may = path == null
                || shapes.computeIfAbsent(route, HttpRoutes::shapes).stream().anyMatch(shape -> shape.mayMatch(path));
        return may ? super.getMatchingMapping(route, request) : null;
    }

    private static List<Shape> shapes(RequestMappingInfo route) {
        return route.getPatternValues().stream().map(Shape::of).toList();
    }
}
