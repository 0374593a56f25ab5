package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static dev.eventshop.eventstore.Counted.events;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThan;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.events.registry.UnknownTypeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

@SuppressWarnings("try") // resources that are only held open
class TailIT {

    private static final int PAGE = 10;

    private TestStore store;

    @BeforeEach
    void start() {
        store = TestStore.create(PAGE, Counted.SERIALIZER);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private static String newAggregate() {
        return "counter-" + UUID.randomUUID();
    }

    /** An open transaction that has written, in another database of the cluster. */
    private static final class Writer implements AutoCloseable {

        private final Connection connection;

        Writer(Connection connection) throws SQLException {
            this.connection = connection;
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set application_name = 'slow report'");
                statement.execute("select pg_current_xact_id()");
            }
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    @Nested
    class TheLog {

        @Test
        void readsOnFromAPosition() {
            store.appendVisibly(events(newAggregate(), 0, 25));

            List<StoredEvent> first = store.events.readTail(Position.START, 10);
            List<StoredEvent> second = store.events.readTail(first.get(9).position(), 10);
            List<StoredEvent> third = store.events.readTail(second.get(9).position(), 10);

            assertThat(Stream.of(first, second, third).flatMap(List::stream).map(StoredEvent::sequenceNumber))
                    .isSorted()
                    .hasSize(25)
                    .doesNotHaveDuplicates();
            assertThat(store.events.readTail(third.get(4).position(), 10)).isEmpty();
        }

        @Test
        void followsTransactionsAndNotNumbers() {
            PostgresEventStorageEngine other =
                    PostgresEventStorageEngine.on(store.database.as(TestStore.WRITER), Counted.SERIALIZER);
            store.transactions.executeWithoutResult(status -> {
                new JdbcTemplate(store.pool).queryForList("select pg_current_xact_id()");
                other.appendEvents(event("counter-first-number", 0));
                store.engine.appendEvents(event("counter-first-transaction", 0));
            });
            store.appendVisibly(event(newAggregate(), 0));

            List<StoredEvent> first = store.events.readTail(Position.START, 1);
            List<StoredEvent> second = store.events.readTail(first.get(0).position(), 1);

            assertThat(first.get(0).aggregateId()).isEqualTo("counter-first-transaction");
            assertThat(second.get(0).aggregateId()).isEqualTo("counter-first-number");
            assertThat(first.get(0).position().globalIndex())
                    .isGreaterThan(second.get(0).position().globalIndex());
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 3, 7, 20_000})
        void pagesThroughWhatAFilterLetsThrough(int rowsOfAStatement) {
            String one = newAggregate();
            String other = newAggregate();
            for (int i = 0; i < 10; i++) {
                store.appendVisibly(event(one, i));
                store.appendVisibly(event(other, i));
            }
            EventLog log = new EventLog(store.pool, rowsOfAStatement);
            List<StoredEvent> all = log.readTail(Position.START, 30);
            Position after = all.get(4).position();
            Position upTo = all.get(16).position();
            Set<String> counted = Set.of("Counted");

            assertThat(paged(log, after, upTo, new EventFilter(counted, null), 4))
                    .isEqualTo(all.subList(5, 17));
            assertThat(paged(log, after, upTo, new EventFilter(counted, one), 4))
                    .isEqualTo(all.subList(5, 17).stream()
                            .filter(event -> event.aggregateId().equals(one))
                            .toList())
                    .hasSize(6);
            assertThat(paged(log, after, upTo, new EventFilter(Set.of("Other"), null), 4))
                    .isEmpty();
            assertThat(log.countBetween(after, upTo, new EventFilter(counted, null)))
                    .isEqualTo(12);
            assertThat(log.countBetween(after, upTo, new EventFilter(counted, one)))
                    .isEqualTo(6);
            assertThat(log.countBetween(after, upTo, new EventFilter(Set.of("Other"), null)))
                    .isZero();
            assertThat(log.countBetween(upTo, after, new EventFilter(counted, null)))
                    .isZero();
        }

        /** Events of three types of aggregates, of which one is rare; the first product has many. */
        private void fill(int events) {
            store.admin().update("""
                            insert into event_store.domain_event (transaction_id, event_id, aggregate_type, aggregate_id,
                                sequence_number, event_type, time, payload, metadata)
                            select cast((3 + i / 40)::text as xid8), gen_random_uuid(), initcap(type), type || '-' || number,
                                row_number() over (partition by type, number order by i) - 1,
                                initcap(type) || case when i % 4 = 0 then 'Created' else 'Changed' end, now(), '{}', '{}'
                            from (select i, case when i % 37 = 5 then 'user' when i % 3 = 0 then 'order' else 'product' end as type,
                                         case when i % 3 = 1 then 0 else i / 7 end as number
                                  from generate_series(0, ? - 1) as i) rows
                            order by i""", events);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 3, 7, 20_000})
        void findsTheSameInStatementsOfAnyLength(int rowsOfAStatement) {
            fill(200);
            EventLog log = new EventLog(store.pool, rowsOfAStatement);
            List<StoredEvent> all = log.readTail(Position.START, 1_000);
            assertThat(all).hasSize(200);
            for (int[] range : new int[][] {{-1, 199}, {4, 163}, {99, 100}, {7, 7}, {100, 99}}) {
                Position after =
                        range[0] < 0 ? Position.START : all.get(range[0]).position();
                Position upTo = all.get(range[1]).position();
                List<StoredEvent> between = all.subList(Math.min(range[0], range[1]) + 1, range[1] + 1);
                assertThat(log.countBetween(after, upTo)).isEqualTo(between.size());
                assertThat(log.countsByType(after, upTo))
                        .isEqualTo(between.stream().collect(groupingBy(StoredEvent::type, TreeMap::new, counting())));
                for (Set<String> types : List.of(Set.of("User"), Set.of("Order", "Product"), Set.of("None"))) {
                    List<StoredEvent> meant = between.stream()
                            .filter(event -> types.contains(event.aggregateType()))
                            .toList();
                    assertThat(pages(log, after, upTo, types, 1_000)).isEqualTo(meant);
                    assertThat(pages(log, after, upTo, types, 2)).isEqualTo(meant);
                    assertThat(log.countBetween(after, upTo, types)).isEqualTo(meant.size());
                    assertThat(aggregates(log, after, upTo, types))
                            .isEqualTo(
                                    meant.stream().map(StoredEvent::aggregateId).collect(toSet()));
                }
                assertThat(log.firstOf(Set.of("UserChanged"), after, upTo))
                        .isEqualTo(between.stream()
                                .filter(event -> event.type().equals("UserChanged"))
                                .findFirst());
            }
        }

        private static List<StoredEvent> pages(
                EventLog log, Position after, Position upTo, Set<String> types, int limit) {
            List<StoredEvent> events = new ArrayList<>();
            Position reached = after;
            while (upTo.isAfter(reached)) {
                EventPage page = log.readPage(reached, upTo, types, limit);
                assertThat(page.end()).isGreaterThan(reached);
                assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
                events.addAll(page.events());
                reached = page.end();
            }
            return events;
        }

        private static Set<String> aggregates(EventLog log, Position after, Position upTo, Set<String> types) {
            Set<String> ids = new HashSet<>();
            Position reached = after;
            while (upTo.isAfter(reached)) {
                AggregatePage page = log.aggregates(reached, upTo, types, 5);
                assertThat(page.end()).isGreaterThan(reached);
                ids.addAll(page.aggregateIds());
                reached = page.end();
            }
            return ids;
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 3, 7, 20_000})
        void pagesThroughTheAggregatesOfATypeInStatementsOfAnyLength(int rowsOfAStatement) {
            fill(200);
            EventLog log = new EventLog(store.pool, rowsOfAStatement);
            List<StoredEvent> all = log.readTail(Position.START, 1_000);
            Position upTo = all.get(170).position();
            for (String type : List.of("Order", "Product", "User", "None")) {
                Map<String, List<StoredEvent>> meant = all.subList(0, 171).stream()
                        .filter(event -> event.aggregateType().equals(type)
                                && event.type().endsWith("Changed"))
                        .collect(groupingBy(StoredEvent::aggregateId));
                for (int limit : new int[] {1, 2, 1_000}) {
                    List<StreamExtent> found = new ArrayList<>();
                    List<StreamExtent> page;
                    do {
                        page = log.extents(
                                type,
                                Set.of(type + "Changed", "Other"),
                                upTo,
                                found.isEmpty()
                                        ? ""
                                        : found.get(found.size() - 1).aggregateId(),
                                limit);
                        assertThat(page).hasSizeLessThanOrEqualTo(limit);
                        found.addAll(page);
                    } while (page.size() == limit);

                    assertThat(found)
                            .containsExactlyInAnyOrderElementsOf(meant.entrySet().stream()
                                    .map(events -> new StreamExtent(
                                            events.getKey(),
                                            events.getValue().size(),
                                            events.getValue().stream()
                                                    .mapToLong(StoredEvent::sequenceNumber)
                                                    .max()
                                                    .orElseThrow()))
                                    .toList());
                }
            }
        }

