package dev.eventshop.faults;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventshop.embedded.EmbeddedBroker;
import dev.eventshop.embedded.EmbeddedPostgreSql;
import dev.eventshop.testing.ScriptedSmtpServer;
import dev.eventshop.testing.ServiceProcess;
import dev.eventshop.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the services need, each behind a proxy that the services use and the oracle does not. */
final class Servers implements AutoCloseable {

    /** After which the services give a silent database up: half of what they do otherwise, above any statement's bound. */
    static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(10);

    private final Path databaseFolder;
    private final @Nullable EmbeddedBroker embeddedBroker;
    private EmbeddedPostgreSql postgreSql;

    /** None where RabbitMQ is not installed: then the embedded broker takes its place. */
    final Optional<RabbitMqNode> rabbitMq;

    final ScriptedSmtpServer mail = new ScriptedSmtpServer();
    final TcpProxy databaseProxy;
    final TcpProxy brokerProxy;

    /** None where {@code -Deventshop.test.redis} names no server. */
    final Optional<TcpProxy> redisProxy;

    Servers(Path folder) throws IOException {
        databaseFolder = Files.createDirectories(folder.resolve("postgresql"));
        postgreSql = EmbeddedPostgreSql.start(databaseFolder);
        databaseProxy = TcpProxy.to(postgreSql.port());
        rabbitMq = RabbitMqNode.inFolder(Files.createDirectories(folder.resolve("rabbitmq")));
        rabbitMq.ifPresent(RabbitMqNode::start);
        embeddedBroker = rabbitMq.isPresent()
                ? null
                : EmbeddedBroker.start(Files.createDirectories(folder.resolve("broker")), 0);
        brokerProxy = TcpProxy.to(URI.create(brokerUri()).getPort());
        redisProxy = Optional.ofNullable(System.getProperty("eventshop.test.redis"))
                .map(uri -> TcpProxy.to(URI.create(uri).getPort()));
    }

    /** @return for the heading of a table */
    String names() {
        return "broker: " + (rabbitMq.isPresent() ? "RabbitMQ" : "embedded") + ", Redis: "
                + (redisProxy.isPresent() ? "there" : "none");
    }

    /** @return for the oracle, past the proxy */
    private String brokerUri() {
        return embeddedBroker == null ? rabbitMq.orElseThrow().uri() : embeddedBroker.uri();
    }

    /** @return for the services */
    String proxiedBrokerUri() {
        int port = URI.create(brokerUri()).getPort();
        return brokerUri().replace(":" + port, ":" + brokerProxy.port());
    }

    Connection connect() {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(brokerUri());
            return factory.newConnection("oracle");
        } catch (Exception e) {
            throw new IllegalStateException("the oracle does not reach the broker", e);
        }
    }

    /** Does something at the broker, past the proxy. */
    void atBroker(Administration administration) {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            administration.with(channel);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    interface Administration {
        void with(Channel channel) throws Exception;
    }

    /** @return for the services */
    String proxiedJdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + databaseProxy.port() + "/" + postgreSql.database()
                + "?connectTimeout=5&socketTimeout=" + SOCKET_TIMEOUT.toSeconds();
    }

    String passwordOf(String role) {
        return postgreSql.passwordOf(role);
    }

    /** @return statements of a superuser, past the proxy */
    JdbcTemplate sql() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgreSql.jdbcUrl());
        dataSource.setUser(postgreSql.superuser());
        dataSource.setPassword(postgreSql.superuserPassword());
        return new JdbcTemplate(dataSource);
    }

    void endDatabaseSessions() {
        sql().queryForList("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
    }

    /** Kills a server process of a session as {@code kill -9} does: the server ends all others, and recovers. */
    void crashDatabase() {
        List<Long> pids = sql().queryForList(
                        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
                        Long.class);
        ProcessHandle.of(pids.get(0)).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Freezes the server process of a transaction of the command side, where there is one, while others go on. */
    void freezeCommand(long millis) {
        List<Long> pids = List.of();
        for (int i = 0; i < 100 && pids.isEmpty(); i++) {
            pids = sql().queryForList(
                            "select pid from pg_stat_activity where usename = 'command_side' and backend_xid is not null",
                            Long.class);
        }
        for (long pid : pids.subList(0, Math.min(1, pids.size()))) {
            ServiceProcess.signal(pid, "STOP");
            World.sleep(millis);
            ServiceProcess.signal(pid, "CONT");
        }
    }

    void stopDatabase() {
        postgreSql.close();
    }

    void startDatabase() {
        postgreSql = EmbeddedPostgreSql.start(databaseFolder);
        databaseProxy.retarget(postgreSql.port());
    }

    @Override
    public void close() {
        redisProxy.ifPresent(TcpProxy::close);
        brokerProxy.close();
        databaseProxy.close();
        mail.close();
        rabbitMq.ifPresent(RabbitMqNode::kill);
        if (embeddedBroker != null) {
            embeddedBroker.close();
        }
        postgreSql.close();
    }
}
