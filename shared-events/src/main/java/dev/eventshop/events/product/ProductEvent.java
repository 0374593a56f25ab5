package dev.eventshop.events.product;

/** A fact about one product. */
public sealed interface ProductEvent
        permits ProductCreatedEvent,
                ProductPriceChangedEvent,
                ProductStockUpdatedEvent,
                StockReservedEvent,
                StockReleasedEvent,
                StockShippedEvent {

    /** @return number of the product the fact is about, positive */
    int productId();
}
