package dev.eventshop.query.ordersummary;

import dev.eventshop.query.projection.JsonColumn;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** The items of an order in a column of type json. */
@Converter
class OrderItems implements AttributeConverter<List<OrderItem>, String> {

    private static final TypeReference<List<OrderItem>> TYPE = new TypeReference<>() {};

    static List<OrderItem> read(String json) {
        return JsonColumn.read(json, TYPE);
    }

    @Override
    public String convertToDatabaseColumn(List<OrderItem> items) {
        return JsonColumn.write(items);
    }

    @Override
    public List<OrderItem> convertToEntityAttribute(String json) {
        return read(json);
    }
}
