package dev.eventshop.command.product.web;

import io.swagger.v3.oas.annotations.media.Schema;

/** Answer to {@code POST /api/products}. */
record ProductCreatedAnswer(@Schema(example = "17") int productId) {}
