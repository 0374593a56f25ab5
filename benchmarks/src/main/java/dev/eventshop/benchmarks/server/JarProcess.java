package dev.eventshop.benchmarks.server;

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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An executable jar of this project in a process of its own, in its usual state: nothing but addresses is set. When the
 * environment variable {@code EVENTSHOP_BENCH_JFR} names a folder, a profile of it is written there.
 */
public final class JarProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final Process process;
    private final Path log;

    private JarProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Returns when it answers.
     *
     * @param module    folder of its module
     * @param readiness is answered with a success when it is ready
     * @param settings  by name
     */
    static JarProcess start(String module, URI readiness, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("benchmark-" + Path.of(module).getFileName() + "-", ".log");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        String folder = System.getenv("EVENTSHOP_BENCH_JFR");
        if (folder != null) {
            command.add("-XX:FlightRecorderOptions=stackdepth=256"); // those of a request are deep
            command.add("-XX:StartFlightRecording=settings=profile,filename=" + folder + "/"
                    + Path.of(module).getFileName() + ".jfr");
        }
        command.addAll(List.of("-jar", jar(module).toString()));
        settings.forEach((setting, value) -> command.add("--" + setting + "=" + value));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        JarProcess started = new JarProcess(Path.of(module).getFileName().toString(), process, log);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        started.awaitReady(readiness);
        return started;
    }

    private static Path jar(String module) throws IOException {
        try (var jars = Files.newDirectoryStream(Path.of(module, "target"), "*-exec.jar")) {
            return jars.iterator().next();
        }
    }

    private void awaitReady(URI readiness) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest question =
                HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                if (client.send(question, BodyHandlers.discarding()).statusCode() < 300) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        String said = Files.readString(log);
        close();
        throw new IllegalStateException(name + " did not become ready: " + said);
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** @return the end of its log */
    public String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return name + " said last:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 100), lines.size()));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        Files.deleteIfExists(log);
    }
}
