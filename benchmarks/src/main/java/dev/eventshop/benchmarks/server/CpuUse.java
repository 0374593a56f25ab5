package dev.eventshop.benchmarks.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who used the processors: what a run spends its time on, from Linux' own books. */
public final class CpuUse {

    /** Of the clock that {@code /proc} counts in; the same on all Linux systems of today. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11; // behind the name, counted from 0
    private static final int SYSTEM_TIME = 12;

    private final List<JarProcess> processes;
    private final Map<String, Double> before;

    private CpuUse(List<JarProcess> processes) {
        this.processes = processes;
        this.before = seconds();
    }

    /** Begins to count. */
    public static CpuUse of(List<JarProcess> processes) {
        return new CpuUse(processes);
    }

    /** @return seconds of processor time since the beginning, by process; those of the two servers are summed up */
    public Map<String, Double> since() {
        Map<String, Double> used = new TreeMap<>();
        seconds().forEach((name, seconds) -> {
            double more = seconds - before.getOrDefault(name, 0.0);
            used.put(name, Math.max(0, Math.round(more * 10) / 10.0)); // less when processes have ended meanwhile
        });
        return used;
    }

    private Map<String, Double> seconds() {
        Map<String, Double> seconds = new TreeMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path folder : folders) {
                add(folder, seconds);
            }
        } catch (IOException e) {
            return Map.of(); // no Linux
        }
        return seconds;
    }

    private void add(Path folder, Map<String, Double> seconds) {
        String stat;
        try {
            stat = Files.readString(folder.resolve("stat"));
        } catch (IOException gone) {
            return;
        }
        String program = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        long pid = Long.parseLong(folder.getFileName().toString());
        String name = processes.stream()
                .filter(process -> process.pid() == pid)
                .map(JarProcess::name)
                .findFirst()
                .orElse(
                        switch (program) {
                            case "postgres" -> "postgresql";
                            case "beam.smp" -> "rabbitmq";
                            default -> "";
                        });
        if (!name.isEmpty()) {
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double used = (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
            seconds.merge(name, used, Double::sum);
        }
    }
}
