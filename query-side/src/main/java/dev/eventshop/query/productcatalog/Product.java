package dev.eventshop.query.productcatalog;

import dev.eventshop.events.product.ProductCreatedEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A product as it is.
 *
 * @param stock     units that can still be ordered
 * @param updatedAt when the last event happened, by the command side's clock
 * @param version   sequence number of the product's last event
 */
record Product(
        @Schema(example = "17") int productId,
        @Schema(example = "Teapot") String name,
        @Schema(example = "19.90") BigDecimal price,
        @Schema(example = "42") int stock,
        Instant updatedAt,
        @Schema(example = "3") long version) {

    static Product created(ProductCreatedEvent event, long version) {
        return new Product(
                event.productId(), event.name(), event.price(), event.initialStock(), event.createdAt(), version);
    }

    Product priced(BigDecimal newPrice, Instant at, long newVersion) {
        return new Product(productId, name, newPrice, stock, at, newVersion);
    }

    Product stocked(int newStock, Instant at, long newVersion) {
        return new Product(productId, name, price, newStock, at, newVersion);
    }

    Product touched(Instant at, long newVersion) {
        return stocked(stock, at, newVersion);
    }
}
