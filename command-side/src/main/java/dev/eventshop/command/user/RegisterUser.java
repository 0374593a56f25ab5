package dev.eventshop.command.user;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.command.account.Account;
import dev.eventshop.events.user.UserId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a person a customer.
 *
 * @param userId   a number that was never used before
 * @param fullName as entered, not blank
 * @param language of the emails to the person, for example {@code en}
 * @param account  that the person will be known by; null for somebody who is registered by another, and has none
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
public record RegisterUser(
        @TargetAggregateIdentifier UserId userId,
        EmailAddress email,
        String fullName,
        String language,
        @Nullable Account account) {}
