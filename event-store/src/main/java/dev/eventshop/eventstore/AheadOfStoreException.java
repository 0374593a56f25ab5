package dev.eventshop.eventstore;

/**
 * A reader has seen events that are not in the store: an older backup of the store was restored, or this is another
 * store. What the reader has made of them can't be taken back, so it must not go on. Retrying does not help; beginning
 * anew does, a replay for example.
 */
public final class AheadOfStoreException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    AheadOfStoreException(Position position, Position head, String reader) {
        super(reader + " has read up to " + position + ", and the store ends at " + head
                + " and does not know that position: an older backup of the store was restored. It stands until it"
                + " begins anew, see the runbook store-restored.");
    }
}
