package dev.eventshop.eventstore.schema;

import java.time.Duration;

/** The service that migrates the event store has not done so in time. */
public final class SchemaMissingException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SchemaMissingException(String version, Duration waited, Throwable cause) {
        super(
                "The schema event_store is not at version " + version + " after " + waited.toSeconds()
                        + " s: start the service that migrates it.",
                cause);
    }
}
