package dev.eventshop.command.order;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;

/** What the shop sells, by product. Read in the transaction of the order that is placed. */
interface Offers {

    /**
     * @param productIds numbers of products, each once
     * @return name and price of each product that exists; a number without a product has no entry
     */
    Map<Integer, Offer> of(Collection<Integer> productIds);

    /**
     * @param productName display name
     * @param unitPrice   in the shop's currency and its scale
     */
    record Offer(String productName, BigDecimal unitPrice) {}
}
