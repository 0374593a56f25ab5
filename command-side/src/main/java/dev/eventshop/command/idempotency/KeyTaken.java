package dev.eventshop.command.idempotency;

import java.io.Serial;

/** Another call with the same key is being carried out, or was: what this one has done has to be rolled back. */
public final class KeyTaken extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public KeyTaken() {
        super("idempotency key taken", null, false, false);
    }
}
