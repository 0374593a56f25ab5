package dev.eventshop.standalone.backup;

import dev.eventshop.standalone.backup.Manifest.Entry;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One file of a backup, for its owner alone. It has its name when it is complete and on the disk, and not before. */
final class BackupWriter implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    private final Path target;
    private final Path half;
    private final FileChannel file;
    private final ZipOutputStream zip;
    private final List<Entry> entries = new ArrayList<>();

    /** @throws Refused when there is a file of that name, or somebody is about to write one */
    BackupWriter(Path target) throws IOException {
        this.target = target;
        this.half = target.resolveSibling(target.getFileName() + ".part");
        this.file = open(half);
        if (Files.exists(target)) { // it got its name since it was asked for
            close();
            throw BackupFiles.isThere(target);
        }
        this.zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16));
    }

    /** Whoever makes it is the only one who writes to it, and gives it its name. */
    private static FileChannel open(Path half) throws IOException {
        try {
            return FileChannel.open(
                    half, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forTheOwner());
        } catch (FileAlreadyExistsException e) {
            throw new Refused(
                    ExitCode.USAGE,
                    "The file " + half + " is there already: another backup is being written to the same place; or one"
                            + " was broken off there, and then the file is of no use and can be removed.",
                    e);
        }
    }

    private static FileAttribute<?>[] forTheOwner() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Writes the rows of a table to a stream. */
    interface Content {

        /** @return the number of rows */
        long writeTo(OutputStream out) throws SQLException, IOException;
    }

    void script(String name, String text) throws IOException, SQLException {
        add(name, null, out -> {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            return 0;
        });
    }

    /** @param table null for a script */
    void add(String name, @Nullable String table, Content content) throws IOException, SQLException {
        zip.putNextEntry(new ZipEntry(name));
        Measured measured = new Measured(zip);
        long rows = content.writeTo(measured);
        zip.closeEntry();
        entries.add(new Entry(name, table, rows, measured.bytes, HexFormat.of().formatHex(measured.digest.digest())));
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Ends it with its manifest. Returns when all of it is on the disk. */
    void complete(Manifest manifest) throws IOException {
        zip.putNextEntry(new ZipEntry(Manifest.NAME));
        zip.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
        zip.closeEntry();
        zip.finish();
        zip.flush();
        file.force(true);
    }

    /** Gives it its name. */
    void publish() throws IOException {
        file.close();
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what is not complete. */
    @Override
    public void close() throws IOException {
        file.close();
        Files.deleteIfExists(half);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does not close the file with its entry. */
    private static final class Measured extends FilterOutputStream {

        private final MessageDigest digest = sha256();
        private long bytes;

        Measured(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
            digest.update(buffer, offset, length);
            bytes += length;
        }

        @Override
        public void close() {}
    }
}
