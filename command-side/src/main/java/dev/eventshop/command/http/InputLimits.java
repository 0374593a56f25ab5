package dev.eventshop.command.http;

import java.math.BigDecimal;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much a request may ask for; more is answered with 422.
 *
 * @param itemsPerOrder different products in one order, which bounds the size of an event
 * @param quantity      units of one product in one order
 * @param nameLength    characters of a product's name and of a person's name
 * @param reasonLength  characters of a reason
 * @param price         highest unit price; an order's total stays below 10^14 in any case
 */
@ConfigurationProperties("eventshop.command-side.limits")
public record InputLimits(
        @DefaultValue("100") int itemsPerOrder,
        @DefaultValue("10000") int quantity,
        @DefaultValue("200") int nameLength,
        @DefaultValue("500") int reasonLength,
        @DefaultValue("999999999") BigDecimal price) {}
