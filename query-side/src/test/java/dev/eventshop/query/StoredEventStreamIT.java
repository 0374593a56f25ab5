package dev.eventshop.query;

import static dev.eventshop.query.RunningQuerySide.as;
import static dev.eventshop.writing.EventWriter.T0;
import static dev.eventshop.writing.EventWriter.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.writing.EventWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Operators follow the event store. */
class StoredEventStreamIT {

    private static final String[] OPERATOR = as("streaming", "operator");

    private static TestDatabase database;
    private static EventWriter events;
    private static RunningQuerySide shop;
    private static int orders;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        events = EventWriter.on(database);
        shop = RunningQuerySide.on(database);
    }

    @AfterAll
    static void stop() {
        shop.close();
        events.close();
        database.close();
    }

    private static EventStream follow(String parameters, String... headers) {
        List<String> all = new ArrayList<>(List.of(OPERATOR));
        all.addAll(List.of(headers));
        return EventStream.of(shop, "/api/admin/events/stream" + parameters, all.toArray(String[]::new));
    }

    private static String ordered() {
        return events.order(++orders, 7, T0, item(1, 1, "2.50"));
    }

    private static void settle() {
        await().until(() -> events.log().head().toString().equals(events.last()));
    }

    private static void awaitIds(EventStream stream, List<String> ids) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stream.ids()).isEqualTo(ids));
    }

    @Test
    void tellsWhatIsAppendedFromNowOnAsItIsListed() {
        ordered();
        settle();
        try (EventStream stream = follow("")) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            List<String> expected = new ArrayList<>();
            expected.add(ordered());
            expected.add(events.user(++orders, "ada@example.com"));
            expected.add(ordered());

            awaitIds(stream, expected);
            assertThat(stream.events())
                    .extracting(EventStream.Event::data)
                    .isEqualTo(shop.get("/api/admin/events?order=asc&limit=3&from=" + before(expected.get(0)))
                            .json()
                            .get("items")
                            .valueStream()
                            .toList());
            assertThat(stream.events().get(1).data().get("payload").get("email").asString())
                    .isEqualTo("[masked]");
        }
    }

    private static String before(String position) {
        return position.substring(0, position.lastIndexOf('-') + 1) + "0";
    }

    @Test
    void goesOnBehindTheLastEventThatTheClientHas() {
        List<String> positions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            positions.add(ordered());
        }
        try (EventStream stream = follow("", "Last-Event-ID", positions.get(1))) {
            awaitIds(stream, positions.subList(2, 5));
            positions.add(ordered());
            awaitIds(stream, positions.subList(2, 6));
        }
        try (EventStream stream = follow("?from=" + positions.get(3))) {
            awaitIds(stream, positions.subList(4, 6));
        }
        assertThat(follow("", "Last-Event-ID", "7").status()).isEqualTo(422);
    }

    @Test
    void tellsMoreThanOneStepLooksAtWithoutGapOrRepetition() {
        String begin = ordered();
        events.placeMany(10_000, 350);
        String end = ordered();
        try (EventStream stream = follow("?type=OrderCreatedEvent&from=" + begin)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> stream.ids().contains(end));
            assertThat(stream.ids()).hasSize(351).doesNotHaveDuplicates();
        }
    }

    @Test
    void tellsOnlyWhatIsMeant() {
        String begin = ordered();
        String confirmed = events.confirm(orders, T0);
        ordered();
        try (EventStream types = follow("?type=OrderStatusChangedEvent&from=" + begin);
                EventStream aggregate = follow("?aggregateId=order-" + (orders - 1) + "&from=" + begin)) {
            String again = events.confirm(orders, T0);
            awaitIds(types, List.of(confirmed, again));
            awaitIds(aggregate, List.of(confirmed));
        }
    }
}
