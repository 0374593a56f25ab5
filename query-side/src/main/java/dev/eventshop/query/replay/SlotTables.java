package dev.eventshop.query.replay;

import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.Slot;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;

/** What waits for a table's readers, and lets others wait behind it: better to give up soon, and to try again. */
final class SlotTables {

    private static final String SHORT = "80ms";

    private SlotTables() {}

    /** Bounds each wait for a lock in the caller's transaction from here on. */
    static void waitShortly(JdbcOperations jdbc) {
        jdbc.execute("set local lock_timeout = '" + SHORT + "'");
    }

    /**
     * Bounds each statement of a step as a whole: one that waits for several locks would otherwise wait for each of them as
     * long. What comes after the step may take its time.
     *
     * @throws org.springframework.dao.DataAccessException also when one took too long
     */
    static void shortly(JdbcOperations jdbc, Runnable step) {
        String before = jdbc.queryForObject("show statement_timeout", String.class);
        jdbc.execute("set local statement_timeout = '" + SHORT + "'");
        step.run();
        jdbc.execute("set local statement_timeout = '" + before + "'");
    }

    /**
     * Lets the caller's transaction end without waiting for the disk. What it has written is on disk no later than that of
     * any transaction after it that waits, by whomever: a crash loses it only together with the note that it was done.
     */
    static void commitLazily(JdbcOperations jdbc) {
        jdbc.execute("set local synchronous_commit = off");
    }

    /**
     * Keeps the positions of a projection's segments, and their claims, as they are until the caller's transaction ends.
     *
     * @throws org.springframework.dao.DataAccessException at once, when somebody is about to change one
     */
    static void holdPositions(JdbcOperations jdbc, String projection) {
        jdbc.queryForList(
                "select segment from tracking_token where processor_name = ? order by segment for no key update nowait",
                Integer.class,
                projection);
    }

    /** @throws org.springframework.dao.DataAccessException also when the wait was too long */
    static void empty(JdbcOperations jdbc, Projection projection, Slot slot) {
        String tables = projection.tables().stream().map(slot::table).collect(Collectors.joining(", "));
        waitShortly(jdbc);
        shortly(jdbc, () -> jdbc.execute("lock table " + tables + " in access exclusive mode"));
        jdbc.execute("truncate " + tables);
    }
}
