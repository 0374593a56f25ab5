package dev.eventshop.faults;

import dev.eventshop.command.CommandSideApplication;
import dev.eventshop.notification.NotificationProjectorApplication;
import dev.eventshop.query.QuerySideApplication;
import dev.eventshop.testing.ServiceProcess;
import dev.eventshop.testing.TestIssuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** The services, each in one instance or several, each instance in a process of its own. */
final class Shop implements AutoCloseable {

    /** What a dead instance had claimed is taken over soon, and what is away is asked for often. */
    private static final Map<String, String> SOON = Map.ofEntries(
            Map.entry("eventshop.event-store.claim-timeout", "4s"),
            Map.entry("eventshop.command-side.forwarder.claim-interval", "1s"),
            Map.entry("eventshop.command-side.forwarder.longest-retry", "1s"),
            Map.entry("eventshop.command-side.fulfilment.poll-interval", "200ms"),
            Map.entry("eventshop.query.claim-interval", "1s"),
            Map.entry("eventshop.query.instance-timeout", "6s"),
            Map.entry("eventshop.messaging.confirm-timeout", "3s"),
            Map.entry("eventshop.messaging.longest-retry", "2s"),
            Map.entry("eventshop.messaging.dead-letters.rest", "2s"),
            Map.entry("spring.rabbitmq.requested-heartbeat", "4s"),
            Map.entry("spring.rabbitmq.channel-rpc-timeout", "3s"),
            Map.entry("eventshop.notification.first-retry", "500ms"),
            Map.entry("eventshop.notification.longest-retry", "2s"),
            Map.entry("eventshop.notification.longest-reconnect", "1s"),
            Map.entry("eventshop.notification.lease", "6s"),
            Map.entry("eventshop.notification.send-timeout", "4s"),
            Map.entry("spring.mail.properties[mail.smtp.timeout]", "2000"),
            Map.entry("logging.level.eventshop.stock", "info"), // the oracle reads it
            Map.entry("logging.level.org.apache.coyote", "info"), // why a request is malformed
            Map.entry("logging.level.root", "warn"));

    private static final String MASTER_KEY = "faults 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    final Servers servers;
    final List<ServiceProcess> commandSides = new ArrayList<>();
    final List<ServiceProcess> querySides = new ArrayList<>();
    final List<ServiceProcess> notificationProjectors = new ArrayList<>();

    private final List<Path> notificationLogs = new ArrayList<>();

    /** @param clocks by how much the clock of each instance is off, so many of each service */
    Shop(Servers servers, Path logs, List<Duration> clocks) throws IOException {
        this.servers = servers;
        for (int i = 0; i < clocks.size(); i++) {
            commandSides.add(new ServiceProcess(
                    "command-side",
                    CommandSideApplication.class,
                    settings("command_side"),
                    log(logs, "command-side", i)));
            querySides.add(new ServiceProcess(
                    "query-side", QuerySideApplication.class, settings("query_side"), log(logs, "query-side", i)));
            notificationLogs.add(log(logs, "notification-projector", i));
            notificationProjectors.add(new ServiceProcess(
                    "notification-projector",
                    NotificationProjectorApplication.class,
                    settings("notification"),
                    log(logs, "notification-projector", i)));
            List<String> clock = SkewedClock.options(clocks.get(i));
            Stream.of(commandSides, querySides, notificationProjectors)
                    .map(instances -> instances.get(instances.size() - 1))
                    .forEach(service -> service.options(clock));
        }
    }

    /** @return an operator's {@code Authorization}, for longer than all faults take */
    static String bearer(String subject) {
        Date end = Date.from(Instant.now().plus(Duration.ofDays(7)));
        return "Bearer " + TestIssuer.shared().token(claims -> claims.expirationTime(end), subject, "operator");
    }

    /** @return nothing of another run is in it: the oracle counts lines */
    private static Path log(Path logs, String service, int instance) throws IOException {
        Path log = logs.resolve(service + "-" + instance + ".log");
        Files.deleteIfExists(log);
        return log;
    }

    private Map<String, String> settings(String role) {
        Map<String, String> settings = new HashMap<>(SOON);
        settings.putAll(TestIssuer.shared().springProperties());
        settings.put("eventshop.personal-data.master-keys", MASTER_KEY);
        settings.put("spring.datasource.url", servers.proxiedJdbcUrl());
        settings.put("spring.datasource.username", role);
        settings.put("spring.datasource.password", servers.passwordOf(role));
        settings.put("spring.flyway.url", servers.proxiedJdbcUrl());
        settings.put("spring.flyway.user", "eventshop_migrator");
        settings.put("spring.flyway.password", servers.passwordOf("eventshop_migrator"));
        settings.put("spring.rabbitmq.addresses", servers.proxiedBrokerUri());
        settings.put("spring.mail.host", "127.0.0.1");
        settings.put("spring.mail.port", Integer.toString(servers.mail.port()));
        servers.redisProxy.ifPresent(
                proxy -> settings.put("spring.data.redis.url", "redis://127.0.0.1:" + proxy.port()));
        return settings;
    }

    /** @return what all instances of the notification projector have said so far */
    List<String> notificationLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path log : notificationLogs) {
            if (Files.exists(log)) {
                new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    List<ServiceProcess> all() {
        return Stream.of(commandSides, querySides, notificationProjectors)
                .flatMap(List::stream)
                .toList();
    }

    ServiceProcess any(Random random) {
        return all().get(random.nextInt(all().size()));
    }

    /** Starts what does not run, and returns when all are ready. */
    void start() {
        List<ServiceProcess> started =
                all().stream().filter(service -> !service.isAlive()).toList();
        started.forEach(ServiceProcess::launch);
        started.forEach(ServiceProcess::awaitReady);
    }

    @Override
    public void close() {
        all().forEach(ServiceProcess::close);
    }
}
