package dev.eventshop.notification.message;

/** A message that breaks the contract. Trying again does not help. */
public class InvalidMessage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidMessage(String message) {
        super(message);
    }
}
