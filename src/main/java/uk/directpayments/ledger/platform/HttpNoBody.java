package uk.directpayments.ledger.platform;

import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.databind.json.JsonMapper;

/** Where a request requires nothing, no body says as much as <code>{}</code>. Elsewhere a body that is missing stays {@code BODY_INVALID}. */
@RestControllerAdvice
class HttpNoBody extends RequestBodyAdviceAdapter {

    /** Asked of each request: annotations of types are parsed anew whenever they are read. */
    private static final ClassValue<Boolean> REQUIRES_NOTHING = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> body) {
            return Arrays.stream(body.getRecordComponents())
                    .allMatch(component -> component.getAnnotatedType().isAnnotationPresent(Nullable.class));
        }
    };

    private final JsonMapper json;

    HttpNoBody(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return type instanceof Class<?> body && body.isRecord() && REQUIRES_NOTHING.get(body);
    }

    @Override
    public @Nullable Object handleEmptyBody(
            @Nullable Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        return json.readValue("{}", (Class<?>) type);
    }
}
