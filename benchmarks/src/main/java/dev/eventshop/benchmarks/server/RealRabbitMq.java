package dev.eventshop.benchmarks.server;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/**
 * A virtual host of a benchmark's own on the machine's RabbitMQ, made with {@code rabbitmqctl}. The environment variable
 * {@code EVENTSHOP_BENCH_RABBITMQ} says where it is, by default {@code amqp://guest:guest@127.0.0.1:5672}.
 */
public final class RealRabbitMq implements AutoCloseable {

    private static final String VARIABLE = "EVENTSHOP_BENCH_RABBITMQ";

    private final URI server;
    private final String virtualHost =
            "eventshop-bench-" + UUID.randomUUID().toString().substring(0, 8);

    private volatile boolean closed;

    private RealRabbitMq(URI server) {
        this.server = server;
    }

    public static RealRabbitMq createVirtualHost() throws IOException, InterruptedException {
        RealRabbitMq broker = new RealRabbitMq(
                URI.create(System.getenv().getOrDefault(VARIABLE, "amqp://guest:guest@127.0.0.1:5672")));
        control("add_vhost", broker.virtualHost);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::closeAtEnd));
        control("set_permissions", "-p", broker.virtualHost, broker.user(), ".*", ".*", ".*");
        return broker;
    }

    private static void control(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("rabbitmqctl", "--quiet"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private String user() {
        return server.getUserInfo().split(":")[0];
    }

    /** @return an AMQP URI */
    public String uri() {
        return server + "/" + virtualHost;
    }

    /** @return {@code spring.rabbitmq.*} */
    public Map<String, String> springProperties() {
        return Map.of("spring.rabbitmq.addresses", uri());
    }

    public Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri());
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IllegalArgumentException(VARIABLE + " has to be an AMQP URI", e);
        }
        return factory.newConnection("benchmark");
    }

    public String version() throws IOException, TimeoutException {
        try (Connection connection = connect()) {
            return String.valueOf(connection.getServerProperties().get("version"));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            control("delete_vhost", virtualHost);
            closed = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAtEnd() {
        try {
            if (!closed) {
                close();
            }
        } catch (IOException e) {
            System.err.println("virtual host " + virtualHost + " is left: " + e.getMessage());
        }
    }
}
