package dev.eventshop.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server could not be started or stopped. The message tells a person, in a sentence, why. */
public class EmbeddedServerFailed extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    EmbeddedServerFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    EmbeddedServerFailed(String message) {
        super(message);
    }

    static EmbeddedServerFailed unusable(String server, Path folder, IOException e) {
        String reason = e instanceof AccessDeniedException denied
                ? "no permission for " + denied.getFile()
                : e instanceof FileAlreadyExistsException found ? found.getFile() + " is a file" : e.toString();
        return new EmbeddedServerFailed(server + " can't use the folder " + folder + ": " + reason + ".", e);
    }
}
