package dev.eventshop.query.productcatalog;

/** One product. */
record FindProduct(int productId) {}
