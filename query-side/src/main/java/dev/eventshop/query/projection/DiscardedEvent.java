package dev.eventshop.query.projection;

/**
 * Stands for an event that an operator has discarded: the view goes on as if it had been applied, and has nothing of it.
 * Never stored.
 *
 * @param number of the aggregate
 */
public record DiscardedEvent(int number) {}
