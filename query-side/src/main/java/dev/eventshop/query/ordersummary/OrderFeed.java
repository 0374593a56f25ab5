package dev.eventshop.query.ordersummary;

import dev.eventshop.query.stream.Feed;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Orders for streams, whose callers were found to be allowed to see them. */
@Component
class OrderFeed implements Feed {

    private final JdbcOperations jdbc;
    private final OrderSummaryRows orders;
    private final OrderTimelineRows timelines;

    OrderFeed(JdbcOperations jdbc, OrderSummaryRows orders, OrderTimelineRows timelines) {
        this.jdbc = jdbc;
        this.orders = orders;
        this.timelines = timelines;
    }

    @Override
    public Map<Integer, Long> versions(Collection<Integer> numbers) {
        Map<Integer, Long> versions = new HashMap<>();
        jdbc.query(
                "select order_id, version from order_summary where order_id = any(?)",
                row -> {
                    versions.put(row.getInt(1), row.getLong(2));
                },
                (Object) numbers.toArray(Integer[]::new));
        return versions;
    }

    @Override
    public List<Message> since(int number, long version) {
        return orders.findById(number).map(OrderSummaryRow::summary).stream()
                .flatMap(order -> OrderChanges.since(order, timeline(number), version).stream())
                .map(order -> new Message(order.version(), order, false))
                .toList();
    }

    private List<OrderTimelineEntry> timeline(int number) {
        return timelines.findByKeyOrderIdOrderByKeyVersion(number).stream()
                .map(OrderTimelineRow::entry)
                .toList();
    }
}
