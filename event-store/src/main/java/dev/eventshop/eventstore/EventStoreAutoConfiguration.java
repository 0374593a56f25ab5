package dev.eventshop.eventstore;

import dev.eventshop.eventstore.schema.EventStoreSchema;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventBusSpanFactory;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.Location;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.function.SingletonSupplier;

/**
 * Puts Axon's event store and tokens on PostgreSQL. Comes before Axon's own configuration, which then leaves out its
 * JDBC and JPA engines and token stores. Needs a {@link DataSource} and Axon's {@link Serializer} named
 * {@code eventSerializer}; takes upcasters, snapshot filters and a serializer named {@code snapshotSerializer} where
 * there are any.
 */
@AutoConfiguration(
        after = {DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class},
        afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
        beforeName = {
            "org.axonframework.springboot.autoconfig.AxonAutoConfiguration",
            "org.axonframework.springboot.autoconfig.AxonServerAutoConfiguration",
            "org.axonframework.springboot.autoconfig.AxonServerBusAutoConfiguration",
            "org.axonframework.springboot.autoconfig.AxonTimeoutAutoConfiguration",
            "org.axonframework.springboot.autoconfig.EventProcessingAutoConfiguration",
            "org.axonframework.springboot.autoconfig.InfraConfiguration",
            "org.axonframework.springboot.autoconfig.JdbcAutoConfiguration",
            "org.axonframework.springboot.autoconfig.JpaAutoConfiguration",
            "org.axonframework.springboot.autoconfig.JpaEventStoreAutoConfiguration",
            "org.axonframework.springboot.autoconfig.NoOpTransactionAutoConfiguration",
            "org.axonframework.springboot.autoconfig.TransactionAutoConfiguration",
            "org.axonframework.springboot.autoconfig.UpdateCheckerAutoConfiguration"
        })
@ConditionalOnClass({DataSource.class, EventStorageEngine.class})
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(EventStoreProperties.class)
@PropertySource("classpath:dev/eventshop/eventstore/axon-defaults.properties")
public class EventStoreAutoConfiguration {

    /** The library's tables of each service. */
    private static final Location SERVICE_TABLES = Location.fromPath("classpath:", "db/event-store-service");

    @Bean
    EventStoreDataSource eventStoreDataSource(DataSource dataSource, EventStoreProperties properties) {
        return EventStoreDataSource.of(dataSource, properties);
    }

    @Bean
    EventStoreSchema eventStoreSchema(
            EventStoreDataSource dataSource,
            EventStoreProperties properties,
            Environment environment,
            ObjectProvider<FlywayMigrationStrategy> strategies) {
        FlywayMigrationStrategy strategy = strategies.getIfAvailable(() -> Flyway::migrate);
        return new EventStoreSchema(
                dataSource.dataSource(),
                properties.migrate() ? migration(dataSource.dataSource(), properties, environment, strategy) : null,
                properties.waitForSchema());
    }

    /** As Spring Boot does it for the application's own migrations. */
    private static EventStoreSchema.Migration migration(
            DataSource dataSource,
            EventStoreProperties properties,
            Environment environment,
            FlywayMigrationStrategy strategy) {
        FlywayProperties flyway = Binder.get(environment).bindOrCreate("spring.flyway", FlywayProperties.class);
        DataSource migrating = dataSource;
        if (properties.datasource() == null && (flyway.getUrl() != null || flyway.getUser() != null)) {
            DataSourceBuilder<?> builder = flyway.getUrl() != null
                    ? DataSourceBuilder.create().url(flyway.getUrl())
                    : DataSourceBuilder.derivedFrom(dataSource);
            migrating = builder.type(SimpleDriverDataSource.class)
                    .username(flyway.getUser())
                    .password(flyway.getPassword())
                    .build();
        }
        return new EventStoreSchema.Migration(
                migrating,
                String.join("\n", flyway.getInitSqls()),
                properties.writerRole(),
                properties.readerRole(),
                strategy::migrate);
    }

    @Bean
    @ConditionalOnMissingBean
    EventLog eventLog(EventStoreDataSource dataSource, EventStoreSchema migrated) {
        return new EventLog(dataSource.dataSource());
    }

    @Bean
    @ConditionalOnMissingBean
    EventSearch eventSearch(EventStoreDataSource dataSource, EventLog events) {
        return new EventSearch(dataSource.dataSource(), events);
    }

    @Bean
    @ConditionalOnMissingBean
    TailMonitor tailMonitor(EventLog events, EventStoreProperties properties) {
        return new TailMonitor(events, properties.pollInterval());
    }

    @Bean
    @ConditionalOnMissingBean
    StoredEventMessages storedEventMessages(
            @Qualifier("eventSerializer") Serializer eventSerializer,
            ObjectProvider<PayloadProtection> protection,
            ObjectProvider<org.axonframework.config.Configuration> axon) {
        return new StoredEventMessages(
                eventSerializer, upcaster(axon), protection.getIfAvailable(() -> PayloadProtection.NONE));
    }

