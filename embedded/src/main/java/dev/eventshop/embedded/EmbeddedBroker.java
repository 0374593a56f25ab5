package dev.eventshop.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.security.auth.Subject;
import org.apache.qpid.server.configuration.updater.TaskExecutor;
import org.apache.qpid.server.configuration.updater.TaskExecutorImpl;
import org.apache.qpid.server.logging.EventLogger;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.Exchange;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.plugin.PluggableFactoryLoader;
import org.apache.qpid.server.plugin.SystemConfigFactory;
import org.apache.qpid.server.security.SubjectExecutionContext;
import org.apache.qpid.server.security.auth.TaskPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP 0-9-1 broker, Apache Qpid Broker-J, in this JVM. It listens on loopback only, has one user, whose password is
 * generated, and no management interface. Queues may be declared with RabbitMQ's arguments, but those for expiry, dead
 * letters and lengths are not obeyed. A body with content encoding gzip is unpacked, whatever its size, for clients that
 * don't connect with the property {@code qpid.message_compression_supported}.
 *
 * <p>In the folder: {@code store} and {@code password}. A persistent message that was confirmed in a durable queue
 * survives a crash of this process and of the machine.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String USER = "eventshop";

    private static final long STOP_SECONDS = 60;

    private final Principal principal = () -> "eventshop";
    private final TaskExecutor executor = new TaskExecutorImpl();
    private final String password;
    private final @Nullable FolderLock lock;
    private final SystemConfig<?> system;
    private int port;
    private boolean closed;

    /** @param settings of the broker, for the placeholders in its configuration */
    private EmbeddedBroker(
            String configuration, Map<String, String> settings, String password, @Nullable FolderLock lock) {
        this.password = password;
        this.lock = lock;
        Map<String, String> context = new HashMap<>(settings);
        context.put("eventshop.host", HOST);
        context.put("eventshop.user", USER);
        context.put("eventshop.password", password);
        context.put("queue.behaviourOnUnknownDeclareArgument", "IGNORE");
        // As RabbitMQ: a message without a route is returned, and the connection stays.
        context.put("qpid.port.closeWhenNoRoute", "false");
        context.put("qpid.max_message_size", Integer.toString(16 << 20)); // RabbitMQ's since version 4
        // Nor does it pack what is large for clients that can unpack.
        context.put("connection.messageCompressionThresholdSize", Integer.toString(Integer.MAX_VALUE));
        context.put("qpid.port.sessionCountLimit", "2047");
        context.put("qpid.port.heartbeatDelay", "60");
        context.put("virtualhost.connectionThreadPool.size", "16");
        context.put("store.filesystem.maxUsagePercent", "99");
        context.put("qpid.broker.defaultPreferenceStoreAttributes", "{\"type\": \"Noop\"}");
        SystemConfigFactory<?> factory = new PluggableFactoryLoader<>(SystemConfigFactory.class).get("Memory");
        this.system = factory.newInstance(
                executor,
                new EventLogger(), // says nothing
                principal,
                Map.of(
                        ConfiguredObject.TYPE,
                        "Memory",
                        ConfiguredObject.CONTEXT,
                        context,
                        SystemConfig.INITIAL_CONFIGURATION_LOCATION,
                        Objects.requireNonNull(EmbeddedBroker.class.getResource(configuration))
                                .toExternalForm(),
                        SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
                        false));
    }

    /**
     * @param folder for this broker alone; made when it is missing
     * @param port   0 for a free one
     * @throws DataFolderInUse      when another living process, or this one, runs a broker there
     * @throws PortTaken            when another process listens on the port
     * @throws EmbeddedServerFailed when the folder can't be used, or the broker does not start
     */
    public static EmbeddedBroker start(Path folder, int port) {
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw new PortTaken(port, "AMQP");
        }
        Path absolute = folder.toAbsolutePath().normalize();
        if (absolute.toString().contains(";")) {
            throw new EmbeddedServerFailed(
                    "The AMQP broker can't use the folder " + absolute + ": its name has a semicolon.");
        }
        try {
            FolderLock lock = FolderLock.of(PrivateFiles.folder(absolute));
            try {
                Path passwordFile = absolute.resolve("password");
                if (!Files.exists(passwordFile)) {
                    PrivateFiles.write(passwordFile, PrivateFiles.newPassword() + "\n");
                }
                // Derby keeps the store. Its log would be in the folder where this process was started.
                System.setProperty(
                        "derby.stream.error.file", absolute.resolve("derby.log").toString());
                Map<String, String> settings = Map.of(
                        "eventshop.port",
                        Integer.toString(port),
                        "eventshop.store",
                        PrivateFiles.folder(absolute.resolve("store")).toString());
                EmbeddedBroker broker = new EmbeddedBroker(
                        "broker-durable.json",
                        settings,
                        Files.readString(passwordFile).strip(),
                        lock);
                broker.open(port);
                return broker;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw EmbeddedServerFailed.unusable("The AMQP broker", absolute, e);
        }
    }

    /** A broker for tests: on a free port, with all that it has in memory. */
    public static EmbeddedBroker inMemory() {
        // Qpid wakes Derby up in any case.
        System.setProperty("derby.stream.error.method", "java.io.OutputStream.nullOutputStream");
        EmbeddedBroker broker = new EmbeddedBroker(
                "broker-in-memory.json", Map.of("eventshop.port", "0"), PrivateFiles.newPassword(), null);
        broker.open(0);
        return broker;
    }

    private void open(int wantedPort) {
        try {
            asBroker(system::open);
            for (VirtualHostNode<?> node : system.getContainer().getChildren(VirtualHostNode.class)) {
                VirtualHost<?> host = node.getVirtualHost();
                if (host == null || host.getState() != State.ACTIVE) {
                    throw new EmbeddedServerFailed("The AMQP broker can't open its store.");
                }
            }
            for (Port<?> opened : system.getContainer().getChildren(Port.class)) {
                if (opened.getState() != State.ACTIVE) {
                    throw new PortTaken(wantedPort, "AMQP");
                }
                port = opened.getBoundPort();
            }
        } catch (RuntimeException e) {
            EmbeddedServerFailed failure = e instanceof EmbeddedServerFailed known
                    ? known
                    : new EmbeddedServerFailed("The AMQP broker does not start.", e);
            try {
                close();
            } catch (EmbeddedServerFailed further) {
                failure.addSuppressed(further);
            }
            throw failure;
        }
    }

    /** Removes all queues and exchanges, with the messages and consumers that they have. */
    public void clear() {
        asBroker(() -> {
            for (VirtualHostNode<?> node : system.getContainer().getChildren(VirtualHostNode.class)) {
                ConfiguredObject<?> host = Objects.requireNonNull(node.getVirtualHost());
                for (Queue<?> queue : host.getChildren(Queue.class)) {
                    queue.delete();
                }
                for (Exchange<?> exchange : host.getChildren(Exchange.class)) {
                    if (!exchange.getName().startsWith("amq.")) {
                        exchange.delete();
                    }
                }
            }
        });
    }

    private void asBroker(Runnable task) {
        Subject subject = new Subject(true, Set.of(principal, new TaskPrincipal("Broker")), Set.of(), Set.of());
        SubjectExecutionContext.withSubjectUnchecked(subject, () -> {
            task.run();
            return null;
        });
    }

    public int port() {
        return port;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** @return for any AMQP 0-9-1 client; the virtual host is the default one */
    public String uri() {
        return "amqp://" + USER + ":" + password + "@" + HOST + ":" + port;
    }

    /** Ends all connections, and returns when everything is written. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            system.closeAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerFailed("The AMQP broker was interrupted while it stopped.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new EmbeddedServerFailed("The AMQP broker could not be stopped.", e);
        } finally {
            executor.stop();
            if (lock != null) {
                lock.close();
            }
        }
    }
}
