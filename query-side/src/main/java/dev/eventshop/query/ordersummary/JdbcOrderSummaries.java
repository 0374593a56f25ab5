package dev.eventshop.query.ordersummary;

import static dev.eventshop.query.projection.BulkWrite.column;

import dev.eventshop.query.projection.BulkWrite;
import dev.eventshop.query.projection.JsonColumn;
import dev.eventshop.query.projection.PerBatch;
import dev.eventshop.query.projection.RowBuffer;
import dev.eventshop.query.projection.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;

/** Orders in PostgreSQL, in the tables of one slot. */
final class JdbcOrderSummaries implements OrderSummaries {

    private final JdbcOperations jdbc;
    private final String select;
    private final BulkWrite<OrderSummary> orders;
    private final BulkWrite<TimelineRow> timeline;
    private final PerBatch<Batch> batches;

    JdbcOrderSummaries(JdbcOperations jdbc, Slot slot) {
        this.jdbc = jdbc;
        this.select = "select * from " + slot.table("order_summary") + " where order_id = any(?)";
        this.orders = BulkWrite.upsert(
                slot.table("order_summary"),
                List.of("order_id"),
                List.of(
                        column("order_id", "integer", OrderSummary::orderId),
                        column("user_id", "integer", OrderSummary::userId),
                        column("status", "text", OrderSummary::status),
                        column("total_amount", "numeric", OrderSummary::totalAmount),
                        column("items", "json", order -> JsonColumn.write(order.items())),
                        column("cancellation_reason", "text", OrderSummary::cancellationReason),
                        column("created_at", "timestamptz", OrderSummary::createdAt),
                        column("updated_at", "timestamptz", OrderSummary::updatedAt),
                        column("version", "bigint", OrderSummary::version)));
        this.timeline = BulkWrite.insert(
                slot.table("order_timeline"),
                List.of(
                        column("order_id", "integer", TimelineRow::orderId),
                        column("version", "bigint", row -> row.entry().version()),
                        column("type", "text", row -> row.entry().type()),
                        column("at", "timestamptz", row -> row.entry().at()),
                        column(
                                "details",
                                "json",
                                row -> JsonColumn.write(row.entry().details()))));
        this.batches = new PerBatch<>(
                messages -> new Batch(new RowBuffer<>(RowBuffer.numbersOf("Order", messages), this::load)),
                this::prepared);
    }

    @Override
    public Optional<OrderSummary> find(int orderId) {
        return batches.current().orders().find(orderId);
    }

    @Override
    public void put(OrderSummary order) {
        batches.current().orders().put(order.orderId(), order);
    }

    @Override
    public void record(int orderId, OrderTimelineEntry entry) {
        batches.current().timeline().add(new TimelineRow(orderId, entry));
    }

    private Runnable prepared(Batch batch) {
        return BulkWrite.all(jdbc, orders.of(batch.orders()), timeline.of(batch.timeline()));
    }

    private Map<Integer, OrderSummary> load(Collection<Integer> orderIds) {
        Map<Integer, OrderSummary> found = new HashMap<>();
        jdbc.query(
                select,
                row -> {
                    found.put(row.getInt("order_id"), order(row));
                },
                (Object) orderIds.toArray(Integer[]::new));
        return found;
    }

    private static OrderSummary order(ResultSet row) throws SQLException {
        return new OrderSummary(
                row.getInt("order_id"),
                row.getInt("user_id"),
                row.getString("status"),
                row.getBigDecimal("total_amount"),
                OrderItems.read(row.getString("items")),
                row.getString("cancellation_reason"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getLong("version"));
    }

    private record TimelineRow(int orderId, OrderTimelineEntry entry) {}

    private record Batch(RowBuffer<OrderSummary> orders, List<TimelineRow> timeline) {

        Batch(RowBuffer<OrderSummary> orders) {
            this(orders, new ArrayList<>());
        }
    }
}
