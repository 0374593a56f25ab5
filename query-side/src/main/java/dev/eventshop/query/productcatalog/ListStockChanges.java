package dev.eventshop.query.productcatalog;

/**
 * The changes of a product's stock, newest first.
 *
 * @param before version of the last one on the page before; {@link Long#MAX_VALUE} for the first page
 */
record ListStockChanges(int productId, long before, int limit) {}
