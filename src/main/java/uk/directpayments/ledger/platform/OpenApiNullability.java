package uk.directpayments.ledger.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells of every record which components are always there, and which may be null: those marked {@link Nullable}. */
class OpenApiNullability implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> others) {
        if (!others.hasNext()) {
            return null;
        }
        Schema<?> resolved = others.next().resolve(type, context, others);
        JavaType java = Json.mapper().constructType(type.getType());
        if (resolved != null && java != null && java.isRecordType()) {
            String name = resolved.get$ref() == null
                    ? resolved.getName()
                    : resolved.get$ref().substring(resolved.get$ref().lastIndexOf('/') + 1);
            Schema<?> schema = name == null ? null : context.getDefinedModels().get(name);
            describe(schema == null ? resolved : schema, java.getRawClass());
        }
        return resolved;
    }

    private static void describe(Schema<?> schema, Class<?> type) {
        Map<String, Schema> properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = properties.get(component.getName());
            boolean absentAtTimes = component.getAccessor().isAnnotationPresent(JsonInclude.class);
            if (property == null || absentAtTimes) {
                continue;
            }
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            } else if (property.get$ref() == null) {
                property.addType("null");
            } else {
                Schema<?> nothing = new Schema<>();
                nothing.addType("null");
                properties.put(
                        component.getName(),
                        new Schema<>().anyOf(List.of(new Schema<>().$ref(property.get$ref()), nothing)));
            }
        }
        schema.setRequired(required.isEmpty() ? null : required);
    }
}
