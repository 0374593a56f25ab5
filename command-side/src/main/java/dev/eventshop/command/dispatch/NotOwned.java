package dev.eventshop.command.dispatch;

/** The aggregate belongs to another user than the one who may change it. */
public final class NotOwned extends CommandRefused {

    private static final long serialVersionUID = 1L;

    private final String aggregateId;

    NotOwned(String aggregateId) {
        super(aggregateId + " belongs to somebody else");
        this.aggregateId = aggregateId;
    }

    public String aggregateId() {
        return aggregateId;
    }
}
