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

    private final JsonMapper json;

    HttpNoBody(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return type instanceof Class<?> body && body.isRecord() && requiresNothing(body);
    }

    private static boolean requiresNothing(Class<?> body) {
        return Arrays.stream(body.getRecordComponents())
                .allMatch(component -> component.getAnnotatedType().isAnnotationPresent(Nullable.class));
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
