package dev.eventshop.embedded;

import org.jspecify.annotations.Nullable;

/** A server could not be started or stopped. The message tells a person, in a sentence, why. */
public class EmbeddedServerFailed extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    EmbeddedServerFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    EmbeddedServerFailed(String message) {
        super(message);
    }
}
