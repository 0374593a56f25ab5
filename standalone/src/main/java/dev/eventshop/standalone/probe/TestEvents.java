package dev.eventshop.standalone.probe;

import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.client.Written;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.probe.Tracer.Email;
import dev.eventshop.standalone.probe.Tracer.Expectation;
import dev.eventshop.standalone.probe.Tracer.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Drives one event of each documented kind through a running system. Works with a person and a product of its own; in
 * the end both orders are completed or cancelled, and nothing of the product is for sale.
 */
public final class TestEvents {

    private static final String REASON = "was ordered by test-events";

    private static final Expectation REGISTERED = new Expectation(
            "UserRegisteredEvent",
            "user.registered",
            by("userId"),
            id -> "/api/users/" + id,
            new Email(id -> "kind=WELCOME&userId=" + id, ""));

    private static final Expectation PLACED = new Expectation(
            "OrderCreatedEvent",
            "order.created",
            by("orderId"),
            TestEvents::order,
            new Email(id -> "kind=ORDER_CONFIRMATION&orderId=" + id, ""));

    private static final Expectation SHIPPED = new Expectation(
            "OrderStatusChangedEvent",
            "order.status-changed",
            id -> by("orderId")
                    .apply(id)
                    .and(body -> body.path("newStatus").asString("").equals("SHIPPED")),
            TestEvents::order,
            new Email(id -> "kind=ORDER_STATUS&orderId=" + id, "SHIPPED"));

    private static final Expectation COMPLETED = new Expectation(
            "OrderCompletedEvent",
            "order.completed",
            by("orderId"),
            TestEvents::order,
            new Email(id -> "kind=ORDER_COMPLETED&orderId=" + id, ""));

    private static final Expectation CANCELLED = new Expectation(
            "OrderCancelledEvent",
            "order.cancelled",
            by("orderId"),
            TestEvents::order,
            new Email(id -> "kind=ORDER_CANCELLED&orderId=" + id, ""));

    private static final Expectation STOCK_UPDATED = new Expectation(
            "ProductStockUpdatedEvent",
            "product.stock-updated",
            id -> by("productId").apply(id).and(body -> body.path("newStock").asInt(-1) == 0),
            id -> "/api/products/" + id,
            null);

    private final Endpoints endpoints;
    private final String exchange;
    private final Duration timeout;

    /** @param timeout for the way of one event */
    public TestEvents(Endpoints endpoints, String exchange, Duration timeout) {
        this.endpoints = endpoints;
        this.exchange = exchange;
        this.timeout = timeout;
    }

    private static IntFunction<Predicate<JsonNode>> by(String field) {
        return id -> body -> body.path(field).asInt(0) == id;
    }

    private static String order(int id) {
        return "/api/orders/" + id;
    }

    /**
     * Prints a row for each event as soon as it has gone its way.
     *
     * @return sentences about hops that were not reached; empty when all is well
     * @throws Refused when the broker can't be reached
     */
    public List<String> run(PrintWriter out) {
        try (ExchangeTap tap = ExchangeTap.open(endpoints.amqp(), exchange)) {
            ShopClient shop = new ShopClient(endpoints, timeout.plusSeconds(5));
            return new Run(shop, new Tracer(shop, tap, timeout), new TraceTable(out)).run();
        } catch (IOException e) {
            throw new Refused(ExitCode.FAILED, "The broker can't be reached: " + e.getMessage() + ".", e);
        } catch (UnexpectedAnswer e) {
            throw new Refused(
                    ExitCode.FAILED, "The test can't go on: " + e.getMessage().replaceAll("\\.$", "") + ".", e);
        }
    }

    private final class Run {

        private final List<String> problems = new ArrayList<>();
        private final ShopClient shop;
        private final Tracer tracer;
        private final TraceTable table;

        Run(ShopClient shop, Tracer tracer, TraceTable table) {
            this.shop = shop;
            this.tracer = tracer;
            this.table = table;
        }

        List<String> run() {
            shop.read("/api/products?limit=1"); // what the first request of a process takes is not the system's time
            String email = "test-events." + UUID.randomUUID() + "@eventshop.example";
            Optional<Written> user = follow(
                    REGISTERED, () -> shop.register(email, "Test Events", "en").orElseThrow());
            Written product = shop.createProduct("Sample of test-events", BigDecimal.ONE, 3);
            if (user.isPresent()) {
                orders(user.get().id(), List.of(new Item(product.id(), 1)));
            }
            follow(STOCK_UPDATED, () -> shop.setStock(product.id(), 0));
            return problems;
        }

        private void orders(int user, List<Item> items) {
            follow(PLACED, () -> shop.placeOrder(user, items)).ifPresent(order -> {
                shop.awaitConfirmed(order, timeout);
                follow(SHIPPED, () -> shop.ship(order.id()));
                follow(COMPLETED, () -> shop.complete(order.id()));
            });
            Written other = shop.placeOrder(user, items);
            follow(CANCELLED, () -> shop.cancel(other.id(), REASON));
        }

        private Optional<Written> follow(Expectation expected, Supplier<Written> command) {
            Result result = tracer.follow(expected, command);
            table.add(result.trace());
            problems.addAll(result.trace().problems());
            return result.written();
        }
    }
}
