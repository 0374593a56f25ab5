package dev.eventshop.command.order.fulfilment;

import dev.eventshop.events.order.OrderItemEvent;

/**
 * What an order takes of one product.
 *
 * @param productName display name when the order was placed
 * @param quantity    units, positive
 */
record OrderedItem(int productId, String productName, int quantity) {

    static OrderedItem of(OrderItemEvent item) {
        return new OrderedItem(item.productId(), item.productName(), item.quantity());
    }
}
