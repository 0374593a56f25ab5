package dev.eventshop.standalone.cli;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.settings.UserSettings;
import java.nio.file.Path;

/** Finds the system that a command is about. */
final class Running {

    private Running() {}

    /** @throws Refused when none is ready in that folder */
    static Endpoints endpoints(Path folder) {
        return Endpoints.of(folder)
                .orElseThrow(() -> new Refused(
                        ExitCode.FAILED,
                        "Nothing runs in " + DataFolder.absolute(folder) + ", or it is not ready yet."));
    }

    static String exchange(UserSettings settings) {
        return settings.text("eventshop.messaging.exchange").orElse(EventRegistry.EXCHANGE);
    }
}
