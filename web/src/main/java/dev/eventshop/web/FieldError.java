package dev.eventshop.web;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What is wrong with one field of a request.
 *
 * @param field   path in the body ({@code items[0].quantity}; {@code $} for the body as a whole), or the name of a query
 *                parameter or header
 * @param message in words for a person, without the refused value
 */
public record FieldError(
        @Schema(example = "items[0].quantity") String field,
        @Schema(example = "must be from 1 to 10000") String message) {}
