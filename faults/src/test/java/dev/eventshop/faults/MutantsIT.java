package dev.eventshop.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other way round: services with a defect have to be found out by the faults, or the faults prove nothing. */
class MutantsIT {

    private static final Logger LOG = LoggerFactory.getLogger(MutantsIT.class);

    private static final String ONLY = System.getProperty("eventshop.faults.mutants", ".*");

    /** Some faults meet the defect by chance. */
    private static final int TRIES = 4;

    /** What a mutant has lost never comes. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void areFoundOut() throws Exception {
        StringBuilder report = new StringBuilder();
        List<String> survivors = new ArrayList<>();
        int all = 0;
        for (Mutant mutant : Mutant.all()) {
            if (!mutant.name().matches(ONLY)) {
                continue;
            }
            all++;
            Findings findings = run(mutant, Files.createDirectories(folder.resolve("mutant-" + all)));
            report.append(mutant.name()).append(": ").append(findings).append('\n');
            if (findings.isClean()) {
                survivors.add(mutant.name());
            }
        }
        report.append(all - survivors.size()).append(" of ").append(all).append(" mutants were found out\n");
        LOG.info("\n{}", report);
        Files.writeString(FaultsIT.logs("mutants").resolve("score.txt"), report);
        assertThat(survivors).isEmpty();
    }

    private static Findings run(Mutant mutant, Path own) throws Exception {
        Path classes = mutant.compile(own);
        Path logs = FaultsIT.logs("mutants");
        try (World world = new World(own, logs, List.of(Duration.ZERO), List.of(classes), PATIENCE)) {
            Injection injection = new Injection(world, new FaultTable(), 1);
            List<Fault> faults = Faults.ofOneInstance(world.servers).stream()
                    .filter(fault -> fault.name().matches(mutant.faults()))
                    .toList();
            assertThat(faults).as(mutant.faults()).isNotEmpty();
            Findings findings = new Findings();
            for (int i = 0; i < TRIES && findings.isClean(); i++) {
                findings = injection.inject(faults.get(0), 1);
            }
            return findings;
        }
    }
}
