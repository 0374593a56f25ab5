package dev.eventshop.query.productcatalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** The view {@code product_catalog} for reading. */
@Entity
@Immutable
@Table(name = "product_catalog")
class ProductRow {

    @Id
    @Column(name = "product_id")
    private int productId;

    private String name = "";

    @Column(name = "search_name")
    private String searchName = "";

    private BigDecimal price = BigDecimal.ZERO;

    private int stock;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    private long version;

    /** For JPA. */
    protected ProductRow() {}

    Product product() {
        return new Product(productId, name, price, stock, updatedAt, version);
    }
}
