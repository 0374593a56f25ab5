package dev.eventshop.command.user;

/** Why a user's command is refused. */
public enum UserRejection {
    /** Somebody is registered with the address, in any mix of upper and lower case. */
    EMAIL_TAKEN,
    /** The account is a user's already. */
    ALREADY_REGISTERED
}
