package dev.eventshop.query;

import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.query.RunningQuerySide.Answer;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Operators browse the event store. */
class StoredEventIT {

    private static final String STORE = "/api/admin/events";

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide query;
    private static int products = 1_000;

    /** Where the events of a test begin. */
    private String begin;

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

    @BeforeEach
    void begin() {
        begin = events.product(++products, "Tea", "1.00", 5);
    }

    private String store() {
        return STORE + "?from=" + begin + "&";
    }

    /** Waits until readers of the store may see everything: anything in the cluster may hold the horizon for a moment. */
    private static void settle() {
        await().until(() -> events.log().head().toString().equals(events.last()));
    }

    private static List<JsonNode> items(String path) {
        return query.get(path).expect(200).json().get("items").valueStream().toList();
    }

    /** All pages, following the cursors; each event has to be there once. */
    private static List<String> walk(String path, Runnable between) {
        List<String> positions = new ArrayList<>();
        String cursor = null;
        do {
            Answer page = query.get(path + (cursor == null ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.json()
                    .get("items")
                    .forEach(item -> positions.add(item.get("position").asString()));
            assertThat(positions).doesNotHaveDuplicates();
            assertThat(page.next()).isNotEqualTo(cursor == null ? "" : cursor); // it would never end
            cursor = page.next();
            if (cursor != null) {
                between.run();
            }
        } while (cursor != null);
        return positions;
    }

    private static List<String> walk(String path) {
        return walk(path, () -> {});
    }

    private static List<String> stored(String condition) {
        return Tables.jdbc(database)
                .queryForList(
                        "select epoch || '-' || transaction_id || '-' || global_index from event_store.domain_event"
                                + " where " + condition + " order by epoch, transaction_id, global_index",
                        String.class);
    }

    /** Of this test. */
    private List<String> added() {
        List<String> stored = stored("true");
        return stored.subList(stored.indexOf(begin) + 1, stored.size());
    }

    private static List<String> reversed(List<String> positions) {
        List<String> reversed = new ArrayList<>(positions);
        Collections.reverse(reversed);
        return reversed;
    }

    private static String time(String position) {
        return Tables.jdbc(database)
                .queryForObject(
                        "select to_char(time at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                                + " from event_store.domain_event where global_index = ?",
                        String.class,
                        Long.valueOf(position.substring(position.lastIndexOf('-') + 1)));
    }

    @Test
    void eventsAreShownAsTheyAreStoredNewestFirst() {
        events.product(1, "Teapot", "19.90", 5);
        String position = events.append(
                "product-1",
                Map.of("correlationId", "c-1", "causationId", "c-2", "traceparent", "00-1-2-01"),
                new ProductStockUpdatedEvent(1, "Teapot", 5, 4, T0));
        settle();

        List<JsonNode> items = items(store());

        assertThat(items).hasSize(2);
        JsonNode newest = items.get(0);
        assertThat(newest.propertyNames())
                .containsExactly(
                        "position",
                        "eventId",
                        "type",
                        "revision",
                        "aggregateType",
                        "aggregateId",
                        "sequenceNumber",
                        "time",
                        "payload",
                        "metadata");
        assertThat(newest.get("position").asString()).isEqualTo(position);
        assertThat(newest.get("eventId").asString())
                .isEqualTo(Tables.jdbc(database)
                        .queryForObject(
                                "select event_id::text from event_store.domain_event where aggregate_id = 'product-1'"
                                        + " and sequence_number = 1",
                                String.class));
        assertThat(newest.get("type").asString()).isEqualTo("ProductStockUpdatedEvent");
        assertThat(newest.get("revision").asString()).isEqualTo("1.0");
        assertThat(newest.get("aggregateType").asString()).isEqualTo("Product");
        assertThat(newest.get("aggregateId").asString()).isEqualTo("product-1");
        assertThat(newest.get("sequenceNumber").longValue()).isEqualTo(1);
        assertThat(newest.get("time").asString()).startsWith("20").endsWith("Z");
        assertThat(newest.get("payload").toString())
                .isEqualTo("{\"productId\":1,\"productName\":\"Teapot\",\"oldStock\":5,\"newStock\":4,"
                        + "\"updatedAt\":\"2026-03-01T10:00:00Z\"}");
        assertThat(newest.get("metadata").propertyNames())
                .containsExactlyInAnyOrder("correlationId", "causationId", "traceparent");
        assertThat(query.get(store()).body()).contains("\"price\":19.90");
        assertThat(items(STORE).get(0)).isEqualTo(newest);
    }

    @Test
    void ofOneAggregateTheyAreShownOldestFirst() {
        events.order(71, 7, T0, item(1, 1, "2.50"));
        events.order(72, 7, T0, item(1, 1, "2.50"));
        events.cancel(71, 7, "PENDING", T0);

        assertThat(items("/api/admin/aggregates/order-71/events"))
                .extracting(item -> item.get("type").asString())
                .containsExactly("OrderCreatedEvent", "OrderStatusChangedEvent", "OrderCancelledEvent");
        assertThat(items("/api/admin/aggregates/order-71/events?order=desc&limit=2"))
                .extracting(item -> item.get("sequenceNumber").intValue())
                .containsExactly(2, 1);
        assertThat(walk("/api/admin/aggregates/order-71/events?limit=1"))
                .isEqualTo(stored("aggregate_id = 'order-71'"));
        assertThat(walk("/api/admin/aggregates/order-71/events?limit=1&order=desc"))
                .isEqualTo(reversed(stored("aggregate_id = 'order-71'")));
        assertThat(query.get("/api/admin/aggregates/order-73/events")
                        .expect(404)
                        .code())
                .isEqualTo("AGGREGATE_NOT_FOUND");
    }

    @Test
    void ofAnOlderRevisionTheyAreShownInTodaysForm() {
        Tables.jdbc(database).update("""
                        insert into event_store.domain_event
                            (event_id, aggregate_type, aggregate_id, sequence_number, event_type, event_revision, time,
                             payload, metadata)
                        values (gen_random_uuid(), 'Product', 'product-17', 0, 'ProductCreatedEvent', '1.0', now(),
                                '{"productId":17,"name":"Tea","price":12.50,"stock":40,"createdAt":"2026-03-01T09:30:15Z"}',
                                '{}')
                        """);

        JsonNode item = items("/api/admin/aggregates/product-17/events").get(0);

        assertThat(item.get("payload").get("initialStock").intValue()).isEqualTo(40);
        assertThat(item.get("payload").get("price").decimalValue()).isEqualTo("12.50");
        assertThat(item.get("revision").asString()).isEqualTo("1.0");
    }

    @Nested
    class Paging {

        @ParameterizedTest
        @ValueSource(strings = {"asc", "desc"})
        void hasNoGapAndNoRepetitionWhileEventsAreAppended(String order) {
            events.placeMany(order.equals("asc") ? 100 : 200, 40);
            settle();
            List<String> before = added();
            int[] left = {10};

            List<String> seen = walk(store() + "limit=7&order=" + order, () -> {
                if (left[0]-- > 0) {
                    events.product(++products, "Tea", "1.00", 5);
                    settle();
                }
            });

            assertThat(seen).doesNotHaveDuplicates().containsAll(before);
            if (order.equals("asc")) {
                assertThat(seen).isEqualTo(added()).hasSizeGreaterThan(45);
            } else {
                assertThat(seen).isEqualTo(reversed(before));
            }
        }

        @Test
        void goesOnWithWhatWasAppendedBehindTheLastPosition() {
            settle();
            String last = items(STORE).get(0).get("position").asString();

            assertThat(walk(STORE + "?order=asc&from=" + last)).isEmpty();
            String next = events.product(++products, "Tea", "1.00", 5);
            settle();

            assertThat(walk(STORE + "?order=asc&from=" + last)).containsExactly(next);
        }

        @Test
        void hasCursorsForOneOrderOnly() {
            events.placeMany(300, 3);
            settle();
            String cursor = query.get(STORE + "?limit=1").expect(200).next();

            query.get(STORE + "?limit=1&order=desc&cursor=" + cursor).expect(200);
            query.get(STORE + "?limit=1&order=asc&cursor=" + cursor).expect(422);
            query.get(STORE + "?aggregateId=order-300&cursor=" + cursor).expect(422);
        }
    }

    @Nested
    class Filters {

        private static boolean filled;

        private List<String> all;

        @BeforeEach
        void fill() {
            if (!filled) {
                filled = true;
                for (int i = 1; i <= 4; i++) {
                    events.order(i, 7, T0, item(1, 1, "2.50"));
                    events.confirm(i, T0);
                }
                events.cancel(1, 7, "CONFIRMED", T0);
            }
            settle();
            List<String> stored = stored("true");
            int first = stored.indexOf(stored("aggregate_id = 'order-1'").get(0));
            all = stored.subList(first, first + 10);
        }

        @ParameterizedTest
        @ValueSource(strings = {"&limit=1", "&limit=3", "&order=asc", "&order=asc&limit=1"})
        void chooseByTypeAndAggregate(String more) {
            assertChosen("type=OrderCreatedEvent" + more, "event_type = 'OrderCreatedEvent'");
            assertChosen("aggregateId=order-1" + more, "aggregate_id = 'order-1'");
            assertChosen(
                    "aggregateId=order-1&type=OrderStatusChangedEvent" + more,
                    "aggregate_id = 'order-1' and event_type = 'OrderStatusChangedEvent'");
            assertChosen("type=ProductPriceChangedEvent" + more, "false");
            assertChosen("aggregateId=order-99" + more, "false");
        }

        @ParameterizedTest
        @ValueSource(strings = {"&limit=1", "&limit=3", "&order=asc", "&order=asc&limit=1"})
        void chooseByPosition(String more) {
            String part = "global_index > " + index(all.get(2)) + " and global_index <= " + index(all.get(8));
            String period = "from=" + all.get(2) + "&to=" + all.get(8);
            assertChosen(period + more, part);
            assertChosen(period + "&type=OrderStatusChangedEvent" + more, part + " and event_type like 'OrderStatus%'");
            assertChosen(period + "&aggregateId=order-1" + more, part + " and aggregate_id = 'order-1'");
            assertChosen("from=" + all.get(8) + more, "global_index > " + index(all.get(8)));
            assertChosen("from=" + events.last() + more, "false");
        }

        @ParameterizedTest
        @ValueSource(strings = {"&limit=1", "&limit=3", "&order=asc", "&order=asc&limit=1"})
        void chooseByTime(String more) {
            String from = time(all.get(2));
            String to = time(all.get(8));
            String part = "time >= '" + from + "' and time < '" + to + "'";
            assertChosen("from=" + from + "&to=" + to + more, part);
            assertChosen(
                    "from=" + from + "&to=" + to + "&type=OrderCreatedEvent" + more,
                    part + " and event_type = 'OrderCreatedEvent'");
            assertChosen(
                    "from=" + from + "&to=" + to + "&aggregateId=order-2" + more,
                    part + " and aggregate_id = 'order-2'");
            assertChosen("to=2026-01-01" + more, "false");
            assertChosen("from=2026-01-01" + more, "true");
            assertChosen("from=" + from + "&to=" + from + more, "false");
            assertChosen("from=" + all.get(5) + "&to=" + to + more, part + " and global_index > " + index(all.get(5)));
        }

        private static String index(String position) {
            return position.substring(position.lastIndexOf('-') + 1);
        }

        private void assertChosen(String parameters, String condition) {
            List<String> expected = stored(condition);
            assertThat(walk(STORE + "?" + parameters))
                    .as(parameters)
                    .isEqualTo(parameters.contains("order=asc") ? expected : reversed(expected));
        }
    }

    @Nested
    class PersonalData {

        private static int users = 7;

        @BeforeEach
        void emptyAudit() {
            Tables.jdbc(database).execute("truncate query_side.audit");
        }

        private List<String> audit() {
            return Tables.jdbc(database)
                    .queryForList(
                            "select concat_ws(' ', actor, outcome, status, action, target) from query_side.audit"
                                    + " order by id",
                            String.class);
        }

        private String payload(String path) {
            return items(path).get(0).get("payload").toString();
        }

        @Test
        void isMaskedAndShownToWhoAsksForItWhichIsWrittenDown() {
            int id = ++users;
            events.user(id, "ada@example.com");
            settle();

            for (String path : List.of(STORE + "?limit=1&", "/api/admin/aggregates/user-" + id + "/events?")) {
                assertThat(payload(path)).isEqualTo(registered("[masked]", "[masked]"));
                assertThat(payload(path + "personalData=false")).isEqualTo(registered("[masked]", "[masked]"));
                assertThat(audit()).isEmpty();

                assertThat(payload(path + "personalData=true"))
                        .isEqualTo(registered("ada@example.com", "Ada Lovelace"));
                String call = path.startsWith(STORE)
                        ? "GET /api/admin/events " + path + "personalData=true"
                        : "GET /api/admin/aggregates/{id}/events " + path + "personalData=true";
                await().untilAsserted(() ->
                        assertThat(audit()).containsExactly("operator BEGUN " + call, "operator DONE 200 " + call));
                emptyAudit();
            }
        }

        private String registered(String email, String name) {
            return "{\"userId\":" + users + ",\"email\":\"" + email + "\",\"fullName\":\"" + name
                    + "\",\"registeredAt\":\"2026-03-01T10:00:00Z\"}";
        }

        @Test
        void ofSomebodyWhoWasErasedIsShownAsErased() {
            int id = ++users;
            events.user(id, "ada@example.com");
            events.account(id, TestIssuer.shared().url(), "ada");
            events.eraseUser(id);
            settle();

            for (String more : List.of("", "&personalData=true")) {
                Answer answer = query.get(store() + "order=asc" + more).expect(200);
                assertThat(answer.json().get("items").get(0).get("payload").toString())
                        .isEqualTo(registered("[erased]", "[erased]"));
                assertThat(answer.body()).doesNotContain("ada@", "Lovelace", "sealed");
            }
        }

        @Test
        void isNotShownWhenItCantBeWrittenDown() {
            events.user(++users, "ada@example.com");
            settle();
            Tables.jdbc(database).execute("alter table query_side.audit rename to audit_elsewhere");
            try {
                Answer answer = query.get(STORE + "?personalData=true");

                assertThat(answer.status()).isGreaterThanOrEqualTo(500);
                assertThat(answer.body()).doesNotContain("ada@");
                assertThat(payload(STORE)).isEqualTo(registered("[masked]", "[masked]"));
            } finally {
                Tables.jdbc(database).execute("alter table query_side.audit_elsewhere rename to audit");
            }
        }

        /** The entry would end before it says whose it was. */
        @Test
        void isNotShownWhenTheEntryCouldNotSayWhatWasAskedFor() {
            events.user(++users, "ada@example.com");
            settle();
            String long300 = "x".repeat(300);

            Answer answer = query.get(STORE + "?more=" + long300 + "&personalData=true");

            assertThat(answer.expect(422).body()).doesNotContain("ada@").contains("\"personalData\"");
            assertThat(audit()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "personalData=yes",
                    "personalData=TRUE",
                    "personalData=",
                    "personalData=false&personalData=true"
                })
        void isAskedForInOneWayOnly(String parameters) {
            query.get(STORE + "?" + parameters).expect(422);

            await().untilAsserted(() -> assertThat(audit()).hasSize(2));
        }
    }
}
