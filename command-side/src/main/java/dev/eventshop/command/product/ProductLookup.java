package dev.eventshop.command.product;

import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes what orders take names and prices from, in the transaction of the product's event: once a price change is
 * answered, every order that is placed afterwards has the new price.
 */
@ProcessingGroup(ProductLookup.GROUP)
class ProductLookup {

    /** Runs in the transaction of the events. */
    static final String GROUP = "product-lookup";

    private final JdbcTemplate jdbc;

    ProductLookup(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(ProductCreatedEvent event) {
        jdbc.update(
                "insert into command_side.product_lookup (product_id, name, price) values (?, ?, ?)",
                event.productId(),
                event.name(),
                event.price());
    }

    @EventHandler
    void on(ProductPriceChangedEvent event) {
        int rows = jdbc.update(
                "update command_side.product_lookup set price = ? where product_id = ?",
                event.newPrice(),
                event.productId());
        if (rows != 1) {
            throw new IllegalStateException("product_lookup has no row for product " + event.productId());
        }
    }
}
