package dev.eventshop.standalone.probe;

import dev.eventshop.standalone.console.Table;
import dev.eventshop.standalone.probe.SystemState.ForwarderState;
import dev.eventshop.standalone.probe.SystemState.ProjectionState;
import dev.eventshop.standalone.probe.SystemState.QueueState;
import dev.eventshop.standalone.probe.SystemState.ServiceState;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Shows what a {@link Check} has found. */
public record CheckReport(SystemState state) {

    public void printJsonTo(PrintWriter out) {
        out.println(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(state));
        out.flush();
    }

    public void printTo(PrintWriter out) {
        Table table = new Table();
        table.row("broker", state.broker().state(), state.broker().exchange() ? "exchange there" : "");
        state.services().forEach(service -> row(table, service));
        row(table, state.forwarder());
        state.projections().forEach(projection -> row(table, projection));
        table.printTo(out);
        out.println();

        Table queues = new Table();
        queues.row("queue", "ready", "consumers", "failed");
        for (QueueState queue : state.queues()) {
            queues.row(queue.queue(), number(queue.ready()), number(queue.consumers()), number(queue.failed()));
        }
        queues.printTo(out);
        out.println();

        problems(out, state.problems());
        out.flush();
    }

    private static void row(Table table, ServiceState service) {
        table.row(
                service.service(),
                service.health(),
                "readiness " + service.readiness(),
                String.join(", ", service.degraded()));
    }

    private static void row(Table table, ForwarderState forwarder) {
        if (forwarder.position() == null) {
            table.row("forwarder", "DOWN");
            return;
        }
        table.row(
                "forwarder",
                forwarder.error() == null ? "UP" : "ERROR",
                "broker " + forwarder.broker(),
                behind(forwarder.lagEvents(), forwarder.lagSeconds()) + ", position " + forwarder.position());
    }

    private static void row(Table table, ProjectionState projection) {
        table.row(
                "projection " + projection.projection(),
                projection.state(),
                behind(projection.lagEvents(), projection.lagSeconds()));
    }

    private static String behind(@Nullable Long events, @Nullable Long seconds) {
        return events == null || events == 0 ? "up to date" : events + " events, " + seconds + " s behind";
    }

    private static String number(@Nullable Long value) {
        return value == null ? "?" : value.toString();
    }

    private static void problems(PrintWriter out, List<String> problems) {
        if (problems.isEmpty()) {
            out.println("All is well.");
            return;
        }
        out.println(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:");
        problems.forEach(problem -> out.println("  ! " + problem));
    }
}
