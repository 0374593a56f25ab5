package dev.eventshop.query.userprofile;

import java.time.Instant;

/**
 * Whom tokens mean by a user.
 *
 * @param account  pseudonym of issuer and subject; the last user who was given it has it
 * @param linkedAt when the user was given it
 */
record UserAccount(int userId, String account, Instant linkedAt) {}
