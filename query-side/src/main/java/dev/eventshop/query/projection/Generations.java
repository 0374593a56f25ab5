package dev.eventshop.query.projection;

import dev.eventshop.query.projection.Generation.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** What is in the slots of projections: which one readers see, and which one a replay fills beside it. */
final class Generations {

    private static final String LIVE = """
            select p.name, p.live_slot, p.resets + 1 as number, p.version, r.id as replay, r.version as replay_version
            from projection p
            left join replay r on r.projection = p.name and r.mode = 'SIDE_BY_SIDE'
                and r.state in ('RUNNING', 'SWITCHING') and r.switched_at is null""";

    private final JdbcOperations jdbc;

    Generations(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** @return by name, of those that the database knows */
    Map<String, Live> live() {
        Map<String, Live> live = new HashMap<>();
        jdbc.query(LIVE, row -> {
            live.put(row.getString("name"), Live.of(row));
        });
        return live;
    }

    /**
     * @param number  of the live generation
     * @param version of the code that has filled it
     * @param replay  that fills the other slot; null when none does
     * @param next    version of the code that fills the other slot
     */
    record Live(
            Slot slot, long number, int version, @Nullable Long replay, int next) {

        private static Live of(ResultSet row) throws SQLException {
            return new Live(
                    Slot.of(row.getString("live_slot")),
                    row.getLong("number"),
                    row.getInt("version"),
                    row.getObject("replay", Long.class),
                    row.getInt("replay_version"));
        }

        /** @return both slots of the projection, in their order */
        List<Generation> generations(Projection projection) {
            return Stream.of(Slot.values())
                    .map(each -> each == slot ? live(projection) : other(projection))
                    .toList();
        }

        private Generation live(Projection projection) {
            return new Generation(slot.letter(), State.LIVE, number, version, tables(projection, slot), null);
        }

        private Generation other(Projection projection) {
            List<String> tables = tables(projection, slot.other());
            return replay == null
                    ? new Generation(slot.other().letter(), State.IDLE, null, null, tables, null)
                    : new Generation(slot.other().letter(), State.BUILDING, number + 1, next, tables, replay);
        }

        private static List<String> tables(Projection projection, Slot slot) {
            return projection.tables().stream().map(slot::table).toList();
        }
    }
}
