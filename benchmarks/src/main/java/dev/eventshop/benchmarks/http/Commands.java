package dev.eventshop.benchmarks.http;

import dev.eventshop.benchmarks.load.Load;
import dev.eventshop.benchmarks.load.LoadProcess;
import dev.eventshop.benchmarks.load.LoadResult;
import dev.eventshop.benchmarks.server.CpuUse;
import dev.eventshop.benchmarks.server.EventshopServices;
import dev.eventshop.benchmarks.server.JarProcess;
import dev.eventshop.benchmarks.server.MeasuredSystem;
import dev.eventshop.benchmarks.server.StockShop;
import dev.eventshop.testing.TestIssuer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Commands per second over HTTP, from a generator in a process of its own, of Eventshop and of a stock Axon application,
 * in turns, each with new data; and bare inserts of the same row before and after them. With each figure stand the
 * events that projections, forwarder and saga are behind when it ends, and how long they take for them. Then how long
 * single commands take at a fixed rate.
 */
public final class Commands {

    private static final int CONNECTIONS = 64;
    private static final int SETTLING_CONNECTIONS = 4;
    private static final int PRODUCTS = 1_000;
    private static final double ZIPF = 1.0;

    /** Orders, or events of orders, that the saga may be behind before no more are placed. */
    private static final long MOST_UNDECIDED = 200;

    private static final long LOOK_MILLIS = 100;

    /** Whoever needs longer for what is left has been falling behind. */
    private static final double BOUNDED_SECONDS = 5;

    private static final double LATENCY_RATE = 200;

    private static final Set<String> PARTS =
            Set.of("create", "adjust", "adjust-zipf", "order", "adjust-latency", "create-latency");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final int settlingSeconds;
    private final int warmUpSeconds;
    private final int seconds;
    private final Set<String> parts;
    private final double longestDrain;
    private int round;

    private Commands(int settlingSeconds, int warmUpSeconds, int seconds, Set<String> parts) {
        this.settlingSeconds = settlingSeconds;
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
        this.parts = parts;
        this.longestDrain = 3.0 * (warmUpSeconds + seconds);
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        int settlingSeconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 120;
        int warmUpSeconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 30;
        int seconds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 60;
        List<String> systems = List.of((arguments.length > 4 ? arguments[4] : "pgbench,eventshop,stock").split(","));
        Set<String> parts = arguments.length > 5 ? Set.of(arguments[5].split(",")) : PARTS;
        Commands benchmark = new Commands(settlingSeconds, warmUpSeconds, seconds, parts);
        try {
            for (benchmark.round = 1; benchmark.round <= rounds; benchmark.round++) {
                for (String system : List.of("pgbench", "eventshop", "pgbench", "stock")) {
                    if (systems.contains(system)) {
                        benchmark.turn(system);
                    }
                }
            }
        } finally {
            TestIssuer.shared().close(); // its thread would keep the JVM
        }
    }

    private void turn(String system) throws Exception {
        if (system.equals("pgbench")) {
            bare();
            return;
        }
        try (MeasuredSystem measured = system.equals("stock") ? StockShop.start() : EventshopServices.start()) {
            try {
                run(measured);
            } catch (IOException | RuntimeException e) {
                for (JarProcess process : measured.processes()) {
                    System.err.println(process.lastWords());
                }
                throw e;
            }
        }
    }

    private void bare() throws IOException, InterruptedException {
        for (BareInserts.Row row : BareInserts.Row.values()) {
            Map<String, Object> line = line("pgbench", row.name().toLowerCase(Locale.ROOT));
            double perSecond = BareInserts.perSecond(row, CONNECTIONS, Math.max(5, seconds / 3))
                    .orElse(Double.NaN);
            line.put("perSecond", perSecond);
            line.put("bytesPerEvent", row.bytes());
            print(line);
        }
    }

    private void run(MeasuredSystem system) throws Exception {
        try (LoadProcess generator = LoadProcess.start()) {
            List<Integer> products = system.products(PRODUCTS);
            int user = system.user();
            settle(system, generator, products, user);
            system.drain(longestDrain);
            throughput(system, generator, "create", Load.Kind.CREATE, products, 0, user);
            throughput(system, generator, "adjust", Load.Kind.ADJUST, products, 0, user);
            throughput(system, generator, "adjust-zipf", Load.Kind.ADJUST, products, ZIPF, user);
            orders(system, generator, products, user);
            latency(system, generator, "adjust-latency", Load.Kind.ADJUST, products, user);
            latency(system, generator, "create-latency", Load.Kind.CREATE, products, user);
        }
    }

    /** Leaves the compilers of a JVM the time that they need, and no histories behind. */
    private void settle(MeasuredSystem system, LoadProcess generator, List<Integer> products, int user)
            throws Exception {
        if (settlingSeconds > 0) {
            generator.run(
                    new Load(
                            system.port(),
                            system.authorization(),
                            Load.Kind.CREATE,
                            SETTLING_CONNECTIONS,
                            LATENCY_RATE,
                            0,
                            settlingSeconds,
                            products,
                            0,
                            user),
                    () -> {});
        }
    }

