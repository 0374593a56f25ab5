package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static dev.eventshop.eventstore.Counted.events;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.async.SequentialPerAggregatePolicy;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Axon's own processors on this store's streams and tokens. */
class ProcessorIT {

    private static final String NAME = "view";

    private final List<StreamingEventProcessor> processors = new ArrayList<>();
    private final List<ScheduledExecutorService> executors = new ArrayList<>();
    private TestStore store;
    private TransactionManager transactions;
    private JdbcTemplate jdbc;

    @BeforeEach
    void start() {
        store = TestStore.create();
        store.monitor.start();
        transactions = new SpringTransactionManager(store.transactionManager);
        jdbc = new JdbcTemplate(store.pool);
        store.admin().execute("create table command_side.view (id uuid primary key, number bigint not null)");
        store.admin().execute("create table command_side.view_log (position bigserial, id text, number bigint)");
        store.admin().execute("grant all on all tables in schema command_side to command_side");
        store.admin().execute("grant all on all sequences in schema command_side to command_side");
    }

    @AfterEach
    void stop() {
        processors.forEach(StreamingEventProcessor::shutDown);
        executors.forEach(ScheduledExecutorService::shutdownNow);
        store.close();
    }

    private void apply(EventMessage<?> event) {
        jdbc.update(
                "insert into view (id, number) values (?, ?)",
                UUID.fromString(event.getIdentifier()),
                ((Counted) event.getPayload()).number());
    }

    private long applied() {
        return jdbc.queryForObject("select count(*) from view", Long.class);
    }

