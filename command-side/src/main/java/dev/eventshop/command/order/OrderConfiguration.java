package dev.eventshop.command.order;

import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.command.ids.IdSequence;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class OrderConfiguration {

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
}
