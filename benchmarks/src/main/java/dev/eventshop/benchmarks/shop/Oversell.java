package dev.eventshop.benchmarks.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Five hundred orders for a stock of a hundred, from fifty connections, at two instances of the command side: how many
 * are confirmed, what the store and the view of the query side say of the stock, and how long it takes until the last
 * order is decided and seen. Ends with an error when store and view differ, or when units were lost or sold twice.
 */
public final class Oversell {

    private static final int STOCK = 100;
    private static final int ORDERS = 500;
    private static final int CONNECTIONS = 50;
    private static final int PATIENCE_SECONDS = 120;

    private static final String STATUSES_IN_STORE = """
            select status, count(*) from (
                select distinct on (aggregate_id) payload ->> 'newStatus' as status from event_store.domain_event
                where event_type = 'OrderStatusChangedEvent'
                    and cast(payload ->> 'orderId' as integer) in (select unnest(?))
                order by aggregate_id, sequence_number desc) as decided
            group by status""";
    private static final String STATUSES_IN_VIEW = """
            select status, count(*) from query_side.order_summary where order_id in (select unnest(?)) group by status""";
    private static final String LOWEST_AND_LAST_STOCK = """
            select min(stock), (array_agg(stock order by sequence_number desc))[1] from (
                select sequence_number,
                    cast(coalesce(payload ->> 'newStock', payload ->> 'initialStock') as integer) as stock
                from event_store.domain_event where aggregate_id = ?
                    and event_type in ('ProductCreatedEvent', 'ProductStockUpdatedEvent')) as stocks""";

    private final MeasuredShop shop;
    private final List<String> instances;
    private final int user;

    private Oversell(MeasuredShop shop, List<String> instances) {
        this.shop = shop;
        this.instances = instances;
        this.user = shop.user();
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        try (MeasuredShop shop = new MeasuredShop();
                ServiceProcess other = shop.startCommandSide();
                ServiceProcess querySide = shop.startQuerySide()) {
            System.out.printf("{\"querySide\": \"%s\"}%n", querySide.url());
            Oversell oversell = new Oversell(shop, List.of(shop.url(), other.url()));
            for (int round = 0; round < rounds; round++) {
                int product = shop.product(STOCK);
                oversell.run(new int[] {product}, i -> new int[] {product});
                int[] products =
                        IntStream.range(0, 5).map(i -> shop.product(STOCK)).toArray();
                oversell.run(
                        products, i -> new int[] {
                            products[i % 5], products[(i + 1 + i / 5 % 2) % 5], products[(i + 3 + i / 5 % 2) % 5]
                        });
            }
        }
    }

    private void run(int[] products, IntFunction<int[]> productsOf) throws Exception {
        long start = System.nanoTime();
        Integer[] orders = inParallel(productsOf);
        long accepted = System.nanoTime();
        int perOrder = productsOf.apply(0).length;
        Map<String, Integer> stored = awaitDecided(STATUSES_IN_STORE, orders);
        long decided = System.nanoTime();
        Map<String, Integer> seen = awaitDecided(STATUSES_IN_VIEW, orders);
        check(stored.equals(seen), "store " + stored + ", view " + seen);

        int held = perOrder * stored.getOrDefault("CONFIRMED", 0);
        int units = STOCK * products.length;
        awaitStockInView(products, units - held);
        int left = 0;
        for (int product : products) {
            Map<String, Object> stocks = shop.jdbc().queryForMap(LOWEST_AND_LAST_STOCK, "product-" + product);
            check((Integer) stocks.get("min") >= 0, "negative stock of product " + product);
            left += (Integer) stocks.get("array_agg");
        }
        check(left == units - held, left + " units left of " + units + " with " + held + " sold");
        check(perOrder > 1 || left == 0, left + " units were not sold");
        System.out.printf(
                Locale.ROOT,
                "{\"productsPerOrder\": %d, \"orders\": %s, \"stock\": %d, \"stockInStoreAndView\": %d,"
                        + " \"acceptedAfterMillis\": %d, \"decidedAfterMillis\": %d}%n",
                perOrder,
                stored.toString().replaceAll("(\\w+)=", "\"$1\": "),
                units,
                left,
                (accepted - start) / 1_000_000,
                (decided - start) / 1_000_000);
    }

    private Integer[] inParallel(IntFunction<int[]> productsOf) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                String url = instances.get(i % instances.size());
                int[] products = productsOf.apply(i);
                answers.add(clients.submit(() -> shop.order(url, user, products)));
            }
            Integer[] orders = new Integer[ORDERS];
            for (int i = 0; i < ORDERS; i++) {
                orders[i] = answers.get(i).get();
            }
            return orders;
        } finally {
            clients.shutdownNow();
        }
    }

    private Map<String, Integer> awaitDecided(String statuses, Integer[] orders) throws InterruptedException {
        for (int attempt = 0; attempt < PATIENCE_SECONDS * 10; attempt++) {
            Map<String, Integer> found = new TreeMap<>();
            shop.jdbc()
                    .query(
                            statuses,
                            row -> {
                                found.put(row.getString(1), row.getInt(2));
                            },
                            (Object) orders);
            if (!found.containsKey("PENDING")
                    && found.values().stream().mapToInt(Integer::intValue).sum() == ORDERS) {
                return found;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("orders are still pending");
    }

    /** Cancelled orders give back what they had a moment after they are cancelled. */
    private void awaitStockInView(int[] products, int expected) throws InterruptedException {
        Integer[] ids = IntStream.of(products).boxed().toArray(Integer[]::new);
        Integer seen = null;
        for (int attempt = 0; attempt < PATIENCE_SECONDS * 10; attempt++) {
            seen = shop.jdbc()
                    .queryForObject(
                            "select sum(stock) from query_side.product_catalog where product_id in (select unnest(?))",
                            Integer.class,
                            (Object) ids);
            if (seen != null && seen == expected) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("the view has " + seen + " units in stock, not " + expected);
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what);
        }
    }
}
