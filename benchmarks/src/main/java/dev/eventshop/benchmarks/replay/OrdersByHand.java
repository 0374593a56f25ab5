package dev.eventshop.benchmarks.replay;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** New orders are inserted as they are at the end of the batch, others updated. */
final class OrdersByHand implements HandWrittenLoop.Writer {

    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement timeline;

    OrdersByHand(Connection connection) throws SQLException {
        insert = connection.prepareStatement("insert into order_summary_a (order_id, user_id, status, total_amount,"
                + " items, cancellation_reason, created_at, updated_at, version)"
                + " values (?, ?, ?, ?, ?::json, ?, ?, ?, ?)");
        update = connection.prepareStatement("update order_summary_a set status = ?, cancellation_reason ="
                + " coalesce(?, cancellation_reason), updated_at = ?, version = ? where order_id = ?");
        timeline = connection.prepareStatement("insert into order_timeline_a (order_id, version, type, at, details)"
                + " values (?, ?, ?, ?, ?::json)");
    }

    @Override
    public void apply(List<HandWrittenLoop.Event> batch) throws SQLException {
        Map<Integer, Changed> changed = new LinkedHashMap<>();
        for (HandWrittenLoop.Event event : batch) {
            long version = event.version();
            Object decoded = event.decoded();
            if (decoded instanceof OrderCreatedEvent created) {
                Changed order = new Changed(created);
                order.to("PENDING", created.createdAt(), version);
                changed.put(created.orderId(), order);
                record(
                        created.orderId(),
                        event,
                        created.createdAt(),
                        Map.of(
                                "totalAmount",
                                created.totalAmount(),
                                "items",
                                created.items().size()));
            } else if (decoded instanceof OrderStatusChangedEvent moved) {
                of(changed, moved.orderId()).to(moved.newStatus(), moved.changedAt(), version);
                record(
                        moved.orderId(),
                        event,
                        moved.changedAt(),
                        Map.of("oldStatus", moved.oldStatus(), "newStatus", moved.newStatus()));
            } else if (decoded instanceof OrderCancelledEvent cancelled) {
                Changed order = of(changed, cancelled.orderId());
                order.to("CANCELLED", cancelled.cancelledAt(), version);
                order.reason = cancelled.reason();
                record(cancelled.orderId(), event, cancelled.cancelledAt(), Map.of("reason", cancelled.reason()));
            } else if (decoded instanceof OrderCompletedEvent completed) {
                of(changed, completed.orderId()).to("COMPLETED", completed.completedAt(), version);
                record(
                        completed.orderId(),
                        event,
                        completed.completedAt(),
                        Map.of("totalAmount", completed.totalAmount()));
            }
        }
        for (Map.Entry<Integer, Changed> order : changed.entrySet()) {
            write(order.getKey(), order.getValue());
        }
        insert.executeBatch();
        update.executeBatch();
        timeline.executeBatch();
    }

    private static Changed of(Map<Integer, Changed> changed, int orderId) {
        return changed.computeIfAbsent(orderId, id -> new Changed(null));
    }

    private void record(int orderId, HandWrittenLoop.Event event, Instant at, Map<String, Object> details)
            throws SQLException {
        timeline.setInt(1, orderId);
        timeline.setLong(2, event.version());
        timeline.setString(3, event.type());
        timeline.setObject(4, utc(at));
        timeline.setString(5, HandWrittenLoop.json(details));
        timeline.addBatch();
    }

    private void write(int orderId, Changed order) throws SQLException {
        OrderCreatedEvent created = order.created;
        if (created == null) {
            update.setString(1, order.status);
            update.setString(2, order.reason);
            update.setObject(3, utc(order.at));
            update.setLong(4, order.version);
            update.setInt(5, orderId);
            update.addBatch();
            return;
        }
        insert.setInt(1, orderId);
        insert.setInt(2, created.userId());
        insert.setString(3, order.status);
        insert.setBigDecimal(4, created.totalAmount());
        insert.setString(5, HandWrittenLoop.json(created.items()));
        insert.setString(6, order.reason);
        insert.setObject(7, utc(created.createdAt()));
        insert.setObject(8, utc(order.at));
        insert.setLong(9, order.version);
        insert.addBatch();
    }

    static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    private static final class Changed {

        private final @Nullable OrderCreatedEvent created;
        private String status = "";
        private @Nullable String reason;
        private Instant at = Instant.EPOCH;
        private long version;

        Changed(@Nullable OrderCreatedEvent created) {
            this.created = created;
        }

        void to(String newStatus, Instant when, long newVersion) {
            status = newStatus;
            at = when;
            version = newVersion;
        }
    }
}
