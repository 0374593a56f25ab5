package dev.eventshop.benchmarks.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long standalone takes from the start of its process to the first answered request, with a data folder that is there,
 * and what memory it has then: as it is built, extracted, and with the classes of an earlier run; on this JDK and on
 * another one. In turns.
 */
public final class Starts {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path BUILT = Path.of("standalone", "target", "eventshop.jar");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;

    private Starts(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        if (arguments.length > 1) {
            homes.add(Path.of(arguments[1]));
        }
        if (!Files.exists(BUILT)) {
            throw new IllegalStateException(BUILT + " is missing: mvn -DskipTests package");
        }
        Starts benchmark = new Starts(Files.createTempDirectory("benchmark-starts-"));
        List<Way> ways = new ArrayList<>();
        for (Path home : homes) {
            ways.addAll(benchmark.ways(home));
        }
        for (int round = 1; round <= rounds; round++) {
            for (Way way : ways) {
                System.out.println(benchmark.measured(way, round));
            }
        }
    }

    /** Extracts, and lets each of them have its earlier run. */
    private List<Way> ways(Path home) throws IOException, InterruptedException {
        String java = home.resolve("bin").resolve("java").toString();
        int version = version(java);
        Path extracted = folder.resolve("extracted-" + version);
        run(List.of(
                java, "-Djarmode=tools", "-jar", BUILT.toString(), "extract", "--destination", extracted.toString()));
        String jar = extracted.resolve(BUILT.getFileName()).toString();
        new Run(new Way(version, "jar", List.of(java, "-jar", BUILT.toString()))).stop(); // makes the data folder
        Way archived = archived(java, version, jar);
        return List.of(
                new Way(version, "jar", List.of(java, "-jar", BUILT.toString())),
                new Way(version, "extracted", List.of(java, "-jar", jar)),
                archived);
    }

    private Way archived(String java, int version, String jar) throws IOException, InterruptedException {
        String file = folder.resolve("classes-" + version).toString();
        boolean ahead = version >= 25; // JEP 514
        String write = ahead ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
        String read = ahead ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=";
        new Run(new Way(version, "", List.of(java, write + file, "-jar", jar))).stop();
        return new Way(version, ahead ? "AOT cache" : "class data archive", List.of(java, read + file, "-jar", jar));
    }

    private static int version(String java) throws IOException, InterruptedException {
        String said = run(List.of(java, "--version"));
        return Integer.parseInt(said.split("[ .]", 3)[1]);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + said);
        }
        return said;
    }

    private String measured(Way way, int round) throws IOException, InterruptedException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "standalone.Starts");
        line.put("round", round);
        line.put("jdk", way.version());
        line.put("from", way.name());
        line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        Run run = new Run(way);
        line.put("seconds", rounded(run.seconds));
        line.put("cpuSeconds", rounded(run.cpuSeconds));
        line.put("residentMegabytes", run.residentMegabytes());
        run.stop();
        return JSON.writeValueAsString(line);
    }

    private static double rounded(double seconds) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", seconds));
    }

    /** @param command without what all of them have */
    private record Way(int version, String name, List<String> command) {}

    /** One start. */
    private final class Run {

        private final Process process;
        private final Path endpoints = folder.resolve("data/endpoints.json");
        private final double seconds;
        private final double cpuSeconds;

        Run(Way way) throws IOException, InterruptedException {
            Path log = folder.resolve("start.log");
            List<String> command = new ArrayList<>(way.command());
            command.addAll(List.of("--data", folder.resolve("data").toString()));
            long start = System.nanoTime();
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            while (!answers()) {
                if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                    process.destroy();
                    throw new IllegalStateException("it did not start: " + Files.readString(log));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            seconds = (System.nanoTime() - start) / 1e9;
            cpuSeconds =
                    process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
        }

        /** Without a token: that it is refused says as well that requests are answered. */
        private boolean answers() throws InterruptedException {
            try {
                if (!Files.exists(endpoints)) {
                    return false;
                }
                String querySide =
                        JSON.readTree(endpoints.toFile()).path("querySide").asString();
                return client.send(
                                        HttpRequest.newBuilder(URI.create(querySide + "/api/products"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 401;
            } catch (IOException e) {
                return false;
            }
        }

        /** @return null where there is no {@code /proc} */
        @Nullable
        Long residentMegabytes() throws IOException {
            Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
            if (!Files.exists(status)) {
                return null;
            }
            Optional<String> resident = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .findFirst();
            return resident.map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .orElse(null);
        }

        void stop() {
            process.destroy();
            process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }
}
