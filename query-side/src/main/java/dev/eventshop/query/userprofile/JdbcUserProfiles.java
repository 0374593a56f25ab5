package dev.eventshop.query.userprofile;

import static dev.eventshop.query.projection.BulkWrite.column;

import dev.eventshop.query.projection.BulkWrite;
import dev.eventshop.query.projection.PerBatch;
import dev.eventshop.query.projection.RowBuffer;
import dev.eventshop.query.projection.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcOperations;

/** Users in PostgreSQL, in the table of one slot. */
final class JdbcUserProfiles implements UserProfiles {

    private final JdbcOperations jdbc;
    private final String select;
    private final String delete;
    private final BulkWrite<UserProfile> users;
    private final BulkWrite<UserAccount> accounts;
    private final PerBatch<Batch> batches;

    JdbcUserProfiles(JdbcOperations jdbc, Slot slot) {
        this.jdbc = jdbc;
        this.select = "select * from " + slot.table("user_profile") + " where user_id = any(?)";
        this.delete = "delete from " + slot.table("user_account") + " where user_id = any(?)";
        this.users = BulkWrite.upsert(
                slot.table("user_profile"),
                List.of("user_id"),
                List.of(
                        column("user_id", "integer", UserProfile::userId),
                        column("email", "text", UserProfile::email),
                        column("full_name", "text", UserProfile::fullName),
                        column("registered_at", "timestamptz", UserProfile::registeredAt),
                        column("erased", "boolean", UserProfile::erased),
                        column("version", "bigint", UserProfile::version)));
        this.accounts = BulkWrite.upsert(
                slot.table("user_account"),
                List.of("issuer", "subject"),
                List.of(
                        column("issuer", "text", UserAccount::issuer),
                        column("subject", "text", UserAccount::subject),
                        column("user_id", "integer", UserAccount::userId)));
        this.batches = new PerBatch<>(
                messages -> new Batch(new RowBuffer<>(RowBuffer.numbersOf("User", messages), this::load)), this::write);
    }

    @Override
    public Optional<UserProfile> find(int userId) {
        return batches.current().users().find(userId);
    }

    @Override
    public void put(UserProfile user) {
        batches.current().users().put(user.userId(), user);
    }

    @Override
    public void link(UserAccount account) {
        batches.current().linked().put(account.userId(), account);
    }

    @Override
    public void unlink(int userId) {
        batches.current().linked().remove(userId);
        batches.current().unlinked().add(userId);
    }

    /** Accounts are taken away before they are given: the person may be another user by now. */
    private void write(Batch batch) {
        users.write(jdbc, batch.users().changed());
        if (!batch.unlinked().isEmpty()) {
            jdbc.update(delete, (Object) batch.unlinked().toArray(Integer[]::new));
        }
        accounts.write(jdbc, batch.linked().values());
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

    /**
     * @param linked   accounts by user
     * @param unlinked users who lose theirs
     */
    private record Batch(RowBuffer<UserProfile> users, Map<Integer, UserAccount> linked, List<Integer> unlinked) {

        Batch(RowBuffer<UserProfile> users) {
            this(users, new TreeMap<>(), new ArrayList<>());
        }
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
