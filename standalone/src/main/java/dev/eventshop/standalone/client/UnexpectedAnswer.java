package dev.eventshop.standalone.client;

import java.io.Serial;

/** A service has answered something else than was needed, or nothing. The message tells a person which request it was. */
public final class UnexpectedAnswer extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public UnexpectedAnswer(String message) {
        super(message);
    }

    UnexpectedAnswer(String message, Throwable cause) {
        super(message, cause);
    }
}