        private static List<StoredEvent> paged(
                EventLog log, Position after, Position upTo, EventFilter filter, int limit) {
            List<StoredEvent> events = new ArrayList<>();
            Position reached = after;
            while (upTo.isAfter(reached)) {
                EventPage page = log.readPage(reached, upTo, filter, limit);
                assertThat(page.end()).isGreaterThan(reached);
                assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
                events.addAll(page.events());
                reached = page.end();
            }
            return events;
        }

        @Test
        void readsUpToAPosition() {
            store.appendVisibly(events(newAggregate(), 0, 5));
            List<StoredEvent> all = store.events.readTail(Position.START, 10);

            assertThat(store.events.readTail(all.get(0).position(), all.get(3).position(), 10))
                    .isEqualTo(all.subList(1, 4));
            assertThat(store.events.countBetween(
                            all.get(0).position(), all.get(3).position()))
                    .isEqualTo(3);
        }

        @Test
        void hasItsHeadBelowTheHorizon() throws SQLException {
            assertThat(store.events.head()).isEqualTo(Position.START);
            String id = newAggregate();
            store.appendVisibly(event(id, 0));
            Position first = store.events.headOf(id).orElseThrow().position();
            assertThat(store.events.head()).isEqualTo(first);
            try (Writer writer = new Writer(store.database.admin().getConnection())) {
                store.append(event(id, 1));

                assertThat(store.events.head()).isEqualTo(first);
                assertThat(store.events.readTail(Position.START, 10)).hasSize(1);
                assertThat(store.events.headOf(id))
                        .hasValueSatisfying(
                                head -> assertThat(head.sequenceNumber()).isEqualTo(1));
            }
            await().untilAsserted(() -> assertThat(store.events.head())
                    .isEqualTo(store.events.headOf(id).orElseThrow().position()));
        }

