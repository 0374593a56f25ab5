package dev.eventshop.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the rows of the event store say, read without any code of the services. */
final class StoredEvents {

    private static final Set<String> PUBLIC = Set.of(
            "ProductStockUpdatedEvent",
            "OrderCreatedEvent",
            "OrderStatusChangedEvent",
            "OrderCancelledEvent",
            "OrderCompletedEvent",
            "UserRegisteredEvent",
            "UserPersonalDataErasedEvent");

    /** Steps that an order takes at most once, each with each product. */
    private static final Set<String> STEPS = Set.of(
            "OrderCreatedEvent",
            "OrderStatusChangedEvent",
            "OrderCancelledEvent",
            "OrderCompletedEvent",
            "StockReservedEvent",
            "StockReleasedEvent",
            "StockShippedEvent",
            "UserRegisteredEvent");

    private static final Set<String> STATUSES_WITHOUT_EMAIL = Set.of("CANCELLED", "COMPLETED");

    private static final JsonMapper JSON = JsonMapper.shared();

    final Set<String> publicIds = new HashSet<>();
    final Set<Integer> users = new HashSet<>();
    final Map<Integer, Customers.Order> orders = new TreeMap<>();
    final Map<Integer, String> statuses = new HashMap<>();

    /** Units that can still be ordered, by product. */
    final Map<Integer, Integer> stocks = new TreeMap<>();

    /** How many emails each user has to get. */
    final Map<Integer, Integer> emails = new HashMap<>();

    final List<String> stepsTakenTwice = new ArrayList<>();
    final List<String> holes = new ArrayList<>();

    private final Set<String> steps = new HashSet<>();
    private final Map<String, Integer> sequences = new HashMap<>();

    static StoredEvents read(JdbcTemplate sql) {
        StoredEvents events = new StoredEvents();
        sql.query(
                "select event_id::text, event_type, aggregate_id, sequence_number, payload::text"
                        + " from event_store.domain_event order by aggregate_id, sequence_number",
                row -> {
                    events.take(row.getString(1), row.getString(2), row.getString(3), row.getInt(4), row.getString(5));
                });
        return events;
    }

    /** @return the highest index of an event */
    static long last(JdbcTemplate sql) {
        return first(sql, "select coalesce(max(global_index), 0) from event_store.domain_event");
    }

    /** @return how many of the orders placed after that index have the status that they began with */
    static long pendingOrders(JdbcTemplate sql, long after) {
        return first(
                sql,
                "select count(*) from event_store.domain_event as created"
                        + " where event_type = 'OrderCreatedEvent' and global_index > ? and not exists (select"
                        + " from event_store.domain_event as changed where changed.aggregate_id = created.aggregate_id"
                        + " and changed.event_type = 'OrderStatusChangedEvent')",
                after);
    }

    private static long first(JdbcTemplate sql, String query, Object... parameters) {
        return Objects.requireNonNull(sql.queryForObject(query, Long.class, parameters));
    }

    private void take(String id, String type, String aggregate, int sequence, String payload) {
        JsonNode event = JSON.readTree(payload);
        if (PUBLIC.contains(type)) {
            publicIds.add(id);
        }
        if (sequence != sequences.getOrDefault(aggregate, -1) + 1) {
            holes.add(aggregate + " has no event before " + sequence);
        }
        sequences.put(aggregate, sequence);
        String step = aggregate + " " + type + " " + event.path("orderId") + " " + event.path("newStatus");
        if (STEPS.contains(type) && !steps.add(step)) {
            stepsTakenTwice.add(step);
        }
        switch (type) {
            case "UserRegisteredEvent" -> {
                users.add(event.get("userId").intValue());
                expectEmail(event.get("userId").intValue());
            }
            case "ProductCreatedEvent" ->
                stocks.put(
                        event.get("productId").intValue(),
                        event.get("initialStock").intValue());
            case "ProductStockUpdatedEvent" ->
                stocks.put(
                        event.get("productId").intValue(), event.get("newStock").intValue());
            case "OrderCreatedEvent" -> create(event);
            case "OrderStatusChangedEvent" -> {
                int order = event.get("orderId").intValue();
                String status = event.get("newStatus").asString();
                statuses.put(order, status);
                if (!STATUSES_WITHOUT_EMAIL.contains(status)) {
                    expectEmail(orders.get(order).user());
                }
            }
            case "OrderCancelledEvent", "OrderCompletedEvent" ->
                expectEmail(event.get("userId").intValue());
            default -> {}
        }
    }

    private void create(JsonNode event) {
        int order = event.get("orderId").intValue();
        int user = event.get("userId").intValue();
        Map<Integer, Integer> items = new TreeMap<>();
        event.get("items")
                .forEach(item -> items.put(
                        item.get("productId").intValue(), item.get("quantity").intValue()));
        orders.put(order, new Customers.Order(order, user, items));
        statuses.put(order, "PENDING");
        expectEmail(user);
    }

    private void expectEmail(int user) {
        emails.merge(user, 1, Integer::sum);
    }
}
