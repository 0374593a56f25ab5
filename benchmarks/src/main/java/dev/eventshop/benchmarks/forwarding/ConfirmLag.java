package dev.eventshop.benchmarks.forwarding;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.benchmarks.broker.BareClient;
import dev.eventshop.benchmarks.server.EventshopServices;
import dev.eventshop.benchmarks.shop.Latencies;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.eventstore.Position;
import dev.eventshop.testing.TestIssuer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * From the answer to a command until RabbitMQ has confirmed its event and the forwarder has written that down, which is
 * looked for every millisecond; and at the same rate and time, from when a message of a bare client is due until it has its
 * confirm.
 */
public final class ConfirmLag {

    private static final int PRODUCTS = 200;
    private static final int CLIENTS = 16;
    private static final int PER_SECOND = 200;
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventshopServices services;
    private final JdbcTemplate jdbc;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Integer> products;
    private final Queue<Answered> waiting = new ConcurrentLinkedQueue<>();

    private ConfirmLag(EventshopServices services) {
        this.services = services;
        this.jdbc = services.database().jdbc();
        this.products = services.products(PRODUCTS);
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        int warmUp = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 120;
        try (EventshopServices services = EventshopServices.prepare();
                Connection connection = services.broker().connect()) {
            BareClient client = new BareClient(connection);
            services.startCommandSide();
            ConfirmLag benchmark = new ConfirmLag(services);
            benchmark.run(Duration.ofSeconds(warmUp));
            GetResponse sample = client.take(Backlog.QUEUE);
            for (int round = 1; round <= rounds; round++) {
                FutureTask<Latencies> bare =
                        new FutureTask<>(() -> client.confirms(EventRegistry.EXCHANGE, sample, PER_SECOND, seconds));
                new Thread(bare, "bare client").start();
                Latencies lags = benchmark.run(Duration.ofSeconds(seconds));
                System.out.printf(
                        Locale.ROOT,
                        "{\"benchmark\": \"forwarding.ConfirmLag\", \"round\": %d, \"commandsPerSecond\": %d,"
                                + " \"answerToConfirm\": {%s}, \"bare\": {%s}, \"load\": %.1f}%n",
                        round,
                        PER_SECOND,
                        lags,
                        bare.get(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
                client.purge(Backlog.QUEUE);
            }
        } finally {
            TestIssuer.shared().close(); // its thread would keep the JVM
        }
    }

    private Latencies run(Duration length) throws InterruptedException {
        Latencies lags = new Latencies();
        AtomicInteger next = new AtomicInteger();
        String authorization = services.authorization();
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
        long period = TimeUnit.SECONDS.toNanos(CLIENTS) / PER_SECOND;
        long start = System.nanoTime();
        for (int client = 0; client < CLIENTS; client++) {
            clients.scheduleAtFixedRate(
                    () -> adjust(products.get(next.getAndIncrement() % PRODUCTS), authorization),
                    period * client / CLIENTS,
                    period,
                    TimeUnit.NANOSECONDS);
        }
        while (System.nanoTime() - start < length.toNanos()) {
            look(lags);
        }
        clients.shutdown();
        clients.awaitTermination(1, TimeUnit.MINUTES);
        while (!waiting.isEmpty()) {
            look(lags);
        }
        return lags;
    }

    private void adjust(int product, String authorization) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + services.port() + "/api/products/" + product + "/stock-adjustments"))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"delta\":1}"))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            waiting.add(new Answered(
                    System.nanoTime(),
                    Position.parse(answer.headers().firstValue("Event-Position").orElseThrow())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Latencies lags) {
        Position confirmed = Position.parse(String.valueOf(jdbc.queryForObject(
                "select token from command_side.tracking_token where processor_name = 'forwarder'", String.class)));
        long now = System.nanoTime();
        waiting.removeIf(answered -> {
            boolean there = !answered.position().isAfter(confirmed);
            if (there) {
                lags.add(now - answered.at());
            }
            return there;
        });
        LockSupport.parkNanos(BETWEEN_LOOKS);
    }

    /** A command that was answered. */
    private record Answered(long at, Position position) {}
}
