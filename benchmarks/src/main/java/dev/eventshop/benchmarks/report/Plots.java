package dev.eventshop.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** The plots of the report. */
final class Plots {

    private static final Map<String, String> SYSTEMS =
            Map.of(Results.EVENTSHOP, "Eventshop", Results.STOCK, "stock application", Results.PGBENCH, "bare INSERT");

    private final Results results;

    Plots(Results results) {
        this.results = results;
    }

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("throughput.svg"), throughput());
        Files.writeString(folder.resolve("flatness.svg"), flatness());
        Files.writeString(folder.resolve("latency.svg"), latency());
    }

    private String throughput() {
        Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
        groups.put("create a product", bars("create", "perSecond", "create"));
        groups.put("adjust stock, uniform", bars("adjust", "perSecond", "adjust"));
        groups.put("adjust stock, Zipf", bars("adjust-zipf", "perSecond", "adjust"));
        groups.put("order confirmed", bars("order", "confirmedPerSecond", ""));
        return Svg.bars("Commands per second, 64 connections", "per second", groups);
    }

    private Map<String, Double> bars(String what, String field, String raw) {
        Map<String, Double> bars = new LinkedHashMap<>();
        put(bars, Results.EVENTSHOP, Results.median(results.counted(Results.EVENTSHOP, what), field));
        put(bars, Results.STOCK, Results.median(results.counted(Results.STOCK, what), field));
        put(bars, Results.PGBENCH, Results.median(results.counted(Results.PGBENCH, raw), "perSecond"));
        return bars;
    }

    private static void put(Map<String, Double> bars, String system, OptionalDouble value) {
        if (value.isPresent()) {
            bars.put(SYSTEMS.get(system), value.getAsDouble());
        }
    }

    private String flatness() {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (String system : List.of(Results.EVENTSHOP, Results.STOCK)) {
            for (String what : List.of("adjust", "adjust-zipf")) {
                List<JsonNode> rounds = results.counted(system, what);
                if (!rounds.isEmpty()) {
                    series.put(SYSTEMS.get(system) + (what.equals("adjust") ? ", uniform" : ", Zipf"), perPart(rounds));
                }
            }
        }
        return Svg.lines("Stock adjustments per second while histories grow", "seconds", "per second", 5, series);
    }

    /** @return medians over the rounds */
    private static List<Double> perPart(List<JsonNode> rounds) {
        List<Double> parts = new ArrayList<>();
        for (int part = 0; part < rounds.get(0).path("per5Seconds").size(); part++) {
            int index = part;
            List<Double> values = rounds.stream()
                    .map(round -> round.path("per5Seconds").path(index).asDouble())
                    .sorted()
                    .toList();
            parts.add(values.get(values.size() / 2));
        }
        return parts;
    }

    private String latency() {
        Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
        for (String percentile : List.of("p50", "p99", "p999")) {
            Map<String, Double> bars = new LinkedHashMap<>();
            for (String system : List.of(Results.EVENTSHOP, Results.STOCK)) {
                put(bars, system, Results.median(results.commands(system, "adjust-latency"), percentile + "Millis"));
            }
            groups.put(percentile.equals("p999") ? "p99.9" : percentile, bars);
        }
        return Svg.bars("A stock adjustment at 200 requests per second", "milliseconds", groups);
    }
}
