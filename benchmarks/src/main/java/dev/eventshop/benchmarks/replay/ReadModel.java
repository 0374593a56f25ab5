package dev.eventshop.benchmarks.replay;

import java.util.List;

/** What is replayed. */
enum ReadModel {
    PRODUCT_CATALOG("product-catalog", "Product", List.of("product_catalog", "product_stock_history")),
    ORDER_SUMMARY("order-summary", "Order", List.of("order_summary", "order_timeline")),
    USER_PROFILE("user-profile", "User", List.of("user_profile", "user_account")),
    SALES_STATISTICS("sales-statistics", "Order", List.of("sales_order", "sales_day", "sales_product_day"));

    private final String projection;
    private final String aggregateType;
    private final List<String> tables;

    ReadModel(String projection, String aggregateType, List<String> tables) {
        this.projection = projection;
        this.aggregateType = aggregateType;
        this.tables = tables;
    }

    String projection() {
        return projection;
    }

    /** @return whose events it is made of */
    String aggregateType() {
        return aggregateType;
    }

    /** @return without the letter of the slot */
    List<String> tables() {
        return tables;
    }
}
