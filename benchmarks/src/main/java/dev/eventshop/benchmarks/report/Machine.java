package dev.eventshop.benchmarks.report;

import dev.eventshop.benchmarks.server.RealPostgreSql;
import dev.eventshop.benchmarks.server.RealRabbitMq;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.axonframework.eventhandling.EventMessage;
import org.springframework.boot.SpringBootVersion;

/** What the results depend on. */
final class Machine {

    private static final long KIB_PER_GIB = 1024 * 1024;

    private Machine() {}

    /** @throws IllegalStateException when the database is not durable */
    static Map<String, Object> describe() throws Exception {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processor", field(Path.of("/proc/cpuinfo"), "model name"));
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put(
                "memoryGib",
                Math.round(Double.parseDouble(
                                field(Path.of("/proc/meminfo"), "MemTotal").replace(" kB", ""))
                        / KIB_PER_GIB));
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("java", System.getProperty("java.runtime.version"));
        machine.put("springBoot", SpringBootVersion.getVersion());
        machine.put("axon", axonVersion());
        machine.put("commit", git());
        try (RealPostgreSql database = RealPostgreSql.createDatabase()) {
            machine.put("postgresql", database.settings());
        }
        try (RealRabbitMq broker = RealRabbitMq.createVirtualHost()) {
            machine.put("rabbitmq", broker.version());
        }
        return machine;
    }

    private static String field(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String axonVersion() throws IOException {
        Properties properties = new Properties();
        try (var file = EventMessage.class.getResourceAsStream(
                "/META-INF/maven/org.axonframework/axon-messaging/pom.properties")) {
            if (file != null) {
                properties.load(file);
            }
        }
        return properties.getProperty("version", "unknown");
    }

    private static String git() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
        String commit = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? commit : "unknown";
    }
}
