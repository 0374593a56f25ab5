package dev.eventshop.command.dispatch;

/** The aggregate is at another version than the ones the sender of the command wanted to change. */
public final class VersionMismatch extends CommandRefused {

    private static final long serialVersionUID = 1L;

    VersionMismatch(String aggregateId, long actual) {
        super(aggregateId + " is at version " + actual);
    }
}
