package dev.eventshop.query.productcatalog;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;

/** One product. */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record FindProduct(int productId) {}
