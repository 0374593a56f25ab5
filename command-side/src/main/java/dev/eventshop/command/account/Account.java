package dev.eventshop.command.account;

/**
 * Whom a token is about.
 *
 * @param issuer  as the token's claim {@code iss} names it
 * @param subject what the issuer calls the person
 */
public record Account(String issuer, String subject) {

    /** Without its parts: they may tell who the person is. */
    @Override
    public String toString() {
        return "Account[...]";
    }
}
