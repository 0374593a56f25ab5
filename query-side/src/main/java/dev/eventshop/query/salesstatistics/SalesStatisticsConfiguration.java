package dev.eventshop.query.salesstatistics;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.query.projection.Projection;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

@Configuration(proxyBeanMethods = false)
class SalesStatisticsConfiguration {

    static final String PROJECTION = "sales-statistics";

    @Bean
    Projection salesStatistics(JdbcOperations jdbc) {
        return new Projection(
                PROJECTION,
                1,
                Set.of("Order"),
                1,
                new Projection.Rows(
                        "sales_order",
                        "order_id",
                        "Order",
                        Set.of(
                                EventRegistry.of(OrderCreatedEvent.class).name(),
                                EventRegistry.of(OrderCancelledEvent.class).name())),
                List.of("sales_order", "sales_day", "sales_product_day"),
                false,
                slot -> new SalesStatisticsProjector(new JdbcSalesFigures(jdbc, slot)));
    }
}
