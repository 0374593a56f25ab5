package dev.eventshop.query.projection;

import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcOperations;

/** What all instances obey: which slot of a projection is live, and whether it is paused. */
public final class ProjectionFlags {

    private final JdbcOperations jdbc;

    ProjectionFlags(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    Map<String, Flags> read() {
        Map<String, Flags> flags = new HashMap<>();
        jdbc.query("select name, live_slot, paused from projection", row -> {
            flags.put(row.getString(1), new Flags(Slot.of(row.getString(2)), row.getBoolean(3)));
        });
        return flags;
    }

    /** @return the slot that readers see */
    public Slot liveSlot(String projection) {
        return Slot.of(
                jdbc.queryForObject("select live_slot from projection where name = ?", String.class, projection));
    }

    /** Lets all instances stop their part of the projection, soon after the caller's transaction is committed. */
    public void pause(String projection) {
        jdbc.update("update projection set paused = true where name = ? and not paused", projection);
    }

    /** Lets all instances go on, soon after the caller's transaction is committed. */
    public void resume(String projection) {
        jdbc.update("update projection set paused = false where name = ?", projection);
    }

    record Flags(Slot liveSlot, boolean paused) {}
}
