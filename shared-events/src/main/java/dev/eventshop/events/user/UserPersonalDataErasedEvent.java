package dev.eventshop.events.user;

import java.time.Instant;

/**
 * A person's data is to be forgotten; the orders stay. Last event of a user.
 *
 * <p>Public. Personal data: none.
 *
 * @param erasedAt UTC, by the command side's clock
 */
public record UserPersonalDataErasedEvent(int userId, Instant erasedAt) implements UserEvent {}
