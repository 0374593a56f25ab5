package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.client.Reconciliations;
import dev.eventshop.standalone.client.UnexpectedAnswer;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.console.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Compares the events that a running system has stored with those that the broker has confirmed, and with"
                    + " those that are in the views.",
            "Ends with 0 when all agree, and with 1 when not. What is on its way at that moment makes a difference too:"
                    + " look again.",
        })
final class ReconcileCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    ReconcileCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Reconciliations reconciliations = new Reconciliations(Running.endpoints(data.folder()), TIMEOUT);
        try {
            return print(
                            reconciliations.confirmed(),
                            reconciliations.projected(),
                            spec.commandLine().getOut())
                    ? ExitCode.OK
                    : ExitCode.FAILED;
        } catch (UnexpectedAnswer e) {
            throw new Refused(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /** @return whether all agree */
    static boolean print(JsonNode confirmed, JsonNode projected, PrintWriter out) {
        Table table = new Table();
        table.row("what", "stored", "there", "missing");
        boolean agree = true;
        for (JsonNode type : confirmed.path("types")) {
            agree &= row(table, "broker " + Watch.text(type, "type"), type, "confirmed");
        }
        for (JsonNode projection : projected.path("projections")) {
            agree &= row(table, "view " + Watch.text(projection, "projection"), projection, "projected");
        }
        table.printTo(out);
        agree &= firstDifference(out, "Not confirmed", confirmed);
        agree &= firstDifference(out, "Not in the view", projected);
        if (agree) {
            out.println("All agree.");
        }
        return agree;
    }

    private static boolean row(Table table, String name, JsonNode counts, String there) {
        long stored = counts.path("stored").asLong();
        long found = counts.path(there).asLong();
        table.row(name, Long.toString(stored), Long.toString(found), Long.toString(stored - found));
        return stored == found;
    }

    private static boolean firstDifference(PrintWriter out, String what, JsonNode reconciliation) {
        JsonNode first = reconciliation.path("firstDifference");
        if (first.isNull()) {
            return true;
        }
        out.println(what + ", first of all: " + first);
        return false;
    }
}
