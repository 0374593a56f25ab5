package dev.eventshop.command.product;

import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.command.ids.IdSequence;
import org.axonframework.config.ConfigurerModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class ProductConfiguration {

    @Bean
    AggregateType<Product> productType() {
        return new AggregateType<>(Product.class, "Product", "1");
    }

    @Bean
    IdSequence productIds(JdbcTemplate jdbc) {
        return new IdSequence(jdbc, "command_side.product_id");
    }

    @Bean
    ProductLookup productLookup(JdbcTemplate jdbc) {
        return new ProductLookup(jdbc);
    }

    @Bean
    JdbcReservationPermits reservationPermits(JdbcTemplate jdbc) {
        return new JdbcReservationPermits(jdbc);
    }

    @Bean
    ConfigurerModule productProcessors() {
        return configurer -> configurer
                .eventProcessing()
                .registerSubscribingEventProcessor(ProductLookup.GROUP)
                .registerSubscribingEventProcessor(JdbcReservationPermits.GROUP);
    }
}
