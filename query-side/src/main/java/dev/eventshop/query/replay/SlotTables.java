package dev.eventshop.query.replay;

import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.Slot;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;

/** What waits for a table's readers, and lets others wait behind it: better to give up soon, and to try again. */
final class SlotTables {

    private static final String SHORT_WAIT = "set local lock_timeout = '80ms'";

    private SlotTables() {}

    /** Bounds the waits of the caller's transaction from here on. */
    static void waitShortly(JdbcOperations jdbc) {
        jdbc.execute(SHORT_WAIT);
    }

    /**
     * Lets the caller's transaction end without waiting for the disk. What it has written is on disk no later than that of
     * any transaction after it that waits, by whomever: a crash loses it only together with the note that it was done.
     */
    static void commitLazily(JdbcOperations jdbc) {
        jdbc.execute("set local synchronous_commit = off");
    }

    /** @throws org.springframework.dao.DataAccessException also when the wait was too long */
    static void empty(JdbcOperations jdbc, Projection projection, Slot slot) {
        waitShortly(jdbc);
        jdbc.execute("truncate " + projection.tables().stream().map(slot::table).collect(Collectors.joining(", ")));
    }
}
