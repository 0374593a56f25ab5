package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.probe.Check;
import dev.eventshop.standalone.probe.CheckReport;
import dev.eventshop.standalone.probe.SystemState;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Shows the state of a running system: broker, exchange and queues with their consumers and failed messages,"
                    + " services, forwarder and projections.",
            "Ends with 0 when all is well, and with 1 when something is wrong or nothing runs.",
        })
final class CheckCommand implements Callable<Integer> {

    private final UserSettings settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "Write JSON, for programs.")
    private boolean json;

    CheckCommand(UserSettings settings) {
        this.settings = settings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Endpoints endpoints = Running.endpoints(data.folder());
        SystemState state = new Check(endpoints, Running.exchange(settings)).look();
        PrintWriter out = spec.commandLine().getOut();
        CheckReport report = new CheckReport(state);
        if (json) {
            report.printJsonTo(out);
        } else {
            report.printTo(out);
        }
        return state.ok() ? ExitCode.OK : ExitCode.FAILED;
    }
}
