package dev.eventshop.benchmarks.shop;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/**
 * Commands on some products while hundreds of customers order: nothing, each another product, and all the same one. The
 * second is what the load alone costs, the third what is added when all of it is about one product.
 */
public final class HotProduct {

    private static final int CUSTOMERS = 200;
    private static final int OTHERS = 20;
    private static final int STOCK = 1_000_000;
    private static final int ORDERS_PER_SECOND = 60;
    private static final Duration BETWEEN_COMMANDS = Duration.ofMillis(20);

    private final MeasuredShop shop;
    private final int user;
    private final int[] others = new int[OTHERS];
    private final int[] ordered = new int[CUSTOMERS];

    private HotProduct(MeasuredShop shop) {
        this.shop = shop;
        this.user = shop.user();
        for (int i = 0; i < OTHERS; i++) {
            others[i] = shop.product(STOCK);
        }
        for (int i = 0; i < CUSTOMERS; i++) {
            ordered[i] = shop.product(STOCK);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        try (MeasuredShop shop = new MeasuredShop()) {
            HotProduct benchmark = new HotProduct(shop);
            Duration length = Duration.ofSeconds(seconds);
            benchmark.run("each another, not counted", true, customer -> benchmark.ordered[customer], length);
            for (int round = 0; round < rounds; round++) {
                benchmark.run("none", false, customer -> 0, length);
                benchmark.run("each another", true, customer -> benchmark.ordered[customer], length);
                benchmark.run("all the same", true, customer -> benchmark.ordered[0], length);
            }
        }
    }

    /** @param ordering whether the customers order, each the product of their number */
    private void run(String what, boolean ordering, IntUnaryOperator productOf, Duration length) throws Exception {
        Latencies orders = new Latencies();
        Latencies commands = new Latencies();
        long end = System.nanoTime() + length.toNanos();
        ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);
        for (int i = 0; ordering && i < CUSTOMERS; i++) {
            int customer = i;
            customers.execute(() -> {
                Random random = new Random(customer);
                while (pause(random.nextInt(2_000 * CUSTOMERS / ORDERS_PER_SECOND)) && System.nanoTime() < end) {
                    orders.time(() -> shop.order(user, productOf.applyAsInt(customer)));
                }
            });
        }
        for (int i = 0; System.nanoTime() < end; i++) {
            int product = others[i % OTHERS];
            commands.time(() -> shop.adjust(product, 1));
            pause(BETWEEN_COMMANDS.toMillis());
        }
        customers.shutdown();
        customers.awaitTermination(1, TimeUnit.MINUTES);
        long undecided = awaitDecided();
        System.out.printf(
                Locale.ROOT,
                "{\"orders\": \"%s\", \"commandsOnOthers\": {%s}%s}%n",
                what,
                commands,
                ordering ? ", \"placing\": {" + orders + "}, \"decidedAfterMillis\": " + undecided : "");
    }

    private static boolean pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @return how long it took until no order was pending any more */
    private long awaitDecided() {
        long start = System.nanoTime();
        while (shop.jdbc().queryForObject("select count(*) from command_side.scheduled_task", Long.class) > 0) {
            pause(50);
        }
        return (System.nanoTime() - start) / 1_000_000;
    }
}
