package dev.eventshop.standalone.data;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a running system keeps its data in, for that process alone. The lock goes with the process, however
 * it ends.
 */
public final class DataFolder implements AutoCloseable {

    private static final String LOCK = "eventshop.lock";

    /** As many digits as a process id has at most. */
    private static final int PID_LENGTH = 20;

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder where it is missing, and keeps it until it is closed.
     *
     * @throws Refused when another process has it, or it can't be made or written to
     */
    public static DataFolder open(Path folder) {
        if (folder.toString().isBlank()) {
            throw refused("The name of the data folder is empty.");
        }
        Path path = absolute(folder);
        make(path);
        Path file = path.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PrivateFiles.fileAttributes());
            if (channel.tryLock() == null) {
                String owner = read(channel);
                channel.close();
                throw refused("The data folder " + path + " is in use by "
                        + (owner.isEmpty() ? "another process." : "process " + owner + "."));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            return new DataFolder(path, channel);
        } catch (AccessDeniedException e) {
            throw refused("There is no permission to write to the data folder " + path + ".");
        } catch (IOException e) {
            throw refused("The data folder " + path + " can't be written to: " + reason(e) + ".");
        }
    }

    private static void make(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path, PrivateFiles.folderAttributes());
            }
        } catch (FileAlreadyExistsException e) {
            throw refused("The data folder " + path + " can't be made: " + e.getFile() + " is no folder.");
        } catch (NoSuchFileException e) {
            throw refused("The data folder " + path + " can't be made there.");
        } catch (AccessDeniedException e) {
            throw refused("There is no permission to make the data folder " + path + ".");
        } catch (IOException e) {
            throw refused("The data folder " + path + " can't be made: " + reason(e) + ".");
        }
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private static Refused refused(String sentence) {
        return new Refused(ExitCode.DATA_FOLDER, sentence);
    }

    /**
     * @return whether a process has the folder; to be asked from other processes only
     * @throws Refused when the folder can't be looked at
     */
    public static boolean isInUse(Path folder) {
        Path path = absolute(folder);
        try (FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free == null;
        } catch (NoSuchFileException e) {
            return false;
        } catch (AccessDeniedException e) {
            throw refused("There is no permission to look into the data folder " + path + ".");
        } catch (IOException e) {
            throw refused("The data folder " + path + " can't be looked into: " + reason(e) + ".");
        }
    }

    public static Path absolute(Path folder) {
        return folder.toAbsolutePath().normalize();
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(PID_LENGTH);
        channel.read(pid, 0);
        String text = StandardCharsets.US_ASCII.decode(pid.flip()).toString();
        return text.matches("\\d+") ? text : "";
    }

    public Path path() {
        return path;
    }

    /** @return a folder in it, which need not be there */
    public Path folder(String name) {
        return path.resolve(name);
    }

    /**
     * @return a folder in it, for its owner alone, which is there
     * @throws Refused when it can't be made
     */
    public Path madeFolder(String name) {
        Path folder = folder(name);
        make(folder);
        return folder;
    }

    /**
     * Writes a file that only its owner may read. A reader sees it as it was, or complete.
     *
     * @throws UncheckedIOException when the disk is full or broken
     */
    public void write(String name, String text) {
        try {
            PrivateFiles.replace(path.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes sure that nobody but its owner may read a file, if it is there.
     *
     * @throws Refused when it belongs to somebody else
     */
    public void protect(String name) {
        try {
            PrivateFiles.protect(path.resolve(name));
        } catch (IOException e) {
            throw refused("The file " + path.resolve(name) + " can be read by others, and that can't be changed.");
        }
    }

    /** @return null when there is no such file */
    @Nullable
    String read(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets others have the folder. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
