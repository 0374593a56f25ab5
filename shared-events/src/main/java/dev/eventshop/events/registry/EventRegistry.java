package dev.eventshop.events.registry;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one list of events. Serializers, the forwarder, the consumers and the published schemas all read it; a type name
 * that is not in it is refused.
 */
public final class EventRegistry {

    /** The topic exchange that public events are published to. */
    public static final String EXCHANGE = "microservice.events";

    private static final List<EventType> TYPES = List.of(
            internal(ProductCreatedEvent.class, "ProductCreatedEvent", "2.0", "Product"),
            internal(ProductPriceChangedEvent.class, "ProductPriceChangedEvent", "1.0", "Product"),
            published(
                    ProductStockUpdatedEvent.class,
                    "ProductStockUpdatedEvent",
                    "1.0",
                    "Product",
                    "product.stock-updated"),
            internal(StockReservedEvent.class, "StockReservedEvent", "1.0", "Product"),
            internal(StockReleasedEvent.class, "StockReleasedEvent", "1.0", "Product"),
            internal(StockShippedEvent.class, "StockShippedEvent", "1.0", "Product"),
            published(OrderCreatedEvent.class, "OrderCreatedEvent", "1.0", "Order", "order.created"),
            published(OrderStatusChangedEvent.class, "OrderStatusChangedEvent", "1.0", "Order", "order.status-changed"),
            published(OrderCancelledEvent.class, "OrderCancelledEvent", "1.0", "Order", "order.cancelled"),
            published(OrderCompletedEvent.class, "OrderCompletedEvent", "1.0", "Order", "order.completed"),
            published(UserRegisteredEvent.class, "UserRegisteredEvent", "1.0", "User", "user.registered")
                    .withPersonal("email", "fullName"),
            internal(UserAccountLinkedEvent.class, "UserAccountLinkedEvent", "1.0", "User"),
            published(
                    UserPersonalDataErasedEvent.class,
                    "UserPersonalDataErasedEvent",
                    "1.0",
                    "User",
                    "user.personal-data-erased"));

    private static final Map<String, EventType> BY_NAME =
            TYPES.stream().collect(toUnmodifiableMap(EventType::name, identity()));

    private static final Map<Class<?>, EventType> BY_CLASS =
            TYPES.stream().collect(toUnmodifiableMap(EventType::javaClass, identity()));

    private EventRegistry() {}

    /** @return all events, stored and published, in a stable order */
    public static List<EventType> all() {
        return TYPES;
    }

    /** @return the events that are published to {@link #EXCHANGE}, in a stable order */
    public static List<EventType> published() {
        return TYPES.stream().filter(type -> type.publicKey() != null).toList();
    }

    /** @return the entry with that stored type name, empty when the registry has none */
    public static Optional<EventType> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** @return the fields of that event that hold personal data; empty also when the registry has no such event */
    public static Set<String> personalFields(String name) {
        EventType type = BY_NAME.get(name);
        return type == null ? Set.of() : type.personalFields();
    }

    /**
     * @return the entry of that event class
     * @throws IllegalArgumentException when the class is no registered event
     */
    public static EventType of(Class<?> javaClass) {
        EventType type = BY_CLASS.get(javaClass);
        if (type == null) {
            throw new IllegalArgumentException(javaClass.getName() + " is not in the event registry");
        }
        return type;
    }

    private static EventType internal(Class<?> javaClass, String name, String revision, String aggregateType) {
        return new EventType(javaClass, name, revision, aggregateType, null, Set.of());
    }

    private static EventType published(
            Class<?> javaClass, String name, String revision, String aggregateType, String routingKey) {
        return new EventType(javaClass, name, revision, aggregateType, routingKey, Set.of());
    }
}
