package dev.eventshop.personaldata;

import dev.eventshop.personaldata.key.PersonKeys;

/**
 * The keys in the event store's database, which may be another than the service's.
 *
 * @param keys the service's own, where they are the same
 */
public record EventKeys(PersonKeys keys) {}
