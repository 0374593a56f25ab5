package dev.eventshop.web;

/**
 * What is wrong with one field of a request.
 *
 * @param field   path in the body ({@code items[0].quantity}; {@code $} for the body as a whole), or the name of a query
 *                parameter or header
 * @param message in words for a person, without the refused value
 */
public record FieldError(String field, String message) {}
