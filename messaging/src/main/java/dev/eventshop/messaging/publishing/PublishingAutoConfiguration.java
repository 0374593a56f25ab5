package dev.eventshop.messaging.publishing;

import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.EventMessageConverter;
import dev.eventshop.messaging.MessagingProperties;
import dev.eventshop.messaging.PublisherConnection;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.axonframework.serialization.Serializer;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.Environment;

/** Publishes to the exchange, and declares the queues that there are beans of {@link QueueDefinition} for. */
@AutoConfiguration(
        after = RabbitAutoConfiguration.class,
        afterName = "org.axonframework.springboot.autoconfig.AxonAutoConfiguration")
@ConditionalOnBean(ConnectionFactory.class)
@EnableConfigurationProperties(MessagingProperties.class)
@PropertySource("classpath:dev/eventshop/messaging/rabbit-defaults.properties")
public class PublishingAutoConfiguration {

    @Bean
    PublisherConnection publisherConnection(
            ConnectionFactory connections, ObjectProvider<RabbitConnectionDetails> details) {
        details.ifAvailable(GuestOutside::refuse);
        return new PublisherConnection(connections);
    }

    /**
     * Qpid unpacks gzip bodies for clients that do not say that they can, whatever it takes: a megabyte becomes a
     * gigabyte. RabbitMQ never does.
     */
    @Bean
    ConnectionFactoryCustomizer packedBodies() {
        return factory -> factory.getClientProperties().put("qpid.message_compression_supported", "true");
    }

    @Bean
    @ConditionalOnMissingBean
    Topology topology(
            PublisherConnection connection, MessagingProperties properties, ObjectProvider<QueueDefinition> queues) {
        return new Topology(
                connection,
                properties.exchange(),
                properties.queueType(),
                queues.orderedStream().toList());
    }

    @Bean
    TopologyCheck topologyCheck(Topology topology) {
        return new TopologyCheck(topology);
    }

    @Bean
    @ConditionalOnMissingBean(ConfirmedPublisher.class)
    ChannelPublisher confirmedPublisher(
            PublisherConnection connection,
            Topology topology,
            MessagingProperties properties,
            ObjectProvider<MeterRegistry> meters) {
        return new ChannelPublisher(
                connection,
                topology,
                properties.exchange(),
                properties.confirmTimeout(),
                meters.getIfAvailable(CompositeMeterRegistry::new));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(Serializer.class)
    EventMessageConverter eventMessageConverter(
            @Qualifier("eventSerializer") ObjectProvider<Serializer> eventSerializer,
            ObjectProvider<Serializer> serializer,
            MessagingProperties properties,
            Environment environment) {
        String source = properties.source();
        return new EventMessageConverter(
                eventSerializer.getIfAvailable(serializer::getObject),
                properties.metadata(),
                source == null ? environment.getProperty("spring.application.name", "application") : source);
    }
}
