package dev.eventshop.personaldata.erasure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was erased, in a file outside of the databases: a line with the moment and the person's number for each. After a
 * backup from before was restored, it tells who has to be erased again. Lines are only ever added, by any number of
 * processes.
 */
public final class ErasureList {

    private static final Logger log = LoggerFactory.getLogger(ErasureList.class);
    private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+)");

    private final @Nullable Path file;

    /** @param file made with the first line; null for no list */
    public ErasureList(@Nullable Path file) {
        this.file = file;
    }

    /**
     * Returns when the line is on the disk.
     *
     * @throws UncheckedIOException when it could not be written; then the person must not be told that they are erased
     */
    public void add(String person, Instant at) {
        if (file == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                forTheOwner(file))) {
            ByteBuffer line = ByteBuffer.wrap(line(person, at).getBytes(UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("The list of erasures can't be written.", e);
        }
    }

    private static FileAttribute<?>[] forTheOwner(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Begins with a line break as well: a line that a crash has cut off must not take this one with it. */
    private static String line(String person, Instant at) {
        return "\n" + at + " " + person + "\n";
    }

    /**
     * @return each person once, with the moment of the last line, since a number can be somebody else's after a restore; in the
     *     order of the first lines. What was cut off by a crash is left out, and said in the log
     */
    public List<Erasure> all() {
        if (file == null) {
            return List.of();
        }
        Map<String, Erasure> erasures = new LinkedHashMap<>();
        for (String line : lines(file)) {
            if (line.isBlank()) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                try {
                    erasures.merge(
                            parts.group(2),
                            new Erasure(parts.group(2), Instant.parse(parts.group(1))),
                            (one, other) -> one.at().isAfter(other.at()) ? one : other);
                    continue;
                } catch (DateTimeParseException malformed) {
                    // said below
                }
            }
            log.warn("A line of the list of erasures is malformed and was left out.");
        }
        return new ArrayList<>(erasures.values());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("The list of erasures can't be read.", e);
        }
    }

    /**
     * Somebody's wish to be forgotten, which was granted.
     *
     * @param person as in the keys, for example {@code user-17}
     */
    public record Erasure(String person, Instant at) {}
}
