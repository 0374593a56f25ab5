package dev.eventshop.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a server, says where, and waits to be killed. */
final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildProcess(Class<?> main, Path folder) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader();
    }

    static ChildProcess broker(Path folder) throws IOException {
        return new ChildProcess(Broker.class, folder);
    }

    static ChildProcess postgreSql(Path folder) throws IOException {
        return new ChildProcess(PostgreSql.class, folder);
    }

    String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the child has ended");
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
    public void close() {
        process.destroyForcibly();
    }

    static final class Broker {

        private Broker() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(EmbeddedBroker.start(Path.of(arguments[0]), 0).uri());
            Thread.currentThread().join();
        }
    }

    static final class PostgreSql {

        private PostgreSql() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(EmbeddedPostgreSql.start(Path.of(arguments[0])).jdbcUrl());
            Thread.currentThread().join();
        }
    }
}
