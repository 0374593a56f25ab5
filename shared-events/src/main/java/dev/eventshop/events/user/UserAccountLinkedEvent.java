package dev.eventshop.events.user;

import java.time.Instant;

/**
 * From now on, somebody who proves with a token to hold that account is this user, and nobody else is.
 *
 * <p>Internal. Emitted by {@code RegisterUser} when a customer registers themselves. Personal data: none; {@code account}
 * is a pseudonym, since some issuers make a token's subject of a name or an email address.
 *
 * @param account  hash of the token's issuer and subject under a secret key, 32 bytes as Base64 for URLs, without padding
 * @param linkedAt UTC, by the command side's clock
 */
public record UserAccountLinkedEvent(int userId, String account, Instant linkedAt) implements UserEvent {}
