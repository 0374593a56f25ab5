package dev.eventshop.query.ordersummary;

import dev.eventshop.query.projection.Projection;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

@Configuration(proxyBeanMethods = false)
class OrderSummaryConfiguration {

    static final String PROJECTION = "order-summary";

    @Bean
    Projection orderSummary(JdbcOperations jdbc) {
        return new Projection(
                PROJECTION,
                1,
                Set.of("Order"),
                4,
                Projection.Rows.ofAll("order_summary", "order_id", "Order"),
                List.of("order_summary", "order_timeline"),
                true,
                slot -> new OrderSummaryProjector(new JdbcOrderSummaries(jdbc, slot)));
    }
}
