package dev.eventshop.command.product;

/** Refusals for tests of those who send commands to products. */
public final class ProductRefusals {

    private ProductRefusals() {}

    public static ProductRejected insufficientStock(int left) {
        return new ProductRejected(ProductRejection.INSUFFICIENT_STOCK, "refused", left);
    }

    public static ProductRejected stockOverflow() {
        return new ProductRejected(ProductRejection.STOCK_OVERFLOW, "refused", Integer.MAX_VALUE);
    }
}
