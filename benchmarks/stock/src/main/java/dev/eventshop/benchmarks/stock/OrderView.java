package dev.eventshop.benchmarks.stock;

import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.util.List;

@Entity
@Table(name = "order_view")
class OrderView {

    @Id
    private int orderId;

    private int userId;
    private String status;
    private BigDecimal totalAmount;

    @ElementCollection
    private List<Item> items;

    protected OrderView() {}

    OrderView(int orderId, int userId, String status, BigDecimal totalAmount, List<Item> items) {
        this.orderId = orderId;
        this.userId = userId;
        this.status = status;
        this.totalAmount = totalAmount;
        this.items = items;
    }

    void setStatus(String status) {
        this.status = status;
    }

    @Embeddable
    record Item(int productId, String productName, int quantity, BigDecimal unitPrice) {}
}
