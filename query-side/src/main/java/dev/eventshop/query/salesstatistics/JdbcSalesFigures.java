package dev.eventshop.query.salesstatistics;

import static dev.eventshop.query.projection.BulkWrite.column;

import dev.eventshop.query.projection.BulkWrite;
import dev.eventshop.query.projection.JsonColumn;
import dev.eventshop.query.projection.PerBatch;
import dev.eventshop.query.projection.RowBuffer;
import dev.eventshop.query.projection.Slot;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcOperations;
import tools.jackson.core.type.TypeReference;

/** Figures in PostgreSQL, in the tables of one slot. A batch adds its sums to each day once, days in their order. */
final class JdbcSalesFigures implements SalesFigures {

    private static final TypeReference<List<SoldItem>> ITEMS = new TypeReference<>() {};

    private final JdbcOperations jdbc;
    private final String select;
    private final BulkWrite<CountedOrder> orders;
    private final BulkWrite<Day> days;
    private final BulkWrite<ProductDay> productDays;
    private final PerBatch<Batch> batches;

    JdbcSalesFigures(JdbcOperations jdbc, Slot slot) {
        this.jdbc = jdbc;
        this.select = "select * from " + slot.table("sales_order") + " where order_id = any(?)";
        this.orders = BulkWrite.upsert(
                slot.table("sales_order"),
                List.of("order_id"),
                List.of(
                        column("order_id", "integer", CountedOrder::orderId),
                        column("created_at", "timestamptz", CountedOrder::createdAt),
                        column("items", "json", order -> JsonColumn.write(order.items())),
                        column("units", "bigint", CountedOrder::units),
                        column("revenue", "numeric", CountedOrder::revenue),
                        column("cancelled", "boolean", CountedOrder::cancelled),
                        column("version", "bigint", CountedOrder::version)));
        this.days = BulkWrite.add(
                slot.table("sales_day"),
                List.of("day"),
                List.of(
                        column("day", "date", Day::day),
                        column("orders", "bigint", Day::orders),
                        column("units", "bigint", Day::units),
                        column("revenue", "numeric", Day::revenue)));
        this.productDays = BulkWrite.add(
                slot.table("sales_product_day"),
                List.of("day", "product_id"),
                List.of(
                        column("day", "date", row -> row.key().day()),
                        column("product_id", "integer", row -> row.key().productId()),
                        column("product_name", "text", ProductDay::productName),
                        column("units", "bigint", ProductDay::units),
                        column("revenue", "numeric", ProductDay::revenue)));
        this.batches = new PerBatch<>(
                messages -> new Batch(new RowBuffer<>(RowBuffer.numbersOf("Order", messages), this::load)),
                this::prepared);
    }

    @Override
    public Optional<CountedOrder> find(int orderId) {
        return batches.current().orders().find(orderId);
    }

    @Override
    public void put(CountedOrder order) {
        batches.current().orders().put(order.orderId(), order);
    }

    @Override
    public void add(CountedOrder order) {
        batches.current().count(order, 1);
    }

    @Override
    public void takeOut(CountedOrder order) {
        batches.current().count(order, -1);
    }

    private Runnable prepared(Batch batch) {
        return BulkWrite.all(
                jdbc,
                orders.of(batch.orders()),
                days.of(batch.days().values()),
                productDays.of(batch.productDays().values()));
    }

    private Map<Integer, CountedOrder> load(Collection<Integer> orderIds) {
        Map<Integer, CountedOrder> found = new HashMap<>();
        jdbc.query(
                select,
                row -> {
                    found.put(row.getInt("order_id"), order(row));
                },
                (Object) orderIds.toArray(Integer[]::new));
        return found;
    }

    private static CountedOrder order(ResultSet row) throws SQLException {
        return new CountedOrder(
                row.getInt("order_id"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                JsonColumn.read(row.getString("items"), ITEMS),
                row.getLong("units"),
                row.getBigDecimal("revenue"),
                row.getBoolean("cancelled"),
                row.getLong("version"));
    }

    private record Day(LocalDate day, long orders, long units, BigDecimal revenue) {

        Day plus(Day other) {
            return new Day(day, orders + other.orders, units + other.units, revenue.add(other.revenue));
        }
    }

    private record Key(LocalDate day, int productId) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::day).thenComparing(Key::productId);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private record ProductDay(Key key, String productName, long units, BigDecimal revenue) {

        /** The later name stays. */
        ProductDay plus(ProductDay later) {
            return new ProductDay(key, later.productName, units + later.units, revenue.add(later.revenue));
        }
    }

    /** What a batch adds. */
    private record Batch(
            RowBuffer<CountedOrder> orders, TreeMap<LocalDate, Day> days, TreeMap<Key, ProductDay> productDays) {

        Batch(RowBuffer<CountedOrder> orders) {
            this(orders, new TreeMap<>(), new TreeMap<>());
        }

        void count(CountedOrder order, int sign) {
            BigDecimal factor = BigDecimal.valueOf(sign);
            Day ofDay = new Day(
                    order.day(), sign, sign * order.units(), order.revenue().multiply(factor));
            days.merge(order.day(), ofDay, Day::plus);
            for (SoldItem item : order.items()) {
                Key key = new Key(order.day(), item.productId());
                ProductDay ofProduct = new ProductDay(
                        key,
                        item.productName(),
                        (long) sign * item.quantity(),
                        item.revenue().multiply(factor));
                productDays.merge(key, ofProduct, ProductDay::plus);
            }
        }
    }
}