    /** Axon's configuration knows them all, but comes after the store. */
    private static Supplier<EventUpcaster> upcaster(ObjectProvider<org.axonframework.config.Configuration> axon) {
        return SingletonSupplier.of(() -> axon.getObject().upcasterChain());
    }

    /** Axon's own compares revisions with annotations on the aggregates, so it is asked only where there is no other. */
    private static Supplier<SnapshotFilter> filter(
            ObjectProvider<SnapshotFilter> filters, ObjectProvider<org.axonframework.config.Configuration> axon) {
        return SingletonSupplier.of(() -> filters.orderedStream()
                .reduce(SnapshotFilter::combine)
                .orElseGet(() -> axon.getObject().snapshotFilter()));
    }

    @Bean
    @ConditionalOnMissingBean({EventStorageEngine.class, EventBus.class})
    PostgresEventStorageEngine eventStorageEngine(
            EventLog events,
            StoredEventMessages messages,
            TailMonitor monitor,
            EventStoreProperties properties,
            DataSource dataSource,
            @Qualifier("eventSerializer") Serializer eventSerializer,
            ObjectProvider<PayloadProtection> protection,
            @Qualifier("snapshotSerializer") ObjectProvider<Serializer> snapshotSerializer,
            ObjectProvider<SnapshotFilter> snapshotFilters,
            ObjectProvider<org.axonframework.config.Configuration> axon) {
        return new PostgresEventStorageEngine(
                events,
                messages,
                monitor,
                properties.pageSize(),
                eventSerializer,
                protection.getIfAvailable(() -> PayloadProtection.NONE),
                properties.append() ? dataSource : null,
                properties.withSnapshots()
                        ? new Snapshots(
                                dataSource,
                                snapshotSerializer.getIfAvailable(() -> eventSerializer),
                                filter(snapshotFilters, axon))
                        : null);
    }

    @Bean("eventBus")
    @Qualifier("eventStore")
    @ConditionalOnMissingBean(EventBus.class)
    @ConditionalOnBean(PostgresEventStorageEngine.class)
    PostgresEventStore eventStore(
            EventLog events,
            StoredEventMessages messages,
            TailMonitor monitor,
            EventStoreProperties properties,
            PostgresEventStorageEngine engine,
            org.axonframework.config.Configuration axon) {
        return PostgresEventStore.builder(events, messages, monitor, properties.pageSize())
                .storageEngine(engine)
                .messageMonitor(axon.messageMonitor(EventStore.class, "eventStore"))
                .spanFactory(axon.getComponent(EventBusSpanFactory.class))
                .build();
    }

    @Bean
    @ConditionalOnMissingBean(TokenStore.class)
    PostgresTokenStore tokenStore(DataSource dataSource, EventStoreProperties properties) {
        return new PostgresTokenStore(dataSource, properties.claimTimeout());
    }

    @Bean
    @ConditionalOnMissingBean
    IdentifierFactory identifierFactory() {
        return new TimeOrderedIdentifierFactory();
    }

    /** Axon 4.13.0 looks for the transaction manager's configuration where Spring Boot 3 had it, and so too early. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(PlatformTransactionManager.class)
    TransactionManager axonTransactionManager(PlatformTransactionManager transactionManager) {
        return new SpringTransactionManager(transactionManager);
    }

    /** Adds this library's tables to the service's own migrations, and says who works with them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(FlywayConfigurationCustomizer.class)
    static class ServiceTables {

        @Bean
        FlywayConfigurationCustomizer eventStoreServiceTables(ObjectProvider<JdbcConnectionDetails> connection) {
            return flyway -> {
                List<Location> locations = List.of(flyway.getLocations());
                if (!locations.contains(SERVICE_TABLES)) {
                    flyway.locations(Stream.concat(locations.stream(), Stream.of(SERVICE_TABLES))
                            .toArray(Location[]::new));
                }
                String role = connection.stream()
                        .map(JdbcConnectionDetails::getUsername)
                        .findFirst()
                        .orElse("");
                Map<String, String> placeholders = new HashMap<>(flyway.getPlaceholders());
                placeholders.putIfAbsent("event-store-service-role", role == null ? "" : role);
                flyway.placeholders(placeholders);
            };
        }
    }

    /** Gauges, where metrics are collected. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Metrics {

        @Bean
        HorizonAge eventStoreHorizonAge(EventLog events) {
            return new HorizonAge(events);
        }

        @Bean
        MeterBinder eventStoreMeters(TailMonitor monitor, HorizonAge horizon) {
            return registry -> {
                Gauge.builder(
                                "eventshop.eventstore.head",
                                monitor,
                                m -> m.head().globalIndex())
                        .description("Global index of the last readable event")
                        .register(registry);
                Gauge.builder(
                                "eventshop.eventstore.horizon.age",
                                horizon,
                                h -> h.current().toMillis() / 1000.0)
                        .description("Age of the oldest writing transaction, behind which nothing can be read")
                        .baseUnit("seconds")
                        .register(registry);
            };
        }
    }
}
