package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.HostileBodies;
import uk.directpayments.ledger.support.HostileBodies.HostileBody;
import uk.directpayments.ledger.support.RunningLedger;

/** Every route that takes a body, as the application itself knows them, and every way a body can be bad. */
class HostileRoutesTest extends RunningLedger {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping routes;

    @Test
    void noBodyMakesARouteFailAndWhatIsRefusedStoresNothing() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        Map<String, Type> bodies = bodies();
        assertThat(bodies).as("routes with a body").hasSizeGreaterThan(20);
        List<String> wrong = new ArrayList<>();
        bodies.forEach((pattern, type) -> {
            Caller caller = Caller.as(
                    pattern.matches(".*/(operations|organisations|erasure)\\b.*") ? "admin" : "finance", port);
            String path = filled(pattern, ids);
            long head = head();
            for (HostileBody body : HostileBodies.of(sample((Class<?>) type))) {
                Caller.Answer answer = caller.post(path, body.content());
                long after = head();
                boolean problem = answer.header("Content-Type").startsWith("application/problem+json");
                if (answer.status() >= 500
                        || (body.neverGood() && answer.status() < 400)
                        || (answer.status() >= 400 && (!problem || answer.code().isEmpty() || after != head))) {
                    wrong.add(pattern + " with " + body + ": " + answer);
                }
                head = after;
            }
        });
        assertThat(wrong).isEmpty();
    }

    /** Pattern of each POST route with a JSON body, and the record it takes. */
    private Map<String, Type> bodies() {
        Map<String, Type> bodies = new TreeMap<>();
        for (Map.Entry<RequestMappingInfo, HandlerMethod> route :
                routes.getHandlerMethods().entrySet()) {
            for (String pattern : route.getKey().getPatternValues()) {
                if (pattern.startsWith("/api/v1")
                        && route.getKey().getMethodsCondition().getMethods().contains(RequestMethod.POST)) {
                    Arrays.stream(route.getValue().getMethodParameters())
                            .filter(parameter -> parameter.hasParameterAnnotation(RequestBody.class))
                            .forEach(parameter -> bodies.put(pattern, parameter.getParameterType()));
                }
            }
        }
        return bodies;
    }

    private static String filled(String pattern, Opened ids) {
        return pattern.replace("{personId}", ids.personId())
                .replace("{budgetId}", ids.budgetId())
                .replace("{accountId}", ids.accountId())
                .replace("{lineId}", "L1")
                .replace("{name}", "journal")
                .replaceAll("\\{[A-Za-z]+}", "none");
    }

    /** A body of the right shape, so that each field can be spoilt in turn. */
    private static String sample(Class<?> type) {
        StringBuilder json = new StringBuilder("{");
        for (RecordComponent component : type.getRecordComponents()) {
            json.append(json.length() > 1 ? "," : "")
                    .append('"')
                    .append(component.getName())
                    .append("\":")
                    .append(value(component.getGenericType()));
        }
        return json.append('}').toString();
    }

    private static String value(Type type) {
        if (type instanceof ParameterizedType generic) {
            return "[" + value(generic.getActualTypeArguments()[0]) + "]";
        }
        Class<?> raw = (Class<?>) type;
        if (raw == Money.class) {
            return "\"10.00\"";
        } else if (raw == LocalDate.class) {
            return "\"2025-05-01\"";
        } else if (raw.isEnum()) {
            return "\"" + raw.getEnumConstants()[0] + "\"";
        } else if (raw == Boolean.class || raw == boolean.class) {
            return "true";
        } else if (Number.class.isAssignableFrom(raw) || raw == BigDecimal.class || raw.isPrimitive()) {
            return "1";
        } else if (raw.isRecord()) {
            return sample(raw);
        }
        return "\"" + fresh("H") + "\"";
    }
}
