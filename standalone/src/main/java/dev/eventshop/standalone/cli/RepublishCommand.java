package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.client.Moment;
import dev.eventshop.standalone.client.Republications;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.console.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "republish",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Sends history of a running system to one queue, and shows how far it is. Each message is as it was"
                    + " published, with the header x-replay: true; no other queue gets any.",
            "Ends with 0 when it is complete, and with 1 when it failed or was cancelled. Ctrl-C ends the watching, not"
                    + " the republication.",
        })
final class RepublishCommand implements Callable<Integer> {

    /** All events are counted before the answer. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--from",
            paramLabel = "<where>",
            converter = MomentConverter.class,
            description = "Begin behind this position, or with this moment or date (default: the first event).")
    private @Nullable Moment from;

    @Option(
            names = "--to",
            paramLabel = "<where>",
            converter = MomentConverter.class,
            description = "End with this position, or before this moment or date (default: the last event).")
    private @Nullable Moment to;

    @Option(
            names = "--type",
            paramLabel = "<event>",
            description =
                    "Only events of this type, such as OrderCreatedEvent; can be repeated (default: what a queue of the"
                            + " contract gets, and all public events for another one).")
    private List<String> types = List.of();

    @Option(names = "--aggregate", paramLabel = "<id>", description = "Only events of this one, such as order-17.")
    private @Nullable String aggregate;

    @Option(names = "--rate", paramLabel = "<n>", description = "At most so many events in a second.")
    private @Nullable Integer rate;

    @Option(names = "--dry-run", description = "Only count, send nothing.")
    private boolean dryRun;

    static final class What {

        @Parameters(paramLabel = "<queue>", description = "An existing queue, such as order.created.")
        private @Nullable String queue;

        @Option(names = "--list", description = "List the last republications, newest first.")
        private boolean list;

        @Option(
                names = "--cancel",
                paramLabel = "<id>",
                description = "Cancel a republication; what it has sent stays in the queue.")
        private @Nullable Long cancelled;
    }

    RepublishCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Republications republications = new Republications(Running.endpoints(data.folder()), TIMEOUT);
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (what.list) {
                list(republications, out);
                return ExitCode.OK;
            }
            if (what.cancelled != null) {
                republications.cancel(what.cancelled);
                out.println("Republication " + what.cancelled + " is cancelled.");
                return ExitCode.OK;
            }
            return follow(republications, out);
        } catch (UnexpectedAnswer e) {
            throw new Refused(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private static void list(Republications republications, PrintWriter out) {
        Table table = new Table();
        table.row("id", "queue", "state", "percent", "processed", "total", "error");
        for (JsonNode one : republications.latest()) {
            table.row(
                    Watch.text(one, "id"),
                    Watch.text(one, "queue"),
                    Watch.text(one, "state"),
                    Watch.text(one, "percent"),
                    Watch.text(one, "processed"),
                    Watch.text(one, "total"),
                    Watch.text(one, "error"));
        }
        table.printTo(out);
    }

    private int follow(Republications republications, PrintWriter out) {
        String queue = String.valueOf(what.queue);
        JsonNode begun =
                republications.start(new Republications.Order(queue, from, to, types, aggregate, rate, dryRun));
        if (dryRun) {
            out.println(Watch.text(begun, "total") + " events would be sent to " + queue + ".");
            return ExitCode.OK;
        }
        long id = begun.path("id").asLong();
        JsonNode ended = Watch.untilEnd(out, "Republication " + id + " to " + queue, begun, republications::show);
        if (Watch.text(ended, "state").equals("COMPLETED")) {
            out.println("Complete: " + Watch.text(ended, "processed") + " events.");
            return ExitCode.OK;
        }
        spec.commandLine()
                .getErr()
                .println("Republication " + id + " is " + Watch.text(ended, "state") + ": "
                        + ended.path("error").asString("what was sent is in the queue."));
        return ExitCode.FAILED;
    }
}
