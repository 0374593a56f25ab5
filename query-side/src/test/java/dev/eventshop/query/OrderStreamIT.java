package dev.eventshop.query;

import static dev.eventshop.query.RunningQuerySide.as;
import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.events.order.OrderCompletedEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import dev.eventshop.writing.EventWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Streams of two instances; which of them applies an event is up to them. */
class OrderStreamIT {

    private static final String[] OPERATOR = as("streaming", "operator");

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide one;
    private static RunningQuerySide two;
    private static int orders;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        one = RunningQuerySide.on(database, "eventshop.query.streams.max-per-caller=30");
        two = RunningQuerySide.on(
                database,
                "eventshop.query.streams.max=3",
                "eventshop.query.streams.max-per-caller=2",
                "eventshop.query.streams.heartbeat-interval=200ms");
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
        events.close();
        database.close();
    }

    private static int placed() {
        int id = ++orders;
        String position = events.order(id, 7, T0, item(1, 2, "2.50"));
        one.get("/api/orders/" + id, "Min-Event-Position", position).expect(200);
        return id;
    }

    private static EventStream follow(RunningQuerySide shop, int order, String... headers) {
        List<String> all = new ArrayList<>(List.of(OPERATOR));
        all.addAll(List.of(headers));
        return EventStream.of(shop, "/api/orders/" + order + "/stream", all.toArray(String[]::new));
    }

    private static void complete(int order) {
        events.append(
                "order-" + order,
                new OrderStatusChangedEvent(order, "PENDING", "CONFIRMED", T0),
                new OrderStatusChangedEvent(order, "CONFIRMED", "SHIPPED", T0),
                new OrderStatusChangedEvent(order, "SHIPPED", "COMPLETED", T0),
                new OrderCompletedEvent(order, 7, new BigDecimal("5.00"), T0));
    }

    private static void awaitStreams(RunningQuerySide shop, int count) {
        await().untilAsserted(
                        () -> assertThat(shop.management("/actuator/prometheus").body())
                                .contains("eventshop_streams " + count + ".0"));
    }

    @Nested
    class AStream {

        @Test
        void tellsTheOrderAsItIsAndAgainAtEachChange() {
            int order = placed();
            try (EventStream stream = follow(one, order)) {
                assertThat(stream.status()).isEqualTo(200);
                assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
                await().untilAsserted(() -> assertThat(stream.ids()).containsExactly("0"));
                assertThat(stream.events().get(0).data())
                        .isEqualTo(one.get("/api/orders/" + order).json());

                events.confirm(order, T0.plusSeconds(1));
                await().untilAsserted(() -> assertThat(stream.statuses()).containsExactly("PENDING", "CONFIRMED"));
                events.cancel(order, 7, "CONFIRMED", T0.plusSeconds(2));

                await().untilAsserted(() -> assertThat(stream.ids()).containsExactly("0", "1", "3"));
                assertThat(stream.events().get(2).data())
                        .isEqualTo(one.get("/api/orders/" + order, "Min-Event-Position", events.last())
                                .json());
            }
        }

        @Test
        void tellsEachOfSeveralChangesAtOnce() {
            int order = placed();
            try (EventStream stream = follow(one, order)) {
                await().untilAsserted(() -> assertThat(stream.ids()).containsExactly("0"));

                complete(order);

                await().untilAsserted(() ->
                        assertThat(stream.statuses()).containsExactly("PENDING", "CONFIRMED", "SHIPPED", "COMPLETED"));
                assertThat(stream.ids()).containsExactly("0", "1", "2", "4");
            }
        }

        @Test
        void goesOnWhereTheClientHasLostIt() {
            int order = placed();
            try (EventStream first = follow(one, order)) {
                await().untilAsserted(() -> assertThat(first.ids()).containsExactly("0"));
            }
            complete(order);
            one.get("/api/orders/" + order, "Min-Event-Position", events.last()).expect(200);

            try (EventStream again = follow(one, order, "Last-Event-ID", "0")) {
                await().untilAsserted(() ->
                        assertThat(again.statuses()).containsExactly("CONFIRMED", "SHIPPED", "COMPLETED"));
            }
            try (EventStream fresh = follow(one, order)) {
                await().untilAsserted(() -> assertThat(fresh.ids()).containsExactly("4"));
            }
        }

        @Test
        void saysNothingToWhoKnowsAllUntilThereIsSomethingNew() {
            int order = placed();
            try (EventStream stream = follow(one, order, "Last-Event-ID", "0")) {
                assertThat(stream.status()).isEqualTo(200);
                events.confirm(order, T0);
                await().untilAsserted(() -> assertThat(stream.ids()).containsExactly("1"));
            }
        }

        @Test
        void refusesAnIdThatItHasNotGiven() {
            int order = placed();
            assertThat(one.get("/api/orders/" + order + "/stream", "Last-Event-ID", "x")
                            .expect(422)
                            .json()
                            .at("/errors/0/field")
                            .asString())
                    .isEqualTo("Last-Event-ID");
        }

        @Test
        void tellsOfWhatAnotherInstanceHasApplied() {
            List<EventStream> streams = new ArrayList<>();
            List<Integer> followed = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                followed.add(placed());
                streams.add(follow(one, followed.get(i)));
            }
            followed.forEach(order -> events.confirm(order, T0));

            assertThat(streams)
                    .allSatisfy(stream -> await().untilAsserted(
                                    () -> assertThat(stream.statuses()).endsWith("CONFIRMED")));
            streams.forEach(EventStream::close);
        }

        @Test
        void doesNotGoBackWhileTheViewIsRebuilt() {
            int order = placed();
            events.confirm(order, T0);
            one.get("/api/orders/" + order, "Min-Event-Position", events.last()).expect(200);
            try (EventStream stream = follow(one, order)) {
                String replay = one.post(
                                "/api/admin/replays", "{\"projection\":\"order-summary\",\"mode\":\"IN_PLACE\"}")
                        .expect(202)
                        .header("Location");
                await().atMost(Duration.ofSeconds(40))
                        .until(() ->
                                one.get(replay).json().path("state").asString().equals("COMPLETED"));
                events.cancel(order, 7, "CONFIRMED", T0);

                await().untilAsserted(() -> assertThat(stream.ids()).endsWith("3"));
                assertThat(stream.ids()).containsExactly("1", "3");
            }
        }
    }

    @Nested
    class AStreamEnds {

        @Test
        void whenItsTokenExpires() {
            int order = placed();
            String token = TestIssuer.shared()
                    .token(
                            claims -> claims.expirationTime(
                                    Date.from(Instant.now().plusSeconds(2))),
                            "short",
                            "staff");
            try (EventStream stream =
                    EventStream.of(one, "/api/orders/" + order + "/stream", "Authorization", "Bearer " + token)) {
                await().untilAsserted(() -> assertThat(stream.ids()).containsExactly("0"));
                await().until(stream::isEnded);
            }
        }

        @Test
        void whenItsClientGoes() {
            int order = placed();
            try (EventStream stream = follow(two, order)) {
                await().untilAsserted(() -> assertThat(stream.comments()).hasSizeGreaterThan(3));
                awaitStreams(two, 1);
            }
            awaitStreams(two, 0);
        }

        @Test
        void whenTheServiceStops() {
            int order = placed();
            EventStream stream;
            long begin;
            try (RunningQuerySide third = RunningQuerySide.on(database)) {
                stream = follow(third, order);
                await().untilAsserted(() -> assertThat(stream.ids()).containsExactly("0"));
                begin = System.nanoTime();
            }
            await().until(stream::isEnded);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Nested
    class TooMany {

        @Test
        void areRefused() {
            int order = placed();
            String path = "/api/orders/" + order + "/stream";
            String[] other = as("other", "staff");
            try (EventStream first = follow(two, order);
                    EventStream second = follow(two, order)) {
                assertThat(List.of(first.status(), second.status())).containsOnly(200);
                RunningQuerySide.Answer third = two.get(path, OPERATOR).expect(429);
                assertThat(third.code()).isEqualTo("TOO_MANY_STREAMS");
                assertThat(third.header("Retry-After")).isNotEmpty();
                try (EventStream others = EventStream.of(two, path, other)) {
                    assertThat(others.status()).isEqualTo(200);
                    RunningQuerySide.Answer fourth = two.get(path, other).expect(503);
                    assertThat(fourth.code()).isEqualTo("TOO_MANY_STREAMS");
                    assertThat(fourth.header("Retry-After")).isNotEmpty();
                }
            }
            awaitStreams(two, 0);
            try (EventStream again = follow(two, order)) {
                assertThat(again.status()).isEqualTo(200);
            }
            awaitStreams(two, 0);
        }
    }
}
