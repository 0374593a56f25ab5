package dev.eventshop.benchmarks.replay;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventshop.benchmarks.shop.MeasuredShop;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.personaldata.EventKeys;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * The same projector as it is driven by Axon as it comes: its JDBC event store and token store on PostgreSQL, and a
 * tracking processor with its defaults, one event in one transaction. Its store has the projection's own events only, and
 * they are not encrypted.
 */
final class StockProcessor {

    private static final String SCHEMA = "stock";

    private StockProcessor() {}

    /**
     * @param warmUp events that are not counted
     * @return events per second of those after them
     */
    static double eventsPerSecond(MeasuredShop shop, ReadModel model, int warmUp, int events)
            throws InterruptedException {
        Tables.make(shop, SCHEMA, model);
        try (HikariDataSource connections = shop.connections(null, SCHEMA);
                AnnotationConfigApplicationContext projections = projections(shop, connections)) {
            TransactionManager transactions =
                    new SpringTransactionManager(new DataSourceTransactionManager(connections));
            ConnectionProvider provider =
                    new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(connections));
            EmbeddedEventStore store = EmbeddedEventStore.builder()
                    .storageEngine(filled(provider, transactions, model, warmUp + events))
                    .build();
            JdbcTokenStore tokens = JdbcTokenStore.builder()
                    .connectionProvider(provider)
                    .serializer(JacksonSerializer.defaultSerializer())
                    .build();
            transactions.executeInTransaction(() -> tokens.createSchema(PostgresTokenTableFactory.INSTANCE));
            TrackingEventProcessor processor = TrackingEventProcessor.builder()
                    .name(model.projection())
                    .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                            .eventHandlers(
                                    projection(projections, model).projector().apply(Slot.A))
                            .build())
                    .messageSource(store)
                    .tokenStore(tokens)
                    .transactionManager(transactions)
                    .build();
            processor.start();
            try {
                awaitEvent(processor, warmUp);
                long begin = System.nanoTime();
                awaitEvent(processor, warmUp + events);
                return events / ((System.nanoTime() - begin) / 1e9);
            } finally {
                processor.shutDown();
                store.shutDown();
            }
        }
    }

    private static JdbcEventStorageEngine filled(
            ConnectionProvider provider, TransactionManager transactions, ReadModel model, int events) {
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .eventSerializer(ClosedMapSerializer.ofEvents())
                .snapshotSerializer(ClosedMapSerializer.ofEvents())
                .connectionProvider(provider)
                .transactionManager(transactions)
                .build();
        transactions.executeInTransaction(() -> engine.createSchema(PostgresEventTableFactory.INSTANCE));
        ShopHistory history = new ShopHistory();
        List<DomainEventMessage<?>> own = new ArrayList<>();
        while (own.size() < events) {
            history.next(1_000).stream()
                    .filter(event -> event.getType().equals(model.aggregateType()))
                    .forEach(own::add);
        }
        for (int from = 0; from < events; from += 1_000) {
            List<DomainEventMessage<?>> page = own.subList(from, Math.min(events, from + 1_000));
            transactions.executeInTransaction(() -> engine.appendEvents(page));
        }
        return engine;
    }

    /** Its global index begins at 1 and has no holes: nobody else writes. */
    private static void awaitEvent(TrackingEventProcessor processor, long index) throws InterruptedException {
        while (processor.processingStatus().values().stream()
                        .mapToLong(status -> position(processor, status))
                        .max()
                        .orElse(0)
                < index) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private static long position(TrackingEventProcessor processor, EventTrackerStatus status) {
        if (status.isErrorState()) {
            throw new IllegalStateException(processor.getName() + " has failed", status.getError());
        }
        return status.getCurrentPosition().orElse(0);
    }

    private static Projection projection(AnnotationConfigApplicationContext projections, ReadModel model) {
        return projections.getBeansOfType(Projection.class).values().stream()
                .filter(projection -> projection.name().equals(model.projection()))
                .findFirst()
                .orElseThrow();
    }

    /** The beans of the query side that describe its projections, and nothing else of it. */
    private static AnnotationConfigApplicationContext projections(MeasuredShop shop, HikariDataSource connections) {
        PersonKeys keys = shop.keys(connections, "query_side_keys");
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcOperations.class, () -> new JdbcTemplate(connections));
        context.registerBean(PersonKeys.class, () -> keys);
        context.registerBean(EventKeys.class, () -> new EventKeys(keys));
        for (String configuration : List.of(
                "productcatalog.ProductCatalogConfiguration",
                "ordersummary.OrderSummaryConfiguration",
                "userprofile.UserProfileConfiguration",
                "salesstatistics.SalesStatisticsConfiguration")) {
            try {
                context.register(Class.forName("dev.eventshop.query." + configuration));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        context.refresh();
        return context;
    }
}
