package uk.directpayments.ledger.platform;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.directpayments.ledger.kernel.EventName;

/** The {@link When} methods of one projection or automation, by the event they take. */
final class Handlers {

    private static final Logger log = LoggerFactory.getLogger(Handlers.class);

    private final Object target;
    private final String name;
    private final Map<Class<?>, Method> methods = new HashMap<>();

    /** @param parameters how many a handler has: two, or three with a buffer */
    Handlers(Object target, int parameters) {
        this.target = target;
        this.name = target.getClass().getSimpleName();
        for (Method method : target.getClass().getDeclaredMethods()) {
            if (method.isAnnotationPresent(When.class)) {
                if (method.getParameterCount() != parameters || method.getParameterTypes()[1] != Recorded.class) {
                    throw new IllegalStateException(method + " is not a handler of " + parameters + " parameters");
                }
                method.setAccessible(true);
                for (Class<?> event : events(method)) {
                    if (methods.put(event, method) != null) {
                        throw new IllegalStateException(target.getClass() + " handles an event twice");
                    }
                }
            }
        }
    }

    /** One kind of event, or every kind of a sealed family. */
    private static List<Class<?>> events(Method method) {
        Class<?> type = method.getParameterTypes()[0];
        List<Class<?>> events = type.isSealed() ? List.of(type.getPermittedSubclasses()) : List.of(type);
        if (!events.stream().allMatch(event -> event.isAnnotationPresent(EventName.class))) {
            throw new IllegalStateException(method + " takes what is no event");
        }
        return events;
    }

    boolean handles(Class<?> event) {
        return methods.containsKey(event);
    }

    void handle(EventMessage<?> event, @Nullable Object buffer) {
        Method method = methods.get(event.getPayloadType());
        if (method == null) {
            return;
        }
        Recorded at = Recorded.of(event);
        try (Carried.Line ignored = Carried.line(event)) {
            log.debug("{} takes {} at position {}", name, event.getPayloadType().getSimpleName(), at.position());
            if (method.getParameterCount() == 2) {
                method.invoke(target, event.getPayload(), at);
            } else {
                method.invoke(target, event.getPayload(), at, buffer);
            }
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
