package dev.eventshop.benchmarks.stock;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
class Product {

    @AggregateIdentifier
    private String id;

    private int productId;
    private String name;
    private int stock;
    private final Map<Integer, Integer> reserved = new HashMap<>();

    Product() {}

    @CommandHandler
    Product(Commands.CreateProduct command, Clock clock) {
        apply(new ProductCreatedEvent(
                command.productId(), command.name(), command.price(), command.initialStock(), clock.instant()));
    }

    @CommandHandler
    void handle(Commands.AdjustStock command, Clock clock) {
        if (stock + command.delta() < 0) {
            throw new IllegalStateException("Product " + productId + " has " + stock + " units in stock.");
        }
        apply(new ProductStockUpdatedEvent(productId, name, stock, stock + command.delta(), clock.instant()));
    }

    @CommandHandler
    void handle(Commands.ReserveStock command, Clock clock) {
        if (reserved.containsKey(command.orderId())) {
            return;
        }
        if (command.quantity() > stock) {
            throw new IllegalStateException("Product " + productId + " has " + stock + " units in stock.");
        }
        apply(new StockReservedEvent(productId, command.orderId(), command.quantity(), clock.instant()));
        apply(new ProductStockUpdatedEvent(productId, name, stock, stock - command.quantity(), clock.instant()));
    }

    @CommandHandler
    void handle(Commands.ReleaseStock command, Clock clock) {
        Integer quantity = reserved.get(command.orderId());
        if (quantity == null) {
            return;
        }
        apply(new StockReleasedEvent(productId, command.orderId(), quantity, clock.instant()));
        apply(new ProductStockUpdatedEvent(productId, name, stock, stock + quantity, clock.instant()));
    }

    @EventSourcingHandler
    void on(ProductCreatedEvent event) {
        id = Commands.product(event.productId());
        productId = event.productId();
        name = event.name();
        stock = event.initialStock();
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
}
