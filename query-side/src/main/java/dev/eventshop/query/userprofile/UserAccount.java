package dev.eventshop.query.userprofile;

/**
 * Whom tokens mean by a user.
 *
 * @param subject personal data
 */
record UserAccount(String issuer, String subject, int userId) {}
