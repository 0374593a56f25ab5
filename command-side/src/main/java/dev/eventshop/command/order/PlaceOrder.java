package dev.eventshop.command.order;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.order.OrderId;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Commits a customer to buying. Names and prices are the shop's, so the command has none. The result is an
 * {@link OrderPlaced}.
 *
 * @param orderId a number that was never used before
 * @param userId  number of the customer
 * @param items   what to buy; not empty, no product twice
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
public record PlaceOrder(@TargetAggregateIdentifier OrderId orderId, int userId, List<RequestedItem> items) {

    public PlaceOrder {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new IllegalArgumentException("an order has at least one item");
        }
        if (items.stream().map(RequestedItem::productId).distinct().count() != items.size()) {
            throw new IllegalArgumentException("a product stands in an order once");
        }
    }
}
