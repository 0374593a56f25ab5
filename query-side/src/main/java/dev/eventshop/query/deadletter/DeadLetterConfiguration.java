package dev.eventshop.query.deadletter;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slots;
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
            EventLog events,
            StoredEventMessages messages,
            ProjectionFlags flags,
            Slots slots,
            Projections projections,
            QueryProperties properties) {
        return new DeadLetterRetries(
                new SequenceRetry(
                        jdbc, transactions, events, messages.withUnreadable(), flags, slots, properties.deadLetters()),
                jdbc,
                projections,
                properties.deadLetters());
    }
}
