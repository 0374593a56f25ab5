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

    /** Queues of the notification service, by the public events that come to them. */
    static final Map<String, String> QUEUES = Map.of(
            "ProductStockUpdatedEvent", "product.stock-updated",
            "OrderCreatedEvent", "order.created",
            "OrderStatusChangedEvent", "order.status-changed",
            "OrderCancelledEvent", "order.cancelled",
            "OrderCompletedEvent", "order.completed",
            "UserRegisteredEvent", "user.registered",
            "UserPersonalDataErasedEvent", "user.personal-data-erased");

    private static final String NOT_HANDLED =
            " from event_store.domain_event as event join unnest(?, ?) as public (event_type, queue) using (event_type)"
                    + " where global_index > ? and not exists (select from notification.message_inbox as inbox"
                    + " where inbox.queue = public.queue and inbox.message_id = event.event_id::text"
                    + " and inbox.handled)";

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

    /** What users have to get. */
    final Set<Mailbox.Email> emails = new HashSet<>();

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

    /** @return how many messages of public events after that index the notification service has not noted as handled */
    static long notHandled(JdbcTemplate sql, long after) {
        return first(sql, "select count(*)" + NOT_HANDLED, types(), queues(), after);
    }

    /** @return all messages that the notification service has not noted as handled: queue and id */
    static List<String> allNotHandled(JdbcTemplate sql) {
        return sql.queryForList(
                "select queue || ' ' || event.event_id" + NOT_HANDLED, String.class, types(), queues(), 0);
    }

    private static String[] types() {
        return QUEUES.keySet().toArray(String[]::new);
    }

    private static String[] queues() {
        return QUEUES.values().toArray(String[]::new);
    }

    private static long first(JdbcTemplate sql, String query, Object... parameters) {
        return Objects.requireNonNull(sql.queryForObject(query, Long.class, parameters));
    }

    private void take(String id, String type, String aggregate, int sequence, String payload) {
        JsonNode event = JSON.readTree(payload);
        if (QUEUES.containsKey(type)) {
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
                emails.add(Mailbox.Email.welcome(event.get("userId").intValue()));
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
                    emails.add(Mailbox.Email.of(orders.get(order).user(), order, status));
                }
            }
            case "OrderCancelledEvent" -> expectLastEmail(event, "CANCELLED");
            case "OrderCompletedEvent" -> expectLastEmail(event, "COMPLETED");
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
        emails.add(Mailbox.Email.of(user, order, "PENDING"));
    }

    private void expectLastEmail(JsonNode event, String status) {
        emails.add(Mailbox.Email.of(
                event.get("userId").intValue(), event.get("orderId").intValue(), status));
    }
}
