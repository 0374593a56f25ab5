package dev.eventshop.command.config;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.command.dispatch.CachingRepository;
import dev.eventshop.command.dispatch.CommandProperties;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.lock.LockFactory;
import org.axonframework.common.lock.PessimisticLockFactory;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.AggregateSnapshotter;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.GenericAggregateFactory;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.axonframework.modelling.command.inspection.AnnotatedAggregateMetaModelFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Makes every {@link AggregateType} known to Axon, with a cache and snapshots. */
@Configuration(proxyBeanMethods = false)
class AggregateConfiguration {

    /** How often a thread that waits for an aggregate looks for a deadlock, and at the time. */
    private static final Duration LOCK_CHECK = Duration.ofMillis(100);

    private static final CommandTargets TARGETS = new CommandTargets();

    /**
     * One thread at a time has an aggregate: a cached one is one shared object. The threads of an instance queue here
     * instead of colliding in the store.
     */
    @Bean
    LockFactory aggregateLocks(CommandProperties properties) {
        int attempts = (int) Math.max(1, properties.lockWait().dividedBy(LOCK_CHECK));
        return PessimisticLockFactory.builder()
                .lockAttemptTimeout((int) LOCK_CHECK.toMillis())
                .acquireAttempts(attempts + 2) // Axon gives up two attempts early
                .build();
    }

    /** Apart from commands: in their afterCommit phase, where Axon takes snapshots by default, the client waits. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService snapshotExecutor() {
        return Executors.newSingleThreadExecutor(new AxonThreadFactory("snapshots"));
    }

    @Bean
    Snapshotter snapshotter(
            List<AggregateType<?>> types,
            EventStore eventStore,
            TransactionManager transactions,
            JdbcTemplate jdbc,
            ExecutorService snapshotExecutor,
            ParameterResolverFactory parameters,
            HandlerDefinition handlers) {
        List<AggregateFactory<?>> factories = types.stream()
                .<AggregateFactory<?>>map(type -> new GenericAggregateFactory<>(
                        AnnotatedAggregateMetaModelFactory.inspectAggregate(type.rootClass(), parameters, handlers)))
                .toList();
        return AggregateSnapshotter.builder()
                .aggregateFactories(factories)
                .eventStore(eventStore)
                .transactionManager(() -> longTransaction(transactions, jdbc))
                .executor(snapshotExecutor)
                .parameterResolverFactory(parameters)
                .handlerDefinition(handlers)
                .build();
    }

    /** Without the bound on a command's, since it holds nobody back: it only reads until it stores the snapshot. */
    private static Transaction longTransaction(TransactionManager transactions, JdbcTemplate jdbc) {
        Transaction transaction = transactions.startTransaction();
        try {
            jdbc.queryForList("select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'");
            return transaction;
        } catch (RuntimeException e) {
            transaction.rollback();
            throw e;
        }
    }

    @Bean
    ConfigurerModule aggregates(
            List<AggregateType<?>> types,
            CommandProperties properties,
            LockFactory aggregateLocks,
            ObjectProvider<Snapshotter> snapshotter) {
        return configurer -> types.forEach(type ->
                configurer.configureAggregate(configured(type.rootClass(), properties, aggregateLocks, snapshotter)));
    }

    private static <T> AggregateConfigurer<T> configured(
            Class<T> type, CommandProperties properties, LockFactory locks, ObjectProvider<Snapshotter> snapshotter) {
        return AggregateConfigurer.defaultConfiguration(type)
                .configureCommandTargetResolver(axon -> TARGETS)
                .configureRepository(axon -> repository(type, axon, properties, locks, snapshotter.getObject()));
    }

    private static <T> Repository<T> repository(
            Class<T> type,
            org.axonframework.config.Configuration axon,
            CommandProperties properties,
            LockFactory locks,
            Snapshotter snapshotter) {
        Cache<String, EventSourcedAggregate<T>> cache = Caffeine.newBuilder()
                .maximumSize(properties.cachedAggregates())
                .executor(Runnable::run)
                .build();
        return new CachingRepository<>(
                type,
                EventSourcingRepository.builder(type)
                        .parameterResolverFactory(axon.parameterResolverFactory())
                        .handlerDefinition(axon.handlerDefinition(type))
                        .lockFactory(locks)
                        .eventStore(axon.eventStore())
                        .repositoryProvider(axon::repository)
                        .snapshotTriggerDefinition(
                                new EventCountSnapshotTriggerDefinition(snapshotter, properties.snapshotEvery())),
                cache,
                snapshotter);
    }
}
