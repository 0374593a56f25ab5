package dev.eventshop.benchmarks.replay;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserId;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;

/**
 * Makes up the events of a shop, the same ones each time, in the order in which the aggregates would: orders of one to
 * three items are placed, reserved, confirmed, shipped hundreds of orders later and completed thousands later; one in ten
 * is cancelled. Sequence numbers have no holes.
 */
final class ShopHistory {

    private static final int PRODUCTS = 2_000;
    private static final int STOCK = 1_000_000;
    private static final int SHIPPED_AFTER = 500;
    private static final int COMPLETED_AFTER = 5_000;
    private static final int ORDERS_PER_USER = 8;

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SECONDS_BETWEEN_ORDERS = 30;

    private final Random random = new Random(26);
    private final Map<String, Long> versions = new HashMap<>();
    private final int[] stock = new int[PRODUCTS + 1];
    private final BigDecimal[] prices = new BigDecimal[PRODUCTS + 1];
    private final Deque<OrderCreatedEvent> confirmed = new ArrayDeque<>();
    private final Deque<OrderCreatedEvent> shipped = new ArrayDeque<>();
    private List<DomainEventMessage<?>> events = new ArrayList<>();
    private Instant now = BEGIN;
    private int orders;
    private int users;

    ShopHistory() {
        for (int id = 1; id <= PRODUCTS; id++) {
            stock[id] = STOCK;
            prices[id] = BigDecimal.valueOf(100 + random.nextInt(20_000), 2);
            add(new ProductId(id).toString(), new ProductCreatedEvent(id, name(id), prices[id], STOCK, now));
        }
    }

    /** @return the next events, at least so many */
    List<DomainEventMessage<?>> next(int atLeast) {
        while (events.size() < atLeast) {
            goOn();
        }
        List<DomainEventMessage<?>> made = events;
        events = new ArrayList<>();
        return made;
    }

    private void goOn() {
        now = now.plusSeconds(SECONDS_BETWEEN_ORDERS).plusNanos(random.nextInt(1_000_000) * 1_000L);
        if (orders % ORDERS_PER_USER == 0) {
            register(++users);
        }
        if (random.nextInt(50) == 0) {
            reprice(1 + random.nextInt(PRODUCTS));
        }
        OrderCreatedEvent order = place(++orders);
        order.items().forEach(item -> reserve(order, item));
        move(order, "PENDING", "CONFIRMED");
        if (random.nextInt(10) == 0) {
            cancel(order);
        } else {
            confirmed.add(order);
        }
        if (confirmed.size() > SHIPPED_AFTER) {
            ship(confirmed.remove());
        }
        if (shipped.size() > COMPLETED_AFTER) {
            complete(shipped.remove());
        }
    }

    private void register(int id) {
        String user = new UserId(id).toString();
        add(user, new UserRegisteredEvent(id, "customer." + id + "@example.com", "Nguyễn Thị Lan " + id, now));
        if (id % 4 == 0) {
            add(user, new UserAccountLinkedEvent(id, "account-" + id, now));
        }
        if (id > 100 && id % 100 == 0) {
            add(new UserId(id - 100).toString(), new UserPersonalDataErasedEvent(id - 100, now));
        }
    }

    private void reprice(int id) {
        BigDecimal price = BigDecimal.valueOf(100 + random.nextInt(20_000), 2);
        add(new ProductId(id).toString(), new ProductPriceChangedEvent(id, prices[id], price, now));
        prices[id] = price;
    }

    private OrderCreatedEvent place(int id) {
        List<OrderItemEvent> items = new ArrayList<>();
        BigDecimal total = BigDecimal.ZERO;
        int first = random.nextInt(PRODUCTS);
        int kinds = 1 + random.nextInt(3);
        for (int i = 0; i < kinds; i++) {
            int product = 1 + (first + i * 7) % PRODUCTS;
            int quantity = 1 + random.nextInt(3);
            items.add(new OrderItemEvent(product, name(product), quantity, prices[product]));
            total = total.add(prices[product].multiply(BigDecimal.valueOf(quantity)));
        }
        OrderCreatedEvent order = new OrderCreatedEvent(id, 1 + random.nextInt(users), total, items, now);
        add(new OrderId(id).toString(), order);
        return order;
    }

    private void reserve(OrderCreatedEvent order, OrderItemEvent item) {
        add(
                new ProductId(item.productId()).toString(),
                new StockReservedEvent(item.productId(), order.orderId(), item.quantity(), now));
        updateStock(order, item, -item.quantity());
    }

    private void updateStock(OrderCreatedEvent order, OrderItemEvent item, int delta) {
        int id = item.productId();
        add(
                new ProductId(id).toString(),
                new ProductStockUpdatedEvent(id, item.productName(), stock[id], stock[id] + delta, now),
                Map.of(EventMetadata.ORDER_ID, Integer.toString(order.orderId())));
        stock[id] += delta;
    }

    private void move(OrderCreatedEvent order, String from, String to) {
        add(new OrderId(order.orderId()).toString(), new OrderStatusChangedEvent(order.orderId(), from, to, now));
    }

    private void cancel(OrderCreatedEvent order) {
        move(order, "CONFIRMED", "CANCELLED");
        add(
                new OrderId(order.orderId()).toString(),
                new OrderCancelledEvent(order.orderId(), order.userId(), "changed my mind", now));
        for (OrderItemEvent item : order.items()) {
            add(
                    new ProductId(item.productId()).toString(),
                    new StockReleasedEvent(item.productId(), order.orderId(), item.quantity(), now));
            updateStock(order, item, item.quantity());
        }
    }

    private void ship(OrderCreatedEvent order) {
        move(order, "CONFIRMED", "SHIPPED");
        for (OrderItemEvent item : order.items()) {
            add(
                    new ProductId(item.productId()).toString(),
                    new StockShippedEvent(item.productId(), order.orderId(), item.quantity(), now));
        }
        shipped.add(order);
    }

    private void complete(OrderCreatedEvent order) {
        move(order, "SHIPPED", "COMPLETED");
        add(
                new OrderId(order.orderId()).toString(),
                new OrderCompletedEvent(order.orderId(), order.userId(), order.totalAmount(), now));
    }

    private void add(String aggregateId, Object event) {
        add(aggregateId, event, Map.of());
    }

    private void add(String aggregateId, Object event, Map<String, String> metadata) {
        long version = versions.merge(aggregateId, 0L, (last, zero) -> last + 1);
        events.add(new GenericDomainEventMessage<>(
                EventRegistry.of(event.getClass()).aggregateType(), aggregateId, version, event, metadata));
    }

    private static String name(int product) {
        return "Teapot No. " + product;
    }
}
