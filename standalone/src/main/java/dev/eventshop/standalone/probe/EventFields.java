package dev.eventshop.standalone.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The fields of public events, as the contract has them, independently of the code that writes them. */
final class EventFields {

    private static final List<String> ITEM = List.of("productId", "productName", "quantity", "unitPrice");

    private static final Map<String, List<String>> BY_EVENT = Map.of(
            "ProductStockUpdatedEvent", List.of("productId", "productName", "oldStock", "newStock", "updatedAt"),
            "OrderCreatedEvent", List.of("orderId", "userId", "totalAmount", "items", "createdAt"),
            "OrderStatusChangedEvent", List.of("orderId", "oldStatus", "newStatus", "changedAt"),
            "OrderCancelledEvent", List.of("orderId", "userId", "reason", "cancelledAt"),
            "OrderCompletedEvent", List.of("orderId", "userId", "totalAmount", "completedAt"),
            "UserRegisteredEvent", List.of("userId", "email", "fullName", "registeredAt"));

    private EventFields() {}

    /** @return what is wrong with the fields; empty when they are exactly those of the contract */
    static Optional<String> difference(String event, JsonNode body) {
        List<String> expected = BY_EVENT.getOrDefault(event, List.of());
        List<String> found = List.copyOf(body.propertyNames());
        if (!found.equals(expected)) {
            return Optional.of("has the fields " + found + " in place of " + expected);
        }
        List<List<String>> items = new ArrayList<>();
        body.path("items").forEach(item -> items.add(List.copyOf(item.propertyNames())));
        return items.stream()
                .filter(item -> !item.equals(ITEM))
                .findFirst()
                .map(item -> "has an item with the fields " + item + " in place of " + ITEM);
    }
}
