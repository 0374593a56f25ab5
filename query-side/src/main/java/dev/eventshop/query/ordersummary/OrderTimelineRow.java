package dev.eventshop.query.ordersummary;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import org.hibernate.annotations.Immutable;

/** The view {@code order_timeline} for reading. */
@Entity
@Immutable
@Table(name = "order_timeline")
class OrderTimelineRow {

    @EmbeddedId
    private Key key = new Key(0, 0);

    private String type = "";

    private Instant at = Instant.EPOCH;

    @Convert(converter = OrderDetails.class)
    private Map<String, Object> details = Map.of();

    /** For JPA. */
    protected OrderTimelineRow() {}

    OrderTimelineEntry entry() {
        return new OrderTimelineEntry(type, at, details, key.version());
    }

    @Embeddable
    record Key(
            @Column(name = "order_id") int orderId,
            @Column(name = "version") long version) {}
}
