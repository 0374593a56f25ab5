package dev.eventshop.command.republication;

import dev.eventshop.command.forwarding.PublicEvents;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.messaging.MessagingProperties;
import dev.eventshop.messaging.PublisherConnection;
import dev.eventshop.messaging.QueueLookup;
import dev.eventshop.messaging.Topology;
import dev.eventshop.messaging.publishing.ChannelPublisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RepublicationProperties.class)
class RepublicationConfiguration {

    @Bean
    Republications republications(JdbcClient jdbc, TransactionOperations transactions) {
        return new JdbcRepublications(jdbc, transactions);
    }

    @Bean
    QueueLookup queueLookup(PublisherConnection connection) {
        return new QueueLookup(connection);
    }

    @Bean
    RepublicationRunner republicationRunner(
            Republications republications,
            EventLog events,
            StoredEventMessages messages,
            PublicEvents publicEvents,
            PublisherConnection connection,
            Topology topology,
            QueueLookup queues,
            MessagingProperties messaging,
            MeterRegistry meters,
            PostgresTokenStore tokens,
            RepublicationProperties properties) {
        ChannelPublisher publisher = new ChannelPublisher(
                connection,
                topology,
                "", // the default exchange, whose routing keys are names of queues
                messaging.confirmTimeout(),
                new CompositeMeterRegistry()); // those by routing key count what is published to the exchange
        Counter sent = Counter.builder("eventshop.republications.messages")
                .description("Messages of history that the broker has confirmed for this instance")
                .register(meters);
        RepublicationRun.Parts parts = new RepublicationRun.Parts(
                republications, events, messages, publicEvents, publisher, queues, sent, tokens.nodeId(), properties);
        return new RepublicationRunner(
                republications,
                republication -> new RepublicationRun(parts, republication),
                publisher,
                tokens.nodeId(),
                properties);
    }
}
