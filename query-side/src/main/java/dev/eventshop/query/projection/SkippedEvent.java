package dev.eventshop.query.projection;

import java.io.Serial;

/**
 * An event does not follow the last one that the view knows of the same aggregate. To apply it would hide that one in
 * between is missing.
 */
public class SkippedEvent extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private SkippedEvent(String view, int id, long expected, long version) {
        super(view + " expects the event with sequence number " + expected + " for row " + id + ", not " + version);
    }

    /**
     * Compares an event with the row that it is about.
     *
     * @param current version of the row
     * @param version sequence number of the event
     * @return true when the row knows of the event already: a redelivery
     * @throws SkippedEvent when an event in between is missing
     */
    public static boolean isRedelivery(String view, int id, long current, long version) {
        if (version > current + 1) {
            throw new SkippedEvent(view, id, current + 1, version);
        }
        return version <= current;
    }
}
