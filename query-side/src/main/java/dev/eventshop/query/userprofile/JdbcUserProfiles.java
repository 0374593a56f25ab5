package dev.eventshop.query.userprofile;

import static dev.eventshop.query.projection.BulkWrite.column;

import dev.eventshop.query.projection.BulkWrite;
import dev.eventshop.query.projection.PerBatch;
import dev.eventshop.query.projection.RowBuffer;
import dev.eventshop.query.projection.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcOperations;

/** Users in PostgreSQL, in the table of one slot. */
final class JdbcUserProfiles implements UserProfiles {

    private final JdbcOperations jdbc;
    private final String select;
    private final PerBatch<RowBuffer<UserProfile>> batches;

    JdbcUserProfiles(JdbcOperations jdbc, Slot slot) {
        this.jdbc = jdbc;
        this.select = "select * from " + slot.table("user_profile") + " where user_id = any(?)";
        BulkWrite<UserProfile> users = BulkWrite.upsert(
                slot.table("user_profile"),
                List.of("user_id"),
                List.of(
                        column("user_id", "integer", UserProfile::userId),
                        column("email", "text", UserProfile::email),
                        column("full_name", "text", UserProfile::fullName),
                        column("registered_at", "timestamptz", UserProfile::registeredAt),
                        column("erased", "boolean", UserProfile::erased),
                        column("version", "bigint", UserProfile::version)));
        this.batches = new PerBatch<>(
                messages -> new RowBuffer<>(RowBuffer.numbersOf("User", messages), this::load),
                batch -> users.write(jdbc, batch.changed()));
    }

    @Override
    public Optional<UserProfile> find(int userId) {
        return batches.current().find(userId);
    }

    @Override
    public void put(UserProfile user) {
        batches.current().put(user.userId(), user);
    }

    private Map<Integer, UserProfile> load(Collection<Integer> userIds) {
        Map<Integer, UserProfile> found = new HashMap<>();
        jdbc.query(
                select,
                row -> {
                    found.put(row.getInt("user_id"), user(row));
                },
                (Object) userIds.toArray(Integer[]::new));
        return found;
    }

    private static UserProfile user(ResultSet row) throws SQLException {
        return new UserProfile(
                row.getInt("user_id"),
                row.getString("email"),
                row.getString("full_name"),
                row.getObject("registered_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("erased"),
                row.getLong("version"));
    }
}
