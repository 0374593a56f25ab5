package dev.eventshop.standalone.backup;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The two files of a backup. To be kept apart: with both, and the master key, which is in neither, persons who were
 * erased since then can be read.
 *
 * @param data everything but the keys of persons
 * @param keys those
 */
public record BackupFiles(Path data, Path keys) {

    private static final String SUFFIX = ".zip";
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * @param to  a folder, in which the files are named by the moment, or the file with the data
     * @throws Refused when one of them is there already
     */
    static BackupFiles at(Path to, Instant now) {
        Path absolute = to.toAbsolutePath().normalize();
        BackupFiles files = of(
                Files.isDirectory(absolute) ? absolute.resolve("eventshop-" + MOMENT.format(now) + SUFFIX) : absolute);
        for (Path file : new Path[] {files.data, files.keys}) {
            if (Files.exists(file)) {
                throw isThere(file);
            }
        }
        return files;
    }

    static Refused isThere(Path file) {
        return new Refused(ExitCode.USAGE, "The file " + file + " is there already; a backup overwrites nothing.");
    }

    /** @param data the file with the data */
    public static BackupFiles of(Path data) {
        Path absolute = data.toAbsolutePath().normalize();
        String name = absolute.getFileName().toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return new BackupFiles(absolute, absolute.resolveSibling(stem + ".keys" + SUFFIX));
    }
}
