package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.backup.Backup;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.launch.LoneDatabase;
import dev.eventshop.standalone.server.DatabaseServer;
import dev.eventshop.standalone.server.Logins;
import dev.eventshop.standalone.server.Servers;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Writes everything that is in the database into two files, as it is at one moment: <file> without the keys to"
                    + " personal data, and <file>.keys.zip with them. Keep them apart.",
            "The system may run, and goes on meanwhile, or be stopped. The master key is in neither file, nor is the list"
                    + " of erasures: keep keys/master.key and erasures of the data folder as well.",
        },
        footer = {
            "",
            "A database of your own is named as for start, when nothing runs in the data folder:",
            "  --spring.datasource.url=jdbc:postgresql://db.example.org:5432/shop",
        })
final class BackupCommand implements Callable<Integer> {

    private final UserSettings settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--to",
            paramLabel = "<file>",
            required = true,
            description = "What to write; in a folder, the files are named by the moment.")
    private Path to = Path.of("");

    BackupCommand(UserSettings settings) {
        this.settings = settings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Optional<Endpoints> running =
                Servers.databaseIsNamed(settings) ? Optional.empty() : Endpoints.of(data.folder());
        if (running.isPresent()) {
            return write(Logins.of(running.get().postgresql()));
        }
        Path folder = DataFolder.absolute(data.folder());
        if (!Servers.databaseIsNamed(settings) && !Files.isDirectory(folder.resolve("postgresql"))) {
            throw new Refused(
                    ExitCode.FAILED,
                    "Nothing runs in " + folder + ", and it has no database: name the data folder, or the database.");
        }
        try (DataFolder stopped = DataFolder.open(folder);
                DatabaseServer database = LoneDatabase.start(stopped, settings)) {
            return write(database.reader());
        }
    }

    private int write(DataSource reader) {
        Backup.Written written = new Backup(reader, Version.number()).write(to);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Backed up " + written.rows() + " rows, " + written.events() + " events of them"
                + (written.head() == null ? "." : ", up to position " + written.head() + "."));
        out.println("  " + written.files().data() + "  all but the keys to personal data");
        out.println("  " + written.files().keys() + "  those keys; keep them elsewhere, and for a shorter time");
        out.println("The master key and the list of erasures are not in there.");
        return ExitCode.OK;
    }
}
