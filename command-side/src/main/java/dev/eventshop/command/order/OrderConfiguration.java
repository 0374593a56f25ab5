package dev.eventshop.command.order;

import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.command.ids.IdSequence;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.async.SequentialPerAggregatePolicy;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class OrderConfiguration {

    /** Confirmations wait for commits, so several run at a time; Axon gives a processor four worker threads. */
    private static final int CONFIRMATION_SEGMENTS = 4;

    private static final int CONFIRMATION_BATCH = 20;

    @Bean
    AggregateType<Order> orderType() {
        return new AggregateType<>(Order.class, "Order", "1");
    }

    @Bean
    IdSequence orderIds(JdbcTemplate jdbc) {
        return new IdSequence(jdbc, "command_side.order_id");
    }

    @Bean
    Offers offers(JdbcTemplate jdbc) {
        return new JdbcOffers(jdbc);
    }

    @Bean
    Customers customers(JdbcTemplate jdbc) {
        return new JdbcCustomers(jdbc);
    }

    @Bean
    WhenOrderCreatedThenConfirm whenOrderCreatedThenConfirm(Commands commands) {
        return new WhenOrderCreatedThenConfirm(commands);
    }

    @Bean
    ConfigurerModule orderProcessors() {
        return configurer -> configurer
                .eventProcessing()
                .registerSequencingPolicy(
                        WhenOrderCreatedThenConfirm.GROUP, c -> SequentialPerAggregatePolicy.instance())
                .registerPooledStreamingEventProcessor(
                        WhenOrderCreatedThenConfirm.GROUP,
                        org.axonframework.config.Configuration::eventStore,
                        (c, processor) -> processor
                                .initialToken(StreamableMessageSource::createTailToken)
                                .initialSegmentCount(CONFIRMATION_SEGMENTS)
                                .batchSize(CONFIRMATION_BATCH));
    }
}
