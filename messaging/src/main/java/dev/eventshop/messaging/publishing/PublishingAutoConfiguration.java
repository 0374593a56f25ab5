package dev.eventshop.messaging.publishing;

import dev.eventshop.messaging.ConfirmedPublisher;
import dev.eventshop.messaging.EventMessageConverter;
import dev.eventshop.messaging.MessagingProperties;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.Topology;
import org.axonframework.serialization.Serializer;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.Environment;

/**
 * Publishes to the exchange, and declares the queues that there are beans of {@link QueueDefinition} for. Connects when
 * there is something to publish, and not before.
 */
@AutoConfiguration(
        after = RabbitAutoConfiguration.class,
        afterName = "org.axonframework.springboot.autoconfig.AxonAutoConfiguration")
@ConditionalOnBean(ConnectionFactory.class)
@EnableConfigurationProperties(MessagingProperties.class)
@PropertySource("classpath:dev/eventshop/messaging/rabbit-defaults.properties")
public class PublishingAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Topology topology(
            ConnectionFactory connections, MessagingProperties properties, ObjectProvider<QueueDefinition> queues) {
        return new Topology(
                connections,
                properties.exchange(),
                properties.queueType(),
                queues.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(ConfirmedPublisher.class)
    ChannelPublisher confirmedPublisher(
            ConnectionFactory connections, Topology topology, MessagingProperties properties) {
        return new ChannelPublisher(connections, topology, properties.exchange(), properties.confirmTimeout());
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
