package dev.eventshop.query.ordersummary;

import dev.eventshop.query.projection.JsonColumn;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** The details of an entry of the timeline in a column of type json. */
@Converter
class OrderDetails implements AttributeConverter<Map<String, Object>, String> {

    private static final TypeReference<Map<String, Object>> TYPE = new TypeReference<>() {};

    @Override
    public String convertToDatabaseColumn(Map<String, Object> details) {
        return JsonColumn.write(details);
    }

    @Override
    public Map<String, Object> convertToEntityAttribute(String json) {
        return JsonColumn.read(json, TYPE);
    }
}
