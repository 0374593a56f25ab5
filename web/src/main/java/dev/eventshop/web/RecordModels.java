package dev.eventshop.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells in OpenAPI what records promise by their types. In an answer each field is there, and is null only where its
 * component is {@link Nullable}. In a request what is required says so itself, since everything can be missing.
 */
final class RecordModels implements ModelConverter {

    private static final String OURS = "dev.eventshop.";
    private static final String REFERENCE = "#/components/schemas/";

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> resolved = chain.next().resolve(type, context, chain);
        JavaType java = Json.mapper().constructType(type.getType());
        Class<?> raw = java == null ? Object.class : java.getRawClass();
        if (resolved != null && raw.isRecord() && raw.getName().startsWith(OURS) && !isRequest(raw)) {
            String reference = resolved.get$ref();
            Schema<?> model = reference == null
                    ? resolved
                    : context.getDefinedModels().get(reference.substring(REFERENCE.length()));
            if (model != null && model.getProperties() != null) {
                complete(model, raw);
            }
        }
        return resolved;
    }

    private static boolean isRequest(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return type.getSimpleName().endsWith("Request") || outer != null && isRequest(outer);
    }

    @SuppressWarnings("rawtypes") // as the model has them
    private static void complete(Schema<?> model, Class<?> type) {
        Map<String, Schema> properties = model.getProperties();
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = properties.get(component.getName());
            if (property == null) {
                continue;
            }
            if ("date-time".equals(property.getFormat()) && property.getExample() == null) {
                property.setExample("2026-01-31T12:00:00Z");
            }
            JsonInclude include = component.getAccessor().getAnnotation(JsonInclude.class);
            boolean isLeftOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
            if (!isLeftOut
                    && (model.getRequired() == null || !model.getRequired().contains(component.getName()))) {
                model.addRequiredItem(component.getName());
            }
            boolean mayBeNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (mayBeNull && !isLeftOut) {
                properties.put(component.getName(), orNull(property));
            }
        }
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null) {
            return new JsonSchema().anyOf(List.of(schema, new JsonSchema().types(Set.of("null"))));
        }
        if (schema.getTypes() != null) {
            schema.addType("null");
        }
        return schema;
    }
}
