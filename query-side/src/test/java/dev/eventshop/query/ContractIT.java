package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ContractIT {

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide query;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        query = RunningQuerySide.on(database);
    }

    @AfterAll
    static void stop() {
        query.close();
        events.close();
        database.close();
    }

    private static Answer after(String position, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Min-Event-Position", position, "Prefer", "wait=10"));
        return query.get(path, all.toArray(String[]::new));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<Integer> numbers(JsonNode items, String field) {
        return items.valueStream().map(item -> item.get(field).intValue()).toList();
    }

    /** All pages of a list, following its cursors. */
    private static List<Integer> walk(String path, String field, Runnable between) {
        List<Integer> seen = new ArrayList<>();
        String cursor = null;
        do {
            Answer page = query.get(path + (cursor == null ? "" : "&cursor=" + encoded(cursor)))
                    .expect(200);
            seen.addAll(numbers(page.json().get("items"), field));
            cursor = page.next();
            between.run();
        } while (cursor != null);
        return seen;
    }

    @Nested
    class Products {

        @Test
        void areShownWithTheVersionOfTheirLastEvent() {
            events.product(101, "Teapot", "19.90", 10);
            events.price(101, "19.90", "24.50", T0.plusSeconds(1));
            String position = events.append(
                    "product-101", new StockReservedEvent(101, 17, 4, Instant.parse("2026-03-02T00:00:00.000001Z")));

            Answer answer = after(position, "/api/products/101").expect(200);

            assertThat(answer.body())
                    .isEqualTo("{\"productId\":101,\"name\":\"Teapot\",\"price\":24.50,\"stock\":10,"
                            + "\"updatedAt\":\"2026-03-02T00:00:00.000001Z\",\"version\":2}");
            assertThat(answer.header("ETag")).isEqualTo("\"2\"");
        }

        @Test
        void areNotSentAgainToWhoHasThem() {
            String position = events.product(102, "Cup", "5.00", 1);
            after(position, "/api/products/102").expect(200);

            Answer same =
                    query.get("/api/products/102", "If-None-Match", "\"0\"").expect(304);
            assertThat(same.header("ETag")).isEqualTo("\"0\"");
            assertThat(same.body()).isEmpty();
            query.get("/api/products/102", "If-None-Match", "W/\"0\", \"7\"").expect(304);
            query.get("/api/products/102", "If-None-Match", "*").expect(304);
            query.get("/api/products/102", "If-None-Match", "\"1\"").expect(200);
            query.get("/api/products/102", "If-None-Match", "nonsense").expect(200);
        }

        @Test
        void areFoundByAPartOfTheirNameInAnyCase() {
            events.product(111, "Áo dài ĐỎ", "1.00", 1);
            events.product(112, "100% cotton_shirt", "1.00", 1);
            String position = events.product(113, "1000 cottonXshirts\\", "1.00", 1);

            assertThat(found(position, "áo DÀI đỏ")).containsExactly(111);
            assertThat(found(position, "0% c")).containsExactly(112);
            assertThat(found(position, "cotton_s")).containsExactly(112);
            assertThat(found(position, "cotton")).containsExactly(112, 113);
            assertThat(found(position, "s\\")).containsExactly(113);
            assertThat(found(position, "'; drop table product_catalog_a; --")).isEmpty();
        }

        private List<Integer> found(String position, String search) {
            return numbers(
                    after(position, "/api/products?search=" + encoded(search))
                            .expect(200)
                            .json()
                            .get("items"),
                    "productId");
        }

        @Test
        void areFilteredByTheirStock() {
            events.product(121, "filtered a", "1.00", 0);
            events.product(122, "filtered b", "1.00", 5);
            String position = events.product(123, "filtered c", "1.00", 6);

            assertThat(numbers(
                            after(position, "/api/products?search=filtered&minStock=5")
                                    .json()
                                    .get("items"),
                            "productId"))
                    .containsExactly(122, 123);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "productId",
                    "-productId",
                    "name",
                    "-name",
                    "price",
                    "-price",
                    "stock",
                    "-stock",
                    "updatedAt",
                    "-updatedAt"
                })
        void areSortedAndPagedWithoutGapOrDouble(String sort) {
            String search = "sorted" + sort.replace("-", "d");
            int first = 1_000 + 100 * Math.abs(sort.hashCode() % 1_000);
            String position = "";
            for (int i = 0; i < 11; i++) {
                position = events.product(
                        first + i, "%c%03d ".formatted('A' + i % 3, i % 4) + search, i % 3 + ".50", i % 5);
            }
            after(position, "/api/products").expect(200);
            String path = "/api/products?search=" + search + "&sort=" + sort;

            List<Integer> atOnce = numbers(query.get(path).json().get("items"), "productId");

            assertThat(atOnce).hasSize(11);
            assertThat(walk(path + "&limit=3", "productId", () -> {})).isEqualTo(atOnce);
            List<Integer> reverse = new ArrayList<>(atOnce);
            Collections.reverse(reverse);
            String other = sort.startsWith("-") ? sort.substring(1) : "-" + sort;
            assertThat(numbers(
                            query.get("/api/products?search=" + search + "&sort=" + other)
                                    .json()
                                    .get("items"),
                            "productId"))
                    .isEqualTo(reverse);
        }

        @Test
        void thatExistAreAllListedThoughOthersAreAddedMeanwhile() {
            String position = "";
            for (int i = 0; i < 7; i++) {
                position = events.product(200 + 2 * i, "growing", "1.00", 1);
            }
            after(position, "/api/products").expect(200);
            int[] next = {201};

            List<Integer> seen = walk("/api/products?search=growing&limit=2", "productId", () -> {
                String added = events.product(next[0], "growing", "1.00", 1);
                next[0] += 2;
                after(added, "/api/products").expect(200);
            });

            assertThat(seen).doesNotHaveDuplicates().isSorted().contains(200, 202, 204, 206, 208, 210, 212);
        }

        @Test
        void tellHowTheirStockChangedNewestFirst() {
            events.product(131, "Plate", "3.00", 10);
            events.stock(131, 10, 6, T0.plusSeconds(1), EventWriter.reserved(17));
            events.stock(131, 6, 7, T0.plusSeconds(2), Map.of("reason", "found one"));
            String position = events.stock(131, 7, 20, T0.plusSeconds(3), Map.of());

            Answer first =
                    after(position, "/api/products/131/stock-history?limit=2").expect(200);
            assertThat(first.json().get("items").toString())
                    .isEqualTo(
                            "[{\"oldStock\":7,\"newStock\":20,\"updatedAt\":\"2026-03-01T10:00:03Z\",\"reason\":null,\"orderId\":null},"
                                    + "{\"oldStock\":6,\"newStock\":7,\"updatedAt\":\"2026-03-01T10:00:02Z\",\"reason\":\"found one\",\"orderId\":null}]");
            Answer second = query.get("/api/products/131/stock-history?limit=2&cursor=" + first.next())
                    .expect(200);
            assertThat(second.body())
                    .isEqualTo(
                            "{\"items\":[{\"oldStock\":10,\"newStock\":6,\"updatedAt\":\"2026-03-01T10:00:01Z\",\"reason\":\"reserved\",\"orderId\":17}],\"nextCursor\":null}");
        }

        @Test
        void withoutAnyChangeHaveAnEmptyHistory() {
            String position = events.product(132, "Fork", "3.00", 10);

            assertThat(after(position, "/api/products/132/stock-history")
                            .expect(200)
                            .body())
                    .isEqualTo("{\"items\":[],\"nextCursor\":null}");
        }
    }

    @Nested
    class Orders {

        @Test
        void areShownAsTheyAre() {
            events.order(301, 71, T0, item(3, 2, "19.90"), item(4, 1, "5.00"));
            String position = events.cancel(301, 71, "PENDING", T0.plusSeconds(5));

            Answer answer = after(position, "/api/orders/301").expect(200);

            assertThat(answer.body())
                    .isEqualTo(
                            "{\"orderId\":301,\"userId\":71,\"status\":\"CANCELLED\",\"totalAmount\":44.80,\"items\":["
                                    + "{\"productId\":3,\"productName\":\"Product 3\",\"quantity\":2,\"unitPrice\":19.90},"
                                    + "{\"productId\":4,\"productName\":\"Product 4\",\"quantity\":1,\"unitPrice\":5.00}],"
                                    + "\"cancellationReason\":\"changed my mind\",\"createdAt\":\"2026-03-01T10:00:00Z\","
                                    + "\"updatedAt\":\"2026-03-01T10:00:05Z\",\"version\":2}");
            assertThat(answer.header("ETag")).isEqualTo("\"2\"");
            query.get("/api/orders/301", "If-None-Match", "\"2\"").expect(304);
        }

        @Test
        void tellWhatHappenedToThemOldestFirst() {
            events.order(302, 71, T0, item(3, 2, "19.90"));
            events.confirm(302, T0.plusSeconds(1));
            events.append("order-302", new OrderStatusChangedEvent(302, "CONFIRMED", "SHIPPED", T0.plusSeconds(2)));
            String position = events.append(
                    "order-302",
                    new OrderStatusChangedEvent(302, "SHIPPED", "COMPLETED", T0.plusSeconds(3)),
                    new OrderCompletedEvent(302, 71, new BigDecimal("39.80"), T0.plusSeconds(3)));

            JsonNode items = after(position, "/api/orders/302/history")
                    .expect(200)
                    .json()
                    .get("items");

            assertThat(items.valueStream().map(item -> item.get("type").asString()))
                    .containsExactly(
                            "OrderCreatedEvent",
                            "OrderStatusChangedEvent",
                            "OrderStatusChangedEvent",
                            "OrderStatusChangedEvent",
                            "OrderCompletedEvent");
            assertThat(items.get(1).toString())
                    .contains(
                            "\"at\":\"2026-03-01T10:00:01Z\"",
                            "\"oldStatus\":\"PENDING\"",
                            "\"newStatus\":\"CONFIRMED\"",
                            "\"version\":1");
            assertThat(items.get(4).toString()).contains("\"details\":{\"totalAmount\":39.80}", "\"version\":4");
        }

        @Test
        void areFilteredByUserStatusAndTime() {
            Instant day = Instant.parse("2025-06-01T00:00:00Z");
            events.order(311, 72, day, item(3, 1, "1.00"));
            events.order(312, 72, day.plusSeconds(60), item(3, 1, "1.00"));
            events.order(313, 73, day.plusSeconds(120), item(3, 1, "1.00"));
            String position = events.confirm(312, day.plusSeconds(61));
            after(position, "/api/orders").expect(200);

            assertThat(listed("userId=72")).containsExactly(312, 311);
            assertThat(listed("userId=72&status=CONFIRMED")).containsExactly(312);
            assertThat(listed("userId=72&status=SHIPPED")).isEmpty();
            assertThat(listed("from=2025-06-01T00:00:00Z&to=2025-06-01T00:02:00Z"))
                    .containsExactly(312, 311);
            assertThat(listed("from=2025-06-01T00:00:01Z&to=2025-06-02")).containsExactly(313, 312);
            assertThat(listed("from=2025-06-01T07:01:00%2B07:00&to=2025-06-01T07:01:01%2B07:00"))
                    .containsExactly(312);
            assertThat(listed("from=2025-06-01&to=2025-06-01")).isEmpty();
        }

        private List<Integer> listed(String filter) {
            return numbers(query.get("/api/orders?" + filter).expect(200).json().get("items"), "orderId");
        }

        @Test
        void ofTheSameMomentArePagedWithoutGapOrDouble() {
            String position = "";
            for (int i = 0; i < 10; i++) {
                position = events.order(320 + i, 74, T0.plusSeconds(i / 4), item(3, 1, "1.00"));
            }
            after(position, "/api/orders").expect(200);

            assertThat(walk("/api/orders?userId=74&limit=3", "orderId", () -> {}))
                    .containsExactly(329, 328, 327, 326, 325, 324, 323, 322, 321, 320);
        }

        @Test
        void thatExistAreAllListedThoughNewerOnesArePlacedMeanwhile() {
            String position = "";
            for (int i = 0; i < 7; i++) {
                position = events.order(340 + i, 75, T0.plusSeconds(i), item(3, 1, "1.00"));
            }
            after(position, "/api/orders").expect(200);
            int[] next = {350};

            List<Integer> seen = walk("/api/orders?userId=75&limit=2", "orderId", () -> {
                String placed = events.order(next[0], 75, T0.plusSeconds(next[0]++), item(3, 1, "1.00"));
                after(placed, "/api/orders").expect(200);
            });

            assertThat(seen).containsExactly(346, 345, 344, 343, 342, 341, 340);
        }

        @Test
        void areListedForEachUser() {
            events.user(76, "a76@example.com");
            events.user(77, "a77@example.com");
            events.order(361, 76, T0, item(3, 1, "1.00"));
            String position = events.order(362, 77, T0, item(3, 1, "1.00"));

            assertThat(numbers(
                            after(position, "/api/users/76/orders")
                                    .expect(200)
                                    .json()
                                    .get("items"),
                            "orderId"))
                    .containsExactly(361);
            assertThat(after(position, "/api/users/78/orders").expect(404).code())
                    .isEqualTo("USER_NOT_FOUND");
        }

        @Test
        void ofAUserWhoHasNoneAreAnEmptyList() {
            String position = events.user(79, "a79@example.com");

            assertThat(after(position, "/api/users/79/orders").expect(200).body())
                    .isEqualTo("{\"items\":[],\"nextCursor\":null}");
        }
    }

    @Nested
    class Users {

        @Test
        void areShown() {
            String position = events.user(401, "ada@example.com");

            Answer answer = after(position, "/api/users/401").expect(200);

            assertThat(answer.body())
                    .isEqualTo("{\"userId\":401,\"email\":\"ada@example.com\",\"fullName\":\"Ada Lovelace\","
                            + "\"registeredAt\":\"2026-03-01T10:00:00Z\",\"erased\":false,\"version\":0}");
            query.get("/api/users/401", "If-None-Match", answer.header("ETag")).expect(304);
        }

        @Test
        void whoWereErasedAreNamelessInTheAnswerAndInTheTable() {
            events.user(402, "grace@example.com");
            String position = events.eraseUser(402);

            assertThat(after(position, "/api/users/402").expect(200).body())
                    .isEqualTo("{\"userId\":402,\"email\":null,\"fullName\":null,"
                            + "\"registeredAt\":\"2026-03-01T10:00:00Z\",\"erased\":true,\"version\":1}");
            assertThat(Tables.dump(database, "user_profile_a")).noneMatch(row -> row.contains("grace"));
        }
    }

    @Nested
    class Statistics {

        @Test
        void addUpWholeDaysAndPartsOfDays() {
            Instant day1 = Instant.parse("2024-01-01T00:00:00Z");
            Instant day2 = Instant.parse("2024-01-02T00:00:00Z");
            Instant day4 = Instant.parse("2024-01-04T00:00:00Z");
            events.order(501, 80, day1, item(61, 1, "10.00"));
            events.order(502, 80, day2.minusNanos(1_000), item(61, 2, "10.00"), item(62, 1, "0.50"));
            events.order(503, 80, day2, item(62, 5, "0.50"));
            events.order(504, 80, day4.plusSeconds(3_600), item(63, 1, "7.00"));
            events.order(505, 80, day4.plusSeconds(7_200), item(61, 9, "10.00"));
            String position = events.cancel(505, 80, "PENDING", day4.plusSeconds(100_000));

            assertThat(after(position, "/api/statistics/sales?from=2024-01-01&to=2024-02-01&bucket=day")
                            .expect(200)
                            .body())
                    .isEqualTo("{\"buckets\":["
                            + "{\"from\":\"2024-01-01T00:00:00Z\",\"orders\":2,\"items\":4,\"revenue\":30.50},"
                            + "{\"from\":\"2024-01-02T00:00:00Z\",\"orders\":1,\"items\":5,\"revenue\":2.50},"
                            + "{\"from\":\"2024-01-04T00:00:00Z\",\"orders\":1,\"items\":1,\"revenue\":7.00}],"
                            + "\"bestSellers\":["
                            + "{\"productId\":62,\"productName\":\"Product 62\",\"quantity\":6,\"revenue\":3.00},"
                            + "{\"productId\":61,\"productName\":\"Product 61\",\"quantity\":3,\"revenue\":30.00},"
                            + "{\"productId\":63,\"productName\":\"Product 63\",\"quantity\":1,\"revenue\":7.00}]}");
            assertThat(figures("from=2024-01-01T00:00:01Z&to=2024-01-02T00:00:00Z"))
                    .isEqualTo("2024-01-01T00:00:00Z 1 3 20.50 | 61x2 62x1");
            assertThat(figures("from=2024-01-01T12:00:00Z&to=2024-01-04T01:00:00.000001Z"))
                    .isEqualTo("2024-01-01T00:00:00Z 1 3 20.50, 2024-01-02T00:00:00Z 1 5 2.50,"
                            + " 2024-01-04T00:00:00Z 1 1 7.00 | 62x6 61x2 63x1");
            assertThat(figures("from=2024-01-01T12:00:00Z&to=2024-01-04T01:00:00Z"))
                    .isEqualTo("2024-01-01T00:00:00Z 1 3 20.50, 2024-01-02T00:00:00Z 1 5 2.50 | 62x6 61x2");
            assertThat(figures("from=2024-01-04T00:30:00Z&to=2024-01-04T03:00:00Z"))
                    .isEqualTo("2024-01-04T00:00:00Z 1 1 7.00 | 63x1");
            assertThat(figures("from=2023-01-01&to=2024-01-01")).isEqualTo(" | ");
        }

        private String figures(String period) {
            JsonNode figures =
                    query.get("/api/statistics/sales?" + period).expect(200).json();
            List<String> buckets = figures.get("buckets")
                    .valueStream()
                    .map(b -> b.get("from").asString() + " " + b.get("orders") + " " + b.get("items") + " "
                            + b.get("revenue").decimalValue())
                    .toList();
            List<String> best = figures.get("bestSellers")
                    .valueStream()
                    .map(b -> b.get("productId") + "x" + b.get("quantity"))
                    .toList();
            return String.join(", ", buckets) + " | " + String.join(" ", best);
        }

        @Test
        void listTenBestSellersAtMost() {
            String position = "";
            for (int i = 0; i < 12; i++) {
                position =
                        events.order(520 + i, 80, Instant.parse("2022-01-01T10:00:00Z"), item(600 + i, 20 - i, "1.00"));
            }

            assertThat(numbers(
                            after(position, "/api/statistics/sales?from=2022-01-01&to=2022-01-02")
                                    .json()
                                    .get("bestSellers"),
                            "productId"))
                    .containsExactly(600, 601, 602, 603, 604, 605, 606, 607, 608, 609);
        }
    }

    @Nested
    class Administration {

        @Test
        void tellsHowFarTheProjectionsAre() {
            String position = events.user(601, "b@example.com");
            after(position, "/api/users/601").expect(200);

            JsonNode processors =
                    query.get("/api/admin/processors").expect(200).json().get("items");

            assertThat(processors.valueStream().map(p -> p.get("projection").asString()))
                    .containsExactlyInAnyOrder("order-summary", "product-catalog", "sales-statistics", "user-profile");
            JsonNode users = processors
                    .valueStream()
                    .filter(p -> p.get("projection").asString().equals("user-profile"))
                    .findFirst()
                    .orElseThrow();
            assertThat(users.propertyNames())
                    .containsExactly(
                            "projection",
                            "state",
                            "position",
                            "lagEvents",
                            "lagSeconds",
                            "error",
                            "deadLetters",
                            "segments",
                            "generations");
            assertThat(users.get("state").asString()).isEqualTo("RUNNING");
            assertThat(users.get("position").asString()).isEqualTo(position);
            assertThat(users.get("lagEvents").intValue()).isZero();
            assertThat(users.get("error").isNull()).isTrue();
            assertThat(users.get("deadLetters").intValue()).isZero();
            assertThat(users.get("generations"))
                    .extracting(
                            each -> each.get("slot").asString(),
                            each -> each.get("state").asString(),
                            each -> each.get("tables").toString())
                    .containsExactly(
                            tuple("a", "LIVE", "[\"user_profile_a\",\"user_account_a\"]"),
                            tuple("b", "IDLE", "[\"user_profile_b\",\"user_account_b\"]"));
            assertThat(users.get("segments")).hasSize(2).allSatisfy(segment -> {
                assertThat(segment.propertyNames()).containsExactly("id", "position", "owner");
                assertThat(segment.get("owner").isNull()).isFalse();
            });
        }

        @Test
        void hasHealthAndGauges() {
            assertThat(query.management("/actuator/health")
                            .expect(200)
                            .json()
                            .get("status")
                            .asString())
                    .isEqualTo("UP");
            assertThat(query.management("/actuator/prometheus").expect(200).body())
                    .contains(
                            "eventshop_projection_lag_events{projection=\"order-summary\"}",
                            "eventshop_projection_lag_seconds{projection=\"sales-statistics\"}",
                            "eventshop_projection_failed{projection=\"user-profile\"}");
        }

        @Test
        void describesItselfWithExamples() {
            JsonNode api = query.get("/v3/api-docs").expect(200).json();

            assertThat(api.get("openapi").asString()).startsWith("3.1");
            assertThat(api.get("paths").propertyNames())
                    .containsExactlyInAnyOrder(
                            "/api/products",
                            "/api/products/{id}",
                            "/api/products/{id}/stock-history",
                            "/api/orders",
                            "/api/orders/{id}",
                            "/api/orders/{id}/history",
                            "/api/orders/{id}/stream",
                            "/api/users/{id}",
                            "/api/users/{id}/orders",
                            "/api/statistics/sales",
                            "/api/admin/processors",
                            "/api/admin/replays",
                            "/api/admin/replays/{id}",
                            "/api/admin/replays/{id}/stream",
                            "/api/admin/reconciliation",
                            "/api/admin/events",
                            "/api/admin/events/stream",
                            "/api/admin/aggregates/{id}/events",
                            "/api/admin/audit",
                            "/api/admin/recent-metrics",
                            "/api/admin/dead-letters",
                            "/api/admin/dead-letters/groups",
                            "/api/admin/dead-letters/hours",
                            "/api/admin/dead-letters/{id}",
                            "/api/admin/dead-letters/{id}/retry",
                            "/api/admin/dead-letters/retry",
                            "/api/admin/dead-letters/discard");
            assertThat(new TreeSet<>(api.get("components").get("schemas").propertyNames()))
                    .contains("OrderSummary", "Product", "Problem", "ReplayView", "StockChange", "UserProfile");
            assertThat(api.get("components")
                            .get("schemas")
                            .get("StockChange")
                            .get("properties")
                            .propertyNames())
                    .containsExactlyInAnyOrder("oldStock", "newStock", "updatedAt", "reason", "orderId");
            query.get("/swagger-ui/index.html").expect(200);
        }
    }
}
