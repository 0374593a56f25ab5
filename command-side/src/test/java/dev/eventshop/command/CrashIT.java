package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills the process at each point of an order's way to its stock while customers order, ship and cancel, each time a
 * new process that goes on with what the one before has left.
 */
class CrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(CrashIT.class);

    private static final int CUSTOMERS = 8;
    private static final int LONGEST_PAUSE_MILLIS = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What a killed process had claimed is taken over soon, and so is what it had parked. */
    private static final List<String> SOON =
            List.of("eventshop.event-store.claim-timeout=2s", "eventshop.command-side.fulfilment.poll-interval=100ms");

    private final List<Integer> orders = new CopyOnWriteArrayList<>();
    private TestDatabase database;

    static IntStream seeds() {
        return IntStream.rangeClosed(1, Integer.getInteger("eventshop.test.crash-runs", 1));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void leavesNoOrderUndecidedAndNoStockAstray(int seed) throws Exception {
        List<CrashPoint> points = new ArrayList<>(Arrays.asList(CrashPoint.values()));
        Collections.shuffle(points, new Random(seed));
        try (TestDatabase own = TestDatabase.create()) {
            database = own;
            StoredShop stored = new StoredShop(own);
            for (CrashPoint point : points) {
                crash(point, seed);
            }
            RunningCommandSide last = RunningCommandSide.start(own, SOON.toArray(String[]::new));
            try (last) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                    assertThat(stored.orders()).doesNotContainValue("PENDING");
                    assertThat(stored.count("reservation_permit")).isZero();
                    assertThat(stored.count("scheduled_task")).isZero();
                    assertThat(stored.wronglyHeld()).isEmpty();
                    assertThat(stored.count("saga")).isEqualTo(stored.countByStatus("CONFIRMED"));
                });
            }
            LOG.info(
                    "seed {}: {} orders, of them confirmed {}, shipped {}, cancelled {}: {}",
                    seed,
                    stored.orders().size(),
                    stored.countByStatus("CONFIRMED"),
                    stored.countByStatus("SHIPPED"),
                    stored.countByStatus("CANCELLED"),
                    stored.countByReason());
            assertThat(stored.orders()).containsKeys(orders.toArray(Integer[]::new));
            assertThat(stored.orders().values()).containsOnly("CONFIRMED", "SHIPPED", "CANCELLED");
            assertThat(stored.appliedTwice()).isEmpty();
            assertThat(stored.wronglyStocked()).isEmpty();
        }
    }

    private void crash(CrashPoint point, int seed) throws Exception {
        long start = System.nanoTime();
        int run = seed * 100 + point.ordinal();
        try (CommandSideProcess process = start(point, run)) {
            CommandSideClient shop = process.client();
            int user = shop.user("crash." + run + "@example.com");
            int[] products = {shop.product(100_000), shop.product(100_000), shop.product(10)};
            ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);
            for (int i = 0; i < CUSTOMERS; i++) {
                Random random = new Random(run * 100L + i);
                customers.execute(() -> buy(shop, process, random, user, products));
            }
            process.arm();
            boolean killed = process.wasKilled();
            customers.shutdown();
            assertThat(killed).as(() -> "killed " + point + "\n" + process).isTrue();
            assertThat(customers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        LOG.info("killed {} after {} ms", point, (System.nanoTime() - start) / 1_000_000);
    }

    private CommandSideProcess start(CrashPoint point, int run) {
        List<String> properties = new ArrayList<>(SOON);
        properties.add("spring.datasource.driver-class-name=" + CrashingDriver.class.getName());
        properties.add("eventshop.command-side.fulfilment.pending-for="
                + (point == CrashPoint.AFTER_A_DEADLINE ? "200ms" : "5s"));
        properties.add("logging.level.root=error");
        return CommandSideProcess.start(
                List.of(CrashingDriver.POINT + "=" + point, CrashingDriver.SEED + "=" + run),
                RunningCommandSide.arguments(database, properties.toArray(String[]::new)));
    }

    /** Until the shop is gone. Some orders want what is soon sold out; some are called off, at once or later. */
    private void buy(CommandSideClient shop, CommandSideProcess process, Random random, int user, int[] products) {
        List<Integer> own = new ArrayList<>();
        try {
            while (process.isAlive()) {
                int[] wanted = random.nextInt(3) == 0 ? products : new int[] {products[random.nextInt(2)]};
                int order = shop.order(user, 1 + random.nextInt(3), wanted);
                orders.add(order);
                own.add(order);
                int any = own.get(random.nextInt(own.size()));
                switch (random.nextInt(6)) {
                    case 0 -> shop.cancel(order);
                    case 1 -> shop.cancel(any);
                    case 2, 3 -> shop.post("/api/orders/" + any + "/shipment");
                    default -> {}
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
        } catch (IllegalStateException killed) {
            LOG.debug("an order of unknown fate", killed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
