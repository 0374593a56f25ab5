package dev.eventshop.command.product;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.registry.EventMetadata;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.NullUnmarked;

/**
 * Something that can be ordered. Its life: created, then its price and its stock change any number of times.
 *
 * <p>{@code stock} is the number of units that can still be ordered, and never negative: reserving for an order lowers
 * it, releasing raises it, a stock-take sets it, shipping leaves it as it is. A reservation is kept from the moment it
 * is made until it is released or shipped, no longer: a product's state grows with its open orders, not with its
 * history. What was reserved once for an order is never reserved for it again, nor after a release that came first:
 * each reservation takes the one permit that its order has for the product.
 */
@AggregateRoot(type = "Product")
@NullUnmarked
class Product {

    @AggregateIdentifier
    private ProductId id;

    private String name;
    private BigDecimal price;
    private int stock;
    /** Units set aside and neither released nor shipped, by the number of the order. */
    private Map<Integer, Integer> reserved = new HashMap<>();

    private Product() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.ALWAYS)
    void handle(CreateProduct command, Clock clock) {
        apply(new ProductCreatedEvent(
                command.productId().value(), command.name(), command.price(), command.initialStock(), clock.instant()));
    }

    @CommandHandler
    void handle(ChangePrice command, Clock clock) {
        if (command.price().compareTo(price) == 0) {
            return;
        }
        apply(new ProductPriceChangedEvent(id.value(), price, command.price(), clock.instant()));
    }

    @CommandHandler
    void handle(TakeStock command, Clock clock) {
        updateStock(command.stock(), MetaData.emptyInstance(), clock);
    }

    @CommandHandler
    void handle(AdjustStock command, Clock clock) {
        int adjusted = plus(command.delta());
        if (adjusted < 0) {
            throw insufficient(-(long) command.delta());
        }
        String reason = command.reason();
        updateStock(
                adjusted,
                reason == null ? MetaData.emptyInstance() : MetaData.with(EventMetadata.REASON, reason),
                clock);
    }

    @CommandHandler
    Reservation handle(ReserveStock command, ReservationPermits permits, Clock clock) {
        Integer held = reserved.get(command.orderId());
        if (held != null) {
            if (held != command.quantity()) {
                throw new ProductRejected(
                        ProductRejection.RESERVATION_DIFFERS,
                        "Order " + command.orderId() + " holds " + held + " units of product " + id.value() + ".",
                        stock);
            }
            return Reservation.HELD;
        }
        if (command.quantity() > stock) {
            throw insufficient(command.quantity());
        }
        if (!permits.take(command.orderId(), id.value())) {
            return Reservation.FORGONE;
        }
        apply(new StockReservedEvent(id.value(), command.orderId(), command.quantity(), clock.instant()));
        updateStock(stock - command.quantity(), because(command.orderId()), clock);
        return Reservation.HELD;
    }

    @CommandHandler
    void handle(ReleaseStock command, ReservationPermits permits, Clock clock) {
        Integer held = reserved.get(command.orderId());
        if (held == null) {
            permits.take(command.orderId(), id.value()); // a reservation that is still to come finds none
            return;
        }
        int raised = plus(held);
        apply(new StockReleasedEvent(id.value(), command.orderId(), held, clock.instant()));
        updateStock(raised, because(command.orderId()), clock);
    }

    @CommandHandler
    void handle(ShipStock command, Clock clock) {
        Integer held = reserved.get(command.orderId());
        if (held == null) {
            return;
        }
        apply(new StockShippedEvent(id.value(), command.orderId(), held, clock.instant()));
    }

    private void updateStock(int newStock, MetaData why, Clock clock) {
        if (newStock == stock) {
            return;
        }
        apply(new ProductStockUpdatedEvent(id.value(), name, stock, newStock, clock.instant()), why);
    }

    private int plus(int delta) {
        long sum = (long) stock + delta;
        if (sum > Integer.MAX_VALUE) {
            throw new ProductRejected(
                    ProductRejection.STOCK_OVERFLOW,
                    "The stock of product " + id.value() + " can't pass " + Integer.MAX_VALUE + ".",
                    stock);
        }
        return (int) Math.max(sum, -1); // every negative sum is refused alike
    }

    private ProductRejected insufficient(long wanted) {
        return new ProductRejected(
                ProductRejection.INSUFFICIENT_STOCK,
                "Product " + id.value() + " has " + stock + " units in stock, not " + wanted + ".",
                stock);
    }

    private static MetaData because(int orderId) {
        return MetaData.with(EventMetadata.ORDER_ID, Integer.toString(orderId));
    }

    @EventSourcingHandler
    void on(ProductCreatedEvent event) {
        id = new ProductId(event.productId());
        name = event.name();
        price = event.price();
        stock = event.initialStock();
    }

    @EventSourcingHandler
    void on(ProductPriceChangedEvent event) {
        price = event.newPrice();
    }

    @EventSourcingHandler
    void on(ProductStockUpdatedEvent event) {
        stock = event.newStock();
    }

    @EventSourcingHandler
    void on(StockReservedEvent event) {
        reserved.put(event.orderId(), event.quantity());
    }

    @EventSourcingHandler
    void on(StockReleasedEvent event) {
        reserved.remove(event.orderId());
    }

    @EventSourcingHandler
    void on(StockShippedEvent event) {
        reserved.remove(event.orderId());
    }
}
