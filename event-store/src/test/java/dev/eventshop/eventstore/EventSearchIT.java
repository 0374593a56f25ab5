package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EventSearchIT {

    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
    private static final EventCriteria EVERYTHING = new EventCriteria(Set.of(), null, null, null);
    private static final EventCriteria OTHERS = new EventCriteria(Set.of("Other"), null, null, null);

    private TestStore store;

    @BeforeEach
    void start() {
        store = TestStore.create();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    /** 20 events of two aggregates, by turns, a minute apart; each third one is of another type. */
    private List<StoredEvent> filled() {
        for (int i = 0; i < 20; i++) {
            store.appendVisibly(event("counter-" + i % 2, i / 2, T0.plusSeconds(60L * i)));
        }
        store.admin().update("update event_store.domain_event set event_type = 'Other' where sequence_number % 3 = 2");
        return store.events.readTail(Position.START, 100);
    }

    private EventSearch search(int rowsOfAStep) {
        return new EventSearch(store.pool, store.events, rowsOfAStep);
    }

    private static List<StoredEvent> chosen(List<StoredEvent> all, boolean newestFirst, Predicate<StoredEvent> filter) {
        List<StoredEvent> chosen = new ArrayList<>(all.stream().filter(filter).toList());
        if (newestFirst) {
            Collections.reverse(chosen);
        }
        return chosen;
    }

    private static List<StoredEvent> walk(
            EventSearch search, EventRange range, boolean newestFirst, EventCriteria criteria, int limit) {
        List<StoredEvent> found = new ArrayList<>();
        EventRange rest = range;
        while (true) {
            SearchStep<Position> step = search.next(rest, newestFirst, criteria, limit);
            assertThat(step.events()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(step.events());
            Position reached = step.reached();
            if (reached == null) {
                return found;
            }
            EventRange next = newestFirst ? rest.aheadOf(reached) : rest.behind(reached);
            assertThat(next).isNotEqualTo(rest);
            rest = next;
        }
    }

    private static List<StoredEvent> walk(
            EventSearch search, EventRange range, boolean newestFirst, EventCriteria criteria, int limit, String id) {
        List<StoredEvent> found = new ArrayList<>();
        long after = -1;
        long before = 10;
        while (true) {
            SearchStep<Long> step = search.next(id, range, after, before, newestFirst, criteria, limit);
            assertThat(step.events()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(step.events());
            Long reached = step.reached();
            if (reached == null) {
                return found;
            }
            assertThat(reached).isBetween(after + 1, before - 1);
            after = newestFirst ? after : reached;
            before = newestFirst ? reached : before;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 20_000})
    void findsAllThatIsMeantInBothDirections(int rowsOfAStep) {
        List<StoredEvent> all = filled();
        EventSearch search = search(rowsOfAStep);
        EventRange readable = search.readable();
        EventRange part = EventSearch.upTo(
                readable.behind(all.get(3).position()), all.get(16).position());
        List<StoredEvent> inPart = all.subList(4, 17);
        EventCriteria period =
                new EventCriteria(Set.of(), null, all.get(5).time(), all.get(12).time());

        EventCriteria ofOne = new EventCriteria(Set.of(), "counter-1", null, null);

        for (boolean newestFirst : new boolean[] {false, true}) {
            for (int limit : new int[] {1, 4, 50}) {
                assertThat(walk(search, readable, newestFirst, EVERYTHING, limit))
                        .isEqualTo(chosen(all, newestFirst, event -> true));
                assertThat(walk(search, part, newestFirst, EVERYTHING, limit))
                        .isEqualTo(chosen(inPart, newestFirst, event -> true));
                assertThat(walk(search, part, newestFirst, OTHERS, limit))
                        .isEqualTo(chosen(
                                inPart, newestFirst, event -> event.type().equals("Other")))
                        .hasSize(5);
                assertThat(walk(search, part, newestFirst, ofOne, limit))
                        .isEqualTo(chosen(
                                inPart,
                                newestFirst,
                                event -> event.aggregateId().equals("counter-1")));
                assertThat(walk(search, readable, newestFirst, period, limit))
                        .isEqualTo(chosen(all.subList(5, 12), newestFirst, event -> true));
                assertThat(walk(search, null, newestFirst, EVERYTHING, limit, "counter-1"))
                        .isEqualTo(chosen(
                                all, newestFirst, event -> event.aggregateId().equals("counter-1")))
                        .hasSize(10);
                assertThat(walk(search, part, newestFirst, EVERYTHING, limit, "counter-1"))
                        .isEqualTo(chosen(
                                inPart,
                                newestFirst,
                                event -> event.aggregateId().equals("counter-1")));
                assertThat(walk(search, null, newestFirst, OTHERS, limit, "counter-1"))
                        .isEqualTo(chosen(
                                all,
                                newestFirst,
                                event -> event.aggregateId().equals("counter-1")
                                        && event.type().equals("Other")))
                        .hasSize(3);
                assertThat(walk(search, null, newestFirst, period, limit, "counter-1"))
                        .isEqualTo(chosen(
                                all.subList(5, 12),
                                newestFirst,
                                event -> event.aggregateId().equals("counter-1")));
            }
        }
    }

    @Test
    void boundsAPeriodByPositions() {
        List<StoredEvent> all = filled();
        EventSearch search = search(20_000);

        EventRange period = search.before(
                search.from(search.readable(), all.get(5).time()), all.get(12).time());

        assertThat(walk(search, period, false, EVERYTHING, 50)).isEqualTo(all.subList(5, 13));
    }

    @Test
    void aPeriodHasEventsWhoseTimesAreOutOfOrderByLessThanAMinute() {
        store.appendVisibly(event("a", 0, T0));
        store.appendVisibly(event("b", 0, T0.plusSeconds(50)));
        store.appendVisibly(event("c", 0, T0.plusSeconds(5)));
        store.appendVisibly(event("d", 0, T0.plusSeconds(200)));
        EventSearch search = search(20_000);
        EventCriteria period = new EventCriteria(Set.of(), null, T0.plusSeconds(1), T0.plusSeconds(10));

        EventRange range = search.before(search.from(search.readable(), T0.plusSeconds(1)), T0.plusSeconds(10));

        assertThat(walk(search, range, false, period, 50))
                .extracting(StoredEvent::aggregateId)
                .containsExactly("c");
    }

    @Test
    void anEmptyPartHasNothing() {
        List<StoredEvent> all = filled();
        EventSearch search = search(20_000);
        EventRange reversed = EventSearch.upTo(
                search.readable().behind(all.get(9).position()), all.get(4).position());

        assertThat(walk(search, reversed, true, EVERYTHING, 10)).isEmpty();
        assertThat(walk(search, reversed, false, OTHERS, 10)).isEmpty();
    }

    @Test
    void whatLiesAboveTheHorizonIsNotReadable() throws SQLException {
        store.appendVisibly(event("counter-1", 0));
        try (Connection writer = store.database.admin().getConnection()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("select pg_current_xact_id()");
            store.append(event("counter-1", 1));
            EventSearch search = search(20_000);

            assertThat(walk(search, search.readable(), true, EVERYTHING, 10)).hasSize(1);
            assertThat(walk(search, null, true, EVERYTHING, 10, "counter-1")).hasSize(2);
            writer.rollback();
        }
    }

    @Test
    void payloadsAreBroughtToTodaysFormAndTheRestIsAsItIsStored() {
        List<StoredEvent> stored = filled().subList(0, 6);
        store.upcastWith(stream -> stream.flatMap(event -> upcast(event, stored).stream()));

        List<StoredEvent> shown = store.messages.upcast(stored);

        assertThat(shown).hasSameSizeAs(stored);
        assertThat(shown.get(0).payload()).isEqualTo("{\"count\":0}");
        assertThat(shown.get(0).revision()).isEqualTo("1.0");
        assertThat(shown.subList(1, 6)).isEqualTo(stored.subList(1, 6)); // none, two, broken, another type
    }

    private static List<IntermediateEventRepresentation> upcast(
            IntermediateEventRepresentation event, List<StoredEvent> stored) {
        IntermediateEventRepresentation renamed =
                event.upcastPayload(new SimpleSerializedType("Counted", "2.0"), JsonNode.class, payload -> {
                    ObjectNode object = (ObjectNode) payload;
                    return object.<ObjectNode>set("count", object.remove("number"));
                });
        int index =
                stored.stream().map(row -> row.eventId().toString()).toList().indexOf(event.getMessageIdentifier());
        return switch (index) {
            case 0 -> List.of(renamed);
            case 1 -> List.of();
            case 2 -> List.of(renamed, renamed);
            case 3 -> throw new IllegalStateException("broken");
            default -> List.of(event);
        };
    }
}
