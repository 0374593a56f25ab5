package dev.eventshop.query.productcatalog;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/**
 * The changes of a product's stock, newest first.
 *
 * @param before version of the last one on the page before; {@link Long#MAX_VALUE} for the first page
 */
@AllowedTo(Role.STAFF)
record ListStockChanges(int productId, long before, int limit) {}
