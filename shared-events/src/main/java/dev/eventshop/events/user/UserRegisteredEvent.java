package dev.eventshop.events.user;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person registered. First event of every user.
 *
 * <p>Public. Emitted by {@code RegisterUser}. Personal data: {@code email}, {@code fullName}. The language of the
 * person's emails is metadata ({@link dev.eventshop.events.registry.EventMetadata#LOCALE}).
 *
 * @param email        as entered, unique without regard to case; null when the person was erased
 * @param fullName     as entered, not blank; null when the person was erased
 * @param registeredAt UTC, by the command side's clock
 */
public record UserRegisteredEvent(
        int userId, @Nullable String email, @Nullable String fullName, Instant registeredAt) implements UserEvent {}
