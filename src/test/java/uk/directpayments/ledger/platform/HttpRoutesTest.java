package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import uk.directpayments.ledger.support.RunningLedger;

/** The way to a handler is short, and leads where Spring's own leads. */
class HttpRoutesTest extends RunningLedger {

    private static final int PATHS = 20_000;
    private static final String[] METHODS = {"GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"};
    private static final String[] ODD = {
        "", "/", "//", ";x=1", "%20", ".zip", ".csv", "..", "%2F", "%2e", "A-1", "..;/", "{id}", "*", "?", "é", "%C3%A9"
    };

    @Autowired
    private ApplicationContext context;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping routes;

    private RequestMappingHandlerMapping springs;
    private List<String> patterns;

    @BeforeEach
    void asSpringWouldFindThem() {
        springs = new RequestMappingHandlerMapping();
        springs.setApplicationContext(context);
        springs.setContentNegotiationManager(routes.getContentNegotiationManager());
        routes.getHandlerMethods()
                .forEach((route, handler) -> springs.registerMapping(route, handler.getBean(), handler.getMethod()));
        patterns = routes.getHandlerMethods().keySet().stream()
                .flatMap(route -> route.getPatternValues().stream())
                .distinct()
                .sorted()
                .toList();
        assertThat(routes).isInstanceOf(HttpRoutes.class);
        assertThat(springs.getHandlerMethods()).isEqualTo(routes.getHandlerMethods());
    }

    @Test
    void everyRouteIsFound() throws Exception {
        for (String pattern : patterns) {
            String path = pattern.replaceAll("\\{[^}]*}", "A-1").replace("**", "a/b");
            for (String method : METHODS) {
                same(method, path);
            }
        }
        assertThat(found(routes, "GET", "/api/v1/accounts/A-1/balance")).contains("#");
        assertThat(found(routes, "GET", "/api/v1/accounts/A-1/balances")).doesNotContain("#");
    }

    @Test
    void whateverIsAskedForEndsWhereSpringsOwnWayWouldEnd() throws Exception {
        long seed = System.nanoTime();
        System.out.println("routes asked for, seed " + seed);
        Random random = new Random(seed);
        int handlers = 0;
        for (int i = 0; i < PATHS; i++) {
            String path = path(random);
            handlers += same(METHODS[random.nextInt(METHODS.length)], path).contains("#") ? 1 : 0;
        }
        assertThat(handlers).isGreaterThan(PATHS / 20);
    }

    /** The path of a route, its variables filled in, then broken here and there: cut, spelt otherwise, encoded, or put together of two. */
    private String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (String segment : one(random).split("/")) {
            if (segment.isEmpty() || random.nextInt(20) == 0) {
                continue;
            }
            path.append('/');
            String filled = segment.replaceAll("\\{[^}]*}", random.nextInt(5) == 0 ? "a.b;c=d" : "A-1");
            path.append(random.nextInt(15) == 0 ? encoded(filled, random) : filled);
            if (random.nextInt(15) == 0) {
                path.append(ODD[random.nextInt(ODD.length)]);
            }
        }
        if (random.nextInt(10) == 0) {
            path.append(one(random).replaceAll("\\{[^}]*}", "B-2"));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private String one(Random random) {
        return patterns.get(random.nextInt(patterns.size()));
    }

    /** One of its characters percent-encoded: the same segment, spelt otherwise. */
    private static String encoded(String segment, Random random) {
        int at = random.nextInt(segment.length());
        return segment.substring(0, at) + "%%%02X".formatted((int) segment.charAt(at)) + segment.substring(at + 1);
    }

    private String same(String method, String path) throws Exception {
        String found = found(routes, method, path);
        assertThat(found).as("%s %s", method, path).isEqualTo(found(springs, method, path));
        return found;
    }

    private static String found(RequestMappingHandlerMapping routes, String method, String path) {
        List<String> found = new ArrayList<>();
        try {
            MockHttpServletRequest request = new MockHttpServletRequest(method, path);
            ServletRequestPathUtils.parseAndCache(request);
            HandlerExecutionChain chain = routes.getHandler(request);
            found.add(chain == null ? "nothing" : chain.getHandler().toString());
        } catch (Exception refused) {
            found.add(refused.getClass().getSimpleName() + ": " + refused.getMessage());
        }
        return String.join(" ", found);
    }
}
