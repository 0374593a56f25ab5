package dev.eventshop.query.productcatalog;

import dev.eventshop.query.projection.Projection;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

@Configuration(proxyBeanMethods = false)
class ProductCatalogConfiguration {

    static final String PROJECTION = "product-catalog";

    @Bean
    Projection productCatalog(JdbcOperations jdbc) {
        return new Projection(
                PROJECTION,
                1,
                Set.of("Product"),
                4,
                Projection.Rows.ofAll("product_catalog", "product_id", "Product"),
                List.of("product_catalog", "product_stock_history"),
                true,
                slot -> new ProductCatalogProjector(new JdbcProductCatalog(jdbc, slot)));
    }
}
