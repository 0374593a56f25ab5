package dev.eventshop.eventstore;

/**
 * The events of one aggregate, as far as they were asked for.
 *
 * @param events             how many there are
 * @param lastSequenceNumber of the last of them
 */
public record StreamExtent(String aggregateId, long events, long lastSequenceNumber) {}
