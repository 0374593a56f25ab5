package dev.eventshop.command.order;

/** Why an order refuses a command. */
public enum OrderRejection {
    /** Nobody is registered under the customer's number. */
    USER_NOT_FOUND,
    /** There is no product with the number of an item. */
    PRODUCT_NOT_FOUND,
    /** The order's total passes what amounts are stored with. */
    TOTAL_OUT_OF_RANGE,
    /** The order was cancelled. */
    NOT_CONFIRMABLE,
    /** Only a confirmed order can be shipped. */
    NOT_SHIPPABLE,
    /** Only a shipped order can be completed. */
    NOT_COMPLETABLE,
    /** The order was shipped, or cancelled before. */
    NOT_CANCELLABLE
}
