package dev.eventshop.standalone.probe;

import dev.eventshop.standalone.console.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shows traces as they come, each as a row with the milliseconds from the command to the hop. */
final class TraceTable {

    private static final int[] WIDTHS = {24, 10, 10, 10, 10, 10};

    private final PrintWriter out;

    TraceTable(PrintWriter out) {
        this.out = out;
        List<String> titles = new ArrayList<>(List.of("event"));
        Arrays.stream(Hop.values()).map(Hop::title).forEach(titles::add);
        print(titles);
    }

    void add(Trace trace) {
        List<String> cells = new ArrayList<>(List.of(trace.event()));
        for (Hop hop : Hop.values()) {
            cells.add(
                    trace.isMissed(hop)
                            ? "MISSING"
                            : trace.time(hop)
                                    .map(time -> time.toMillis() + " ms")
                                    .orElse("-"));
        }
        print(cells);
    }

    private void print(List<String> cells) {
        out.println(Table.line(WIDTHS, cells));
        out.flush();
    }
}
