package dev.eventshop.events.registry;

import org.axonframework.serialization.SerializationException;

/** A row or a message names a type that the reader does not know. Trying again does not help. */
public class UnknownTypeException extends SerializationException {

    private static final long serialVersionUID = 1L;

    public UnknownTypeException(String message) {
        super(message);
    }
}
