package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.client.Moment;
import dev.eventshop.standalone.client.Replays;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.console.Table;
import java.io.PrintWriter;
import java.time.Duration;
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
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Rebuilds a read model of a running system from the events, and shows how far it is. Readers see the old one"
                    + " until the new one is complete.",
            "Ends with 0 when it is complete, and with 1 when it failed or was cancelled. Ctrl-C ends the watching, not"
                    + " the replay.",
        })
final class ReplayCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--in-place",
            description = "Empty the live tables and fill them again: takes less space, and readers see them grow.")
    private boolean inPlace;

    @Option(
            names = "--from",
            paramLabel = "<where>",
            converter = MomentConverter.class,
            description =
                    "With --in-place: make only that anew which has changed behind this position, or with this moment"
                            + " or date and since.")
    private @Nullable Moment from;

    static final class What {

        @Parameters(paramLabel = "<projection>", description = "What to rebuild, such as order-summary.")
        private @Nullable String projection;

        @Option(names = "--list", description = "List the last replays, newest first.")
        private boolean list;

        @Option(
                names = "--cancel",
                paramLabel = "<id>",
                description = "Cancel a replay; its read model stays as it was.")
        private @Nullable Long cancelled;
    }

    ReplayCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Replays replays = new Replays(Running.endpoints(data.folder()), TIMEOUT);
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (what.list) {
                list(replays, out);
                return ExitCode.OK;
            }
            if (what.cancelled != null) {
                replays.cancel(what.cancelled);
                out.println("Replay " + what.cancelled + " is cancelled.");
                return ExitCode.OK;
            }
            return follow(replays, out);
        } catch (UnexpectedAnswer e) {
            throw new Refused(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private static void list(Replays replays, PrintWriter out) {
        Table table = new Table();
        table.row("id", "projection", "mode", "state", "percent", "events/s", "started", "by", "error");
        for (JsonNode replay : replays.latest()) {
            table.row(
                    Watch.text(replay, "id"),
                    Watch.text(replay, "projection"),
                    Watch.text(replay, "mode"),
                    Watch.text(replay, "state"),
                    Watch.text(replay, "percent"),
                    Watch.text(replay, "eventsPerSecond"),
                    Watch.text(replay, "startedAt"),
                    Watch.text(replay, "startedBy"),
                    Watch.text(replay, "error"));
        }
        table.printTo(out);
    }

    private int follow(Replays replays, PrintWriter out) {
        JsonNode begun = replays.start(String.valueOf(what.projection), inPlace ? "IN_PLACE" : "SIDE_BY_SIDE", from);
        long id = begun.path("id").asLong();
        JsonNode replay = Watch.untilEnd(out, "Replay " + id + " of " + what.projection, begun, replays::show);
        if (Watch.text(replay, "state").equals("COMPLETED")) {
            out.println("Complete: " + Watch.text(replay, "processed") + " events, "
                    + Watch.text(replay, "eventsPerSecond") + " events per second.");
            return ExitCode.OK;
        }
        spec.commandLine()
                .getErr()
                .println("Replay " + id + " is " + Watch.text(replay, "state") + ": "
                        + replay.path("error").asString("the read model is as it was") + ".");
        return ExitCode.FAILED;
    }
}
