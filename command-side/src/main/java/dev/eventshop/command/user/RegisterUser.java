package dev.eventshop.command.user;

import dev.eventshop.events.user.UserId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/**
 * Makes a person a customer.
 *
 * @param userId   a number that was never used before
 * @param fullName as entered, not blank
 * @param language of the emails to the person, for example {@code en}
 */
public record RegisterUser(
        @TargetAggregateIdentifier UserId userId, EmailAddress email, String fullName, String language) {}
