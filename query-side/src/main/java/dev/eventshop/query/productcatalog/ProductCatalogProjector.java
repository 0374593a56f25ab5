package dev.eventshop.query.productcatalog;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductEvent;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.product.StockReleasedEvent;
import dev.eventshop.events.product.StockReservedEvent;
import dev.eventshop.events.product.StockShippedEvent;
import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.query.projection.DiscardedEvent;
import dev.eventshop.query.projection.MissingRow;
import dev.eventshop.query.projection.SkippedEvent;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each product as it is, with the history of its stock.
 *
 * <p>Can be rebuilt. A redelivery changes nothing: the row's version tells. An event for a product that was never created
 * is an error, and so is one that does not follow the last. The version follows every event of the product, also those
 * that show nowhere else.
 */
class ProductCatalogProjector {

    private static final String VIEW = "product_catalog";

    private final ProductCatalog catalog;

    ProductCatalogProjector(ProductCatalog catalog) {
        this.catalog = catalog;
    }

    @EventHandler
    void on(ProductCreatedEvent event, @SequenceNumber long version) {
        if (catalog.find(event.productId()).isPresent()) {
            return; // redelivery
        }
        catalog.put(Product.created(event, version));
    }

    @EventHandler
    void on(ProductPriceChangedEvent event, @SequenceNumber long version) {
        change(event, version, product -> product.priced(event.newPrice(), event.changedAt(), version));
    }

    @EventHandler
    void on(
            ProductStockUpdatedEvent event,
            @SequenceNumber long version,
            @MetaDataValue(EventMetadata.REASON) @Nullable String reason,
            @MetaDataValue(EventMetadata.ORDER_ID) @Nullable String orderId) {
        Integer order = orderId == null ? null : Integer.valueOf(orderId);
        change(event, version, product -> {
            catalog.record(
                    event.productId(),
                    new StockChange(event.oldStock(), event.newStock(), event.updatedAt(), reason, order, version));
            return product.stocked(event.newStock(), event.updatedAt(), version);
        });
    }

    @EventHandler
    void on(StockReservedEvent event, @SequenceNumber long version) {
        touch(event, event.reservedAt(), version);
    }

    @EventHandler
    void on(StockReleasedEvent event, @SequenceNumber long version) {
        touch(event, event.releasedAt(), version);
    }

    @EventHandler
    void on(StockShippedEvent event, @SequenceNumber long version) {
        touch(event, event.shippedAt(), version);
    }

    @EventHandler
    void on(DiscardedEvent event, @SequenceNumber long version) {
        catalog.find(event.number())
                .filter(product -> product.version() < version)
                .ifPresent(product -> catalog.put(product.touched(product.updatedAt(), version)));
    }

    private void touch(ProductEvent event, Instant at, long version) {
        change(event, version, product -> product.touched(at, version));
    }

    private void change(ProductEvent event, long version, UnaryOperator<Product> change) {
        int id = event.productId();
        Product product = catalog.find(id).orElseThrow(() -> new MissingRow(VIEW, id, version));
        if (!SkippedEvent.isRedelivery(VIEW, id, product.version(), version)) {
            catalog.put(change.apply(product));
        }
    }
}
