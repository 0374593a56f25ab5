package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.standalone.probe.TestEvents;
import dev.eventshop.standalone.settings.UserSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "test-events",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Drives one event of each documented kind through a running system, with a person and a product of its own,"
                    + " and shows how long it takes from the command to each hop: answered, seen on the exchange,"
                    + " applied to the read model, recorded in the ledger of emails, email sent.",
            "Ends with 0 when all arrive, and with 1 and the missing hops when not, or when nothing runs.",
        })
final class TestEventsCommand implements Callable<Integer> {

    private final UserSettings settings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--timeout",
            paramLabel = "<seconds>",
            defaultValue = "30",
            description = "How long an event may take to all its hops (default: ${DEFAULT-VALUE} s).")
    private int timeout = 30;

    TestEventsCommand(UserSettings settings) {
        this.settings = settings;
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        if (timeout < 1) {
            throw new ParameterException(spec.commandLine(), "--timeout must be at least 1 second");
        }
        Endpoints endpoints = Running.endpoints(data.folder());
        PrintWriter out = spec.commandLine().getOut();
        List<String> problems =
                new TestEvents(endpoints, Running.exchange(settings), Duration.ofSeconds(timeout)).run(out);
        problems.forEach(spec.commandLine().getErr()::println);
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
