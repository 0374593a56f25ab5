package dev.eventshop.events.user;

import java.time.Instant;

/**
 * From now on, somebody who proves with a token to be that subject of that issuer is this user.
 *
 * <p>Internal. Emitted by {@code RegisterUser} when a customer registers themselves. Personal data: {@code subject},
 * which some issuers make of a name or an email address.
 *
 * @param issuer   of the tokens, as their claim {@code iss} names it
 * @param subject  what the issuer calls the person, as in the claim {@code sub}
 * @param linkedAt UTC, by the command side's clock
 */
public record UserAccountLinkedEvent(int userId, String issuer, String subject, Instant linkedAt)
        implements UserEvent {}
