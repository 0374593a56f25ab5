package dev.eventshop.benchmarks.forwarding;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.benchmarks.broker.BareClient;
import dev.eventshop.benchmarks.server.CpuUse;
import dev.eventshop.benchmarks.server.EventshopServices;
import dev.eventshop.benchmarks.server.JarProcess;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.testing.TestIssuer;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast the forwarder of a command side that has just started gets through events that were stored while the broker
 * was away, in turns with a bare client that publishes the same bytes to the same queue, and waits for the confirms in
 * batches of the same size. The first fifth of each warms up.
 */
public final class Backlog {

    static final String QUEUE = "product.stock-updated";

    /** The forwarder's default. */
    private static final int BATCH = 500;

    private static final int PRODUCTS = 1_000;
    private static final int EVENTS_IN_TRANSACTION = 1_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private Backlog() {}

    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        try (EventshopServices services = EventshopServices.prepare();
                Connection connection = services.broker().connect()) {
            BareClient client = new BareClient(connection);
            JarProcess commandSide = services.startCommandSide();
            services.adjust(services.product());
            GetResponse sample = client.take(QUEUE);
            services.stop(commandSide);
            JdbcTemplate jdbc = services.database().jdbc();
            String forwarded = token(jdbc);
            fill(jdbc, events);
            jdbc.execute("vacuum analyze event_store.domain_event");
            for (int round = 1; round <= rounds; round++) {
                double bare = client.publish(EventRegistry.EXCHANGE, sample, index -> sample.getBody(), events, BATCH);
                client.purge(QUEUE);
                // Only the forwarder has something to do: whatever else reads the store has come to its end.
                jdbc.update("update command_side.tracking_token set token = (select epoch || '-' || transaction_id"
                        + " || '-' || global_index from event_store.domain_event order by epoch desc,"
                        + " transaction_id desc, global_index desc limit 1), owner = null");
                jdbc.update(
                        "update command_side.tracking_token set token = ? where processor_name = 'forwarder'",
                        forwarded);
                jdbc.execute("checkpoint");
                CpuUse cpu = CpuUse.of(List.of());
                commandSide = services.startCommandSide();
                double forwarder = client.watch(QUEUE, events, ready -> ready);
                Map<String, Double> used = cpu.since();
                services.stop(commandSide);
                client.purge(QUEUE);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("benchmark", "forwarding.Backlog");
                line.put("round", round);
                line.put("events", events);
                line.put("batch", BATCH);
                line.put("bodyBytes", sample.getBody().length);
                line.put("forwarderPerSecond", forwarder);
                line.put("barePerSecond", bare);
                line.put("ofBare", forwarder / bare);
                line.put("cpuSeconds", used);
                line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                System.out.println(JSON.writeValueAsString(line));
            }
        } finally {
            TestIssuer.shared().close(); // its thread would keep the JVM
        }
    }

    private static String token(JdbcTemplate jdbc) {
        return String.valueOf(jdbc.queryForObject(
                "select token from command_side.tracking_token where processor_name = 'forwarder'", String.class));
    }

    private static void fill(JdbcTemplate jdbc, int events) {
        for (int from = 0; from < events; from += EVENTS_IN_TRANSACTION) {
            jdbc.update(
                    "insert into event_store.domain_event (epoch, event_id, aggregate_type, aggregate_id,"
                            + " sequence_number, event_type, event_revision, time, payload, metadata)"
                            + " select epoch, gen_random_uuid(), aggregate_type,"
                            + " 'product-' || (1000000 + number % " + PRODUCTS + "), number / " + PRODUCTS
                            + ", event_type, event_revision, now(), payload, metadata from (select * from"
                            + " event_store.domain_event where event_type = 'ProductStockUpdatedEvent' limit 1) sample,"
                            + " generate_series(?, ?) number",
                    from,
                    Math.min(events, from + EVENTS_IN_TRANSACTION) - 1);
        }
    }
}
