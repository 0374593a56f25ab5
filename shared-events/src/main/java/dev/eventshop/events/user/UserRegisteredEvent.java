package dev.eventshop.events.user;

import java.time.Instant;

/**
 * A person registered. First event of every user.
 *
 * <p>Public. Emitted by {@code RegisterUser}. Personal data: {@code email}, {@code fullName}. The language of the
 * person's emails is metadata ({@link dev.eventshop.events.registry.EventMetadata#LOCALE}).
 *
 * @param email        as entered, unique without regard to case
 * @param fullName     as entered, not blank
 * @param registeredAt UTC, by the command side's clock
 */
public record UserRegisteredEvent(int userId, String email, String fullName, Instant registeredAt)
        implements UserEvent {}
