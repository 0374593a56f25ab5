package dev.eventshop.query.deadletter;

import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slots;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    @Bean
    DeadLetters deadLetters(JdbcClient jdbc, TransactionOperations transactions) {
        return new DeadLetters(jdbc, transactions);
    }

    @Bean
    DeadLetterRetries deadLetterRetries(
            JdbcClient jdbc,
            TransactionOperations transactions,
            EventStore events,
            ProjectionFlags flags,
            Slots slots,
            Projections projections,
            QueryProperties properties) {
        return new DeadLetterRetries(
                new SequenceRetry(jdbc, transactions, events, flags, slots, properties.deadLetters()),
                jdbc,
                projections,
                properties.deadLetters());
    }
}