        @Test
        void namesWhoHoldsTheHorizon() throws SQLException {
            HorizonAge age = new HorizonAge(store.events);
            assertThat(age.current()).isGreaterThanOrEqualTo(Duration.ZERO);
            try (Writer writer = new Writer(store.database.as("query_side").getConnection())) {
                await().untilAsserted(() -> assertThat(store.events.horizonHolder())
                        .hasValueSatisfying(holder -> {
                            assertThat(holder.applicationName()).isEqualTo("slow report");
                            assertThat(holder.pid()).isPositive();
                        }));
                await().untilAsserted(() -> assertThat(age.applicationName()).hasValue("slow report"));
                await().until(() -> age.current().toMillis() > 50);
            }
        }

        @Test
        void findsWhereAMomentBegins() {
            Instant begin = Instant.parse("2026-11-24T08:00:00Z");
            for (int i = 0; i < 30; i++) {
                store.appendVisibly(event(newAggregate(), 0, begin.plus(Duration.ofMinutes(10L * i))));
            }
            List<StoredEvent> all = store.events.readTail(Position.START, 100);

            assertThat(store.events.before(begin)).isEqualTo(Position.START);
            assertThat(store.events.before(begin.minusSeconds(1))).isEqualTo(Position.START);
            for (int i = 1; i < 30; i++) {
                Instant time = begin.plus(Duration.ofMinutes(10L * i));
                assertThat(store.events.before(time)).isEqualTo(all.get(i - 1).position());
                assertThat(store.events.before(time.plusSeconds(1)))
                        .isEqualTo(all.get(i).position());
            }
            assertThat(store.events.before(Instant.now().plusSeconds(9_999_999)))
                    .isEqualTo(all.get(29).position());
        }

