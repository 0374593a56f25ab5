package dev.eventshop.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Injects each fault under load, lets it be mended, and looks for anything that was lost or done twice. System
 * properties: {@code eventshop.faults.only}, a regular expression of faults' names; {@code .runs} of each; {@code .kills}
 * at any time; {@code .seed}; {@code .minutes} for all together.
 */
class FaultsIT {

    private static final Logger LOG = LoggerFactory.getLogger(FaultsIT.class);

    private static final String ONLY = System.getProperty("eventshop.faults.only", ".*");
    private static final int RUNS = Integer.getInteger("eventshop.faults.runs", 5);
    private static final int KILLS = Integer.getInteger("eventshop.faults.kills", 50);
    private static final long SEED = Long.getLong("eventshop.faults.seed", 1);

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    static final Path REPORTS = Path.of("target", "faults").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void ofOneInstanceLoseNothingAndDoNothingTwice() throws Exception {
        try (World world = new World(folder, logs("one"), List.of(Duration.ZERO), List.of(), PATIENCE)) {
            injectAll(world, Faults.ofOneInstance(world.servers), "one");
        }
    }

    @Test
    void ofTwoInstancesLoseNothingAndDoNothingTwice() throws Exception {
        try (World world = new World(folder, logs("two"), List.of(Duration.ZERO, Duration.ZERO), List.of(), PATIENCE)) {
            injectAll(world, Faults.ofTwoInstances(), "two");
        }
    }

    @Test
    void ofThreeInstancesWithClocksApartLoseNothingAndDoNothingTwice() throws Exception {
        List<Duration> clocks = List.of(Duration.ofSeconds(-30), Duration.ZERO, Duration.ofSeconds(30));
        try (World world = new World(folder, logs("three"), clocks, List.of(), PATIENCE)) {
            injectAll(world, Faults.ofThreeInstances(), "three");
        }
    }

    static Path logs(String name) throws Exception {
        return Files.createDirectories(REPORTS.resolve(name));
    }

    private void injectAll(World world, List<Fault> faults, String instances) throws Exception {
        FaultTable table = new FaultTable("instances of each service: " + instances + ", " + world.servers.names());
        Injection injection = new Injection(world, table, TimeLimit.ofThisRun(), SEED);
        for (Fault fault : faults) {
            if (fault.name().matches(ONLY)) {
                injection.inject(fault, 0, fault.name().equals(Faults.ANY_TIME) ? KILLS : RUNS);
                Files.writeString(REPORTS.resolve(instances + ".txt"), table.toString());
            }
        }
        LOG.info("\n{}", table);
        assertThat(table.failures()).isEmpty();
    }
}
