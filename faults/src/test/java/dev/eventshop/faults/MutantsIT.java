package dev.eventshop.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other way round: services with a defect have to be found out by the faults, as what the defect leads to, or the
 * faults prove nothing. The same faults, with the same seeds and patience, have to find nothing in services without one.
 */
class MutantsIT {

    private static final Logger LOG = LoggerFactory.getLogger(MutantsIT.class);

    private static final String ONLY = System.getProperty("eventshop.faults.mutants", ".*");
    private static final long SEED = Long.getLong("eventshop.faults.seed", 1);

    /** Some faults meet the defect by chance. */
    private static final int TRIES = 4;

    /** What a mutant has lost never comes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final StringBuilder report = new StringBuilder();
    private final List<String> failures = new ArrayList<>();

    @Test
    void areFoundOutAndNothingElseIs() throws Exception {
        int all = 0;
        int found = 0;
        Map<Integer, Map<String, Integer>> tries = new TreeMap<>();
        for (Mutant mutant : Mutant.all()) {
            if (!mutant.name().matches(ONLY)) {
                continue;
            }
            all++;
            if (TimeLimit.ofThisRun().isOver()) {
                failures.add(mutant.name() + ": not run, the time was up");
                continue;
            }
            int tried = run(mutant, Files.createDirectories(folder.resolve("mutant-" + all)));
            tries.computeIfAbsent(mutant.instances(), any -> new TreeMap<>()).merge(mutant.fault(), tried, Math::max);
            found += tried <= TRIES ? 1 : 0;
        }
        for (Map.Entry<Integer, Map<String, Integer>> faults : tries.entrySet()) {
            checkWithoutMutant(faults.getKey(), faults.getValue());
        }
        report.append(found).append(" of ").append(all).append(" mutants were found out\n");
        LOG.info("\n{}", report);
        Files.writeString(FaultsIT.logs("mutants").resolve("score.txt"), report);
        assertThat(failures).isEmpty();
    }

    /** @return at which try it was found out, more than {@link #TRIES} when it was not */
    private int run(Mutant mutant, Path own) throws Exception {
        Path classes = mutant.compile(own);
        try (World world = world(own, mutant.instances(), List.of(classes))) {
            Injection injection = injection(world);
            Fault fault = fault(world, mutant.instances(), mutant.fault());
            for (int i = 0; i < TRIES; i++) {
                Findings findings = injection.inject(fault, i, 1);
                report.append(mutant.name()).append(": ").append(findings).append('\n');
                if (mutant.finding().isIn(findings)) {
                    return i + 1;
                }
            }
            failures.add(mutant.name() + ": not found out");
            return TRIES + 1;
        }
    }

    /** @param tries how often mutants had to be tried, by fault */
    private void checkWithoutMutant(int instances, Map<String, Integer> tries) throws Exception {
        Path own = Files.createDirectories(folder.resolve("none-" + instances));
        try (World world = world(own, instances, List.of())) {
            Injection injection = injection(world);
            for (Map.Entry<String, Integer> fault : tries.entrySet()) {
                int runs = Math.min(fault.getValue(), TRIES);
                Findings findings = injection.inject(fault(world, instances, fault.getKey()), 0, runs);
                report.append("no mutant, ").append(fault.getKey()).append(": ");
                report.append(findings).append('\n');
                if (TimeLimit.ofThisRun().isOver()) {
                    failures.add("no mutant, " + fault.getKey() + ": not run to its end, the time was up");
                } else if (!findings.isClean()) {
                    failures.add("no mutant, " + fault.getKey() + ": " + findings);
                }
            }
        }
    }

    private static World world(Path own, int instances, List<Path> patches) throws Exception {
        return new World(
                own,
                FaultsIT.logs("mutants/" + own.getFileName()),
                Collections.nCopies(instances, Duration.ZERO),
                patches,
                PATIENCE);
    }

    private static Injection injection(World world) {
        return new Injection(world, new FaultTable("mutants"), TimeLimit.ofThisRun(), SEED);
    }

    private static Fault fault(World world, int instances, String name) {
        List<Fault> all = instances == 1 ? Faults.ofOneInstance(world.servers) : Faults.ofTwoInstances();
        List<Fault> named =
                all.stream().filter(fault -> fault.name().equals(name)).toList();
        assertThat(named).as(name).hasSize(1);
        return named.get(0);
    }
}
