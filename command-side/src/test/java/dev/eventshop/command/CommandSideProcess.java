package dev.eventshop.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** The application in a process of its own, which is killed as soon as it says that it is at its crash point. */
final class CommandSideProcess implements AutoCloseable {

    private static final String PORT = "Port: ";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES_KEPT = 200;

    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private volatile boolean reached;

    private CommandSideProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** What runs in that process. It arms the crash point with the first line that it is sent. */
    public static void main(String[] arguments) throws IOException {
        ConfigurableApplicationContext context =
                CommandSideApplication.builder().run(arguments);
        System.out.println(PORT + context.getEnvironment().getProperty("local.server.port"));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (input.readLine() != null) {
            CrashingDriver.arm();
        }
    }

    /** @param systemProperties {@code name=value} */
    static CommandSideProcess start(List<String> systemProperties, List<String> arguments) {
        List<String> command = Stream.of(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx512m",
                                "-XX:TieredStopAtLevel=1", // ready sooner
                                "-cp",
                                System.getProperty("java.class.path")),
                        systemProperties.stream().map(property -> "-D" + property),
                        Stream.of(CommandSideProcess.class.getName()),
                        arguments.stream())
                .flatMap(part -> part)
                .toList();
        try {
            return new CommandSideProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(CrashingDriver.REACHED)) {
                    reached = true;
                    process.destroyForcibly(); // SIGKILL
                } else if (line.startsWith(PORT)) {
                    port.complete(Integer.valueOf(line.substring(PORT.length())));
                }
                remember(line);
            }
        } catch (IOException e) {
            remember(e.toString());
        }
        port.completeExceptionally(new IllegalStateException("the process has ended"));
    }

    private synchronized void remember(String line) {
        lastLines.add(line);
        if (lastLines.size() > LINES_KEPT) {
            lastLines.remove();
        }
    }

    /** @return a client, as soon as it serves requests */
    CommandSideClient client() {
        return new CommandSideClient(
                port.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
    }

    void arm() throws IOException {
        process.outputWriter().append("arm\n").flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** @return whether it was killed at its crash point; false when it did not come there for long */
    boolean wasKilled() throws InterruptedException {
        return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && reached;
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lastLines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
