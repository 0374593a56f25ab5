package dev.eventshop.benchmarks.replay;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Orders that can still be cancelled are kept in memory; a batch adds its sums to each day once. */
final class SalesByHand implements HandWrittenLoop.Writer {

    private static final String SUM = "units = t.units + excluded.units, revenue = t.revenue + excluded.revenue";

    private final Map<Integer, OrderCreatedEvent> orders = new HashMap<>();
    private final PreparedStatement insert;
    private final PreparedStatement cancel;
    private final PreparedStatement day;
    private final PreparedStatement productDay;

    SalesByHand(Connection connection) throws SQLException {
        insert = connection.prepareStatement("insert into sales_order_a (order_id, created_at, items, units, revenue,"
                + " cancelled, version) values (?, ?, ?::json, ?, ?, false, ?)");
        cancel = connection.prepareStatement(
                "update sales_order_a set cancelled = true, version = ? where order_id = ?");
        day = connection.prepareStatement("insert into sales_day_a as t (day, orders, units, revenue)"
                + " values (?, ?, ?, ?) on conflict (day) do update set orders = t.orders + excluded.orders, " + SUM);
        productDay = connection.prepareStatement("insert into sales_product_day_a as t (day, product_id, product_name,"
                + " units, revenue) values (?, ?, ?, ?, ?) on conflict (day, product_id) do update set "
                + "product_name = excluded.product_name, " + SUM);
    }

    @Override
    public void apply(List<HandWrittenLoop.Event> batch) throws SQLException {
        Map<LocalDate, Sums> days = new HashMap<>();
        Map<Product, Sums> products = new HashMap<>();
        for (HandWrittenLoop.Event event : batch) {
            Object decoded = event.decoded();
            if (decoded instanceof OrderCreatedEvent created) {
                orders.put(created.orderId(), created);
                insert(created, event.version());
                count(created, 1, days, products);
            } else if (decoded instanceof OrderCancelledEvent cancelled) {
                cancel.setLong(1, event.version());
                cancel.setInt(2, cancelled.orderId());
                cancel.addBatch();
                count(orders.remove(cancelled.orderId()), -1, days, products);
            }
        }
        insert.executeBatch();
        cancel.executeBatch();
        write(days, products);
    }

    private static LocalDate day(OrderCreatedEvent order) {
        return LocalDate.ofInstant(order.createdAt(), ZoneOffset.UTC);
    }

    private static int units(OrderCreatedEvent order) {
        return order.items().stream().mapToInt(OrderItemEvent::quantity).sum();
    }

    private void insert(OrderCreatedEvent order, long version) throws SQLException {
        insert.setInt(1, order.orderId());
        insert.setObject(2, OrdersByHand.utc(order.createdAt()));
        insert.setString(3, HandWrittenLoop.json(order.items()));
        insert.setLong(4, units(order));
        insert.setBigDecimal(5, order.totalAmount());
        insert.setLong(6, version);
        insert.addBatch();
    }

    private static void count(
            OrderCreatedEvent order, int sign, Map<LocalDate, Sums> days, Map<Product, Sums> products) {
        LocalDate day = day(order);
        days.computeIfAbsent(day, key -> new Sums()).add(sign, sign * units(order), order.totalAmount(), sign);
        for (OrderItemEvent item : order.items()) {
            Sums sums = products.computeIfAbsent(new Product(day, item.productId()), key -> new Sums());
            sums.name = item.productName();
            sums.add(
                    sign, sign * item.quantity(), item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())), sign);
        }
    }

    private void write(Map<LocalDate, Sums> days, Map<Product, Sums> products) throws SQLException {
        for (Map.Entry<LocalDate, Sums> entry : days.entrySet()) {
            day.setObject(1, entry.getKey());
            day.setLong(2, entry.getValue().orders);
            day.setLong(3, entry.getValue().units);
            day.setBigDecimal(4, entry.getValue().revenue);
            day.addBatch();
        }
        day.executeBatch();
        for (Map.Entry<Product, Sums> entry : products.entrySet()) {
            productDay.setObject(1, entry.getKey().day());
            productDay.setInt(2, entry.getKey().id());
            productDay.setString(3, entry.getValue().name);
            productDay.setLong(4, entry.getValue().units);
            productDay.setBigDecimal(5, entry.getValue().revenue);
            productDay.addBatch();
        }
        productDay.executeBatch();
    }

    private record Product(LocalDate day, int id) {}

    private static final class Sums {

        private long orders;
        private long units;
        private BigDecimal revenue = BigDecimal.ZERO;
        private String name = "";

        void add(int moreOrders, int moreUnits, BigDecimal amount, int sign) {
            orders += moreOrders;
            units += moreUnits;
            revenue = sign > 0 ? revenue.add(amount) : revenue.subtract(amount);
        }
    }
}
