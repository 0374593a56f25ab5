package dev.eventshop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many more orders than stock, from many connections, at two instances over one database. */
class OversellIT {

    private static final Logger LOG = LoggerFactory.getLogger(OversellIT.class);

    private static final int ORDERS = 500;
    private static final int CONNECTIONS = 50;

    private static TestDatabase database;
    private static StoredShop stored;
    private static RunningCommandSide one;
    private static RunningCommandSide other;
    private static int user;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        stored = new StoredShop(database);
        one = RunningCommandSide.start(database);
        other = RunningCommandSide.start(database);
        user = one.user("oversell@example.com");
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
        database.close();
    }

    static IntStream rounds() {
        return IntStream.rangeClosed(1, Integer.getInteger("eventshop.test.oversell-rounds", 1));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void sellsOneProductExactly(int round) throws Exception {
        int product = one.product(100);

        List<Integer> orders = inParallel(i -> new int[] {product});

        assertThat(statuses(orders)).isEqualTo(Map.of("CONFIRMED", 100L, "CANCELLED", 400L));
        assertThat(stored.stockOf(product)).isZero();
        assertThat(stored.stocks(product)).hasSize(101).allMatch(stock -> stock >= 0);
        assertThat(stored.reasons().stream()
                        .filter(
                                ("Not enough in stock of Teapot (product " + product + "): 0 left, 1 ordered.")
                                        ::equals))
                .hasSize(400);
        assertThat(stored.appliedTwice()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void conservesTheStockOfThreeProducts(int round) throws Exception {
        int[] products = {one.product(100), one.product(100), one.product(100), one.product(100), one.product(100)};

        List<Integer> orders = inParallel(i ->
                new int[] {products[i % 5], products[(i + 1 + i / 5 % 2) % 5], products[(i + 3 + i / 5 % 2) % 5]});

        long confirmed = statuses(orders).get("CONFIRMED");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(stored.heldWithoutAnOrder()).isZero());
        int left = 0;
        for (int product : products) {
            assertThat(stored.stocks(product)).allMatch(stock -> stock >= 0);
            assertThat(stored.stockOf(product)).isEqualTo(100 - stored.soldOf(product));
            left += stored.stockOf(product);
        }
        assertThat(left).isEqualTo(500 - 3 * confirmed);
        assertThat(stored.appliedTwice()).isEmpty();
    }

    private static Map<String, Long> statuses(List<Integer> orders) {
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(180))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(stored.countByStatus(orders)).doesNotContainKey("PENDING"));
        LOG.info("the last order was decided {} ms after the last answer", (System.nanoTime() - start) / 1_000_000);
        return stored.countByStatus(orders);
    }

    /** @return the orders; each was accepted */
    private static List<Integer> inParallel(Products ordered) throws Exception {
        long start = System.nanoTime();
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                int number = i;
                answers.add(clients.submit(() -> (number % 2 == 0 ? one : other).order(user, 1, ordered.of(number))));
            }
            List<Integer> orders = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                orders.add(answer.get());
            }
            LOG.info("{} orders were accepted in {} ms", ORDERS, (System.nanoTime() - start) / 1_000_000);
            return orders;
        } finally {
            clients.shutdownNow();
        }
    }

    private interface Products {
        int[] of(int order);
    }
}
