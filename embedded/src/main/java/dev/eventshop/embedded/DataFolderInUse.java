package dev.eventshop.embedded;

import java.nio.file.Path;

/** A living process works on the folder. Starting again helps as soon as that process has ended. */
public final class DataFolderInUse extends EmbeddedServerFailed {

    private static final long serialVersionUID = 1L;

    DataFolderInUse(Path folder) {
        super("The data folder " + folder + " is in use by another process.");
    }
}
