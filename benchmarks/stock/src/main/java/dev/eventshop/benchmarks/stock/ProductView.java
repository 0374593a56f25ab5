package dev.eventshop.benchmarks.stock;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.math.BigDecimal;

@Entity
class ProductView {

    @Id
    private int productId;

    private String name;
    private BigDecimal price;
    private int stock;

    protected ProductView() {}

    ProductView(int productId, String name, BigDecimal price, int stock) {
        this.productId = productId;
        this.name = name;
        this.price = price;
        this.stock = stock;
    }

    int productId() {
        return productId;
    }

    String name() {
        return name;
    }

    BigDecimal price() {
        return price;
    }

    void setStock(int stock) {
        this.stock = stock;
    }
}
