package dev.eventshop.query.productcatalog;

import java.util.Optional;

/** Where the projector keeps products. Within a batch of events it sees what it has put; it is all written at the end. */
interface ProductCatalog {

    Optional<Product> find(int productId);

    /** Adds the product, or overwrites what is known of it. */
    void put(Product product);

    /** Adds an entry to the product's stock history; one of the same version must not be there yet. */
    void record(int productId, StockChange change);
}
