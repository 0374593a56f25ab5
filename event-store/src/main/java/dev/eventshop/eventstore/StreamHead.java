package dev.eventshop.eventstore;

/**
 * The last event of one aggregate.
 *
 * @param sequenceNumber the aggregate's version
 * @param position       the event's place in the store; may lie above the horizon
 */
public record StreamHead(long sequenceNumber, Position position) {}
