package dev.eventshop.messaging;

import org.jspecify.annotations.Nullable;

/**
 * A batch was not published to its end: the broker is away or does not answer, has refused a message, or has no queue
 * for one. Trying again can help, except when the cause is a {@link TopologyMismatch}.
 */
public class PublicationFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final int confirmed;

    /**
     * @param confirmed length of the prefix of the batch that is confirmed and routed
     * @param message   what has happened, in one sentence
     */
    public PublicationFailed(int confirmed, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.confirmed = confirmed;
    }

    /** @return how many messages at the beginning of the batch are confirmed and, where mandatory, routed */
    public int confirmed() {
        return confirmed;
    }
}
