package dev.eventshop.benchmarks.messaging;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.benchmarks.broker.BareClient;
import dev.eventshop.benchmarks.server.CpuUse;
import dev.eventshop.benchmarks.server.EventshopServices;
import dev.eventshop.benchmarks.server.JarProcess;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.testing.TestIssuer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast the notification projector takes orders from a queue into its ledger, from a queue that is full when it
 * starts, in turns with a bare client that takes the same messages and drops them. The mail server is away, so that no
 * emails leave meanwhile; the first fifth of each warms up.
 */
public final class Consumer {

    private static final String QUEUE = "order.created";
    private static final String USERS = "user.registered";

    /** The default of the library {@code messaging}. */
    private static final int PREFETCH = 100;

    private static final int BATCH = 1_000;
    private static final int FIRST_ORDER = 1_000_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private Consumer() {}

    public static void main(String[] arguments) throws Exception {
        int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        try (EventshopServices services = EventshopServices.prepare();
                Connection connection = services.broker().connect()) {
            BareClient client = new BareClient(connection);
            JarProcess commandSide = services.startCommandSide();
            services.order(services.user(), services.products(3));
            GetResponse sample = client.take(QUEUE);
            String body = new String(sample.getBody(), StandardCharsets.UTF_8);
            services.stop(commandSide);
            JarProcess projector = startProjector(services);
            while (client.ready(USERS) > 0) { // the address that the emails would go to
                TimeUnit.MILLISECONDS.sleep(100);
            }
            services.stop(projector);
            JdbcTemplate jdbc = services.database().jdbc();
            for (int round = 1; round <= rounds; round++) {
                int firstOrder = FIRST_ORDER + round * messages;
                BareClient.Bodies orders =
                        index -> body.replaceFirst("(\"orderId\"\\s*:\\s*)\\d+", "$1" + (firstOrder + index))
                                .getBytes(StandardCharsets.UTF_8);
                client.publish(EventRegistry.EXCHANGE, sample, orders, messages, BATCH);
                double bare = client.consume(QUEUE, messages, PREFETCH);
                client.publish(EventRegistry.EXCHANGE, sample, orders, messages, BATCH);
                jdbc.execute("checkpoint");
                long before = entries(jdbc);
                CpuUse cpu = CpuUse.of(List.of());
                projector = startProjector(services);
                double consumer = client.watch(QUEUE, messages, ready -> messages - ready);
                while (entries(jdbc) < before + messages) { // what it still holds
                    TimeUnit.MILLISECONDS.sleep(100);
                }
                Map<String, Double> used = cpu.since();
                services.stop(projector);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("benchmark", "messaging.Consumer");
                line.put("round", round);
                line.put("messages", messages);
                line.put("prefetch", PREFETCH);
                line.put("bodyBytes", sample.getBody().length);
                line.put("consumerPerSecond", consumer);
                line.put("barePerSecond", bare);
                line.put("ofBare", consumer / bare);
                line.put("cpuSeconds", used);
                line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                System.out.println(JSON.writeValueAsString(line));
            }
        } finally {
            TestIssuer.shared().close(); // its thread would keep the JVM
        }
    }

    private static JarProcess startProjector(EventshopServices services) throws Exception {
        return services.startNotificationProjector(Map.of("spring.mail.host", "127.0.0.1", "spring.mail.port", "1"));
    }

    private static long entries(JdbcTemplate jdbc) {
        Long entries = jdbc.queryForObject("select count(*) from notification.notification", Long.class);
        return entries == null ? 0 : entries;
    }
}
