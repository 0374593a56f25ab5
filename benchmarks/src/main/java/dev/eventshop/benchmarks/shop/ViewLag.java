package dev.eventshop.benchmarks.shop;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * From the answer to a command to its row in the view of the query side, which is another process: the view is asked
 * every millisecond until it has the version that the answer named. How long the last question took is part of it.
 */
public final class ViewLag {

    private static final int PRODUCTS = 200;
    private static final int CLIENTS = 32;
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String LOOK =
            "select product_id, version from query_side.product_catalog where product_id in" + " (select unnest(?))";

    private final MeasuredShop shop;
    private final int[] products = new int[PRODUCTS];

    /** When the answer to the last command on a product came, and the version that it named. */
    private final Map<Integer, Answered> waiting = new ConcurrentHashMap<>();

    private ViewLag(MeasuredShop shop) {
        this.shop = shop;
        for (int i = 0; i < PRODUCTS; i++) {
            products[i] = shop.product(1_000_000);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        int warmUp = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 120;
        try (MeasuredShop shop = new MeasuredShop();
                ServiceProcess querySide = shop.startQuerySide()) {
            System.out.printf("{\"commandSide\": \"%s\", \"querySide\": \"%s\"}%n", shop.url(), querySide.url());
            ViewLag benchmark = new ViewLag(shop);
            benchmark.run(200, Duration.ofSeconds(warmUp));
            for (int round = 0; round < rounds; round++) {
                for (int rate : new int[] {5, 200}) {
                    System.out.println(benchmark.run(rate, Duration.ofSeconds(seconds)));
                }
            }
        }
    }

    private String run(int perSecond, Duration length) throws InterruptedException {
        Latencies commands = new Latencies();
        Latencies lags = new Latencies();
        AtomicInteger next = new AtomicInteger();
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
        long start = System.nanoTime();
        for (int client = 0; client < CLIENTS; client++) {
            long period = TimeUnit.SECONDS.toNanos(CLIENTS) / perSecond;
            clients.scheduleAtFixedRate(
                    () -> commands.time(() -> {
                        int product = products[next.getAndIncrement() % PRODUCTS];
                        long version = shop.adjust(product, 1);
                        waiting.put(product, new Answered(System.nanoTime(), version));
                    }),
                    period * client / CLIENTS,
                    period,
                    TimeUnit.NANOSECONDS);
        }
        while (System.nanoTime() - start < length.toNanos()) {
            look(lags);
            LockSupport.parkNanos(BETWEEN_LOOKS); // the processors are for what is measured
        }
        clients.shutdown();
        clients.awaitTermination(1, TimeUnit.MINUTES);
        while (!waiting.isEmpty()) {
            look(lags);
        }
        return String.format(
                Locale.ROOT,
                "{\"commandsPerSecond\": %d, \"answerToRow\": {%s}, \"command\": {%s}}",
                perSecond,
                lags,
                commands);
    }

    private void look(Latencies lags) {
        Map<Integer, Answered> asked = Map.copyOf(waiting);
        if (asked.isEmpty()) {
            return;
        }
        JdbcTemplate jdbc = shop.jdbc();
        jdbc.query(
                LOOK,
                row -> {
                    int product = row.getInt(1);
                    Answered answered = asked.get(product);
                    if (answered != null && row.getLong(2) >= answered.version() && waiting.remove(product, answered)) {
                        lags.add(System.nanoTime() - answered.at());
                    }
                },
                (Object) asked.keySet().toArray(Integer[]::new));
    }

    private record Answered(long at, long version) {}
}