    private void throughput(
            MeasuredSystem system,
            LoadProcess generator,
            String what,
            Load.Kind kind,
            List<Integer> products,
            double zipf,
            int user)
            throws Exception {
        if (!parts.contains(what)) {
            return;
        }
        Load load = new Load(
                system.port(),
                system.authorization(),
                kind,
                CONNECTIONS,
                0,
                warmUpSeconds,
                seconds,
                products,
                zipf,
                user);
        AtomicReference<CpuUse> cpu = new AtomicReference<>();
        LoadResult result = generator.run(load, () -> cpu.set(CpuUse.of(system.processes())));
        print(resultOf(system, what, result, cpu.get()));
    }

    private Map<String, Object> resultOf(MeasuredSystem system, String what, LoadResult result, CpuUse cpu)
            throws InterruptedException {
        Map<String, Object> line = line(system.name(), what);
        Map<String, Double> used = cpu.since();
        used.put("generator", result.generatorCpuSeconds());
        line.put("connections", CONNECTIONS);
        line.put("settlingSeconds", settlingSeconds);
        line.put("warmUpSeconds", warmUpSeconds);
        line.put("seconds", seconds);
        line.put("perSecond", result.perSecond());
        line.put("per5Seconds", result.parts());
        line.put("failed", result.failed());
        line.put("requestBytes", result.requestBytes());
        line.put("connects", result.connects());
        line.put("cpuSeconds", used);
        line.put("lag", system.lag());
        double drained = system.drain(longestDrain);
        line.put("drainSeconds", Double.isInfinite(drained) ? null : drained);
        line.put("bounded", drained <= BOUNDED_SECONDS);
        line.put(
                "withCatchingUpPerSecond",
                Double.isInfinite(drained)
                        ? null
                        : (result.doneBefore() + result.done()) / (warmUpSeconds + seconds + drained));
        line.put("bytesPerEvent", system.bytesPerEvent());
        return line;
    }

    /** Places orders as fast as the saga can follow. */
    private void orders(MeasuredSystem system, LoadProcess generator, List<Integer> products, int user)
            throws Exception {
        if (!parts.contains("order")) {
            return;
        }
        Load load = new Load(
                system.port(),
                system.authorization(),
                Load.Kind.ORDER,
                CONNECTIONS,
                0,
                warmUpSeconds,
                seconds,
                products,
                0,
                user);
        AtomicReference<CpuUse> cpu = new AtomicReference<>();
        AtomicReference<Instant> start = new AtomicReference<>();
        ScheduledExecutorService throttle = Executors.newSingleThreadScheduledExecutor();
        try {
            throttle.scheduleWithFixedDelay(
                    () -> generator.pause(system.undecided() > MOST_UNDECIDED),
                    LOOK_MILLIS,
                    LOOK_MILLIS,
                    TimeUnit.MILLISECONDS);
            LoadResult result = generator.run(load, () -> {
                cpu.set(CpuUse.of(system.processes()));
                start.set(Instant.now());
            });
            Instant end = Instant.now();
            throttle.shutdownNow();
            Map<String, Object> line = resultOf(system, "order", result, cpu.get());
            line.put("pausedMillis", result.pausedMillis());
            line.put(
                    "confirmedPerSecond",
                    (double) system.confirmedOrders(start.get(), end)
                            / (end.toEpochMilli() - start.get().toEpochMilli())
                            * 1_000);
            print(line);
        } finally {
            throttle.shutdownNow();
        }
    }

    private void latency(
            MeasuredSystem system, LoadProcess generator, String what, Load.Kind kind, List<Integer> products, int user)
            throws Exception {
        if (!parts.contains(what)) {
            return;
        }
        Load load = new Load(
                system.port(),
                system.authorization(),
                kind,
                CONNECTIONS,
                LATENCY_RATE,
                warmUpSeconds / 2,
                seconds,
                products,
                0,
                user);
        AtomicReference<CpuUse> cpu = new AtomicReference<>();
        LoadResult result = generator.run(load, () -> cpu.set(CpuUse.of(system.processes())));
        Map<String, Object> line = resultOf(system, what, result, cpu.get());
        line.put("offeredPerSecond", LATENCY_RATE);
        line.put("p50Millis", result.p50Millis());
        line.put("p99Millis", result.p99Millis());
        line.put("p999Millis", result.p999Millis());
        line.put("maxMillis", result.maxMillis());
        print(line);
    }

    private Map<String, Object> line(String system, String what) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "http.Commands");
        line.put("round", round);
        line.put("system", system);
        line.put("what", what);
        line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return line;
    }

    private static void print(Map<String, Object> line) {
        System.out.println(JSON.writeValueAsString(line));
    }
}
