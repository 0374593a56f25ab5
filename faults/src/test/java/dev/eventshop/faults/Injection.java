package dev.eventshop.faults;

import dev.eventshop.testing.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Injects faults under load, one after the other, and has the oracle look at what is left. */
final class Injection {

    private static final Logger LOG = LoggerFactory.getLogger(Injection.class);

    private final World world;
    private final FaultTable table;
    private final TimeLimit limit;
    private final long seed;

    /** @param limit after which nothing more is injected */
    Injection(World world, FaultTable table, TimeLimit limit, long seed) {
        this.world = world;
        this.table = table;
        this.limit = limit;
        this.seed = seed;
    }

    /**
     * @param firstRun number of the first run: what is left to chance in a run depends on its number
     * @param runs     how many, from that one on
     */
    Findings inject(Fault fault, int firstRun, int runs) throws Exception {
        Findings findings = new Findings();
        if (fault.isLeftOut()) {
            table.leftOut(fault);
            return findings;
        }
        Customers customers = world.customers;
        int attempted = customers.attempted.get();
        int acknowledged = customers.acknowledged.get();
        int failedTries = customers.failedTries.get();
        List<Duration> recoveries = new ArrayList<>();
        if (!fault.tapped()) {
            world.tap.close();
        }
        for (int run = firstRun; run < firstRun + runs && !limit.isOver(); run++) {
            recoveries.add(injectOnce(fault, new Random(seed * 1000 + run), findings));
        }
        if (!recoveries.isEmpty()) {
            world.oracle.examine(fault, recoveries.size(), findings);
            int failed = customers.failedTries.get() - failedTries;
            if (fault.commandsGoOn() && failed > 0) {
                findings.unexpected.add(failed + " tries of commands failed");
            }
            findings.unexpected.addAll(world.unexpected);
            world.unexpected.clear();
            table.add(
                    fault,
                    customers.attempted.get() - attempted,
                    customers.acknowledged.get() - acknowledged,
                    failed,
                    recoveries,
                    findings);
        }
        if (!fault.tapped()) {
            world.tap.open();
        }
        if (recoveries.size() < runs) {
            table.notRun(fault, runs - recoveries.size());
        }
        LOG.info("{}: {}", fault.name(), findings);
        return findings;
    }

    private Duration injectOnce(Fault fault, Random random, Findings findings) throws Exception {
        world.customers.open(random.nextLong());
        World.sleep(1500);
        try {
            fault.action().inject(world, random);
        } catch (IOException e) {
            findings.unexpected.add(e.toString());
        }
        World.sleep(500);
        world.customers.close();
        Duration recovery = world.oracle.awaitQuiet(findings);
        for (ServiceProcess service : world.shop.all()) {
            if (!service.isAlive()) {
                findings.unexpected.add(service.name() + " has died");
                service.start();
            }
        }
        return recovery;
    }
}
