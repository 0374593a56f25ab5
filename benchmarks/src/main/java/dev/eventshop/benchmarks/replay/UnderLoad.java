package dev.eventshop.benchmarks.replay;

import dev.eventshop.benchmarks.shop.Latencies;
import dev.eventshop.benchmarks.shop.MeasuredShop;
import dev.eventshop.benchmarks.shop.ServiceProcess;
import dev.eventshop.personaldata.key.PersonKeys;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Rebuilds each projection side by side while commands and queries go on: counts the queries that fail or show an older
 * row than somebody has seen before, measures for how long the tail is held back, and compares the views in the end, row
 * by row and column by column, to those that are built from an empty schema.
 */
public final class UnderLoad {

    private static final int PRODUCTS = 200;
    private static final int CLIENTS = 24;
    private static final int WARMING_UP = 3;
    private static final int ORDERED_IN = 10;
    private static final int REGISTERED_IN = 100;

    /** Of the newest orders and users, which are asked for. */
    private static final int REMEMBERED = 200;

    private static final long UNSEEN = -1;

    private final FilledShop filled;
    private final MeasuredShop shop;
    private final QuerySideClient queries;
    private final int user;
    private final int[] products = new int[PRODUCTS];
    private final AtomicLongArray written = new AtomicLongArray(PRODUCTS);
    private final AtomicLongArray seen = new AtomicLongArray(PRODUCTS);
    private final AtomicReferenceArray<@Nullable Fresh> orders = new AtomicReferenceArray<>(REMEMBERED);
    private final AtomicReferenceArray<@Nullable Fresh> users = new AtomicReferenceArray<>(REMEMBERED);
    private final Instant since = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private final AtomicLong soldSeen = new AtomicLong();
    private final Map<Integer, AtomicLong> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> stale = new ConcurrentHashMap<>();
    private final AtomicLong failedCommands = new AtomicLong();
    private final Latencies commandTimes = new Latencies();
    private final Latencies queryTimes = new Latencies();

