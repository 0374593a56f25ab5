package dev.eventshop.events.user;

/** A fact about one user. */
public sealed interface UserEvent permits UserRegisteredEvent, UserAccountLinkedEvent, UserPersonalDataErasedEvent {

    /** @return number of the user the fact is about, positive */
    int userId();
}
