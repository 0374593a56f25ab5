package dev.eventshop.personaldata.key;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The keys of one database, in a schema of their own. Takes part in Spring's transaction when there is one. Nothing is
 * remembered between two calls: a key that was destroyed can't be used any more, in whichever process.
 */
public final class PersonKeys {

    /** Owner of the key to hashes; no person's name has a space. */
    private static final String INDEX = "the index";

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final MasterKeys masterKeys;
    private final String select;
    private final String insert;
    private final String destroy;
    private final String schema;
    private volatile @Nullable IndexKey indexKey;

    /** @param schema where the keys are, a plain identifier in lower case */
    public PersonKeys(DataSource dataSource, String schema, MasterKeys masterKeys) {
        if (!IDENTIFIER.matcher(schema).matches()) {
            throw new IllegalArgumentException("not a plain name of a schema: " + schema);
        }
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        this.masterKeys = masterKeys;
        this.schema = schema;
        this.select = "select person, master_key, wrapped from " + schema
                + ".person_key where person = any(?) and wrapped is not null";
        this.insert = "insert into " + schema + ".person_key (person, master_key, wrapped)"
                + " select person, ?, wrapped from unnest(cast(? as text[]), cast(? as bytea[])) as new (person, wrapped)"
                + " on conflict (person) do nothing returning person";
        this.destroy = "insert into " + schema + ".person_key (person, destroyed_at) values (?, now())"
                + " on conflict (person) do update set master_key = null, wrapped = null, destroyed_at = now()"
                + " where person_key.wrapped is not null";
    }

    /**
     * @return the table with a row for each person, for statements that must do nothing once a key is destroyed: they lock
     *     the row {@code for share} where {@code wrapped is not null}
     */
    public String table() {
        return schema + ".person_key";
    }

    /**
     * For persons who probably have one.
     *
     * @return the keys of these persons; those who have none get one, in the caller's transaction. Nobody gets one whose
     *     key was destroyed
     */
    public Map<String, PersonKey> obtain(Collection<String> persons) {
        Map<String, PersonKey> keys = new HashMap<>(find(persons));
        Set<String> missing = new HashSet<>(persons);
        missing.removeAll(keys.keySet());
        keys.putAll(create(missing));
        return keys;
    }

    /** As {@link #obtain(Collection)}, for persons who probably have none: then it takes one statement. */
    public Map<String, PersonKey> create(Collection<String> persons) {
        Map<String, PersonKey> keys = new HashMap<>();
        Set<String> missing = new TreeSet<>(persons); // in one order, so that two writers can't block each other
        if (missing.isEmpty()) {
            return keys;
        }
        Map<String, byte[]> made = new HashMap<>();
        missing.forEach(person -> made.put(person, AesGcm.randomKey()));
        List<String> added = jdbc.queryForList(
                insert,
                String.class,
                masterKeys.current(),
                missing.toArray(String[]::new),
                missing.stream()
                        .map(person -> masterKeys.wrap(made.get(person), person))
                        .toArray(byte[][]::new));
        added.forEach(person -> keys.put(person, new PersonKey(person, made.get(person))));
        Set<String> others = new HashSet<>(missing);
        added.forEach(others::remove);
        if (!others.isEmpty()) { // made by somebody else meanwhile, or destroyed
            keys.putAll(find(others));
        }
        return keys;
    }

    /** @return the person's key, made when there is none; empty when it was destroyed */
    public Optional<PersonKey> obtain(String person) {
        return Optional.ofNullable(obtain(List.of(person)).get(person));
    }

    /** @return the keys of those of these persons who have one */
    public Map<String, PersonKey> find(Collection<String> persons) {
        Map<String, PersonKey> found = new HashMap<>();
        if (!persons.isEmpty()) {
            jdbc.query(
                    select,
                    row -> {
                        PersonKey key = key(row);
                        found.put(row.getString(1), key);
                    },
                    (Object) persons.toArray(String[]::new));
        }
        return found;
    }

    /** @return empty when there is none, or it was destroyed */
    public Optional<PersonKey> find(String person) {
        return Optional.ofNullable(find(List.of(person)).get(person));
    }

    private PersonKey key(ResultSet row) throws SQLException {
        String person = row.getString(1);
        return new PersonKey(person, masterKeys.unwrap(row.getString(2), row.getBytes(3), person));
    }

    /**
     * Makes sure that what is encrypted for the person can't be read again, and that there will never be another key.
     *
     * @return false when that had been done before
     */
    public boolean destroy(String person) {
        return jdbc.update(destroy, person) == 1;
    }

