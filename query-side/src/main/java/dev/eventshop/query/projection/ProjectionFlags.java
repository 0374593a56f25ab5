package dev.eventshop.query.projection;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;

/** What all instances obey: which slot of a projection is live, how often it was emptied, and whether it is paused. */
public final class ProjectionFlags {

    private final JdbcOperations jdbc;

    ProjectionFlags(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    Map<String, Flags> read() {
        Map<String, Flags> flags = new HashMap<>();
        jdbc.query("select name, live_slot, version, resets, paused from projection", row -> {
            flags.put(
                    row.getString(1),
                    new Flags(Slot.of(row.getString(2)), row.getInt(3), row.getLong(4), row.getBoolean(5)));
        });
        return flags;
    }

    /** @return the slot that readers see */
    public Slot liveSlot(String projection) {
        return Slot.of(
                jdbc.queryForObject("select live_slot from projection where name = ?", String.class, projection));
    }

    /**
     * @param version of the processors' code
     * @return the slot that they may write into; empty when the projection is paused, or newer code has filled it
     */
    Optional<Slot> workedOn(String projection, int version) {
        return jdbc
                .queryForList(
                        "select live_slot from projection where name = ? and not paused and version <= ?",
                        String.class,
                        projection,
                        version)
                .stream()
                .map(Slot::of)
                .findFirst();
    }

    /**
     * Keeps others from pausing, switching and replaying the projection until the caller's transaction ends.
     *
     * @return the slot that readers see; empty when it is paused, or newer code has filled it
     */
    public Optional<Slot> holdLive(Projection projection) {
        return jdbc
                .queryForList(
                        "select live_slot from projection where name = ? and not paused and version <= ? for share",
                        String.class,
                        projection.name(),
                        projection.version())
                .stream()
                .map(Slot::of)
                .findFirst();
    }

    /**
     * Lets nobody ask for a replay of the projection until the caller's transaction ends.
     *
     * @return the slot that readers see; it stays that while there is no replay
     */
    public Slot holdAgainstReplays(String projection) {
        return Slot.of(jdbc.queryForObject(
                "select live_slot from projection where name = ? for no key update", String.class, projection));
    }

    public boolean isPaused(String projection) {
        return jdbc.queryForObject("select paused from projection where name = ?", Boolean.class, projection);
    }

    /** @return how often the view has been emptied: what was known of its contents before is void */
    public long resets(String projection) {
        return jdbc.queryForObject("select resets from projection where name = ?", Long.class, projection);
    }

    /** Notes that the caller's transaction empties the view, or a part of it, and goes back. */
    public void countReset(String projection) {
        jdbc.update("update projection set resets = resets + 1 where name = ?", projection);
    }

    /** Lets all instances stop their part of the projection, soon after the caller's transaction is committed. */
    public void pause(String projection) {
        jdbc.update("update projection set paused = true where name = ? and not paused", projection);
    }

    /** Lets all instances go on, soon after the caller's transaction is committed. */
    public void resume(String projection) {
        jdbc.update("update projection set paused = false where name = ?", projection);
    }

    /** @return version of the code that has filled the live slot */
    int liveVersion(String projection) {
        return jdbc.queryForObject("select version from projection where name = ?", Integer.class, projection);
    }

    /** @return versions of the code that has filled the live slots, by the names of the projections */
    public Map<String, Integer> liveVersions() {
        Map<String, Integer> versions = new HashMap<>();
        jdbc.query("select name, version from projection", row -> {
            versions.put(row.getString(1), row.getInt(2));
        });
        return versions;
    }

    /**
     * Lets readers see that slot from the caller's commit on, and ends a pause. What was known of the view's contents
     * before is void. Waits for those who read at the moment, and lets others wait behind it: set a {@code statement_timeout}.
     */
    public void show(Projection projection, Slot slot) {
        jdbc.query(
                "select show_slot(?, ?)",
                row -> {},
                slot.letter(),
                projection.tables().toArray(String[]::new));
        jdbc.update(
                "update projection set live_slot = ?, version = ?, resets = resets + 1, paused = false where name = ?",
                slot.letter(),
                projection.version(),
                projection.name());
    }

    /** @param version of the code that has filled the live slot */
    record Flags(Slot liveSlot, int version, long resets, boolean paused) {}
}
