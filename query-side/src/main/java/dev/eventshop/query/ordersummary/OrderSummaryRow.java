package dev.eventshop.query.ordersummary;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** The view {@code order_summary} for reading. */
@Entity
@Immutable
@Table(name = "order_summary")
class OrderSummaryRow {

    @Id
    @Column(name = "order_id")
    private int orderId;

    @Column(name = "user_id")
    private int userId;

    private String status = "";

    @Column(name = "total_amount")
    private BigDecimal totalAmount = BigDecimal.ZERO;

    @Convert(converter = OrderItems.class)
    private List<OrderItem> items = List.of();

    @Column(name = "cancellation_reason")
    private @Nullable String cancellationReason;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    private long version;

    /** For JPA. */
    protected OrderSummaryRow() {}

    OrderSummary summary() {
        return new OrderSummary(
                orderId, userId, status, totalAmount, items, cancellationReason, createdAt, updatedAt, version);
    }
}
