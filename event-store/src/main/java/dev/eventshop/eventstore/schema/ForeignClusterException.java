package dev.eventshop.eventstore.schema;

/**
 * The store was moved to another PostgreSQL cluster, whose transaction ids don't continue those that its events have, or
 * was made anew from a dump in the same one, and readers may have seen events that are not in it any more. Retrying does not help; {@link EventStoreSchema#openEpoch(javax.sql.DataSource)} does.
 */
public final class ForeignClusterException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ForeignClusterException(long known, long found) {
        super("The event store was written by PostgreSQL cluster " + known + " and is now in cluster " + found
                + ", where its order would break: run restore, which opens a new epoch.");
    }

    ForeignClusterException(int epoch) {
        super(
                "The event store is not the one that epoch " + epoch
                        + " was opened for, but was made anew from a dump of it: run restore --adopt, which opens a new epoch.");
    }
}
