package dev.eventshop.command.forwarding;

import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.EventMessageConverter;
import dev.eventshop.messaging.MessagingProperties;
import dev.eventshop.messaging.QueueDefinition;
import java.time.Clock;
import java.util.Objects;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.serialization.Serializer;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
@Import(ForwardingConfiguration.Queues.class)
@EnableConfigurationProperties(ForwarderProperties.class)
class ForwardingConfiguration {

    /** In place of the library's own, since the registry says which metadata leaves the system. */
    @Bean
    EventMessageConverter eventMessageConverter(
            @Qualifier("eventSerializer") Serializer eventSerializer,
            @Value("${spring.application.name}") String application,
            MessagingProperties properties) {
        return new EventMessageConverter(
                eventSerializer, EventMetadata.PUBLISHED, Objects.requireNonNullElse(properties.source(), application));
    }

    @Bean
    PublicEvents publicEvents(EventMessageConverter converter) {
        return new PublicEvents(converter);
    }

    @Bean
    Forwarder forwarder(
            EventStore eventStore,
            PublicEvents publicEvents,
            ConfirmedPublisher publisher,
            PostgresTokenStore tokens,
            ForwarderProperties properties,
            Clock clock) {
        return new Forwarder(eventStore, publicEvents, publisher, tokens, properties, clock);
    }

    @Bean
    ForwarderMonitor forwarderMonitor(
            Forwarder forwarder, PostgresTokenStore tokens, EventLog events, ConnectionFactory broker, Clock clock) {
        return new ForwarderMonitor(forwarder, tokens, events, broker, clock);
    }

    @Bean
    ForwarderHealthIndicator forwarderHealthIndicator(Forwarder forwarder) {
        return new ForwarderHealthIndicator(forwarder);
    }

    @Bean
    ForwarderMetrics forwarderMetrics(Forwarder forwarder, ForwarderMonitor monitor) {
        return new ForwarderMetrics(forwarder, monitor);
    }

    /** The queues of the contract: each public event has one, named like its routing key. */
    static final class Queues implements BeanRegistrar {

        @Override
        public void register(BeanRegistry registry, Environment environment) {
            EventRegistry.published().stream()
                    .flatMap(type -> type.routingKey().stream())
                    .forEach(key -> registry.registerBean(
                            "queue " + key,
                            QueueDefinition.class,
                            bean -> bean.supplier(context -> new QueueDefinition(key, key))));
        }
    }
}
