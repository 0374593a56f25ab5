package dev.eventshop.command.dispatch;

/** A decision was taken from a cached aggregate that another instance has changed since. The next attempt reads anew. */
final class StaleAggregate extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StaleAggregate(String aggregateId) {
        super(aggregateId, null, false, false);
    }
}
