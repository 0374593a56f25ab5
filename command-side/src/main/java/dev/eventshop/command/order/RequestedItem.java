package dev.eventshop.command.order;

/**
 * One product a customer wants, and how much of it.
 *
 * @param productId number of the product, positive
 * @param quantity  units, positive
 */
public record RequestedItem(int productId, int quantity) {

    public RequestedItem {
        if (quantity <= 0) {
            throw new IllegalArgumentException("quantity must be positive: " + quantity);
        }
    }
}
