package dev.eventshop.benchmarks.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs all benchmarks, each in a process of its own, and writes {@code docs/performance.md} with its plots and results.
 * {@code render} writes the page again from the results that are there.
 */
public final class Report {

    private static final Path DOCS = Path.of("docs");

    /** Of a run whose figures nobody should read. */
    private static final Path ASIDE = Path.of("benchmarks", "target");

    private static final JsonMapper JSON = JsonMapper.shared();

    /** In under ten minutes: shows that all of it works, and the order of magnitude. */
    private static final List<List<String>> QUICK = List.of(
            List.of("http.Commands", "1", "20", "5", "10"),
            List.of("forwarding.Backlog", "60000", "1"),
            List.of("messaging.Consumer", "50000", "1"),
            List.of("shop.ViewLag", "1", "10", "30"),
            List.of("replay.SideBySide", "100000", "1", "1000", "PRODUCT_CATALOG"));

    /** As short as possible: shows that all of it works, and no more. */
    private static final List<List<String>> SMOKE = List.of(
            List.of("http.Commands", "1", "2", "2", "5"),
            List.of("forwarding.Backlog", "20000", "1"),
            List.of("messaging.Consumer", "2000", "1"),
            List.of("shop.ViewLag", "1", "2", "2"),
            List.of("replay.SideBySide", "20000", "1", "500", "PRODUCT_CATALOG"));

    private static final List<List<String>> FULL = List.of(
            List.of("http.Commands", "3", "120", "30", "60"),
            List.of("forwarding.Backlog", "500000", "3"),
            List.of("messaging.Consumer", "200000", "3"),
            List.of("shop.ViewLag", "3", "30"),
            List.of("forwarding.ConfirmLag", "3", "30"),
            List.of("store.LargeStore", "10000000", "5"),
            List.of("replay.SideBySide", "1000000", "3", "6000"));

    private Report() {}

    public static void main(String[] arguments) throws Exception {
        String mode = arguments.length > 0 ? arguments[0] : "quick";
        Path docs = mode.equals("smoke") ? ASIDE : DOCS;
        Path folder = docs.resolve("performance");
        Path file = folder.resolve("results.json");
        Files.createDirectories(folder);
        switch (mode) {
            case "smoke" -> measure(mode, SMOKE, file);
            case "quick" -> measure(mode, QUICK, file);
            case "full" -> measure(mode, FULL, file);
            case "render" -> {} // what is there
            default -> throw new IllegalArgumentException("report quick, full, smoke or render");
        }
        JsonNode results = JSON.readTree(Files.readString(file));
        new Plots(new Results(results.path("lines"))).write(folder);
        Files.writeString(docs.resolve("performance.md"), new Page(results).text());
    }

    private static void measure(String mode, List<List<String>> benchmarks, Path file) throws Exception {
        Instant start = Instant.now();
        Map<String, Object> machine = Machine.describe(); // refuses what is not durable, before anything runs
        List<JsonNode> lines = new ArrayList<>();
        List<Map<String, Object>> failures = new ArrayList<>();
        for (List<String> benchmark : benchmarks) {
            System.err.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + String.join(" ", benchmark));
            int status = run(benchmark, lines);
            if (status != 0) {
                failures.add(Map.of("benchmark", benchmark.get(0), "status", status));
            }
        }
        Files.writeString(
                file,
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(Map.of(
                                "mode",
                                mode,
                                "startedAt",
                                start.truncatedTo(ChronoUnit.SECONDS).toString(),
                                "minutes",
                                Duration.between(start, Instant.now()).toSeconds() / 60.0,
                                "machine",
                                machine,
                                "benchmarks",
                                benchmarks.stream()
                                        .map(each -> String.join(" ", each))
                                        .toList(),
                                "failures",
                                failures,
                                "lines",
                                lines)));
    }

    /** @return its exit status */
    private static int run(List<String> benchmark, List<JsonNode> lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.eventshop.benchmarks." + benchmark.get(0)));
        command.addAll(benchmark.subList(1, benchmark.size()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("{")) {
                    System.out.println(line);
                    lines.add(completed(benchmark.get(0), JSON.readTree(line.replace("NaN", "null"))));
                }
            }
        }
        return process.waitFor();
    }

    /** Adds what an older benchmark does not print. */
    private static JsonNode completed(String benchmark, JsonNode line) {
        ObjectNode completed = JSON.createObjectNode();
        completed.put("benchmark", benchmark);
        completed.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return completed.setAll((ObjectNode) line);
    }
}
