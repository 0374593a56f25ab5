package dev.eventshop.command.account;

import dev.eventshop.command.dispatch.CommandRefused;

/** The user's personal data was erased: they, and others for them, can't do anything any more. */
public final class UserErased extends CommandRefused {

    private static final long serialVersionUID = 1L;

    public UserErased() {
        super("The user's personal data was erased.");
    }
}
