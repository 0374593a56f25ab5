package dev.eventshop.benchmarks.server;

import dev.eventshop.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stock application, as its jar: commands, projections, saga and publisher in one process, as it comes. */
public final class StockShop implements MeasuredSystem {

    /** Name of its saga's processor. */
    private static final String FULFILMENT = "OrderFulfilmentProcessor";

    private final RealPostgreSql database;
    private final RealRabbitMq broker;
    private final int port;
    private final JarProcess process;
    private final Api api;

    private StockShop(RealPostgreSql database, RealRabbitMq broker, int port, JarProcess process) {
        this.database = database;
        this.broker = broker;
        this.port = port;
        this.process = process;
        this.api = new Api(port, () -> null);
    }

    public static StockShop start() throws IOException, InterruptedException {
        RealPostgreSql database = RealPostgreSql.createDatabase();
        RealRabbitMq broker = RealRabbitMq.createVirtualHost();
        int port = TcpProxy.freePort();
        Map<String, String> settings = new HashMap<>(broker.springProperties());
        settings.put("server.port", Integer.toString(port));
        settings.put("spring.datasource.url", database.jdbcUrl());
        settings.put("spring.datasource.username", database.user());
        settings.put("spring.datasource.password", database.password());
        try {
            JarProcess process =
                    JarProcess.start("benchmarks/stock", URI.create("http://127.0.0.1:" + port + "/lag"), settings);
            return new StockShop(database, broker, port, process);
        } catch (IOException | RuntimeException | InterruptedException e) {
            database.close();
            broker.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "stock";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public @Nullable String authorization() {
        return null;
    }

    @Override
    public int user() {
        return api.post("/api/users", "{\"email\":\"ada@example.com\",\"fullName\":\"Ada Lovelace\"}")
                .path("userId")
                .asInt();
    }

    @Override
    public int product() {
        return api.post("/api/products", "{\"name\":\"Teapot\",\"price\":19.90,\"initialStock\":1000000}")
                .path("productId")
                .asInt();
    }

    @Override
    public Map<String, Long> lag() {
        Map<String, Long> lag = new TreeMap<>();
        api.get("/lag").forEachEntry((name, events) -> lag.put(name, events.asLong()));
        return lag;
    }

    @Override
    public long undecided() {
        return lag().getOrDefault(FULFILMENT, 0L);
    }

    @Override
    public long confirmedOrders(Instant from, Instant to) {
        Long confirmed = database.jdbc()
                .queryForObject(
                        "select count(*) from domain_event_entry where payload_type like '%.OrderStatusChangedEvent'"
                                + " and time_stamp::timestamptz >= ? and time_stamp::timestamptz < ?",
                        Long.class, Timestamp.from(from), Timestamp.from(to));
        return confirmed == null ? 0 : confirmed;
    }

    @Override
    public double bytesPerEvent() {
        Double bytes = database.jdbc()
                .queryForObject(
                        "select avg(length(lo_get(payload)) + length(lo_get(meta_data))) from (select payload, meta_data"
                                + " from domain_event_entry order by global_index desc limit 1000) last",
                        Double.class);
        return bytes == null ? 0 : bytes;
    }

    @Override
    public List<JarProcess> processes() {
        return List.of(process);
    }

    @Override
    public void close() throws IOException {
        process.close();
        database.close();
        broker.close();
    }
}
