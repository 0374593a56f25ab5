package dev.eventshop.testing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A service in a JVM of its own, with the class path of this one. It can be killed, frozen and started again, and has
 * the same ports each time.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String name;
    private final Class<?> application;
    private final Map<String, String> settings;
    private final Path log;
    private final int port = TcpProxy.freePort();
    private final int managementPort = TcpProxy.freePort();

    private List<Path> patches = List.of();
    private List<String> options = List.of();
    private volatile Consumer<String> listener = line -> {};
    private @Nullable Process process;

    /**
     * @param name        of its settings, as {@code command-side}
     * @param application with a main method
     * @param settings    by name
     * @param log         file that all it says is appended to
     */
    public ServiceProcess(String name, Class<?> application, Map<String, String> settings, Path log) {
        this.name = name;
        this.application = application;
        this.settings = settings;
        this.log = log;
    }

    /** @param folders of classes that take the place of those of the class path, from the next start on */
    public void patch(List<Path> folders) {
        patches = folders;
    }

    /** @param newOptions of the JVM, from the next start on */
    public void options(List<String> newOptions) {
        options = newOptions;
    }

    /** @param newListener is told each line that it says, from now on */
    public void listen(Consumer<String> newListener) {
        listener = newListener;
    }

    /** Returns when it is ready. */
    public void start() {
        launch();
        awaitReady();
    }

    /** Returns at once. */
    public void launch() {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs");
        }
        List<String> classPath =
                new ArrayList<>(patches.stream().map(Path::toString).toList());
        classPath.add(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1")); // ready sooner
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                String.join(File.pathSeparator, classPath),
                application.getName(),
                "--eventshop." + name + ".port=" + port,
                "--eventshop." + name + ".management-port=" + managementPort));
        settings.forEach((setting, value) -> command.add("--" + setting + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        try {
            Process started = builder.start();
            process = started;
            Thread reader = new Thread(() -> read(started), name + "-output");
            reader.setDaemon(true);
            reader.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Process from) {
        try (BufferedReader output = from.inputReader(StandardCharsets.UTF_8);
                BufferedWriter file = Files.newBufferedWriter(
                        log, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                listener.accept(line);
                file.write(line);
                file.newLine();
                file.flush();
            }
        } catch (IOException e) {
            // it was killed
        }
    }

    /** Returns when it says that it is ready. */
    public void awaitReady() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && isAlive()) {
            if (status("/actuator/health/readiness") == 200) {
                return;
            }
            pause();
        }
        throw new IllegalStateException(name + " did not become ready; see " + log);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @return status of a page of its management port; 0 when it does not answer */
    private int status(String path) {
        try {
            return client.send(question(path), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * @return a page of its management port
     * @throws IOException when it does not answer
     */
    public String management(String path) throws IOException {
        try {
            return client.send(question(path), BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest question(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    public String name() {
        return name;
    }

    /** @return where clients reach it, without a slash at its end */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process);
        }
    }

    /** Ends it in the regular way. */
    public void stop() {
        if (process != null) {
            process.destroy();
            awaitEnd(process);
        }
    }

    private void awaitEnd(Process ending) {
        ending.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Lets it do nothing until {@link #thaw()}. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        signal(process.pid(), signal);
    }

    /** Sends a process of this machine a signal, as {@code STOP}. */
    public static void signal(long pid, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it, also when it is frozen. */
    @Override
    public void close() {
        kill();
    }
}
