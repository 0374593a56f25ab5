package dev.eventshop.benchmarks.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/**
 * What memory standalone's process has after its start, and in each minute of a load of commands and queries: stock
 * adjustments, every tenth an order of three items instead, with the emails that follow from it.
 */
public final class Memory {

    private static final int CLIENTS = 8;
    private static final int PRODUCTS = 200;
    private static final int ORDERED_IN = 10;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String authorization;
    private final String commandSide;
    private final String querySide;
    private final List<Integer> products = new ArrayList<>();
    private final List<Integer> users = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private Memory(StandaloneProcess shop, String token) throws IOException, InterruptedException {
        authorization = "Bearer " + token;
        commandSide = shop.address("commandSide");
        querySide = shop.address("querySide");
        for (int i = 0; i < PRODUCTS; i++) {
            products.add(
                    created("/api/products", "{\"name\":\"Product %d\",\"price\":9.90,\"initialStock\":1000000}", i));
        }
        for (int i = 0; i < 50; i++) {
            users.add(created("/api/users", "{\"email\":\"u%d@example.com\",\"fullName\":\"A Customer\"}", i));
        }
    }

    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        int commands = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        int queries = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100;
        StandaloneProcess.requireBuilt();
        Path folder = Files.createTempDirectory("benchmark-memory-");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String jar = StandaloneProcess.BUILT.toString();
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(List.of(arguments).subList(Math.min(3, arguments.length), arguments.length));
        command.addAll(List.of("-jar", jar));
        StandaloneProcess shop = new StandaloneProcess(command, folder);
        try {
            TimeUnit.SECONDS.sleep(10);
            Process token = new ProcessBuilder(
                            java,
                            "-jar",
                            jar,
                            "token",
                            "operator",
                            "--data",
                            folder.resolve("data").toString())
                    .start();
            Memory memory = new Memory(shop, new String(token.getInputStream().readAllBytes()).strip());
            memory.print(shop, 0);
            memory.run(shop, minutes, commands, queries);
        } finally {
            shop.stop();
        }
    }

    private void run(StandaloneProcess shop, int minutes, int commandsPerSecond, int queriesPerSecond)
            throws IOException, InterruptedException {
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(2 * CLIENTS);
        every(clients, commandsPerSecond, this::command);
        every(clients, queriesPerSecond, this::query);
        for (int minute = 1; minute <= minutes; minute++) {
            TimeUnit.MINUTES.sleep(1);
            print(shop, minute);
        }
        clients.shutdownNow();
        clients.awaitTermination(1, TimeUnit.MINUTES);
    }

    private static void every(ScheduledExecutorService clients, int perSecond, Runnable what) {
        long period = TimeUnit.SECONDS.toNanos(CLIENTS) / perSecond;
        for (int client = 0; client < CLIENTS; client++) {
            clients.scheduleAtFixedRate(what, period * client / CLIENTS, period, TimeUnit.NANOSECONDS);
        }
    }

    private void print(StandaloneProcess shop, int minute) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "standalone.Memory");
        line.put("minute", minute);
        line.put("residentMegabytes", shop.residentMegabytes());
        line.put("answered", answered.getAndSet(0));
        line.put("failed", failed.getAndSet(0));
        line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.println(JSON.writeValueAsString(line));
    }

    private void command() {
        Random random = ThreadLocalRandom.current();
        if (random.nextInt(ORDERED_IN) > 0) {
            send(post("/api/products/" + one(products) + "/stock-adjustments", "{\"delta\":1}"));
            return;
        }
        int first = random.nextInt(PRODUCTS - 3);
        StringBuilder items = new StringBuilder();
        for (int product : products.subList(first, first + 3)) {
            items.append(items.isEmpty() ? "" : ",")
                    .append("{\"productId\":")
                    .append(product)
                    .append(",\"quantity\":1}");
        }
        send(post("/api/orders", "{\"userId\":" + one(users) + ",\"items\":[" + items + "]}"));
    }

    private void query() {
        String path = switch (ThreadLocalRandom.current().nextInt(5)) {
            case 0 -> "/api/orders?limit=20";
            case 1 -> "/api/products?limit=20";
            case 2 -> "/api/users/" + one(users);
            case 3 -> "/api/statistics/sales";
            default -> "/api/products/" + one(products);
        };
        send(request(querySide + path).GET());
    }

    private static int one(List<Integer> ids) {
        return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
    }

    private void send(HttpRequest.Builder request) {
        try {
            int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
            (status < 300 ? answered : failed).incrementAndGet();
        } catch (IOException e) {
            failed.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int created(String path, String body, int number) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(post(path, body.formatted(number)).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
        }
        String location = answer.headers().firstValue("Location").orElseThrow();
        return Integer.parseInt(location.substring(location.lastIndexOf('/') + 1));
    }

    private HttpRequest.Builder post(String path, String body) {
        return request(commandSide + path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", authorization);
    }
}
