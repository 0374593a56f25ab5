package dev.eventshop.command;

import dev.eventshop.testing.TestDatabase;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the store says of orders and products, whichever instances run. */
final class StoredShop {

    private static final String REPEAT = """
            insert into event_store.domain_event (event_id, aggregate_type, aggregate_id, sequence_number, event_type,
                event_revision, time, payload, metadata)
            select gen_random_uuid(), aggregate_type, aggregate_id, number, event_type, event_revision, time, payload,
                metadata
            from generate_series(
                    (select max(sequence_number) + 1 from event_store.domain_event where aggregate_id = ?), ?) as number
                join event_store.domain_event on aggregate_id = ? and sequence_number = 2 - number % 2""";

    private final JdbcTemplate jdbc;

    StoredShop(TestDatabase database) {
        this.jdbc = new JdbcTemplate(database.admin());
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    /** @return the last status of each order, by its number */
    Map<Integer, String> orders() {
        Map<Integer, String> orders = new TreeMap<>();
        jdbc.query(
                "select payload ->> 'orderId', coalesce(payload ->> 'newStatus', 'PENDING') from event_store.domain_event"
                        + " where event_type in ('OrderCreatedEvent', 'OrderStatusChangedEvent')"
                        + " order by aggregate_id, sequence_number",
                row -> {
                    orders.put(row.getInt(1), row.getString(2));
                });
        return orders;
    }

    String statusOf(int order) {
        return orders().get(order);
    }

    Map<String, Long> countByStatus(Collection<Integer> orders) {
        return orders().entrySet().stream()
                .filter(order -> orders.contains(order.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    /** @return how many orders have that status */
    long countByStatus(String status) {
        return orders().values().stream().filter(status::equals).count();
    }

    /** @return for each reason, without its numbers, how many orders were cancelled */
    Map<String, Long> countByReason() {
        return reasons().stream()
                .map(reason -> reason.replaceAll("\\d+", "n"))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** @return why orders were cancelled, one entry for each */
    List<String> reasons() {
        return jdbc.queryForList(
                "select payload ->> 'reason' from event_store.domain_event where event_type = 'OrderCancelledEvent'",
                String.class);
    }

    /** @return every stock the product has had, from its creation on */
    List<Integer> stocks(int product) {
        return jdbc.queryForList(
                "select cast(coalesce(payload ->> 'newStock', payload ->> 'initialStock') as integer)"
                        + " from event_store.domain_event where aggregate_id = ?"
                        + " and event_type in ('ProductCreatedEvent', 'ProductStockUpdatedEvent') order by sequence_number",
                Integer.class,
                "product-" + product);
    }

    int stockOf(int product) {
        List<Integer> stocks = stocks(product);
        return stocks.get(stocks.size() - 1);
    }

    /** @return units that are reserved for confirmed orders, or were shipped */
    int soldOf(int product) {
        Integer sold = jdbc.queryForObject(
                "select coalesce(sum(case event_type when 'StockReservedEvent' then 1 when 'StockReleasedEvent' then -1"
                        + " else 0 end * cast(payload ->> 'quantity' as integer)), 0)"
                        + " from event_store.domain_event where aggregate_id = ?"
                        + " and event_type in ('StockReservedEvent', 'StockReleasedEvent')",
                Integer.class,
                "product-" + product);
        return sold == null ? 0 : sold;
    }

    /** @return how many events of that type the product has for the order */
    int events(String type, int product, int order) {
        Integer count = jdbc.queryForObject(
                "select count(*) from event_store.domain_event where aggregate_id = ? and event_type = ?"
                        + " and payload ->> 'orderId' = ?",
                Integer.class,
                "product-" + product,
                type,
                Integer.toString(order));
        return count == null ? 0 : count;
    }

    /** @return steps that were applied for one order more than once; each at most once is what is right */
    List<Map<String, Object>> appliedTwice() {
        return jdbc.queryForList("select aggregate_id, event_type, payload ->> 'orderId' as order_id,"
                + " payload ->> 'newStatus' as status, count(*) from event_store.domain_event"
                + " where event_type in ('StockReservedEvent', 'StockReleasedEvent', 'StockShippedEvent',"
                + " 'OrderStatusChangedEvent', 'OrderCancelledEvent')"
                + " group by 1, 2, 3, 4 having count(*) > 1");
    }

    /** @return items whose order does not hold what it should: what was ordered, or nothing when it is cancelled */
    List<Map<String, Object>> wronglyHeld() {
        return jdbc.queryForList("""
                with ordered as (
                    select payload ->> 'orderId' as order_id, item ->> 'productId' as product_id,
                        cast(item ->> 'quantity' as integer) as quantity
                    from event_store.domain_event, json_array_elements(payload -> 'items') as item
                    where event_type = 'OrderCreatedEvent'
                ), held as (
                    select payload ->> 'orderId' as order_id, payload ->> 'productId' as product_id,
                        sum(case event_type when 'StockReservedEvent' then 1 else -1 end
                            * cast(payload ->> 'quantity' as integer)) as quantity
                    from event_store.domain_event where event_type in ('StockReservedEvent', 'StockReleasedEvent')
                    group by 1, 2
                ), status as (
                    select distinct on (aggregate_id) payload ->> 'orderId' as order_id, payload ->> 'newStatus' as status
                    from event_store.domain_event where event_type = 'OrderStatusChangedEvent'
                    order by aggregate_id, sequence_number desc
                )
                select order_id, product_id, status, ordered.quantity as ordered, held.quantity as held
                from ordered full join held using (order_id, product_id) left join status using (order_id)
                where coalesce(held.quantity, 0) is distinct from
                    case status when 'CANCELLED' then 0 else ordered.quantity end""");
    }

    /** @return products whose stock is not what they began with less what is held, or was negative at any time */
    List<Map<String, Object>> wronglyStocked() {
        return jdbc.queryForList("""
                with event as (
                    select aggregate_id, event_type, sequence_number,
                        cast(payload ->> 'initialStock' as integer) as first,
                        cast(coalesce(payload ->> 'newStock', payload ->> 'initialStock') as integer) as stock,
                        cast(payload ->> 'quantity' as integer) as quantity
                    from event_store.domain_event where aggregate_type = 'Product'
                ), product as (
                    select aggregate_id, max(first) as first, min(stock) as lowest,
                        (array_agg(stock order by sequence_number desc) filter (where stock is not null))[1] as last,
                        coalesce(sum(quantity) filter (where event_type = 'StockReservedEvent'), 0)
                            - coalesce(sum(quantity) filter (where event_type = 'StockReleasedEvent'), 0) as held
                    from event group by aggregate_id
                )
                select * from product where lowest < 0 or last is distinct from first - held""");
    }

    /** @return units that are reserved and neither released nor shipped, of all orders that are not confirmed */
    int heldWithoutAnOrder() {
        Integer held = jdbc.queryForObject("""
                with status as (
                    select distinct on (aggregate_id) payload ->> 'orderId' as order_id, payload ->> 'newStatus' as status
                    from event_store.domain_event where event_type = 'OrderStatusChangedEvent'
                    order by aggregate_id, sequence_number desc
                )
                select coalesce(sum(case event_type when 'StockReservedEvent' then 1 else -1 end
                    * cast(payload ->> 'quantity' as integer)), 0)
                from event_store.domain_event left join status on status.order_id = payload ->> 'orderId'
                where event_type in ('StockReservedEvent', 'StockReleasedEvent', 'StockShippedEvent')
                and coalesce(status.status, 'PENDING') not in ('CONFIRMED', 'SHIPPED', 'COMPLETED')""", Integer.class);
        return held == null ? 0 : held;
    }

    /** Goes on with the first two events behind a product's creation by turns, until it has that many behind it. */
    void repeatAdjustments(int product, int events) {
        String id = "product-" + product;
        jdbc.update(REPEAT, id, events, id);
    }

    long count(String table) {
        Long count = jdbc.queryForObject("select count(*) from command_side." + table, Long.class);
        return count == null ? 0 : count;
    }
}
