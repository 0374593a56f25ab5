package dev.eventshop.query.productcatalog;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** The view {@code product_stock_history} for reading. */
@Entity
@Immutable
@Table(name = "product_stock_history")
class StockChangeRow {

    @EmbeddedId
    private Key key = new Key(0, 0);

    @Column(name = "old_stock")
    private int oldStock;

    @Column(name = "new_stock")
    private int newStock;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    private @Nullable String reason;

    @Column(name = "order_id")
    private @Nullable Integer orderId;

    /** For JPA. */
    protected StockChangeRow() {}

    StockChange change() {
        return new StockChange(oldStock, newStock, updatedAt, reason, orderId, key.version());
    }

    @Embeddable
    record Key(
            @Column(name = "product_id") int productId,
            @Column(name = "version") long version) {}
}
