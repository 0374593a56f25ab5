package dev.eventshop.faults;

import dev.eventshop.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Servers, services, customers, and whoever looks at them. */
final class World implements AutoCloseable {

    private static final Pattern LIVE_THREADS =
            Pattern.compile("^jvm_threads_live_threads(?:\\{[^}]*\\})? ([0-9.E]+)$", Pattern.MULTILINE);

    private static final int THREADS_THAT_COME_AND_GO = 5;

    final Servers servers;
    final Shop shop;
    final Customers customers;
    final Tap tap;
    final Oracle oracle;

    /** What was seen while something was broken, and should not have been. */
    final List<String> unexpected = new ArrayList<>();

    /**
     * @param clocks   by how much the clock of each instance is off, so many of each service
     * @param patches  classes that take the place of the services' own
     * @param patience with what is to be done after a fault
     */
    World(Path folder, Path logs, List<Duration> clocks, List<Path> patches, Duration patience) throws IOException {
        servers = new Servers(folder);
        shop = new Shop(servers, logs, clocks);
        customers = new Customers(
                shop.commandSides.stream().map(ServiceProcess::url).toList());
        tap = new Tap(servers);
        oracle = new Oracle(servers, shop, customers, tap, patience);
        shop.all().forEach(service -> service.patch(patches));
        shop.start();
        tap.open();
    }

    static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Leaves it broken for a while, in which the health of these services has to show it, and they go on. */
    void hold(long seconds, List<ServiceProcess> showing) {
        hold(seconds, showing, "/actuator/health", "DEGRADED", false);
    }

    /**
     * Leaves it broken for a while, in which these services have to say that they can't do their work, or nothing, which
     * is the same to those who ask.
     */
    void holdUnready(long seconds, List<ServiceProcess> showing) {
        hold(seconds, showing, "/actuator/health/readiness", "DOWN", true);
    }

    private void hold(long seconds, List<ServiceProcess> showing, String page, String status, boolean orNone) {
        Set<ServiceProcess> silent = new HashSet<>(showing);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            for (ServiceProcess service : List.copyOf(silent)) {
                try {
                    if (Oracle.health(service, page).equals(status)) {
                        silent.remove(service);
                    }
                } catch (IOException e) {
                    if (orNone) {
                        silent.remove(service);
                    }
                }
            }
            sleep(200);
        }
        silent.forEach(service -> unexpected.add(page + " of " + service.name() + " was not " + status));
    }

    /** @return how many threads each service has */
    Map<ServiceProcess, Integer> threads() throws IOException {
        Map<ServiceProcess, Integer> threads = new HashMap<>();
        for (ServiceProcess service : shop.all()) {
            Matcher live = LIVE_THREADS.matcher(service.management("/actuator/prometheus"));
            if (!live.find()) {
                throw new IOException(service.name() + " does not tell its threads");
            }
            threads.put(service, (int) Double.parseDouble(live.group(1)));
        }
        return threads;
    }

    /** Returns when the services have no more threads than before, give or take those of a pool that grows. */
    void awaitThreads(Map<ServiceProcess, Integer> before) throws IOException {
        String more = "";
        for (int i = 0; i < 60; i++) {
            Map<ServiceProcess, Integer> now = threads();
            more = before.keySet().stream()
                    .filter(service -> now.get(service) > before.get(service) + THREADS_THAT_COME_AND_GO)
                    .map(service ->
                            service.name() + " has " + now.get(service) + " threads, before " + before.get(service))
                    .collect(Collectors.joining(", "));
            if (more.isEmpty()) {
                return;
            }
            sleep(1000);
        }
        unexpected.add(more);
    }

    @Override
    public void close() {
        shop.close();
        servers.close();
    }
}
