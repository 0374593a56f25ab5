package dev.eventshop.faults;

import dev.eventshop.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Servers, services, customers, and whoever looks at them. */
final class World implements AutoCloseable {

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

    /** Leaves it broken for a while, in which the health of these services has to show it. */
    void hold(long seconds, List<ServiceProcess> showing) throws IOException {
        Set<ServiceProcess> silent = new HashSet<>(showing);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            for (ServiceProcess service : List.copyOf(silent)) {
                if (Oracle.health(service).equals("DEGRADED")) {
                    silent.remove(service);
                }
            }
            sleep(200);
        }
        silent.forEach(service -> unexpected.add("the health of " + service.name() + " did not show it"));
    }

    @Override
    public void close() {
        shop.close();
        servers.close();
    }
}
