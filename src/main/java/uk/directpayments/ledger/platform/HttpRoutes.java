package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Spring's way to the handler of a request, which compares a path with the pattern of every route whole, a sixth of what a request costs: here only
 * routes with as many segments, and the same where they are literal, are looked at.
 */
final class HttpRoutes extends RequestMappingHandlerMapping {

    /** All routes, each once for each of its patterns; null until somebody looks for one, and whenever one has come or gone. */
    private volatile @Nullable List<Route> routes;

    /**
     * What is plain to see of a pattern.
     *
     * @param segments each literal one, null for one that holds a variable; null if their number varies
     */
    private record Route(@Nullable String @Nullable [] segments, RequestMappingInfo info, HandlerMethod handler) {

        static Route of(String pattern, RequestMappingInfo info, HandlerMethod handler) {
            if (pattern.contains("**") || pattern.contains("{*")) {
                return new Route(null, info, handler);
            }
            return new Route(
                    Arrays.stream(pattern.split("/"))
                            .filter(segment -> !segment.isEmpty())
                            .map(segment -> segment.matches(".*[{*?\\\\].*") ? null : segment)
                            .toArray(String[]::new),
                    info,
                    handler);
        }

        boolean mayMatch(List<String> path) {
            if (segments == null) {
                return true;
            }
            if (segments.length != path.size()) {
                return false;
            }
            for (int i = 0; i < segments.length; i++) {
                if (segments[i] != null && !segments[i].equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private List<Route> routes() {
        List<Route> known = routes;
        if (known == null) {
            known = getHandlerMethods().entrySet().stream()
                    .flatMap(route -> route.getKey().getPatternValues().stream()
                            .map(pattern -> Route.of(pattern, route.getKey(), route.getValue())))
                    .toList();
            routes = known;
        }
        return known;
    }

    @Override
    public void registerMapping(RequestMappingInfo mapping, Object handler, Method method) {
        super.registerMapping(mapping, handler, method);
        routes = null;
    }

    @Override
    public void unregisterMapping(RequestMappingInfo mapping) {
        super.unregisterMapping(mapping);
        routes = null;
    }

    /** Where one route only is for a request, this is what Spring does with it; where none is, or several are, it looks itself. */
    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request) throws Exception {
        Route only = null;
        RequestMappingInfo matching = null;
        List<String> segments = segments(request);
        for (Route route : routes()) {
            if (route.mayMatch(segments) && (only == null || only.info != route.info)) {
                RequestMappingInfo match = getMatchingMapping(route.info, request);
                if (match != null && only != null) {
                    return super.lookupHandlerMethod(path, request);
                }
                if (match != null) {
                    only = route;
                    matching = match;
                }
            }
        }
        if (only == null || matching == null) {
            return super.lookupHandlerMethod(path, request);
        }
        request.setAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE, only.handler);
        handleMatch(matching, path, request);
        return only.handler;
    }

    private static List<String> segments(HttpServletRequest request) {
        List<String> segments = new ArrayList<>();
        for (PathContainer.Element element : ServletRequestPathUtils.getParsedRequestPath(request)
                .pathWithinApplication()
                .elements()) {
            if (element instanceof PathContainer.PathSegment segment) {
                segments.add(segment.valueToMatch());
            }
        }
        return segments;
    }
}
