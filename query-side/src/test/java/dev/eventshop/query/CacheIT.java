package dev.eventshop.query;

import static dev.eventshop.query.RunningQuerySide.as;
import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CacheIT {

    private static TestDatabase database;
    private static EventWriter events;
    private static int products;
    private RunningQuerySide shop;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        events.user(7, "own@example.com");
        events.account(7, TestIssuer.shared().url(), "own");
    }

    @AfterAll
    static void stop() {
        events.close();
        database.close();
    }

    @AfterEach
    void stopShop() {
        shop.close();
    }

    private static String[] address(TestRedis redis) {
        return address(redis.port(), "eventshop-test-" + System.nanoTime() + ":");
    }

    private static String[] address(int port, String prefix) {
        return new String[] {
            "spring.data.redis.url=redis://127.0.0.1:" + port, "eventshop.query.cache.key-prefix=" + prefix
        };
    }

    static Stream<TestRedis> redis() {
        return TestRedis.all();
    }

    @Test
    void keepsWhatIsReadForLessThanASecondInThisProcess() {
        shop = RunningQuerySide.on(database);
        keepsWhatIsRead();
        assertThat(shop.management("/actuator/health").json().at("/components").has("redis"))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("redis")
    void keepsWhatIsReadForLessThanASecondInRedis(TestRedis redis) {
        try (redis) {
            shop = RunningQuerySide.on(database, address(redis));
            keepsWhatIsRead();
            assertThat(shop.management("/actuator/health")
                            .json()
                            .at("/components/redis/status")
                            .asString())
                    .isEqualTo("UP");
        }
    }

    private void keepsWhatIsRead() {
        int id = product();
        await().untilAsserted(() -> {
            double before = hits("product");
            shop.get("/api/products/" + id).expect(200);
            shop.get("/api/products/" + id).expect(200);
            assertThat(hits("product")).isGreaterThan(before);
        });
        for (int stock = 1; stock <= 20; stock++) {
            int expected = stock;
            String position = events.stock(id, stock - 1, stock, T0, Map.of());
            assertThat(shop.get("/api/products/" + id, "Min-Event-Position", position)
                            .expect(200)
                            .json()
                            .path("stock")
                            .intValue())
                    .isEqualTo(expected);
        }
        events.stock(id, 20, 99, T0, Map.of());
        String position = events.last();
        shop.get("/api/products", "Min-Event-Position", position).expect(200);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(shop.get("/api/products/" + id)
                                .json()
                                .path("stock")
                                .intValue())
                        .isEqualTo(99));
    }

    @ParameterizedTest
    @MethodSource("redis")
    void asksWhoMaySeeAnOrderEachTime(TestRedis redis) {
        try (redis) {
            shop = RunningQuerySide.on(database, address(redis));
            events.order(1_000 + redis.port(), 7, T0, item(1, 1, "2.50"));
            String path = "/api/orders/" + (1_000 + redis.port());
            String whole = shop.get(path, "Min-Event-Position", events.last())
                    .expect(200)
                    .body();

            await().untilAsserted(() -> {
                double before = hits("order");
                assertThat(shop.get(path, as("own", "customer")).expect(200).body())
                        .isEqualTo(whole);
                shop.get(path, as("somebody", "customer")).expect(404);
                assertThat(hits("order") - before).isEqualTo(2);
            });
        }
    }

    @Test
    void putsNoPersonIntoRedis() {
        try (TestRedis redis = TestRedis.standIn()) {
            shop = RunningQuerySide.on(database, address(redis.port(), "shop:"));
            int id = product();
            shop.get("/api/users/7", "Min-Event-Position", events.last()).expect(200);
            shop.get("/api/users/7").expect(200);
            shop.get("/api/products/" + id).expect(200);

            await().untilAsserted(() -> assertThat(redis.keys()).isNotEmpty());
            assertThat(redis.keys()).allMatch(key -> key.matches("shop:(product|order):\\d+"));
            assertThat(redis.texts()).noneMatch(text -> text.contains("example.com") || text.contains("@class"));
        }
    }

    @ParameterizedTest
    @MethodSource("redis")
    void doesWithoutRedisWhileThatIsDown(TestRedis redis) {
        TcpProxy proxy = TcpProxy.refusing(redis.port());
        try (redis) {
            shop = RunningQuerySide.on(database, address(proxy.port(), "down-" + System.nanoTime() + ":"));
            int id = product();
            readsAreQuick(id);
            assertDegraded();

            proxy.connect();
            await().untilAsserted(() -> {
                double before = hits("product");
                shop.get("/api/products/" + id).expect(200);
                assertThat(hits("product")).isGreaterThan(before);
            });
            await().untilAsserted(() -> assertThat(shop.management("/actuator/health")
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("UP"));

            proxy.close();
            readsAreQuick(id);
            assertDegraded();
        } finally {
            proxy.close();
        }
    }

    private void readsAreQuick(int id) {
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            shop.get("/api/products/" + id).expect(200);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    private void assertDegraded() {
        RunningQuerySide.Answer health = shop.management("/actuator/health").expect(200);
        assertThat(health.json().path("status").asString()).isEqualTo("DEGRADED");
        assertThat(health.json().at("/components/redis/status").asString()).isEqualTo("DEGRADED");
        shop.management("/actuator/health/readiness").expect(200);
        assertThat(shop.management("/actuator/prometheus").body()).contains("eventshop_cache_redis 0.0");
    }

    private int product() {
        int id = ++products;
        events.product(id, "Tea", "10.00", 0);
        shop.get("/api/products/" + id, "Min-Event-Position", events.last()).expect(200);
        return id;
    }

    private double hits(String cache) {
        return shop.management("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("eventshop_cache_reads_total{")
                        && line.contains("cache=\"" + cache + "\"")
                        && line.contains("result=\"hit\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
