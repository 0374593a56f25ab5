package dev.eventshop.standalone.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The data folder, which all commands are about. */
final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "<dir>",
            defaultValue = "eventshop-data",
            description = "Data folder (default: eventshop-data in the working directory).")
    private Path folder = Path.of("eventshop-data");

    Path folder() {
        return folder;
    }
}
