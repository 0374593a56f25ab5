package dev.eventshop.benchmarks.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Standalone with its data in a folder, from its start to the first answered request and on. */
final class StandaloneProcess {

    static final Path BUILT = Path.of("standalone", "target", "eventshop.jar");

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path endpoints;
    private final double seconds;
    private final double cpuSeconds;

    /** @param command without what follows the jar's name */
    StandaloneProcess(List<String> command, Path folder) throws IOException, InterruptedException {
        endpoints = folder.resolve("data/endpoints.json");
        Path log = folder.resolve("start.log");
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("--data", folder.resolve("data").toString()));
        long start = System.nanoTime();
        process = new ProcessBuilder(arguments)
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
        cpuSeconds = process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
    }

    static void requireBuilt() {
        if (!Files.exists(BUILT)) {
            throw new IllegalStateException(BUILT + " is missing: mvn -DskipTests package");
        }
    }

    /** Without a token: that it is refused says as well that requests are answered. */
    private boolean answers() throws InterruptedException {
        try {
            return Files.exists(endpoints)
                    && client.send(
                                            HttpRequest.newBuilder(URI.create(address("querySide") + "/api/products"))
                                                    .build(),
                                            BodyHandlers.discarding())
                                    .statusCode()
                            == 401;
        } catch (IOException e) {
            return false;
        }
    }

    /** @return seconds from the start of the process to the first answered request */
    double seconds() {
        return seconds;
    }

    /** @return what the process had used of the processors by then */
    double cpuSeconds() {
        return cpuSeconds;
    }

    /** @param part as in the file of endpoints */
    String address(String part) {
        JsonNode all = JSON.readTree(endpoints.toFile());
        return all.path(part).asString();
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
