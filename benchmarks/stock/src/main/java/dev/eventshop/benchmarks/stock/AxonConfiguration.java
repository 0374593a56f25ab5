package dev.eventshop.benchmarks.stock;

import dev.eventshop.events.registry.EventRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.extensions.amqp.eventhandling.RoutingKeyResolver;
import org.axonframework.extensions.amqp.eventhandling.spring.SpringAMQPPublisher;
import org.axonframework.messaging.SubscribableMessageSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** What Axon and axon-amqp don't configure by themselves under Spring Boot 4. */
@Configuration(proxyBeanMethods = false)
class AxonConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Axon 4.13.0 looks for Boot 3's transaction auto-configuration and else takes none. */
    @Bean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactionManager) {
        return new SpringTransactionManager(transactionManager);
    }

    /** The exchange and queues of the contract. */
    @Bean
    Declarables topology() {
        TopicExchange exchange = new TopicExchange(EventRegistry.EXCHANGE);
        List<Declarable> topology = new ArrayList<>(List.of(exchange));
        EventRegistry.published().forEach(type -> {
            Queue queue = new Queue(type.publicKey());
            topology.add(queue);
            topology.add(BindingBuilder.bind(queue).to(exchange).with(type.publicKey()));
        });
        return new Declarables(topology);
    }

    @Bean
    RoutingKeyResolver routingKeys() {
        return event -> {
            String key = EventRegistry.of(event.getPayloadType()).publicKey();
            return key == null ? "internal" : key;
        };
    }

    /**
     * As the reference guide has it, with acknowledgements.
     *
     * @param all whether events leave that the command side keeps for itself; by default, the messages are the same
     */
    @Bean(initMethod = "start", destroyMethod = "shutDown")
    SpringAMQPPublisher publisher(
            EventBus events,
            ConnectionFactory broker,
            @Qualifier("eventSerializer") Serializer serializer,
            RoutingKeyResolver routingKeys,
            @Value("${stock.publish-all:false}") boolean all) {
        SpringAMQPPublisher publisher = new SpringAMQPPublisher(all ? source(events) : published(events));
        publisher.setConnectionFactory(broker);
        publisher.setExchangeName(EventRegistry.EXCHANGE);
        publisher.setSerializer(serializer);
        publisher.setRoutingKeyResolver(routingKeys);
        publisher.setWaitForPublisherAck(true);
        return publisher;
    }

    private static SubscribableMessageSource<EventMessage<?>> source(EventBus events) {
        return events::subscribe;
    }

    private static SubscribableMessageSource<EventMessage<?>> published(EventBus events) {
        return processor -> events.subscribe(messages -> {
            List<? extends EventMessage<?>> published = messages.stream()
                    .filter(message ->
                            EventRegistry.of(message.getPayloadType()).publicKey() != null)
                    .toList();
            if (!published.isEmpty()) {
                processor.accept(published);
            }
        });
    }
}
