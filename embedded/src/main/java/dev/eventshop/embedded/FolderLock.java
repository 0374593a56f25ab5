package dev.eventshop.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a folder for one process. The operating system lets go of it when the process ends, however it ends. */
final class FolderLock implements AutoCloseable {

    private static final String FILE = "lock";

    /** Folders that this JVM holds. To open and close the file once more would let go of the lock on POSIX. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** @throws DataFolderInUse when another process, or somebody else in this one, has it */
    static FolderLock of(Path folder) throws IOException {
        FolderLock lock = tryOf(folder);
        if (lock == null) {
            throw new DataFolderInUse(folder);
        }
        return lock;
    }

    /** @return null when another process, or somebody else in this one, has it */
    static @Nullable FolderLock tryOf(Path folder) throws IOException {
        Path real = folder.toRealPath();
        synchronized (HELD) {
            if (HELD.contains(real)) {
                return null;
            }
            FileChannel channel = FileChannel.open(real.resolve(FILE), CREATE, WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                return null;
            }
            HELD.add(real);
            return new FolderLock(real, channel);
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                HELD.remove(folder);
            }
        }
    }
}