    /**
     * Destroys the key of somebody who was erased, and whom a backup has brought back. A key that is younger than the
     * erasure is somebody else's: the backup was so old that it did not know of the number, which was given away again.
     *
     * @return false when there is no such key
     */
    public boolean destroyAgain(String person, Instant erasedAt) {
        return jdbc.update(
                        "update " + schema + ".person_key set master_key = null, wrapped = null, destroyed_at = now()"
                                + " where person = ? and wrapped is not null and created_at <= ?",
                        person,
                        erasedAt.atOffset(ZoneOffset.UTC))
                == 1;
    }

    /**
     * @return what hashes are made with; made when there is none yet, and then for good, whatever becomes of the caller's
     *     transaction: somebody else may have made a hash with it that stays
     */
    public IndexKey indexKey() {
        IndexKey known = indexKey;
        if (known != null) {
            return known;
        }
        addIndexKey();
        return findIndexKey().orElseThrow();
    }

    private void addIndexKey() {
        String sql = "insert into " + schema + ".index_key (master_key, wrapped) values (?, ?) on conflict do nothing";
        try (Connection own = dataSource.getConnection();
                PreparedStatement statement = own.prepareStatement(sql)) {
            own.setAutoCommit(true);
            statement.setString(1, masterKeys.current());
            statement.setBytes(2, masterKeys.wrap(AesGcm.randomKey(), INDEX));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the key to hashes can't be made", e);
        }
    }

    /** @return what hashes are made with; empty as long as nobody who may has made it */
    public Optional<IndexKey> findIndexKey() {
        IndexKey known = indexKey;
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<IndexKey> found = jdbc
                    .query(
                            "select master_key, wrapped from " + schema + ".index_key",
                            (row, number) -> new IndexKey(masterKeys.unwrap(row.getString(1), row.getBytes(2), INDEX)))
                    .stream()
                    .findFirst();
            found.ifPresent(key -> indexKey = key);
            return found;
        } catch (BadSqlGrammarException notMigratedYet) {
            return Optional.empty();
        }
    }

    /**
     * Opens one key for each master key.
     *
     * @throws MissingMasterKeyException when a key is wrapped with a master key that was not given, or with another of the
     *     same name
     */
    void verify() {
        jdbc.query(
                        "select distinct on (master_key) person, master_key, wrapped from " + schema
                                + ".person_key where wrapped is not null order by master_key",
                        (row, number) -> new Wrapped(row.getString(1), row.getString(2), row.getBytes(3)))
                .forEach(this::verify);
        jdbc.query(
                        "select master_key, wrapped from " + schema + ".index_key",
                        (row, number) -> new Wrapped(INDEX, row.getString(1), row.getBytes(2)))
                .forEach(this::verify);
    }

    private void verify(Wrapped key) {
        try {
            masterKeys.unwrap(key.masterKey(), key.wrapped(), key.owner());
        } catch (CorruptDataException e) {
            throw new MissingMasterKeyException("Keys in " + schema + " are wrapped with another master key \""
                    + key.masterKey() + "\" than the one given: without the right one, personal data can't be read.");
        }
    }

    /**
     * Wraps keys with the current master key that are wrapped with another; the data is not touched. A key that is
     * destroyed meanwhile stays so.
     *
     * @param after person to go on behind; empty to begin
     * @return the last person that was looked at; empty at the end
     */
    Optional<String> rewrap(String after, int limit) {
        List<Wrapped> page = jdbc.query(
                "select person, master_key, wrapped from " + schema
                        + ".person_key where person > ? and master_key <> ? order by person limit ?",
                (row, number) -> new Wrapped(row.getString(1), row.getString(2), row.getBytes(3)),
                after,
                masterKeys.current(),
                limit);
        if (page.isEmpty()) {
            rewrapIndexKey();
            return Optional.empty();
        }
        jdbc.batchUpdate(
                "update " + schema + ".person_key set master_key = ?, wrapped = ? where person = ? and master_key = ?",
                page.stream()
                        .map(key -> new Object[] {
                            masterKeys.current(), again(key, key.owner()), key.owner(), key.masterKey()
                        })
                        .toList());
        return Optional.of(page.get(page.size() - 1).owner());
    }

    private void rewrapIndexKey() {
        jdbc.query(
                        "select master_key, wrapped from " + schema + ".index_key where master_key <> ?",
                        (row, number) -> new Wrapped(INDEX, row.getString(1), row.getBytes(2)),
                        masterKeys.current())
                .forEach(key -> jdbc.update(
                        "update " + schema + ".index_key set master_key = ?, wrapped = ? where master_key = ?",
                        masterKeys.current(),
                        again(key, INDEX),
                        key.masterKey()));
    }

    private byte[] again(Wrapped key, String owner) {
        return masterKeys.wrap(masterKeys.unwrap(key.masterKey(), key.wrapped(), owner), owner);
    }

    private record Wrapped(String owner, String masterKey, byte[] wrapped) {}
}
