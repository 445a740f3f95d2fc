package uk.directpayments.ledger.platform;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import tools.jackson.databind.JsonNode;

/**
 * Whom an answer names: the ids in it, by the names that the contract gives them wherever they stand. Looked at before it is written, and kept with
 * the request until {@link ReadWatch} records the read.
 */
@RestControllerAdvice
public class ReadSubjects implements ResponseBodyAdvice<Object> {

    private static final String NAMED = ReadSubjects.class.getName();
    private static final Pattern ID = Pattern.compile(Id.PATTERN);
    private static final String OURS = "uk.directpayments.";

    /** What a component of an answer holds, by its name: the kind of the subject. */
    private static final Map<String, String> KINDS =
            Map.of("personId", "person", "accountId", "account", "budgetId", "budget", "accounts", "account");

    /** As many entries as there are kinds of answers. */
    private static final Map<Class<?>, List<Part>> PARTS = new ConcurrentHashMap<>();

    /** @param kind of the subject that it names, or null if it may hold such */
    private record Part(Method accessor, @Nullable String kind) {}

    ReadSubjects() {}

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return returned.getContainingClass().getName().startsWith(OURS);
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (request instanceof ServletServerHttpRequest servlet) {
            Set<String> named = new TreeSet<>();
            collect(body, named);
            servlet.getServletRequest()
                    .setAttribute(NAMED, merged(servlet.getServletRequest().getAttribute(NAMED), named));
        }
        return body;
    }

    /** Told by the handler of a document, whose answer is no JSON: whom it is about, where the path does not say so. */
    public static void concerns(String personId, String accountId) {
        RequestAttributes request = RequestContextHolder.currentRequestAttributes();
        Set<String> named = Set.of(of("person", personId), of("account", accountId));
        request.setAttribute(
                NAMED,
                merged(request.getAttribute(NAMED, RequestAttributes.SCOPE_REQUEST), named),
                RequestAttributes.SCOPE_REQUEST);
    }

    private static Set<String> merged(@Nullable Object before, Set<String> named) {
        Set<String> all = new LinkedHashSet<>(named);
        if (before instanceof Set<?> earlier) {
            earlier.forEach(one -> all.add((String) one));
        }
        return all;
    }

    /** What {@link #beforeBodyWrite} and {@link #concerns} have found. */
    @SuppressWarnings("unchecked")
    static Set<String> namedBy(jakarta.servlet.ServletRequest request) {
        return request.getAttribute(NAMED) instanceof Set<?> named ? (Set<String>) named : Set.of();
    }

    /** As it stands in the record. */
    public static String of(String kind, String id) {
        return kind + "/" + id;
    }

    /** Whether a subject is a person, or what belongs to one. */
    static boolean isSomebody(String subject) {
        return KINDS.containsValue(subject.substring(0, subject.indexOf('/')));
    }

    static boolean isId(@Nullable String text) {
        return text != null && ID.matcher(text).matches();
    }

    static void collect(@Nullable Object value, Set<String> named) {
        if (value instanceof Collection<?> several) {
            several.forEach(one -> collect(one, named));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(one -> collect(one, named));
        } else if (value instanceof JsonNode json) {
            collect(json, named);
        } else if (value instanceof Record && value.getClass().getName().startsWith(OURS)) {
            for (Part part : PARTS.computeIfAbsent(value.getClass(), ReadSubjects::parts)) {
                Object held = held(part.accessor, value);
                if (part.kind == null) {
                    collect(held, named);
                } else {
                    add(part.kind, held, named);
                }
            }
        }
    }

    private static void collect(JsonNode json, Set<String> named) {
        json.properties().forEach(field -> {
            String kind = KINDS.get(field.getKey());
            if (kind != null && field.getValue().isString()) {
                add(kind, field.getValue().asString(), named);
            } else {
                collect(field.getValue(), named);
            }
        });
        if (json.isArray()) {
            json.forEach(one -> collect(one, named));
        }
    }

    /** An id, several of them, or parts of the answer that go by the same name. */
    private static void add(String kind, @Nullable Object held, Set<String> named) {
        if (held instanceof String id) {
            if (isId(id)) {
                named.add(of(kind, id));
            }
        } else if (held instanceof Collection<?> several) {
            several.forEach(one -> add(kind, one, named));
        } else {
            collect(held, named);
        }
    }

    private static @Nullable Object held(Method accessor, Object answer) {
        try {
            return accessor.invoke(answer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Part> parts(Class<?> type) {
        List<Part> parts = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> held = component.getType();
            String kind = KINDS.get(component.getName());
            boolean mayHold = held == Object.class
                    || Collection.class.isAssignableFrom(held)
                    || Map.class.isAssignableFrom(held)
                    || JsonNode.class.isAssignableFrom(held)
                    || held.isInterface()
                    || held.isRecord() && held.getName().startsWith(OURS);
            if (kind != null || mayHold) {
                component.getAccessor().setAccessible(true);
                parts.add(new Part(component.getAccessor(), kind));
            }
        }
        return parts;
    }
}