    private PooledStreamingEventProcessor pooled(TokenStore tokens, int segments, Handler handler) {
        ScheduledExecutorService executor = Executors.newScheduledThreadPool(segments + 2);
        executors.add(executor);
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name(NAME)
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(List.of(handler))
                        .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                        .sequencingPolicy(SequentialPerAggregatePolicy.instance())
                        .build())
                .errorHandler(PropagatingErrorHandler.instance())
                .messageSource(store.store)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .coordinatorExecutor(executor)
                .workerExecutor(executor)
                .initialSegmentCount(segments)
                .initialToken(StreamableMessageSource::createTailToken)
                .tokenClaimInterval(200)
                .claimExtensionThreshold(500)
                .batchSize(100)
                .build();
        processors.add(processor);
        return processor;
    }

    private TrackingEventProcessor tracking(TokenStore tokens, Handler handler) {
        TrackingEventProcessor processor = TrackingEventProcessor.builder()
                .name(NAME)
                .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                        .eventHandlers(List.of(handler))
                        .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                        .build())
                .errorHandler(PropagatingErrorHandler.instance())
                .messageSource(store.store)
                .tokenStore(tokens)
                .transactionManager(transactions)
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andInitialTrackingToken(StreamableMessageSource::createTailToken)
                        .andBatchSize(100))
                .build();
        processors.add(processor);
        return processor;
    }

    private static String newAggregate() {
        return "counter-" + UUID.randomUUID();
    }

    /** A handler of all events. */
    private interface Handler {
        @EventHandler
        void on(EventMessage<Counted> event) throws Exception;
    }

    @Nested
    class APooledProcessor {

        @Test
        void appliesEachEventOnceAndInOrder() {
            for (int i = 0; i < 20; i++) {
                store.append(events(newAggregate(), 0, 50));
            }
            List<TrackedEventMessage<?>> handled = new CopyOnWriteArrayList<>();
            pooled(store.tokens, 4, event -> {
                        handled.add((TrackedEventMessage<?>) event);
                        apply(event);
                    })
                    .start();
            for (int i = 0; i < 20; i++) {
                store.append(events(newAggregate(), 0, 50));
            }

            await().untilAsserted(() -> assertThat(applied()).isEqualTo(2_000));
            assertThat(handled).hasSize(2_000);
            Map<String, List<Long>> versions = handled.stream()
                    .map(event -> (DomainEventMessage<?>) event)
                    .collect(groupingBy(
                            DomainEventMessage::getAggregateIdentifier,
                            mapping(DomainEventMessage::getSequenceNumber, toList())));
            assertThat(versions).hasSize(40);
            assertThat(versions.values()).allSatisfy(order -> assertThat(order).isSorted());
        }

        @Test
        void seesAnEventRightAfterItsCommit() {
            List<Long> delays = new CopyOnWriteArrayList<>();
            pooled(
                            store.tokens,
                            2,
                            event -> delays.add(System.currentTimeMillis()
                                    - event.getTimestamp().toEpochMilli()))
                    .start();
            await().until(() -> store.tokens.status(NAME).stream()
                            .filter(TokenStatus::claimed)
                            .count()
                    == 2);
            for (int i = 0; i < 50; i++) {
                store.append(event(newAggregate(), 0));
                int expected = i + 1;
                await().pollInterval(Duration.ofMillis(2)).until(() -> delays.size() == expected);
            }

            // Axon polls every 500 ms where streams do not call.
            assertThat(delays.stream().sorted().skip(25).findFirst())
                    .hasValueSatisfying(median -> assertThat(median).isLessThan(200));
        }

        /**
         * A segment without work stores its token now and then only, so after a merge events may come a second time: the
         * handler takes that, and nothing may be missing.
         */
        @Test
        void canBeSplitAndMerged() {
            PooledStreamingEventProcessor processor = pooled(store.tokens, 1, this::applyAnyOnce);
            processor.start();
            String id = newAggregate();
            store.append(events(id, 0, 100));
            await().untilAsserted(() -> assertThat(applied()).isEqualTo(100));

            assertThat(processor.splitSegment(0).join()).isTrue();
            for (int i = 0; i < 10; i++) {
                store.append(events(newAggregate(), 0, 10));
            }
            await().untilAsserted(() -> assertThat(applied()).isEqualTo(200));
            await().untilAsserted(
                            () -> assertThat(processor.mergeSegment(0).join()).isTrue());
            for (int i = 0; i < 10; i++) {
                store.append(events(newAggregate(), 0, 10));
            }

            await().untilAsserted(() -> assertThat(applied()).isEqualTo(300));
            assertThat(store.tokens.fetchSegments(NAME)).containsExactly(0);
            await().untilAsserted(() ->
                    assertThat(store.tokens.status(NAME).get(0).position()).isEqualTo(store.events.head()));
        }

        @Test
        void canBeReset() {
            List<Boolean> replayed = new CopyOnWriteArrayList<>();
            PooledStreamingEventProcessor processor =
                    pooled(store.tokens, 2, event -> replayed.add(ReplayToken.isReplay(event)));
            processor.start();
            store.append(events(newAggregate(), 0, 20));
            await().until(() -> replayed.size() == 20);
            await().until(() -> store.tokens.status(NAME).stream()
                    .allMatch(s -> s.position().equals(store.events.head())));
            processor.shutDown();

            processor.resetTokens(StreamableMessageSource::createTailToken);
            processor.start();
            await().until(() -> replayed.size() == 40);
            store.append(events(newAggregate(), 0, 5));

            await().until(() -> replayed.size() == 45);
            assertThat(replayed.subList(0, 20)).containsOnly(false);
            assertThat(replayed.subList(20, 40)).containsOnly(true);
            assertThat(replayed.subList(40, 45)).containsOnly(false);
        }

        private void applyAny(EventMessage<Counted> event) {
            apply(event);
        }

        private void applyAnyOnce(EventMessage<Counted> event) {
            jdbc.update(
                    "insert into view (id, number) values (?, ?) on conflict do nothing",
                    UUID.fromString(event.getIdentifier()),
                    event.getPayload().number());
        }
    }

    @Nested
    class ATrackingProcessor {

        @Test
        void appliesEachEventOnceAndInOrder() {
            String id = newAggregate();
            store.append(events(id, 0, 1_500));
            List<Long> handled = new CopyOnWriteArrayList<>();
            tracking(store.tokens, event -> {
                        handled.add(event.getPayload().number());
                        apply(event);
                    })
                    .start();
            store.append(events(id, 1_500, 2_000));

            await().untilAsserted(() -> assertThat(applied()).isEqualTo(2_000));
            assertThat(handled)
                    .containsExactlyElementsOf(
                            LongStream.range(0, 2_000).boxed().toList());
        }

        @Test
        void goesOnWhereItStopped() {
            store.append(events(newAggregate(), 0, 10));
            TrackingEventProcessor first = tracking(store.tokens, this::applyAny);
            first.start();
            await().untilAsserted(() -> assertThat(applied()).isEqualTo(10));
            first.shutDown();
            store.append(events(newAggregate(), 0, 10));

            tracking(new PostgresTokenStore(store.pool, Duration.ofSeconds(30)), this::applyAny)
                    .start();

            await().untilAsserted(() -> assertThat(applied()).isEqualTo(20));
        }

        private void applyAny(EventMessage<Counted> event) {
            apply(event);
        }
    }

    @Nested
    class ALostClaim {

        /** The late owner is in the middle of a batch while another node takes over, and both go on. */
        @Test
        void letsNothingBeAppliedTwice() throws Exception {
            store.append(events(newAggregate(), 0, 500));
            CountDownLatch inBatch = new CountDownLatch(1);
            CountDownLatch takenOver = new CountDownLatch(1);
            // Without the primary key, a second application would not be noticed by the database itself.
            Handler log =
                    event -> jdbc.update("insert into view_log (id, number) values (?, ?)", event.getIdentifier(), 1);
            PooledStreamingEventProcessor late = pooled(store.tokens, 1, event -> {
                if (takenOver.getCount() > 0) {
                    inBatch.countDown();
                    takenOver.await(20, TimeUnit.SECONDS);
                }
                log.on(event);
            });
            late.start();
            assertThat(inBatch.await(10, TimeUnit.SECONDS)).isTrue();
            PostgresTokenStore other = new PostgresTokenStore(store.pool, Duration.ofMillis(1));
            PooledStreamingEventProcessor next = pooled(other, 1, log);
            next.start();
            await().until(() -> logged() == 500);
            takenOver.countDown();
            await().until(() -> late.processingStatus().isEmpty()
                    || late.processingStatus().values().stream().anyMatch(status -> status.isErrorState()));
            store.append(events(newAggregate(), 0, 10));

            await().untilAsserted(() -> assertThat(logged())
                    .as(() -> "late %s, next %s, tokens %s, oldest transaction %s"
                            .formatted(
                                    late.processingStatus(),
                                    next.processingStatus(),
                                    store.tokens.status(NAME),
                                    store.events.horizonHolder()))
                    .isGreaterThanOrEqualTo(510));
            assertThat(logged()).isEqualTo(510);
            assertThat(jdbc.queryForObject("select count(distinct id) from view_log", Long.class))
                    .isEqualTo(510);
        }

        private long logged() {
            return jdbc.queryForObject("select count(*) from view_log", Long.class);
        }
    }
}
