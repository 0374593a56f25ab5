package dev.eventshop.benchmarks.server;

import dev.eventshop.personaldata.key.MasterKeys;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestIssuer;
import java.io.IOException;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The command side, which forwards to RabbitMQ and fulfils orders, and the query side with its projections, as their
 * jars. Each takes the rights of its own role in the database, as in standalone on a server of its own.
 */
public final class EventshopServices implements MeasuredSystem {

    private static final List<String> LIBRARIES = List.of("event-store", "messaging", "personal-data", "audit");

    private final RealPostgreSql database;
    private final RealRabbitMq broker;
    private final String masterKey = MasterKeys.newLine("benchmark");
    private final List<JarProcess> processes = new ArrayList<>();
    private final int port;
    private final Api commandSide;
    private final Api querySide;

    private EventshopServices(RealPostgreSql database, RealRabbitMq broker, int port, int querySidePort) {
        this.database = database;
        this.broker = broker;
        this.port = port;
        this.commandSide = new Api(port, this::authorization);
        this.querySide = new Api(querySidePort, this::authorization);
    }

    /** @return both services, on a new database and a new virtual host */
    public static EventshopServices start() throws IOException, InterruptedException {
        EventshopServices services = prepare();
        try {
            services.startCommandSide();
            services.startQuerySide();
            return services;
        } catch (IOException | RuntimeException | InterruptedException e) {
            services.close();
            throw e;
        }
    }

    /** @return none of them yet, but their servers */
    public static EventshopServices prepare() throws IOException, InterruptedException {
        RealPostgreSql database = RealPostgreSql.createDatabase();
        database.bootstrap();
        return new EventshopServices(
                database, RealRabbitMq.createVirtualHost(), TcpProxy.freePort(), TcpProxy.freePort());
    }

    public JarProcess startCommandSide() throws IOException, InterruptedException {
        return start("command-side", "command_side", port);
    }

    private void startQuerySide() throws IOException, InterruptedException {
        start("query-side", "query_side", querySidePort());
    }

    public JarProcess startNotificationProjector(Map<String, String> further) throws IOException, InterruptedException {
        return start("notification-projector", "notification", TcpProxy.freePort(), further);
    }

    private int querySidePort() {
        return querySide.port();
    }

    private JarProcess start(String service, String role, int servicePort) throws IOException, InterruptedException {
        return start(service, role, servicePort, Map.of());
    }

    private JarProcess start(String service, String role, int servicePort, Map<String, String> further)
            throws IOException, InterruptedException {
        int managementPort = TcpProxy.freePort();
        Map<String, String> settings = new HashMap<>(TestIssuer.shared().springProperties());
        settings.putAll(broker.springProperties());
        settings.put("eventshop." + service + ".port", Integer.toString(servicePort));
        settings.put("eventshop." + service + ".management-port", Integer.toString(managementPort));
        settings.put("eventshop.personal-data.master-keys", masterKey);
        settings.put("spring.datasource.url", database.jdbcUrl());
        settings.put("spring.datasource.username", database.user());
        settings.put("spring.datasource.password", database.password());
        settings.put("spring.datasource.hikari.data-source-properties.options", "-c role=" + role);
        settings.put("spring.flyway.url", database.jdbcUrl());
        settings.put("spring.flyway.user", database.user());
        settings.put("spring.flyway.password", database.password());
        LIBRARIES.forEach(library -> settings.put("spring.flyway.placeholders." + library + "-service-role", role));
        settings.putAll(further);
        JarProcess process = JarProcess.start(
                service, URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"), settings);
        processes.add(process);
        return process;
    }

    /** Ends it, and what it was asked for is done. */
    public void stop(JarProcess process) throws IOException {
        processes.remove(process);
        process.close();
    }

    public RealPostgreSql database() {
        return database;
    }

    public RealRabbitMq broker() {
        return broker;
    }

    @Override
    public String name() {
        return "eventshop";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String authorization() {
        return "Bearer " + TestIssuer.shared().token("benchmark", "operator");
    }

    @Override
    public int user() {
        return commandSide
                .post("/api/users", "{\"email\":\"ada@example.com\",\"fullName\":\"Ada Lovelace\"}")
                .path("userId")
                .asInt();
    }

    @Override
    public int product() {
        return commandSide
                .post("/api/products", "{\"name\":\"Teapot\",\"price\":19.90,\"initialStock\":1000000}")
                .path("productId")
                .asInt();
    }

    /** Adds a unit to the stock. */
    public void adjust(int product) {
        commandSide.post("/api/products/" + product + "/stock-adjustments", "{\"delta\":1}");
    }

    /** Places an order for one unit of each. */
    public void order(int user, List<Integer> products) {
        List<String> items = products.stream()
                .map(product -> "{\"productId\":" + product + ",\"quantity\":1}")
                .toList();
        commandSide.post("/api/orders", "{\"userId\":" + user + ",\"items\":[" + String.join(",", items) + "]}");
    }

    @Override
    public Map<String, Long> lag() {
        Map<String, Long> lag = new TreeMap<>();
        lag.put(
                "forwarder",
                commandSide.get("/api/admin/forwarder").path("lagEvents").asLong());
        for (JsonNode processor : querySide.get("/api/admin/processors").path("items")) {
            lag.put(
                    processor.path("projection").asString(),
                    processor.path("lagEvents").asLong());
        }
        lag.put("orders", undecided());
        return lag;
    }

    @Override
    public long undecided() {
        return number("select count(*) from command_side.scheduled_task");
    }

    @Override
    public long confirmedOrders(Instant from, Instant to) {
        return number(
                "select count(*) from event_store.domain_event where event_type = 'OrderStatusChangedEvent'"
                        + " and payload ->> 'newStatus' = 'CONFIRMED' and time >= ? and time < ?",
                Timestamp.from(from),
                Timestamp.from(to));
    }

    private long number(String sql, Object... parameters) {
        Long number = database.jdbc().queryForObject(sql, Long.class, parameters);
        return number == null ? 0 : number;
    }

    @Override
    public double bytesPerEvent() {
        Double bytes = database.jdbc()
                .queryForObject(
                        "select avg(octet_length(payload::text) + octet_length(metadata::text)) from (select payload,"
                                + " metadata from event_store.domain_event order by epoch desc, transaction_id desc,"
                                + " global_index desc limit 1000) last",
                        Double.class);
        return bytes == null ? 0 : bytes;
    }

    @Override
    public List<JarProcess> processes() {
        return List.copyOf(processes);
    }

    @Override
    public void close() throws IOException {
        for (JarProcess process : processes) {
            process.close();
        }
        database.close();
        broker.close();
    }
}
