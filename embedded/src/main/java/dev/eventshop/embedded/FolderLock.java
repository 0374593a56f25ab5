package dev.eventshop.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a folder for one process. The operating system lets go of it when the process ends, however it ends. */
final class FolderLock implements AutoCloseable {

    private static final String FILE = "lock";

    /**
     * Folders that this JVM holds, and by what. Otherwise it would let go by mistake: when it opens and closes the file
     * once more (on POSIX), and when a channel that nobody refers to is collected.
     */
    private static final Map<Path, FileChannel> HELD = new HashMap<>();

    private final Path folder;

    private FolderLock(Path folder) {
        this.folder = folder;
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
            if (HELD.containsKey(real)) {
                return null;
            }
            FileChannel channel = FileChannel.open(real.resolve(FILE), CREATE, WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                return null;
            }
            HELD.put(real, channel);
            return new FolderLock(real);
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            FileChannel channel = HELD.remove(folder);
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
