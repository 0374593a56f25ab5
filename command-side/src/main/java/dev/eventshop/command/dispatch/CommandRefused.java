package dev.eventshop.command.dispatch;

/**
 * A command can't be carried out in the aggregate's state. Nothing was written, and trying again helps only once the
 * state has changed.
 */
public abstract class CommandRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is refused, and because of which state; shown to clients */
    protected CommandRefused(String message) {
        super(message, null, false, false); // a refusal is an answer: no stack to search
    }
}
