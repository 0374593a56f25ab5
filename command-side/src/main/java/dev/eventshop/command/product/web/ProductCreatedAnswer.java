package dev.eventshop.command.product.web;

/** Answer to {@code POST /api/products}. */
record ProductCreatedAnswer(int productId) {}