        @Test
        void findsWhereTheHistoriesBeginOfWhatHasChangedSince() {
            String untouched = newAggregate();
            String old = newAggregate();
            String young = newAggregate();
            store.appendVisibly(event(untouched, 0));
            store.appendVisibly(event(old, 0));
            store.appendVisibly(event(untouched, 1));
            store.appendVisibly(event(young, 0));
            store.appendVisibly(event(old, 1));
            List<Position> all = store.events.readTail(Position.START, 10).stream()
                    .map(StoredEvent::position)
                    .toList();
            Position last = all.get(4);
            Set<String> types = Set.of("Counter");

            assertThat(store.events.beforeHistories(all.get(2), last, types)).isEqualTo(all.get(0));
            assertThat(store.events.beforeHistories(all.get(2), all.get(3), types))
                    .isEqualTo(all.get(2));
            assertThat(store.events.beforeHistories(Position.START, last, types))
                    .isEqualTo(Position.START);
            assertThat(store.events.beforeHistories(last, last, types)).isEqualTo(last);
            assertThat(store.events.beforeHistories(Position.START, last, Set.of("Order")))
                    .isEqualTo(last);
            AggregatePage first = store.events.aggregates(Position.START, last, types, 3);
            assertThat(first.aggregateIds()).containsExactlyInAnyOrder(untouched, old);
            assertThat(first.end()).isEqualTo(all.get(2));
            AggregatePage second = store.events.aggregates(first.end(), last, types, 3);
            assertThat(second.aggregateIds()).containsExactlyInAnyOrder(old, young);
            assertThat(second.end()).isEqualTo(last);
        }

        @Test
        void findsWhereAMomentBeginsAmongTimesThatAreOutOfOrder() {
            Instant time = Instant.parse("2026-11-24T08:00:00Z");
            List<DomainEventMessage<Counted>> inOrderOfCommits = new ArrayList<>();
            inOrderOfCommits.add(event(newAggregate(), 0, time));
            inOrderOfCommits.add(event(newAggregate(), 0, time.plusSeconds(31)));
            for (int second = 1; second < 29; second++) {
                inOrderOfCommits.add(event(newAggregate(), 0, time.plusSeconds(second)));
            }
            inOrderOfCommits.add(event(newAggregate(), 0, time.plusSeconds(40)));
            inOrderOfCommits.forEach(event -> store.appendVisibly(event));
            Position first = store.events.readTail(Position.START, 1).get(0).position();

            assertThat(store.events.before(time.plusSeconds(30))).isEqualTo(first);
        }

