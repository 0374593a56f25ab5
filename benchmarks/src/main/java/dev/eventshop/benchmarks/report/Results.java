package dev.eventshop.benchmarks.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The lines that the benchmarks have printed. */
final class Results {

    static final String EVENTSHOP = "eventshop";
    static final String STOCK = "stock";
    static final String PGBENCH = "pgbench";

    private final List<JsonNode> lines;

    Results(JsonNode lines) {
        this.lines = StreamSupport.stream(lines.spliterator(), false).toList();
    }

    List<JsonNode> of(String benchmark) {
        return lines.stream()
                .filter(line -> line.path("benchmark").asString().equals(benchmark))
                .toList();
    }

    List<JsonNode> commands(String system, String what) {
        return of("http.Commands").stream()
                .filter(line -> line.path("system").asString().equals(system))
                .filter(line -> line.path("what").asString().equals(what))
                .toList();
    }

    /** @return those that count: Eventshop's only while nothing falls behind, the others' all */
    List<JsonNode> counted(String system, String what) {
        return commands(system, what).stream()
                .filter(line -> !system.equals(EVENTSHOP) || isBounded(line))
                .toList();
    }

    static boolean isBounded(JsonNode line) {
        return line.path("bounded").asBoolean(true);
    }

    static OptionalDouble median(List<JsonNode> lines, String field) {
        double[] sorted = lines.stream()
                .map(line -> line.path(field))
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::asDouble)
                .sorted()
                .toArray();
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[sorted.length / 2]);
    }
}
