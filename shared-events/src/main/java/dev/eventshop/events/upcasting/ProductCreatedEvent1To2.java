package dev.eventshop.events.upcasting;

import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code ProductCreatedEvent} 1.0 called the first stock {@code stock}; 2.0 says what it is, {@code initialStock}. */
final class ProductCreatedEvent1To2 extends SingleEventUpcaster {

    private static final SimpleSerializedType FROM = new SimpleSerializedType("ProductCreatedEvent", "1.0");
    private static final SimpleSerializedType TO = new SimpleSerializedType("ProductCreatedEvent", "2.0");

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation representation) {
        return FROM.equals(representation.getType());
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation representation) {
        return representation.upcastPayload(TO, JsonNode.class, payload -> {
            ObjectNode renamed = (ObjectNode) payload;
            JsonNode stock = renamed.remove("stock");
            return stock == null ? renamed : renamed.set("initialStock", stock);
        });
    }
}
