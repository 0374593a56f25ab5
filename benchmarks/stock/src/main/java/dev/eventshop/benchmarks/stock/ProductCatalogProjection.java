package dev.eventshop.benchmarks.stock;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

@Component
@ProcessingGroup("product-catalog")
class ProductCatalogProjection {

    private final ProductViews products;

    ProductCatalogProjection(ProductViews products) {
        this.products = products;
    }

    @EventHandler
    void on(ProductCreatedEvent event) {
        products.save(new ProductView(event.productId(), event.name(), event.price(), event.initialStock()));
    }

    @EventHandler
    void on(ProductStockUpdatedEvent event) {
        products.findById(event.productId()).ifPresent(product -> product.setStock(event.newStock()));
    }
}
