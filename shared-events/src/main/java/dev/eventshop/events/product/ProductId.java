package dev.eventshop.events.product;

/**
 * Identity of a product. Its text form, {@code product-17}, is the aggregate id in the event store; the number is what
 * contracts show.
 *
 * @param value positive, from a PostgreSQL sequence
 */
public record ProductId(int value) {

    private static final String PREFIX = "product-";

    public ProductId {
        if (value <= 0) {
            throw new IllegalArgumentException("product id must be positive: " + value);
        }
    }

    /** @return the aggregate id, for example {@code product-17} */
    @Override
    public String toString() {
        return PREFIX + value;
    }
}
