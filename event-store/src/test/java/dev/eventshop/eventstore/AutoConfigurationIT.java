package dev.eventshop.eventstore;

import static dev.eventshop.eventstore.Counted.event;
import static dev.eventshop.eventstore.Counted.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.eventstore.schema.EventStoreSchema;
import dev.eventshop.eventstore.schema.ForeignClusterException;
import dev.eventshop.testing.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.messaging.timeout.HandlerTimeoutHandlerEnhancerDefinition;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.axonframework.springboot.updates.UpdateCheckConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;

/** An application that has the library on its class path, and the usual settings. */
@ExtendWith(OutputCaptureExtension.class)
class AutoConfigurationIT {

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    private TestDatabase database;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
    }

    @AfterEach
    void stop() {
        contexts.forEach(ConfigurableApplicationContext::close);
        database.close();
    }

    private ConfigurableApplicationContext run(Class<?> application, String role, String... properties) {
        Map<String, Object> all = new LinkedHashMap<>(database.springProperties(role));
        all.put("spring.main.banner-mode", "off");
        all.put("spring.datasource.hikari.schema", role);
        all.put("spring.flyway.schemas", role);
        all.put("spring.flyway.default-schema", role);
        all.put("spring.flyway.locations", "classpath:db/test-service");
        all.put("spring.flyway.init-sqls", "SET ROLE eventshop_owner");
        for (String property : properties) {
            all.put(property.split("=")[0], property.split("=")[1]);
        }
        SpringApplication built = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .build();
        ConfigurableApplicationContext context = built.run(all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new));
        contexts.add(context);
        return context;
    }

    private ConfigurableApplicationContext writer(String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "eventshop.event-store.migrate=true",
                "eventshop.event-store.writer-role=command_side",
                "eventshop.event-store.reader-role=query_side"));
        all.addAll(List.of(properties));
        return run(Application.class, "command_side", all.toArray(String[]::new));
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        /** Uses the database early, and so wants all migrations to be done. */
        @Bean
        List<String> early(JdbcTemplate jdbc) {
            return jdbc.queryForList("select processor_name from tracking_token", String.class);
        }

        @Bean
        @Primary
        ClosedMapSerializer serializer() {
            return Counted.SERIALIZER;
        }

        @Bean
        Serializer messageSerializer() {
            return Counted.SERIALIZER;
        }

        @Bean
        Serializer eventSerializer() {
            return Counted.SERIALIZER;
        }
    }

    static class FilteringApplication extends Application {

        @Bean
        SnapshotFilter snapshotFilter() {
            return snapshot -> snapshot.getAggregateIdentifier().equals("counter-2");
        }
    }

    static class ReadingApplication extends Application {

        @Bean
        View view() {
            return new View();
        }
    }

    @ProcessingGroup("view")
    static class View {

        final List<Long> seen = new CopyOnWriteArrayList<>();

        @EventHandler
        void on(Counted event) {
            seen.add(event.number());
        }
    }

    @Nested
    class AWriter {

        @Test
        void hasThisStoreInPlaceOfAxons() {
            ConfigurableApplicationContext context = writer();

            assertThat(context.getBean(EventStorageEngine.class)).isInstanceOf(PostgresEventStorageEngine.class);
            assertThat(context.getBean(EventStore.class)).isInstanceOf(PostgresEventStore.class);
            assertThat(context.getBean(EventBus.class)).isSameAs(context.getBean(EventStore.class));
            assertThat(context.getBean(TokenStore.class)).isInstanceOf(PostgresTokenStore.class);
            assertThat(context.getBean(IdentifierFactory.class)).isInstanceOf(TimeOrderedIdentifierFactory.class);
            assertThat(context.getBean(TransactionManager.class)).isInstanceOf(SpringTransactionManager.class);
            assertThat(context.getBean(org.axonframework.config.Configuration.class)
                            .eventStore())
                    .isSameAs(context.getBean(EventStore.class));
            assertThat(context.getBeansOfType(PersistenceExceptionResolver.class))
                    .isEmpty();
            assertThat(context.getBeanDefinitionNames()).doesNotContain("eventSchema", "tokenSchema");
        }

        @Test
        void hasAxonsTimeoutsAndItsUpdateCheckerOff() {
            ConfigurableApplicationContext context = writer();

            assertThat(context.getBeansOfType(HandlerTimeoutHandlerEnhancerDefinition.class))
                    .isEmpty();
            assertThat(context.getBean(UpdateCheckConfiguration.class).getDisabled())
                    .isTrue();
        }

        @Test
        void mayHaveTimeoutsAllTheSame() {
            assertThat(writer("axon.timeout.enabled=true")
                            .getBeansOfType(HandlerTimeoutHandlerEnhancerDefinition.class))
                    .hasSize(1);
        }

        @Test
        void hasTheStoreBeforeItsOwnTables() {
            JdbcTemplate jdbc = writer().getBean(JdbcTemplate.class);

            assertThat(jdbc.queryForList(
                            "select tablename from pg_tables where schemaname = 'command_side'", String.class))
                    .contains("first_look", "snapshot", "tracking_token");
        }

        @Test
        void appendsAndReads() {
            ConfigurableApplicationContext context = writer();
            String id = "counter-" + UUID.randomUUID();

            context.getBean(EventStore.class).publish(events(id, 0, 3));

            assertThat(context.getBean(EventStore.class).readEvents(id).asStream())
                    .hasSize(3);
            Position head =
                    context.getBean(EventLog.class).headOf(id).orElseThrow().position();
            await().until(() -> context.getBean(TailMonitor.class).head().equals(head));
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("eventshop.eventstore.head").gauge().value()).isEqualTo(head.globalIndex());
            assertThat(meters.get("eventshop.eventstore.horizon.age").gauge().value())
                    .isGreaterThanOrEqualTo(0);
        }

        @Test
        void takesTheApplicationsSnapshotFilterInPlaceOfAxons() {
            ConfigurableApplicationContext context = run(
                    FilteringApplication.class,
                    "command_side",
                    "eventshop.event-store.migrate=true",
                    "eventshop.event-store.writer-role=command_side");
            EventStore store = context.getBean(EventStore.class);
            store.publish(events("counter-1", 0, 3));
            store.publish(events("counter-2", 0, 3));
            store.storeSnapshot(event("counter-1", 1));
            store.storeSnapshot(event("counter-2", 1));

            assertThat(store.readEvents("counter-1").asStream()).hasSize(3);
            assertThat(store.readEvents("counter-2").asStream()).hasSize(2);
        }

        @Test
        void stopsItsMonitor() {
            ConfigurableApplicationContext context = writer();
            TailMonitor monitor = context.getBean(TailMonitor.class);
            assertThat(monitor.isRunning()).isTrue();

            context.close();

            assertThat(monitor.isRunning()).isFalse();
        }
    }

    @Nested
    class AReader {

        @Test
        void followsTheWriter() {
            ConfigurableApplicationContext writer = writer();
            View view = run(
                            ReadingApplication.class,
                            "query_side",
                            "eventshop.event-store.append=false",
                            "axon.eventhandling.processors.view.mode=pooled")
                    .getBean(View.class);

            writer.getBean(EventStore.class).publish(events("counter-" + UUID.randomUUID(), 0, 3));

            await().untilAsserted(() -> assertThat(view.seen).containsExactly(0L, 1L, 2L));
        }

        @Test
        void doesNotAppend() {
            writer();
            EventStore reader = run(Application.class, "query_side", "eventshop.event-store.append=false")
                    .getBean(EventStore.class);

            assertThatThrownBy(() -> reader.publish(event("counter-" + UUID.randomUUID(), 0)))
                    .isInstanceOf(UnsupportedOperationException.class);
        }

        @Test
        void mayHaveItsOwnTablesInAnotherDatabase() {
            ConfigurableApplicationContext writer = writer();
            try (TestDatabase own = TestDatabase.create()) {
                ConfigurableApplicationContext reader = run(
                        ReadingApplication.class,
                        "query_side",
                        "spring.datasource.url=" + own.url(),
                        "spring.flyway.url=" + own.url(),
                        "spring.flyway.locations=classpath:db/event-store-service",
                        "eventshop.event-store.append=false",
                        "eventshop.event-store.datasource.url=" + database.url(),
                        "eventshop.event-store.datasource.username=query_side",
                        "eventshop.event-store.datasource.password=" + database.passwordOf("query_side"));
                writer.getBean(EventStore.class).publish(events("counter-" + UUID.randomUUID(), 0, 3));

                await().untilAsserted(() ->
                        assertThat(reader.getBean(View.class).seen).containsExactly(0L, 1L, 2L));
                assertThat(reader.getBean(EventProcessingConfiguration.class).eventProcessor("view"))
                        .isPresent();
                assertThat(new JdbcTemplate(reader.getBean(EventStoreDataSource.class)
                                        .dataSource())
                                .queryForObject("show statement_timeout", String.class))
                        .isEqualTo("10s");
                reader.close();
            }
        }
    }

    @Nested
    class AnotherCluster {

        @Test
        void isRefusedWithOneSentence(CapturedOutput output) {
            writer().close();
            new JdbcTemplate(database.admin()).update("update event_store.cluster set system_identifier = 42");

            assertThatThrownBy(() -> writer()).hasRootCauseInstanceOf(ForeignClusterException.class);

            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("The event store was written by PostgreSQL cluster 42 and is now in cluster ");
            assertThat(output.getAll().split("APPLICATION FAILED TO START")[1]).doesNotContain("\tat ");
            EventStoreSchema.openEpoch(database.admin());
            writer().close();
        }
    }

    @Nested
    class TheClassPath {

        @Test
        void hasNoXStream() {
            assertThatThrownBy(() -> Class.forName("com.thoughtworks.xstream.XStream"))
                    .isInstanceOf(ClassNotFoundException.class);
            InputStream resource = getClass().getResourceAsStream("/com/thoughtworks/xstream/XStream.class");
            assertThat(resource).isNull();
        }
    }
}
