package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.backup.Aftermath;
import dev.eventshop.standalone.backup.BackupFiles;
import dev.eventshop.standalone.backup.Restore;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.data.PersonalDataFiles;
import dev.eventshop.standalone.launch.LoneDatabase;
import dev.eventshop.standalone.server.DatabaseServer;
import dev.eventshop.standalone.server.Servers;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Brings a backup back, into a new data folder or an empty database, also of another server and of another"
                    + " version of PostgreSQL. All of it, or nothing. Nothing may run there, and nothing runs afterwards.",
            "First put the master key (keys/master.key) and the newest list of erasures (erasures) into the data folder:"
                    + " who was erased since the backup is erased again with the next start.",
        },
        footer = {
            "",
            "A database of your own is named as for start:",
            "  --spring.datasource.url=jdbc:postgresql://db.example.org:5432/shop",
            "docs/operations.md tells what else there is to do.",
        })
final class RestoreCommand implements Callable<Integer> {

    private final UserSettings settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--without-keys",
            description = "Leave the keys to personal data out: nobody's email and name can be read then.")
    private boolean withoutKeys;

    @Option(
            names = "--moved",
            description =
                    "Nothing has run since the backup was made: emails that wait are sent, and the broker has all that"
                            + " it had.")
    private boolean moved;

    static final class What {

        @Option(names = "--from", paramLabel = "<file>", description = "The file that backup was told to write.")
        private @Nullable Path from;

        @Option(
                names = "--adopt",
                description = "Restore nothing: the database was brought here by other means, such as pg_restore or"
                        + " pg_upgrade, and is to go on here.")
        private boolean adopt;
    }

    RestoreCommand(UserSettings settings) {
        this.settings = settings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Path from = what.from;
        if (from == null) {
            return adopt();
        }
        try (Restore restore = Restore.of(BackupFiles.of(from), !withoutKeys);
                DataFolder folder = DataFolder.open(data.folder())) {
            requireKeys(restore, folder);
            requireRightBroker(folder);
            try (DatabaseServer database = LoneDatabase.start(folder, settings)) {
                Aftermath aftermath = restore.into(database.owner(), moved);
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                        "Restored what was there at " + restore.createdAt() + ", into " + database.description() + ".");
                tell(aftermath, out);
                Path erasures = PersonalDataFiles.erasureList(folder, settings);
                out.println(
                        Files.exists(erasures)
                                ? "Who is on the list " + erasures + " is erased again with the next start."
                                : "There is no list of erasures in " + erasures
                                        + ": put the newest one there before the next start, or whoever was erased since"
                                        + " the backup is back.");
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new Refused(ExitCode.FAILED, "The backup can't be read: " + e + ".", e);
        }
    }

    private void requireKeys(Restore restore, DataFolder folder) {
        Set<String> missing = restore.missingMasterKeys(PersonalDataFiles.masterKeys(folder, settings));
        if (!missing.isEmpty()) {
            throw new Refused(
                    ExitCode.DATA_FOLDER,
                    "The keys in the backup are wrapped with the master key " + String.join(" and ", missing)
                            + ", which is missing: put it into " + folder.folder("keys/master.key") + " first.");
        }
    }

    /** Queues of another time have messages of what never happened; those of what was moved are the only ones. */
    private void requireRightBroker(DataFolder folder) {
        Path broker = folder.folder("broker");
        if (Servers.brokerIsNamed(settings)) {
            return;
        }
        if (moved && !Files.exists(broker)) {
            throw new Refused(
                    ExitCode.DATA_FOLDER,
                    "The folder " + broker
                            + " is missing: it has the messages of the shop that was moved. Bring it along,"
                            + " or leave --moved out: then they are sent again.");
        }
        if (!moved && Files.exists(broker)) {
            throw new Refused(
                    ExitCode.DATA_FOLDER,
                    "The folder " + broker + " has messages of another time than the backup: move it away first.");
        }
    }

    private int adopt() {
        try (DataFolder folder = DataFolder.open(data.folder());
                DatabaseServer database = LoneDatabase.start(folder, settings)) {
            tell(Aftermath.ofAdoption(database.owner()), spec.commandLine().getOut());
            return ExitCode.OK;
        }
    }

    private static void tell(Aftermath aftermath, PrintWriter out) {
        if (aftermath.epoch() > 0) {
            out.println(aftermath.events() + " events are there; what follows is in epoch " + aftermath.epoch() + ".");
        }
        if (!aftermath.ahead().isEmpty()) {
            out.println("At the end of the store, since they were ahead of it: " + String.join(", ", aftermath.ahead())
                    + ".");
        }
        if (aftermath.forwardsFrom() != null) {
            out.println("Messages are sent again from " + aftermath.forwardsFrom()
                    + " on, with the same ids: some of them had not been handled.");
        }
        if (aftermath.skipped() > 0) {
            out.println("Numbers of products, orders and users go on " + aftermath.skipped()
                    + " further: those in between may have been given away since the backup.");
        }
        if (aftermath.heldEmails() > 0) {
            out.println(aftermath.heldEmails()
                    + " emails that were waiting are UNCERTAIN now, and not sent by themselves: they may have been sent"
                    + " since the backup.");
        }
    }
}
