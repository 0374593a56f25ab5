package dev.eventshop.query.projection;

import java.io.Serial;

/**
 * An event is about a row that the view does not have: an earlier event is missing from it. Trying again does not help
 * unless the projection is rebuilt.
 */
public class MissingRow extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** @param version sequence number of the event */
    public MissingRow(String view, int id, long version) {
        super(view + " has no row " + id + " for the event with sequence number " + version);
    }
}
