package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.standalone.data.Endpoints;
import dev.eventshop.testing.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built jar in a process of its own, on free ports. */
final class StandaloneProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "eventshop.jar").toAbsolutePath();

    /** Other builds may want the same cores. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Ready sooner: what starts has no time to make up for its better compilers. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

    static final List<String> FREE_HTTP_PORTS = List.of(
            "--eventshop.issuer.port=0",
            "--eventshop.command-side.port=0",
            "--eventshop.command-side.management-port=0",
            "--eventshop.query-side.port=0",
            "--eventshop.query-side.management-port=0",
            "--eventshop.notification-projector.port=0",
            "--eventshop.notification-projector.management-port=0");

    static final List<String> FREE_SERVER_PORTS =
            List.of("--eventshop.standalone.amqp-port=0", "--eventshop.standalone.smtp-port=0");

    /** @return arguments with free ports, for who has to know them before the services have them: there is a console then */
    static List<String> knownHttpPorts() throws IOException {
        List<String> ports = new ArrayList<>();
        for (String port : FREE_HTTP_PORTS) {
            ports.add(port.replaceAll("0$", Integer.toString(TcpProxy.freePort())));
        }
        return ports;
    }

    private final Process process;
    private final Path data;
    private final Path out;
    private final Path err;

    private StandaloneProcess(Process process, Path data, Path out, Path err) {
        this.process = process;
        this.data = data;
        this.out = out;
        this.err = err;
    }

    /** {@code start} on free ports, unless the arguments say otherwise. */
    static StandaloneProcess start(Path data, String... arguments) {
        return start(List.of(), Map.of(), data, arguments);
    }

    /** The same, as users start it. */
    static StandaloneProcess startToBeMeasured(Path data, String... arguments) {
        return start(List.of(), Map.of(), data, List.of(), arguments);
    }

    static StandaloneProcess start(
            List<String> wrapper, Map<String, String> environment, Path data, String... arguments) {
        return start(wrapper, environment, data, SHORT_LIVED, arguments);
    }

    private static StandaloneProcess start(
            List<String> wrapper,
            Map<String, String> environment,
            Path data,
            List<String> options,
            String... arguments) {
        List<String> all = new ArrayList<>(List.of("start", "--data", data.toString()));
        all.addAll(List.of(arguments));
        for (List<String> ports : List.of(FREE_HTTP_PORTS, FREE_SERVER_PORTS)) {
            for (String port : ports) {
                String name = port.substring(0, port.indexOf('=') + 1);
                if (all.stream().noneMatch(argument -> argument.startsWith(name))) {
                    all.add(port);
                }
            }
        }
        return launch(wrapper, environment, data, options, all);
    }

    /** {@code check} or {@code test-events}. */
    static StandaloneProcess run(String command, Path data, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--data", data.toString()));
        all.addAll(List.of(options));
        return launch(List.of(), Map.of(), data, SHORT_LIVED, all);
    }

    private static StandaloneProcess launch(
            List<String> wrapper,
            Map<String, String> environment,
            Path data,
            List<String> options,
            List<String> arguments) {
        assertThat(JAR).isRegularFile();
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(options);
        command.add("-jar");
        command.add(JAR.toString());
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile("eventshop-", ".out");
            Path err = Files.createTempFile("eventshop-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(out.getParent().toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(SPRING|EVENTSHOP|SERVER|MANAGEMENT)_.*"));
            builder.environment().putAll(environment);
            return new StandaloneProcess(builder.start(), data, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return this, as soon as it is ready */
    StandaloneProcess awaitReady() {
        awaitOutput("Stop with Ctrl-C.");
        return this;
    }

    /** Returns as soon as it has printed that. */
    void awaitOutput(String text) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> out().contains(text) || !process.isAlive());
        assertThat(out()).as(this::output).contains(text);
    }

    Endpoints endpoints() {
        return Endpoints.of(data).orElseThrow(() -> new AssertionError("no endpoints; " + output()));
    }

    long pid() {
        return process.pid();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private String output() {
        return "stdout:\n" + out() + "stderr:\n" + err();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the code that it ends with by itself */
    int exitCode() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(this::output)
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @return the code that it ends with after that signal */
    int signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return exitCode();
    }

    /** Stops it, where it still runs, in the regular way: what it has started would survive anything else. */
    @Override
    public void close() {
        process.destroy();
        exitCode();
        try {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
