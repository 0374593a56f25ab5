package dev.eventshop.query.productcatalog;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/**
 * One product.
 *
 * @param fresh whether an answer that was kept for a moment won't do
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record FindProduct(int productId, boolean fresh) {}
