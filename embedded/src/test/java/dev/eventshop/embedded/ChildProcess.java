package dev.eventshop.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own that runs a server, says where, and stops it in order unless it is killed. */
final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildProcess(Class<?> main, Path folder, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        folder.toString())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        output = process.inputReader();
    }

    static ChildProcess broker(Path folder) throws IOException {
        return new ChildProcess(Broker.class, folder, Map.of());
    }

    static ChildProcess postgreSql(Path folder, Map<String, String> environment) throws IOException {
        return new ChildProcess(PostgreSql.class, folder, environment);
    }

    static ChildProcess temporaryPostgreSql(Path temporaryFolder) throws IOException {
        return new ChildProcess(TemporaryPostgreSql.class, temporaryFolder, Map.of());
    }

    /** @throws AssertionError with what the child says, when that is anything but where its server is */
    String readUri() throws IOException {
        String line = output.readLine();
        if (line == null || !line.matches("(jdbc:postgresql|amqp)://.*")) {
            throw new AssertionError(line + output.lines().collect(Collectors.joining("\n", "\n", "")));
        }
        return line;
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the child lives on");
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Until the parent closes its end. */
    private static void waitForTheParent() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    static final class Broker {

        private Broker() {}

        public static void main(String[] arguments) throws IOException {
            try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), 0)) {
                System.out.println(broker.uri());
                waitForTheParent();
            }
        }
    }

    static final class PostgreSql {

        private PostgreSql() {}

        public static void main(String[] arguments) throws IOException {
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.start(Path.of(arguments[0]))) {
                System.out.println(server.jdbcUrl());
                waitForTheParent();
            }
        }
    }

    static final class TemporaryPostgreSql {

        private TemporaryPostgreSql() {}

        public static void main(String[] arguments) throws IOException {
            System.setProperty("java.io.tmpdir", arguments[0]);
            try (EmbeddedPostgreSql server = EmbeddedPostgreSql.temporaryForTests()) {
                System.out.println(server.jdbcUrl());
                waitForTheParent();
            }
        }
    }
}
