package dev.eventshop.command.order;

import static dev.eventshop.events.order.OrderStatus.CANCELLED;
import static dev.eventshop.events.order.OrderStatus.COMPLETED;
import static dev.eventshop.events.order.OrderStatus.CONFIRMED;
import static dev.eventshop.events.order.OrderStatus.PENDING;
import static dev.eventshop.events.order.OrderStatus.SHIPPED;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.command.account.UserErased;
import dev.eventshop.command.dispatch.OwnedByUser;
import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.registry.EventMetadata;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.NullUnmarked;

/**
 * A customer's commitment to buy. Its life: placed ({@code PENDING}), confirmed, shipped, completed; called off from
 * {@code PENDING} or {@code CONFIRMED}. {@code COMPLETED} and {@code CANCELLED} are final.
 *
 * <p>Items, prices and total are those of the moment of placing and never change.
 */
@AggregateRoot(type = "Order")
@NullUnmarked
class Order implements OwnedByUser {

    /** Amounts are stored with 15 digits before the point; this leaves one of them free. */
    static final BigDecimal TOTAL_LIMIT = BigDecimal.TEN.pow(14);

    @AggregateIdentifier
    private OrderId id;

    private int userId;
    private BigDecimal totalAmount;
    private OrderStatus status;
    /** Language of the customer's emails; null in orders whose first event names none. */
    private String language;

    private Order() {}

    @Override
    public int owner() {
        return userId;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    OrderPlaced handle(PlaceOrder command, Customers customers, Offers offers, Clock clock) {
        Customers.Customer customer = customers
                .find(command.userId())
                .orElseThrow(() ->
                        new OrderRejected(OrderRejection.USER_NOT_FOUND, "There is no user " + command.userId() + "."));
        if (customer.erased()) {
            throw new UserErased();
        }
        List<OrderItemEvent> items = priced(command.items(), offers);
        BigDecimal total = items.stream()
                .map(item -> item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (total.compareTo(TOTAL_LIMIT) >= 0) {
            throw new OrderRejected(
                    OrderRejection.TOTAL_OUT_OF_RANGE,
                    "The total of an order is below " + TOTAL_LIMIT.toPlainString() + ".");
        }
        apply(
                new OrderCreatedEvent(command.orderId().value(), command.userId(), total, items, clock.instant()),
                MetaData.with(EventMetadata.LOCALE, customer.language()));
        return new OrderPlaced(total);
    }

    private static List<OrderItemEvent> priced(List<RequestedItem> requested, Offers offers) {
        Map<Integer, Offers.Offer> found =
                offers.of(requested.stream().map(RequestedItem::productId).toList());
        List<OrderItemEvent> items = new ArrayList<>(requested.size());
        for (RequestedItem item : requested) {
            Offers.Offer offer = found.get(item.productId());
            if (offer == null) {
                throw new OrderRejected(
                        OrderRejection.PRODUCT_NOT_FOUND, "There is no product " + item.productId() + ".");
            }
            items.add(new OrderItemEvent(item.productId(), offer.productName(), item.quantity(), offer.unitPrice()));
        }
        return items;
    }

    @CommandHandler
    void handle(ConfirmOrder command, Clock clock) {
        switch (status) {
            case PENDING -> moveTo(CONFIRMED, clock.instant());
            case CONFIRMED, SHIPPED, COMPLETED -> {} // confirmed before: a repetition
            case CANCELLED -> throw refused(OrderRejection.NOT_CONFIRMABLE);
        }
    }

    @CommandHandler
    void handle(ShipOrder command, Clock clock) {
        if (status != CONFIRMED) {
            throw refused(OrderRejection.NOT_SHIPPABLE);
        }
        moveTo(SHIPPED, clock.instant());
    }

    @CommandHandler
    void handle(CompleteOrder command, Clock clock) {
        if (status != SHIPPED) {
            throw refused(OrderRejection.NOT_COMPLETABLE);
        }
        Instant now = clock.instant();
        moveTo(COMPLETED, now);
        apply(new OrderCompletedEvent(id.value(), userId, totalAmount, now), language());
    }

    @CommandHandler
    void handle(CancelOrder command, Clock clock) {
        if (status != PENDING && status != CONFIRMED) {
            throw refused(OrderRejection.NOT_CANCELLABLE);
        }
        cancel(command.reason(), clock.instant());
    }

    @CommandHandler
    void handle(AbandonOrder command, Clock clock) {
        if (status == PENDING) {
            cancel(command.reason(), clock.instant());
        }
    }

    private void cancel(String reason, Instant now) {
        moveTo(CANCELLED, now);
        apply(new OrderCancelledEvent(id.value(), userId, reason, now), language());
    }

    private void moveTo(OrderStatus next, Instant now) {
        apply(new OrderStatusChangedEvent(id.value(), status.name(), next.name(), now), language());
    }

    private MetaData language() {
        return language == null ? MetaData.emptyInstance() : MetaData.with(EventMetadata.LOCALE, language);
    }

    private OrderRejected refused(OrderRejection rejection) {
        return new OrderRejected(rejection, "Order " + id.value() + " is " + status + ".");
    }

    @EventSourcingHandler
    void on(OrderCreatedEvent event, @MetaDataValue(EventMetadata.LOCALE) String locale) {
        id = new OrderId(event.orderId());
        userId = event.userId();
        totalAmount = event.totalAmount();
        status = PENDING;
        language = locale;
    }

    @EventSourcingHandler
    void on(OrderStatusChangedEvent event) {
        status = OrderStatus.valueOf(event.newStatus());
    }
}
