package dev.eventshop.command.user;

import dev.eventshop.command.dispatch.CommandRefused;

/** A user's command was refused. Sending the same command again does not help. */
public final class UserRejected extends CommandRefused {

    private static final long serialVersionUID = 1L;

    private final UserRejection rejection;

    UserRejected(UserRejection rejection, String message) {
        super(message);
        this.rejection = rejection;
    }

    public UserRejection rejection() {
        return rejection;
    }
}
