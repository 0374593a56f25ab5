package dev.eventshop.query.userprofile;

import static dev.eventshop.query.projection.BulkWrite.column;

import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Users in PostgreSQL, in the table of one slot. */
final class JdbcUserProfiles implements UserProfiles {

    private final JdbcOperations jdbc;
    private final PersonKeys keys;
    private final String select;
    private final BulkWrite<Sealed> users;
    private final BulkWrite<UserAccount> accounts;
    private final PerBatch<Batch> batches;

    JdbcUserProfiles(JdbcOperations jdbc, PersonKeys keys, Slot slot) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.select = "select * from " + slot.table("user_profile") + " where user_id = any(?)";
        this.users = BulkWrite.upsert(
                slot.table("user_profile"),
                List.of("user_id"),
                List.of(
                        column("user_id", "integer", row -> row.user().userId()),
                        column("email", "bytea", Sealed::email),
                        column("full_name", "bytea", Sealed::fullName),
                        column("registered_at", "timestamptz", row -> row.user().registeredAt()),
                        column("erased", "boolean", row -> row.user().erased()),
                        column("version", "bigint", row -> row.user().version())));
        this.accounts = BulkWrite.upsert(
                slot.table("user_account"),
                List.of("user_id"),
                List.of(
                        column("user_id", "integer", UserAccount::userId),
                        column("account", "text", UserAccount::account),
                        column("linked_at", "timestamptz", UserAccount::linkedAt)));
        this.batches = new PerBatch<>(
                messages -> new Batch(new RowBuffer<>(RowBuffer.numbersOf("User", messages), this::load)),
                this::prepared);
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
    public void forget(int userId) {
        batches.current().forgotten().add("user-" + userId);
    }

    /** Most persons have a key, and are sealed before anything is written. Keys are made in the same transaction. */
    private Runnable prepared(Batch batch) {
        Map<String, PersonKey> known = keys.find(persons(batch.users().changed()));
        List<UserProfile> without = new ArrayList<>();
        List<Sealed> sealed = new ArrayList<>();
        for (UserProfile user : batch.users().changed()) {
            if (user.hasPersonalData() && !known.containsKey(user.person())) {
                without.add(user);
            } else {
                sealed.add(Sealed.of(user, known.get(user.person())));
            }
        }
        Runnable write =
                BulkWrite.all(jdbc, users.of(sealed), accounts.of(batch.linked().values()));
        return () -> {
            batch.forgotten().forEach(keys::destroy);
            write.run();
            Map<String, PersonKey> made = keys.create(persons(without));
            List<Sealed> others = without.stream()
                    .map(user -> Sealed.of(user, made.get(user.person())))
                    .toList();
            users.of(others).write(jdbc);
        };
    }

    private static List<String> persons(Collection<UserProfile> users) {
        return users.stream()
                .filter(UserProfile::hasPersonalData)
                .map(UserProfile::person)
                .toList();
    }

    private Map<Integer, UserProfile> load(Collection<Integer> userIds) {
        Map<Integer, UserProfile> found = new HashMap<>();
        Map<String, PersonKey> known =
                keys.find(userIds.stream().map(userId -> "user-" + userId).toList());
        jdbc.query(
                select,
                row -> {
                    found.put(row.getInt("user_id"), user(row, known.get("user-" + row.getInt("user_id"))));
                },
                (Object) userIds.toArray(Integer[]::new));
        return found;
    }

    /**
     * @param linked    accounts by user
     * @param forgotten persons whose keys go
     */
    private record Batch(RowBuffer<UserProfile> users, Map<Integer, UserAccount> linked, Set<String> forgotten) {

        Batch(RowBuffer<UserProfile> users) {
            this(users, new TreeMap<>(), new TreeSet<>());
        }
    }

    private record Sealed(
            UserProfile user,
            @Nullable String email,
            @Nullable String fullName) {

        static Sealed of(UserProfile user, @Nullable PersonKey key) {
            return new Sealed(
                    user,
                    SealedProfiles.sealed(key, user.email(), SealedProfiles.EMAIL),
                    SealedProfiles.sealed(key, user.fullName(), SealedProfiles.FULL_NAME));
        }
    }

    private static UserProfile user(ResultSet row, @Nullable PersonKey key) throws SQLException {
        return new UserProfile(
                row.getInt("user_id"),
                SealedProfiles.opened(key, row.getBytes("email"), SealedProfiles.EMAIL),
                SealedProfiles.opened(key, row.getBytes("full_name"), SealedProfiles.FULL_NAME),
                row.getObject("registered_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("erased"),
                row.getLong("version"));
    }
}