        @Test
        void isEmptyAtFirst() {
            assertThat(store.events.readTail(Position.START, 10)).isEmpty();
            assertThat(store.events.before(Instant.now())).isEqualTo(Position.START);
            assertThat(store.events.countBetween(Position.START, Position.START))
                    .isZero();
            assertThat(store.store.createTailToken()).isEqualTo(Position.START);
            assertThat(store.store.createHeadToken()).isEqualTo(Position.START);
        }
    }

    @Nested
    class AStream {

        @Test
        void givesAllEventsAcrossPages() throws InterruptedException {
            store.monitor.start();
            store.appendVisibly(events(newAggregate(), 0, 35));
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                List<Object> read = new ArrayList<>();
                while (stream.hasNextAvailable(200, TimeUnit.MILLISECONDS)) {
                    assertThat(stream.peek()).isPresent();
                    read.add(stream.nextAvailable().getPayload());
                }
                assertThat(read).hasSize(35).doesNotHaveDuplicates();
                assertThat(stream.peek()).isEmpty();
                assertThat(stream.hasNextAvailable()).isFalse();
            }
        }

        @Test
        void goesOnBehindItsToken() throws InterruptedException {
            store.appendVisibly(events(newAggregate(), 0, 15));
            List<StoredEvent> all = store.events.readTail(Position.START, 100);

            for (int i = 0; i < 14; i++) {
                try (BlockingStream<TrackedEventMessage<?>> stream =
                        store.store.openStream(all.get(i).position())) {
                    TrackedEventMessage<?> next = stream.nextAvailable();
                    assertThat(next.trackingToken()).isEqualTo(all.get(i + 1).position());
                }
            }
            try (BlockingStream<TrackedEventMessage<?>> replay = store.store.openStream(ReplayToken.createReplayToken(
                    all.get(10).position(), all.get(3).position()))) {
                assertThat(replay.nextAvailable().trackingToken())
                        .isEqualTo(all.get(4).position());
            }
        }

        @Test
        void callsWhenSomethingComes() throws Exception {
            store.monitor.start();
            AtomicInteger calls = new AtomicInteger();
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                assertThat(stream.hasNextAvailable()).isFalse();
                assertThat(stream.setOnAvailableCallback(calls::incrementAndGet))
                        .isTrue();
                assertThat(calls).hasValue(0);

                store.appendVisibly(event(newAggregate(), 0));

                await().untilAtomic(calls, greaterThan(0));
                assertThat(stream.hasNextAvailable()).isTrue();
                stream.nextAvailable();
                stream.close();
                int before = calls.get();
                store.appendVisibly(event(newAggregate(), 0));
                Position appended = store.events.head();
                await().until(() -> !appended.isAfter(store.monitor.head()));
                assertThat(calls).hasValue(before);
            }
        }

        @Test
        void callsAtOnceWhenSomethingIsThere() {
            store.appendVisibly(event(newAggregate(), 0));
            AtomicInteger calls = new AtomicInteger();
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                stream.setOnAvailableCallback(calls::incrementAndGet);

                assertThat(calls).hasValue(1);
            }
        }

        @Test
        void waitsForTheNextEvent() throws Exception {
            store.monitor.start();
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                Thread writer = new Thread(() -> store.appendVisibly(event(newAggregate(), 0)));
                writer.start();

                assertThat(stream.nextAvailable().getPayload()).isEqualTo(new Counted(0));
                writer.join();
            }
        }

        @Test
        void worksWithoutAMonitor() throws InterruptedException {
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                assertThat(stream.hasNextAvailable(1, TimeUnit.MILLISECONDS)).isFalse();
                store.appendVisibly(event(newAggregate(), 0));

                assertThat(stream.hasNextAvailable(10, TimeUnit.SECONDS)).isTrue();
            }
        }

        @Test
        void givesAllThatAnUpcasterMakesOfARow() throws InterruptedException {
            store.appendVisibly(events(newAggregate(), 0, 25));
            store.upcastWith(new OddTwiceEvenNever());
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                List<Object> read = new ArrayList<>();
                while (stream.hasNextAvailable()) {
                    read.add(stream.nextAvailable().trackingToken());
                }

                assertThat(read).hasSize(24);
                assertThat(read.stream().distinct()).hasSize(12);
            }
        }

        @Test
        void isRefusedForTokensOfOtherStores() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.store.openStream(new GlobalSequenceTrackingToken(1)));
        }

        @Test
        void doesNotSkipAnEventThatCannotBeRead() throws InterruptedException {
            store.appendVisibly(events(newAggregate(), 0, 5));
            store.admin().update("update event_store.domain_event set event_type = 'Gone' where sequence_number = 2");
            try (BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null)) {
                stream.nextAvailable();
                stream.nextAvailable();

                assertThatThrownBy(stream::nextAvailable).isInstanceOf(UnknownTypeException.class);
                assertThatThrownBy(stream::nextAvailable).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(stream::hasNextAvailable).isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void isNotReadAfterItIsClosed() {
            BlockingStream<TrackedEventMessage<?>> stream = store.store.openStream(null);
            stream.close();

            assertThatThrownBy(stream::hasNextAvailable).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class TheMonitor {

        @Test
        void seesAnAppendOfThisProcessSoonerThanItsInterval() throws Exception {
            TailMonitor slow = new TailMonitor(store.events, Duration.ofSeconds(30));
            slow.start();
            try {
                String id = newAggregate();
                store.append(event(id, 0));
                slow.appended(store.events.headOf(id).orElseThrow().position());

                assertThat(slow.awaitBeyond(Position.START, Duration.ofSeconds(5)))
                        .isTrue();
                assertThat(slow.awaitBeyond(slow.head(), Duration.ofMillis(10))).isFalse();
            } finally {
                slow.stop();
            }
        }

        @Test
        void savesReadersAtTheEndTheirQueries() throws Exception {
            TailMonitor monitor = new TailMonitor(store.events, Duration.ofMillis(20));
            monitor.start();
            try (HikariDataSource closed = TestStore.pool(store.database)) {
                store.append(event(newAggregate(), 0));
                assertThat(monitor.awaitBeyond(Position.START, Duration.ofSeconds(10)))
                        .isTrue();
                Position first = monitor.head();
                List<DomainEventMessage<Counted>> more = Stream.generate(() -> event(newAggregate(), 0))
                        .limit(PAGE + 5)
                        .toList();
                more.forEach(store::append);
                await().until(() -> monitor.recent(first, 100).size() == more.size());
                closed.close();
                TailEventStream stream =
                        new TailEventStream(new EventLog(closed), store.messages, monitor, PAGE, first);

                for (DomainEventMessage<Counted> expected : more) {
                    assertThat(stream.nextAvailable().getIdentifier()).isEqualTo(expected.getIdentifier());
                }
                assertThat(stream.hasNextAvailable(1, TimeUnit.MILLISECONDS)).isFalse();
            } finally {
                monitor.stop();
            }
        }

        @Test
        void isToldAfterTheCommit() throws Exception {
            TailMonitor slow = new TailMonitor(store.events, Duration.ofSeconds(30));
            PostgresEventStorageEngine engine = new PostgresEventStorageEngine(
                    store.events,
                    store.messages,
                    slow,
                    PAGE,
                    Counted.SERIALIZER,
                    PayloadProtection.NONE,
                    store.pool,
                    null);
            slow.start();
            try {
                for (int i = 0; i < 20; i++) {
                    Position before = slow.head();
                    store.transactions.executeWithoutResult(status -> engine.appendEvents(event(newAggregate(), 0)));

                    assertThat(slow.awaitBeyond(before, Duration.ofSeconds(10))).isTrue();
                }
            } finally {
                slow.stop();
            }
        }

        @Test
        void goesOnAfterTheDatabaseWasAway() throws Exception {
            store.monitor.start();
            store.append(event(newAggregate(), 0));
            await().until(() -> store.monitor.head().isAfter(Position.START));
            Position before = store.monitor.head();
            store.admin().execute("alter table event_store.cluster rename to gone");
            store.append(event(newAggregate(), 0));
            assertThat(store.monitor.awaitBeyond(before, Duration.ofMillis(300)))
                    .isFalse();
            store.admin().execute("alter table event_store.gone rename to cluster");

            assertThat(store.monitor.awaitBeyond(before, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(store.monitor.isRunning()).isTrue();
        }
    }

    @Nested
    class TheIndex {

        @Test
        void servesEveryReadOfTheTailAndOfAnAggregate() {
            // An empty store is the one case in which sorting a few rows from the index costs nothing.
            assertThat(plan("auto", EventLog.TAIL, "int, text, bigint, int", "0, '0', 0, 1000"))
                    .contains("Index Cond: ((ROW(epoch, transaction_id, global_index) >")
                    .doesNotContain("Seq Scan on domain_event");
            store.admin()
                    .update("insert into event_store.domain_event (transaction_id, event_id, aggregate_type,"
                            + " aggregate_id, sequence_number, event_type, time, payload, metadata)"
                            + " select cast((3 + i / 200)::text as xid8), gen_random_uuid(), 'Counter',"
                            + " 'counter-' || i / 10, i % 10, 'Counted', now(), '{}', '{}'"
                            + " from generate_series(0, 99999) as i");
            usesTheIndex("not analyzed");
            store.admin().execute("analyze event_store.domain_event");
            usesTheIndex("analyzed");
            for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                assertThat(plan(
                                mode,
                                store.events.pageOfTypes(),
                                "int, text, bigint, int, text, bigint, text[], int",
                                "1, '0', 0, 1, '99999', 0, '{Order}', 1000"))
                        .as("page of types, %s", mode)
                        .contains("Index Scan using domain_event_pkey")
                        .doesNotContain("Sort", "Seq Scan on domain_event");
            }
        }

        private void usesTheIndex(String state) {
            for (String mode : List.of("force_custom_plan", "force_generic_plan")) {
                for (Position from :
                        List.of(Position.START, new Position(1, 400, 50_000), new Position(1, 99_999, 1))) {
                    String parameters =
                            from.epoch() + ", '" + from.transactionId() + "', " + from.globalIndex() + ", 1000";
                    assertThat(plan(mode, EventLog.TAIL, "int, text, bigint, int", parameters))
                            .as("tail, %s, %s, from %s", state, mode, from)
                            .contains("Index Scan using domain_event_pkey")
                            .contains("ROW(epoch, transaction_id, global_index) >")
                            .contains("ROW(epoch, transaction_id) <")
                            .doesNotContain("Filter", "Sort", "Seq Scan on domain_event");
                }
                assertThat(plan(mode, EventLog.HEAD, "", ""))
                        .as("head, %s, %s", state, mode)
                        .contains("Scan Backward using domain_event_pkey")
                        .doesNotContain("Filter", "Sort", "Seq Scan on domain_event");
                assertThat(plan(mode, EventLog.STREAM_HEAD, "text", "'counter-7'"))
                        .as("head of an aggregate, %s, %s", state, mode)
                        .contains("Scan Backward using domain_event_aggregate_id_sequence_number_key")
                        .doesNotContain("Filter", "Sort", "Seq Scan on domain_event");
            }
        }

        private String plan(String mode, String sql, String types, String parameters) {
            StringBuilder numbered = new StringBuilder();
            int number = 0;
            for (char c : sql.toCharArray()) {
                numbered.append(c == '?' ? "$" + ++number : String.valueOf(c));
            }
            List<String> plan = store.transactions.execute(status -> {
                JdbcTemplate jdbc = new JdbcTemplate(store.pool);
                jdbc.execute("set local plan_cache_mode = " + mode);
                jdbc.execute("prepare statement" + (types.isEmpty() ? "" : "(" + types + ")") + " as " + numbered);
                List<String> lines = jdbc.queryForList(
                        "explain execute statement" + (parameters.isEmpty() ? "" : "(" + parameters + ")"),
                        String.class);
                jdbc.execute("deallocate statement");
                return lines;
            });
            return String.join("\n", plan);
        }
    }

    /** Makes several events of some rows, and none of others. */
    private static final class OddTwiceEvenNever implements EventUpcaster {

        @Override
        public Stream<IntermediateEventRepresentation> upcast(Stream<IntermediateEventRepresentation> events) {
            return events.flatMap(event ->
                    event.getSequenceNumber().orElseThrow() % 2 == 0 ? Stream.empty() : Stream.of(event, event));
        }
    }
}
