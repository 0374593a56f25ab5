package dev.eventshop.messaging;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.testing.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An application that has the library on its class path, the usual settings, and one subscription. */
final class RunningApplication implements AutoCloseable {

    static final String EXCHANGE = "test.events";

    final ConfigurableApplicationContext context;
    final WhenCountedThenRecord.Script script;

    /** @param more settings, which win */
    RunningApplication(TestDatabase database, String brokerUri, Map<String, String> more) {
        this(database, brokerUri, more, Application.class);
    }

    RunningApplication(TestDatabase database, String brokerUri, Map<String, String> more, Class<?> application) {
        Map<String, String> properties = new LinkedHashMap<>(database.springProperties("notification"));
        properties.put("spring.application.name", "test");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.datasource.hikari.schema", "notification");
        properties.put("spring.datasource.hikari.connection-timeout", "1000");
        properties.put("spring.flyway.schemas", "notification");
        properties.put("spring.flyway.default-schema", "notification");
        properties.put("spring.flyway.locations", "classpath:db/messaging-test");
        properties.put("spring.flyway.init-sqls", "SET ROLE eventshop_owner");
        properties.put("spring.rabbitmq.addresses", brokerUri);
        properties.put("eventshop.messaging.exchange", EXCHANGE);
        properties.put("eventshop.messaging.attempts", "3");
        properties.put("eventshop.messaging.first-retry", "100ms");
        properties.put("eventshop.messaging.longest-retry", "400ms");
        properties.putAll(more);
        context = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
        script = context.getBean(WhenCountedThenRecord.Script.class);
    }

    /** Numbers of the messages that had their effect. */
    List<Integer> effects() {
        return context.getBean(JdbcClient.class)
                .sql("select number from effect order by number")
                .query(Integer.class)
                .list();
    }

    double count(String meter) {
        return context.getBean(MeterRegistry.class)
                .get("eventshop.messaging." + meter)
                .tag("queue", WhenCountedThenRecord.QUEUE)
                .counter()
                .count();
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        ClosedMapSerializer serializer() {
            return Counted.SERIALIZER;
        }

        @Bean
        WhenCountedThenRecord.Script script() {
            return new WhenCountedThenRecord.Script();
        }

        @Bean
        WhenCountedThenRecord whenCountedThenRecord(JdbcClient jdbc, WhenCountedThenRecord.Script script) {
            return new WhenCountedThenRecord(jdbc, script);
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }

    static class PastInboxApplication extends Application {

        @Bean
        @Override
        WhenCountedThenRecord whenCountedThenRecord(JdbcClient jdbc, WhenCountedThenRecord.Script script) {
            return new WhenCountedThenRecordPastInbox(jdbc, script);
        }
    }

    static class UpcastingApplication extends Application {

        @Bean
        EventUpcaster counted1To2() {
            return new Counted1To2();
        }
    }

    /** 1.0 called the number {@code count}. */
    private static final class Counted1To2 extends SingleEventUpcaster {

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation representation) {
            return representation.getType().equals(new SimpleSerializedType("Counted", "1.0"));
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation representation) {
            return representation.upcastPayload(new SimpleSerializedType("Counted", "2.0"), JsonNode.class, payload -> {
                ObjectNode renamed = (ObjectNode) payload;
                return renamed.set("number", renamed.remove("count"));
            });
        }
    }
}
