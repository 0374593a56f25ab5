package dev.eventshop.command.dispatch;

/** An aggregate that belongs to a user: a customer may change it when they are that user. */
public interface OwnedByUser {

    /** @return number of the user */
    int owner();
}
