package dev.eventshop.standalone.launch;

import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.server.DatabaseServer;
import dev.eventshop.standalone.server.Servers;
import dev.eventshop.standalone.settings.UserSettings;

/** The database without the services. */
public final class LoneDatabase {

    private LoneDatabase() {}

    /**
     * Starts the one in the data folder, or finds the one that the user has named.
     *
     * @throws Refused when there is none
     */
    public static DatabaseServer start(DataFolder folder, UserSettings settings) {
        try {
            return new Servers(folder, settings, line -> {}).database();
        } catch (RuntimeException e) {
            throw StartFailure.explain(
                    "PostgreSQL", e, folder.folder("postgresql").resolve("log"));
        }
    }
}
