package dev.eventshop.messaging;

import static dev.eventshop.messaging.RunningApplication.EXCHANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An application that only publishes, on a broker and a database. */
@ParameterizedClass
@MethodSource("brokers")
@ExtendWith(OutputCaptureExtension.class)
class AutoConfigurationIT {

    private static final String QUEUE = "test.published";

    @Parameter
    private TestBroker broker;

    private TestDatabase database;
    private BrokerClient client;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeEach
    void start() throws Exception {
        broker.purge(EXCHANGE, QUEUE, QUEUE + ".dlq");
        database = TestDatabase.create();
        client = new BrokerClient(broker);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        database.close();
        broker.purge(EXCHANGE, QUEUE, QUEUE + ".dlq");
    }

    private ConfigurableApplicationContext run() {
        Map<String, String> properties = new LinkedHashMap<>(database.springProperties("notification"));
        properties.putAll(broker.springProperties());
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.flyway.schemas", "notification");
        properties.put("spring.flyway.default-schema", "notification");
        properties.put("spring.flyway.locations", "classpath:db/messaging-test");
        properties.put("spring.flyway.init-sqls", "SET ROLE eventshop_owner");
        properties.put("eventshop.messaging.exchange", EXCHANGE);
        return new SpringApplicationBuilder(Publisher.class)
                .web(WebApplicationType.NONE)
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    @Test
    void declaresItsQueuesAndMakesNoInbox() throws Exception {
        try (ConfigurableApplicationContext context = run()) {
            assertThat(context.isRunning()).isTrue();
            assertThat(client.ready(QUEUE)).isZero();
            assertThat(client.ready(QUEUE + ".dlq")).isZero();
            JdbcClient admin = JdbcClient.create(database.admin());
            assertThat(admin.sql("select to_regclass('notification.effect') is not null")
                            .query(Boolean.class)
                            .single())
                    .isTrue();
            assertThat(admin.sql("select to_regclass('notification.message_inbox') is not null")
                            .query(Boolean.class)
                            .single())
                    .isFalse();
        }
    }

    @Test
    void endsWithOneSentenceWhenAQueueHasOtherProperties(CapturedOutput output) throws Exception {
        client.channel().queueDeclare(QUEUE, false, true, false, null);
        assertThatThrownBy(this::run).hasRootCauseInstanceOf(com.rabbitmq.client.ShutdownSignalException.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The broker has another queue \"" + QUEUE
                        + "\" than the one that is needed (durable, without arguments)")
                .contains("eventshop.messaging.queue-type");
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Publisher {

        @Bean
        ClosedMapSerializer serializer() {
            return Counted.SERIALIZER;
        }

        @Bean
        QueueDefinition published() {
            return new QueueDefinition(QUEUE, "published.*");
        }
    }
}
