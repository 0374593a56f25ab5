package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.launch.LoneIssuer;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "issuer",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Starts the issuer of tokens alone, for services that run elsewhere, and runs until it is stopped.",
            "Its key and the secrets of its clients are in the folder issuer of the data folder.",
        },
        footer = {
            "",
            "Settings, as --name=value or from environment variables:",
            "  --eventshop.issuer.port=8080",
            "  --eventshop.issuer.url=https://id.example.org",
            "  --eventshop.issuer.redirect-uris=https://shop.example.org/console/",
            "  --eventshop.bind-address=0.0.0.0",
        })
final class IssuerCommand implements Callable<Integer> {

    private final UserSettings settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    IssuerCommand(UserSettings settings) {
        this.settings = settings;
        this.spec = CommandSpec.create();
    }

    /** @return when a signal has stopped it */
    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        DataFolder folder = DataFolder.open(data.folder()); // until the process ends
        LoneIssuer issuer = LoneIssuer.start(folder, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(issuer::close, "shutdown"));
        out.println("The issuer is up at " + issuer.url() + ". Stop with Ctrl-C.");
        out.flush();
        issuer.awaitClose();
        return ExitCode.OK;
    }
}
