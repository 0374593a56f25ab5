package dev.eventshop.testing;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventshop.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A broker for tests: an embedded one that lives as long as the JVM, or the RabbitMQ that the system property
 * {@code eventshop.test.rabbitmq} names by an AMQP URI, in which <code>{module}</code> stands for the module's folder, so
 * that modules that are tested at the same time have virtual hosts of their own. Tests of one JVM share them, and purge
 * them before they begin.
 */
public final class TestBroker implements AutoCloseable {

    private static final String PROPERTY = "eventshop.test.rabbitmq";

    private static final String EXCHANGE = "microservice.events";

    private static final List<String> QUEUES = List.of(
            "product.stock-updated",
            "order.created",
            "order.status-changed",
            "order.cancelled",
            "order.completed",
            "user.registered",
            "user.personal-data-erased");

    private static @Nullable TestBroker embedded;

    private static @Nullable TestBroker rabbitMq;

    private final String name;
    private final String uri;
    private final @Nullable EmbeddedBroker server;

    private TestBroker(String name, String uri, @Nullable EmbeddedBroker server) {
        this.name = name;
        this.uri = uri;
        this.server = server;
    }

    public static synchronized TestBroker embedded() {
        if (embedded == null) {
            EmbeddedBroker server = EmbeddedBroker.inMemory();
            embedded = new TestBroker("embedded", server.uri(), server);
        }
        return embedded;
    }

    /** @return the embedded one, and RabbitMQ where the system property names it */
    public static Stream<TestBroker> all() {
        String named = System.getProperty(PROPERTY, "");
        return named.isEmpty() ? Stream.of(embedded()) : Stream.of(embedded(), rabbitMq(named));
    }

    private static synchronized TestBroker rabbitMq(String uri) {
        if (rabbitMq == null) {
            Path module = Path.of("").toAbsolutePath().getFileName();
            rabbitMq = new TestBroker("rabbitmq", uri.replace("{module}", module.toString()), null);
            rabbitMq.keepOthersAway();
        }
        return rabbitMq;
    }

    public String name() {
        return name;
    }

    public boolean isRabbitMq() {
        return server == null;
    }

    public String uri() {
        return uri;
    }

    /** @return {@code spring.rabbitmq.*} */
    public Map<String, String> springProperties() {
        return Map.of("spring.rabbitmq.addresses", uri);
    }

    /**
     * Removes exchanges and queues with their messages: in the embedded broker all of them, in RabbitMQ those of the
     * contract and those that are named.
     *
     * @param others queues and exchanges that the test makes besides
     */
    public void purge(String... others) {
        if (server != null) {
            server.clear();
            return;
        }
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            for (String queue : QUEUES) {
                channel.queueDelete(queue);
                channel.queueDelete(queue + ".dlq");
            }
            channel.exchangeDelete(EXCHANGE);
            for (String other : others) {
                channel.queueDelete(other);
                channel.exchangeDelete(other);
            }
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(this + " could not be purged", e);
        }
    }

    /** By an exclusive queue that lives as long as this JVM: the tests of other JVMs wait for it. */
    private void keepOthersAway() {
        try {
            Connection connection = connect();
            Awaitility.await("until no other tests use " + this)
                    .atMost(Duration.ofMinutes(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .pollDelay(Duration.ZERO)
                    .ignoreException(IOException.class)
                    .until(() -> {
                        connection.createChannel().queueDeclare("eventshop.tests", false, true, true, Map.of());
                        return true;
                    });
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(this + " can't be reached", e);
        }
    }

    private Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IllegalArgumentException(PROPERTY + " has to be an AMQP URI", e);
        }
        return factory.newConnection("tests");
    }

    /** Purges it. The broker itself stays, for the tests to come. */
    @Override
    public void close() {
        purge();
    }

    @Override
    public String toString() {
        return name;
    }
}
