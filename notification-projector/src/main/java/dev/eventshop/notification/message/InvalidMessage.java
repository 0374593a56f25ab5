package dev.eventshop.notification.message;

import dev.eventshop.messaging.PermanentFailure;

/** A message that breaks the contract. Trying again does not help. */
public class InvalidMessage extends RuntimeException implements PermanentFailure {

    private static final long serialVersionUID = 1L;

    public InvalidMessage(String message) {
        super(message);
    }
}
