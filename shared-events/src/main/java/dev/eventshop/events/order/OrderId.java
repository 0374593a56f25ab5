package dev.eventshop.events.order;

/**
 * Identity of an order. Its text form, {@code order-17}, is the aggregate id in the event store; the number is what
 * contracts show.
 *
 * @param value positive, from a PostgreSQL sequence
 */
public record OrderId(int value) {

    private static final String PREFIX = "order-";

    public OrderId {
        if (value <= 0) {
            throw new IllegalArgumentException("order id must be positive: " + value);
        }
    }

    /** @return the aggregate id, for example {@code order-17} */
    @Override
    public String toString() {
        return PREFIX + value;
    }
}
