package dev.eventshop.benchmarks.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long standalone takes from the start of its process to the first answered request, with a data folder that is there,
 * and what memory it has then: as it is built, extracted, and with the classes of an earlier run; on this JDK and on
 * another one. In turns.
 */
public final class Starts {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;

    private Starts(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        if (arguments.length > 1) {
            homes.add(Path.of(arguments[1]));
        }
        StandaloneProcess.requireBuilt();
        Starts benchmark = new Starts(Files.createTempDirectory("benchmark-starts-"));
        List<Way> ways = new ArrayList<>();
        for (Path home : homes) {
            ways.addAll(benchmark.ways(home));
        }
        for (int round = 1; round <= rounds; round++) {
            for (Way way : ways) {
                System.out.println(benchmark.measured(way, round));
            }
        }
    }

    /** Extracts, and lets each of them have its earlier run. */
    private List<Way> ways(Path home) throws IOException, InterruptedException {
        String java = home.resolve("bin").resolve("java").toString();
        int version = version(java);
        Path extracted = folder.resolve("extracted-" + version);
        run(List.of(
                java,
                "-Djarmode=tools",
                "-jar",
                StandaloneProcess.BUILT.toString(),
                "extract",
                "--destination",
                extracted.toString()));
        String jar = extracted.resolve(StandaloneProcess.BUILT.getFileName()).toString();
        start(new Way(version, "jar", List.of(java, "-jar", StandaloneProcess.BUILT.toString())))
                .stop(); // makes the data folder
        Way archived = archived(java, version, jar);
        return List.of(
                new Way(version, "jar", List.of(java, "-jar", StandaloneProcess.BUILT.toString())),
                new Way(version, "extracted", List.of(java, "-jar", jar)),
                archived);
    }

    private Way archived(String java, int version, String jar) throws IOException, InterruptedException {
        String file = folder.resolve("classes-" + version).toString();
        boolean ahead = version >= 25; // JEP 514
        String write = ahead ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
        String read = ahead ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=";
        start(new Way(version, "", List.of(java, write + file, "-jar", jar))).stop();
        return new Way(version, ahead ? "AOT cache" : "class data archive", List.of(java, read + file, "-jar", jar));
    }

    private static int version(String java) throws IOException, InterruptedException {
        String said = run(List.of(java, "--version"));
        return Integer.parseInt(said.split("[ .]", 3)[1]);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + said);
        }
        return said;
    }

    private String measured(Way way, int round) throws IOException, InterruptedException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("benchmark", "standalone.Starts");
        line.put("round", round);
        line.put("jdk", way.version());
        line.put("from", way.name());
        line.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        StandaloneProcess run = start(way);
        line.put("seconds", rounded(run.seconds()));
        line.put("cpuSeconds", rounded(run.cpuSeconds()));
        line.put("residentMegabytes", run.residentMegabytes());
        run.stop();
        return JSON.writeValueAsString(line);
    }

    private StandaloneProcess start(Way way) throws IOException, InterruptedException {
        return new StandaloneProcess(way.command(), folder);
    }

    private static double rounded(double seconds) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", seconds));
    }

    /** @param command without what all of them have */
    private record Way(int version, String name, List<String> command) {}
}
