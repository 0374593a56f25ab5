package dev.eventshop.standalone.backup;

import dev.eventshop.standalone.backup.Manifest.Entry;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import tools.jackson.core.JacksonException;

/** Brings a backup into a database that has no schema of the shop. In one transaction: all of it, or nothing. */
public final class Restore implements AutoCloseable {

    private final BackupFiles files;
    private final ZipFile data;
    private final Manifest manifest;
    private final @Nullable ZipFile keys;
    private final @Nullable Manifest keysManifest;

    private Restore(
            BackupFiles files,
            ZipFile data,
            Manifest manifest,
            @Nullable ZipFile keys,
            @Nullable Manifest keysManifest) {
        this.files = files;
        this.data = data;
        this.manifest = manifest;
        this.keys = keys;
        this.keysManifest = keysManifest;
    }

    /**
     * @param withKeys whether the file of the keys is to be restored as well
     * @throws Refused when the files are not those of one backup
     */
    public static Restore of(BackupFiles files, boolean withKeys) {
        ZipFile data = open(files.data());
        Manifest manifest = manifest(data, Manifest.Part.DATA);
        if (!withKeys) {
            return new Restore(files, data, manifest, null, null);
        }
        if (!Files.exists(files.keys())) {
            throw refused("The keys of persons are missing: " + files.keys()
                    + ". Without them nobody's email and name can be read any more; --without-keys restores the rest.");
        }
        ZipFile keys = open(files.keys());
        Manifest keysManifest = manifest(keys, Manifest.Part.KEYS);
        if (!keysManifest.backup().equals(manifest.backup())) {
            throw refused("The files " + files.data() + " and " + files.keys() + " are of different backups.");
        }
        return new Restore(files, data, manifest, keys, keysManifest);
    }

    private static ZipFile open(java.nio.file.Path file) {
        if (!Files.exists(file)) {
            throw refused("There is no file " + file + ".");
        }
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw refused("The file " + file + " is no backup, or not a complete one.", e);
        } catch (IOException e) {
            throw refused("The file " + file + " can't be read.", e);
        }
    }

    private static Manifest manifest(ZipFile file, Manifest.Part part) {
        ZipEntry entry = file.getEntry(Manifest.NAME);
        if (entry == null) {
            throw refused("The file " + file.getName() + " is no backup.");
        }
        try (InputStream in = file.getInputStream(entry)) {
            Manifest manifest = BackupWriter.JSON.readValue(in, Manifest.class);
            if (manifest.format() != Manifest.FORMAT) {
                throw refused("The backup " + file.getName() + " was written by Eventshop " + manifest.eventshop()
                        + " in a form that this version does not know.");
            }
            if (manifest.part() != part) {
                throw refused("The file " + file.getName() + " is not the one of the "
                        + (part == Manifest.Part.DATA ? "data." : "keys."));
            }
            return manifest;
        } catch (IOException | JacksonException e) {
            throw refused("The file " + file.getName() + " is damaged.", e);
        }
    }

    private static Refused refused(String sentence) {
        return new Refused(ExitCode.USAGE, sentence);
    }

    private static Refused refused(String sentence, Exception cause) {
        return new Refused(ExitCode.USAGE, sentence, cause);
    }

    /** @return moment that the backup shows */
    public Instant createdAt() {
        return manifest.createdAt();
    }

    /** @return names of the master keys that are needed, and not among those */
    public Set<String> missingMasterKeys(Set<String> there) {
        Set<String> missing = new TreeSet<>(keysManifest == null ? List.of() : keysManifest.masterKeys());
        missing.removeAll(there);
        return missing;
    }

    /**
     * @param owner of the role that is to own the schemas
     * @param moved whether nothing has happened since the backup
     * @return what is different from the backup
     * @throws Refused when the database is not empty, or the files are damaged; then it is as it was
     */
    public Aftermath into(DataSource owner, boolean moved) {
        try (Connection connection = owner.getConnection()) {
            connection.setAutoCommit(false);
            Backup.prepare(connection);
            requireEmpty(connection);
            Aftermath aftermath;
            try {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set local check_function_bodies = off");
                }
                load(connection, data, manifest, true);
                if (keys != null && keysManifest != null) {
                    load(connection, keys, keysManifest, false);
                }
                run(connection, data, entry(Backup.REMAINDER));
                aftermath = moved
                        ? Aftermath.of(connection, null, null)
                        : Aftermath.of(connection, manifest.createdAt(), manifest.horizon());
                connection.commit();
            } catch (SQLException | IOException | Refused e) {
                connection.rollback();
                throw e;
            }
            analyze(connection);
            return aftermath;
        } catch (SQLException e) {
            throw new Refused(ExitCode.SERVER, "The backup can't be restored: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw refused("The backup " + files.data() + " can't be read, or is damaged.", e);
        }
    }

    private void requireEmpty(Connection connection) throws SQLException {
        List<String> there = new ArrayList<>();
        try (var statement =
                connection.prepareStatement("select nspname from pg_namespace where nspname = any (?) order by 1")) {
            statement.setArray(
                    1,
                    connection.createArrayOf("text", manifest.schemas().keySet().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    there.add(rows.getString(1));
                }
            }
        }
        if (!there.isEmpty()) {
            throw new Refused(
                    ExitCode.SERVER,
                    "The database has the schema " + there.get(0)
                            + " already; a backup is restored into an empty one.");
        }
    }

    /** @param script whether it begins with a script */
    private static void load(Connection connection, ZipFile file, Manifest manifest, boolean script)
            throws SQLException, IOException {
        if (script) {
            run(connection, file, entry(manifest, Backup.TABLES));
        }
        for (Entry entry : manifest.entries()) {
            String table = entry.table();
            if (table != null) {
                MessageDigest digest = BackupWriter.sha256();
                try (InputStream in = new DigestInputStream(content(file, entry), digest)) {
                    long rows = connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("copy " + table + " from stdin", in);
                    in.transferTo(java.io.OutputStream.nullOutputStream());
                    requireWhole(file, entry, rows == entry.rows(), digest);
                }
            }
        }
    }

    private Entry entry(String name) {
        return entry(manifest, name);
    }

    private static Entry entry(Manifest manifest, String name) {
        return manifest.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> refused("The backup is damaged: it has no " + name + "."));
    }

    private static void run(Connection connection, ZipFile file, Entry entry) throws SQLException, IOException {
        MessageDigest digest = BackupWriter.sha256();
        String script;
        try (InputStream in = new DigestInputStream(content(file, entry), digest)) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        requireWhole(file, entry, true, digest);
        try (Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    private static InputStream content(ZipFile file, Entry entry) throws IOException {
        ZipEntry found = file.getEntry(entry.name());
        if (found == null) {
            throw refused("The backup " + file.getName() + " is damaged: it has no " + entry.name() + ".");
        }
        return Objects.requireNonNull(file.getInputStream(found));
    }

    private static void requireWhole(ZipFile file, Entry entry, boolean allRows, MessageDigest digest) {
        if (!allRows || !HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
            throw refused(
                    "The backup " + file.getName() + " is damaged: " + entry.name() + " is not what was written.");
        }
    }

    /** The planner would go by nothing until the server does it by itself. */
    private void analyze(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            for (Manifest of : keysManifest == null ? List.of(manifest) : List.of(manifest, keysManifest)) {
                for (Entry entry : of.entries()) {
                    String table = entry.table();
                    if (table != null) {
                        statement.execute("analyze " + table);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        data.close();
        if (keys != null) {
            keys.close();
        }
    }
}
