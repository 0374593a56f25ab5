package dev.eventshop.faults;

import dev.eventshop.testing.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A RabbitMQ of the test's own, that can be stopped, killed and alarmed. */
final class RabbitMqNode {

    /** Where Debian has the scripts without the wrapper that changes the user. */
    private static final Path SCRIPTS = Path.of("/usr/lib/rabbitmq/bin");

    private static final long PATIENCE_SECONDS = 120;

    private final int port = TcpProxy.freePort();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable Process server;

    private RabbitMqNode(Path folder) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home")); // has the cookie
        Path configuration = folder.resolve("rabbitmq.conf");
        Files.writeString(configuration, "listeners.tcp.default = 127.0.0.1:" + port + "\n");
        environment.put("HOME", home.toString());
        environment.put("RABBITMQ_NODENAME", "eventshop-faults-" + port + "@localhost");
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_CONFIG_FILE", configuration.toString());
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(TcpProxy.freePort()));
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        environment.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
    }

    /** @return none where RabbitMQ is not installed */
    static Optional<RabbitMqNode> inFolder(Path folder) throws IOException {
        return Files.isExecutable(SCRIPTS.resolve("rabbitmq-server"))
                ? Optional.of(new RabbitMqNode(folder))
                : Optional.empty();
    }

    int port() {
        return port;
    }

    String uri() {
        return "amqp://guest:guest@127.0.0.1:" + port;
    }

    /** Returns when it serves clients. */
    void start() {
        server = launch("rabbitmq-server");
        control("await_startup", "--timeout", Long.toString(PATIENCE_SECONDS));
    }

    void stop() {
        control("stop");
        awaitEnd();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        if (server != null) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
            awaitEnd();
        }
    }

    private void awaitEnd() {
        if (server != null) {
            server.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    /** From now on it takes nothing from publishers, and keeps their connections. */
    void raiseMemoryAlarm() {
        control("set_vm_memory_high_watermark", "0.00001");
    }

    void clearMemoryAlarm() {
        control("set_vm_memory_high_watermark", "0.4");
    }

    /** The same, for want of disk. */
    void raiseDiskAlarm() {
        control("set_disk_free_limit", "1000TB");
    }

    void clearDiskAlarm() {
        control("set_disk_free_limit", "50MB");
    }

    private void control(String... arguments) {
        List<String> all = new ArrayList<>(List.of("rabbitmqctl"));
        all.addAll(List.of(arguments));
        for (int attempt = 0; ; attempt++) { // the node may not know its own name yet
            Process process = launch(all.toArray(String[]::new));
            int code = process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join()
                    .exitValue();
            if (code == 0) {
                return;
            }
            if (attempt == 20) {
                throw new IllegalStateException(String.join(" ", all) + " ended with " + code);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process launch(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.set(0, SCRIPTS.resolve(command[0]).toString());
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
