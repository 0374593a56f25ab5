package dev.eventshop.faults;

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
    private final long seed;

    Injection(World world, FaultTable table, long seed) {
        this.world = world;
        this.table = table;
        this.seed = seed;
    }

    Findings inject(Fault fault, int runs) throws Exception {
        Customers customers = world.customers;
        int attempted = customers.attempted.get();
        int acknowledged = customers.acknowledged.get();
        int failedTries = customers.failedTries.get();
        Findings findings = new Findings();
        List<Duration> recoveries = new ArrayList<>();
        if (!fault.tapped()) {
            world.tap.close();
        }
        for (int run = 0; run < runs; run++) {
            recoveries.add(injectOnce(fault, new Random(seed * 1000 + run), findings));
        }
        world.oracle.examine(fault.tapped(), findings);
        if (!fault.tapped()) {
            world.tap.open();
        }
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
        return world.oracle.awaitQuiet(findings);
    }
}
