package dev.eventshop.embedded;

import java.nio.file.Path;

/** The folder has data of another major version of PostgreSQL, which can't be read. It is left as it is. */
public final class DataOfAnotherVersion extends EmbeddedServerFailed {

    private static final long serialVersionUID = 1L;

    DataOfAnotherVersion(Path folder, String version, String own) {
        super("The data in " + folder + " was written by PostgreSQL " + version + ", and this is PostgreSQL " + own
                + ".");
    }
}
