package dev.eventshop.eventstore;

import java.io.Serial;

/** What an event says can't be decrypted or brought to today's revision. Its cause tells why. */
public class UnreadableEventException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnreadableEventException(StoredEvent event, RuntimeException cause) {
        super(event.aggregateId() + "#" + event.sequenceNumber() + " can't be read", cause);
    }
}
