package dev.eventshop.command.dispatch;

/** A command lost every race for its aggregate until its time was up. Nothing was written; later it may succeed. */
public final class TooContended extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooContended(Throwable lastLostRace) {
        super("too many writers at the same time", lastLostRace);
    }
}