    private UnderLoad(FilledShop filled, QuerySideClient queries) {
        this.filled = filled;
        this.shop = filled.shop();
        this.queries = queries;
        this.user = shop.user();
        for (int i = 0; i < PRODUCTS; i++) {
            products[i] = shop.product(1_000_000);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int commands = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
        int queries = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500;
        int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        int warmUp = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 60;
        try (FilledShop filled = new FilledShop(events)) {
            filled.shop().restartCommandSide();
            Map<ReadModel, List<List<String>>> live;
            try (ServiceProcess querySide = filled.startQuerySide()) {
                QuerySideClient client =
                        new QuerySideClient(querySide.url(), filled.shop().token());
                for (ReadModel model : ReadModel.values()) {
                    client.awaitCompleted(client.replay(model)); // brings the view
                }
                new UnderLoad(filled, client).run(commands, queries, rounds, warmUp);
                live = rows(filled);
            }
            filled.shop().stopCommandSide();
            compare(live, builtFromNothing(filled));
        }
    }

    private void run(int commandsPerSecond, int queriesPerSecond, int rounds, int warmUp) throws Exception {
        warmUp(commandsPerSecond, queriesPerSecond, warmUp);
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(2 * CLIENTS);
        every(clients, commandsPerSecond, this::command);
        every(clients, queriesPerSecond, this::query);
        measure("none", () -> {
            TimeUnit.SECONDS.sleep(20);
            return Double.NaN;
        });
        for (int round = 0; round < rounds; round++) {
            for (ReadModel model : ReadModel.values()) {
                measure(model.projection(), () -> {
                    long id = queries.awaitCompleted(queries.replay(model))
                            .path("id")
                            .asLong();
                    return filled.replayRate(id);
                });
            }
        }
        clients.shutdown();
        clients.awaitTermination(1, TimeUnit.MINUTES);
        awaitHead();
    }

    /** With few clients: the compilers of the services would get no turn among the threads that serve more. */
    private void warmUp(int commandsPerSecond, int queriesPerSecond, int seconds) throws InterruptedException {
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(WARMING_UP);
        every(clients, commandsPerSecond, this::command);
        every(clients, queriesPerSecond, this::query);
        TimeUnit.SECONDS.sleep(seconds);
        clients.shutdownNow();
        clients.awaitTermination(1, TimeUnit.MINUTES);
    }

    private void every(ScheduledExecutorService clients, int perSecond, Runnable what) {
        long period = TimeUnit.SECONDS.toNanos(CLIENTS) / perSecond;
        for (int client = 0; client < CLIENTS; client++) {
            clients.scheduleAtFixedRate(what, period * client / CLIENTS, period, TimeUnit.NANOSECONDS);
        }
    }

    /** @param replay what is done meanwhile; gives its events per second */
    private void measure(String projection, Callable<Double> replay) throws Exception {
        answers.clear();
        stale.clear();
        failedCommands.set(0);
        commandTimes.clear();
        queryTimes.clear();
        HorizonProbe probe = new HorizonProbe(shop);
        long begin = System.nanoTime();
        double rate;
        try (probe) {
            rate = replay.call();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"projection\": \"%s\", \"replayPerSecond\": %.0f, \"seconds\": %.1f, \"commandsPerSecond\": %.0f,"
                        + " \"queriesPerSecond\": %.0f, \"failedCommands\": %d, \"answers\": \"%s\", \"stale\": \"%s\","
                        + " \"command\": {%s}, \"query\": {%s}, %s, \"load\": %.1f}%n",
                projection,
                rate,
                seconds,
                commandTimes.count() / seconds,
                queryTimes.count() / seconds,
                failedCommands.get(),
                new TreeMap<>(answers),
                new TreeMap<>(stale),
                commandTimes,
                queryTimes,
                probe,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private void command() {
        Random random = ThreadLocalRandom.current();
        int i = random.nextInt(PRODUCTS);
        try {
            commandTimes.time(() -> {
                if (random.nextInt(REGISTERED_IN) == 0) {
                    remember(users, shop.user(UUID.randomUUID() + "@example.com"));
                } else if (random.nextInt(ORDERED_IN) == 0) {
                    remember(orders, shop.order(user, products[i]));
                } else {
                    long version = shop.adjust(products[i], 1);
                    written.accumulateAndGet(i, version, Math::max);
                }
            });
        } catch (IllegalStateException e) {
            failedCommands.incrementAndGet();
        }
    }

    private void query() {
        Random random = ThreadLocalRandom.current();
        queryTimes.time(() -> {
            int i = random.nextInt(PRODUCTS);
            int status = switch (random.nextInt(8)) {
                case 0 -> fresh("/api/orders/", orders);
                case 1 -> get("/api/orders?limit=20");
                case 2 -> get("/api/orders/" + (1 + random.nextInt(1_000)) + "/history");
                case 3 -> get("/api/products?limit=20");
                case 4 -> fresh("/api/users/", users);
                case 5 -> sales();
                default -> product(i);
            };
            answers.computeIfAbsent(status, key -> new AtomicLong()).incrementAndGet();
        });
    }

    private int get(String path) {
        try {
            return queries.get(path).statusCode();
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    private static void remember(AtomicReferenceArray<@Nullable Fresh> them, int id) {
        them.set(id % REMEMBERED, new Fresh(id, new AtomicLong(UNSEEN)));
    }

    /** 404 for one that no reader has seen yet: the view does not know of it. Afterwards, it would be an older view. */
    private int fresh(String path, AtomicReferenceArray<@Nullable Fresh> them) {
        Fresh one = them.get(ThreadLocalRandom.current().nextInt(REMEMBERED));
        if (one == null) {
            return get(path + 1);
        }
        long before = one.seen().get();
        try {
            HttpResponse<String> answer = queries.get(path + one.id());
            if (answer.statusCode() == 200) {
                see(
                        path,
                        one.seen(),
                        before,
                        queries.json(answer).path("version").asLong());
            } else if (answer.statusCode() == 404 && before > UNSEEN) {
                countStale(path);
            }
            return answer.statusCode();
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    /** Nothing is cancelled here, so the number of orders never falls. */
    private int sales() {
        long before = soldSeen.get();
        try {
            HttpResponse<String> answer = queries.get("/api/statistics/sales?from=" + since);
            if (answer.statusCode() == 200) {
                long orders = 0;
                for (JsonNode bucket : queries.json(answer).path("buckets")) {
                    orders += bucket.path("orders").asLong();
                }
                see("sales", soldSeen, before, orders);
            }
            return answer.statusCode();
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    /** What one reader has seen every later one sees as well. */
    private void see(String what, AtomicLong seen, long before, long now) {
        if (now < before) {
            countStale(what);
        }
        seen.accumulateAndGet(now, Math::max);
    }

    private void countStale(String what) {
        stale.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
    }

    private int product(int i) {
        long before = seen.get(i);
        try {
            HttpResponse<String> answer = queries.get("/api/products/" + products[i]);
            if (answer.statusCode() == 200) {
                long version = Long.parseLong(
                        answer.headers().firstValue("ETag").orElseThrow().replace("\"", ""));
                if (version < before) {
                    countStale("/api/products/");
                }
                seen.accumulateAndGet(i, version, Math::max);
            }
            return answer.statusCode();
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    /** @param seen the highest version that a reader has seen */
    private record Fresh(int id, AtomicLong seen) {}

    private void awaitHead() throws InterruptedException {
        awaitHead(filled, queries);
    }

    /** Until all views have all events; orders are decided by then. */
    private static void awaitHead(FilledShop filled, QuerySideClient queries) throws InterruptedException {
        while (filled.jdbc().queryForObject("select count(*) from command_side.scheduled_task", Long.class) > 0) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        String head = filled.jdbc()
                .queryForObject(
                        "select epoch || '-' || transaction_id || '-' || global_index from event_store.domain_event"
                                + " order by epoch desc, transaction_id desc, global_index desc limit 1",
                        String.class);
        for (String path : List.of("/api/orders", "/api/products", "/api/users/1", "/api/statistics/sales")) {
            while (queries.get(path, "Min-Event-Position", head, "Prefer", "wait=20")
                            .statusCode()
                    != 200) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static Map<ReadModel, List<List<String>>> builtFromNothing(FilledShop filled) throws Exception {
        filled.jdbc().execute("drop schema query_side cascade");
        filled.jdbc().execute("drop schema query_side_keys cascade");
        long begin = System.nanoTime();
        try (ServiceProcess querySide = filled.shop().startQuerySide()) {
            awaitHead(filled, new QuerySideClient(querySide.url(), filled.shop().token()));
            System.out.printf(Locale.ROOT, "{\"builtFromNothingSeconds\": %.0f}%n", (System.nanoTime() - begin) / 1e9);
            return rows(filled);
        }
    }

    /** @return all rows of all tables of each view, as texts; personal data in the clear */
    private static Map<ReadModel, List<List<String>>> rows(FilledShop filled) {
        Map<ReadModel, List<List<String>>> rows = new TreeMap<>();
        for (ReadModel model : ReadModel.values()) {
            List<List<String>> tables = new ArrayList<>();
            for (String table : model.tables()) {
                tables.add(
                        table.equals("user_profile")
                                ? profiles(filled)
                                : filled.jdbc()
                                        .queryForList(
                                                "select md5(t::text) from query_side." + table + " as t",
                                                String.class));
            }
            rows.put(model, tables);
        }
        return rows;
    }

    private static List<String> profiles(FilledShop filled) {
        PersonKeys keys = filled.shop().keys(filled.shop().pool(), "query_side_keys");
        return filled.jdbc()
                .query(
                        "select * from query_side.user_profile",
                        (row, number) -> row.getInt("user_id") + " "
                                + opened(keys, row.getInt("user_id"), "email", row.getBytes("email"))
                                + " " + opened(keys, row.getInt("user_id"), "full_name", row.getBytes("full_name"))
                                + " " + row.getString("registered_at") + " " + row.getString("erased") + " "
                                + row.getString("version"));
    }

    private static String opened(PersonKeys keys, int userId, String column, byte @Nullable [] sealed) {
        return sealed == null
                ? "null"
                : keys.find("user-" + userId).orElseThrow().open(sealed, "user_profile." + column);
    }

    private static void compare(Map<ReadModel, List<List<String>>> live, Map<ReadModel, List<List<String>>> anew) {
        live.forEach((model, tables) -> {
            for (int i = 0; i < tables.size(); i++) {
                List<String> built = anew.get(model).get(i);
                Set<String> missing = new HashSet<>(built);
                tables.get(i).forEach(missing::remove);
                Set<String> surplus = new HashSet<>(tables.get(i));
                built.forEach(surplus::remove);
                System.out.printf(
                        "{\"table\": \"%s\", \"rows\": %d, \"builtFromNothing\": %d, \"missing\": %d, \"surplus\": %d}%n",
                        model.tables().get(i), tables.get(i).size(), built.size(), missing.size(), surplus.size());
                if (!missing.isEmpty()
                        || !surplus.isEmpty()
                        || built.size() != tables.get(i).size()) {
                    throw new IllegalStateException(model + " differs");
                }
            }
        });
    }
}
