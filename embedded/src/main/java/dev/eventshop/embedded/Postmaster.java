package dev.eventshop.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What has become of the server process that {@code postmaster.pid} of a data folder names. */
enum Postmaster {

    /** It has ended, in order or not. PostgreSQL itself makes sure of that when it starts. */
    GONE,

    /** It runs, and serves this folder as far as can be seen. */
    RUNNING,

    /**
     * It has ended, and PostgreSQL would take it for running: its number was given to another process after a crash of
     * the machine, or its parent has not noticed its end, as in containers without an init process.
     */
    ONLY_A_NUMBER;

    private static final Path PROCESSES = Path.of("/proc"); // Linux only

    static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }

    static Postmaster of(Path data) throws IOException {
        if (!Files.exists(file(data))) {
            return GONE;
        }
        List<String> lines = Files.readAllLines(file(data));
        if (lines.isEmpty() || !lines.get(0).matches("\\d{1,18}")) {
            return GONE;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(lines.get(0)));
        if (process.isEmpty() || !process.get().isAlive()) {
            return GONE;
        }
        if (hasEnded(process.get()) || isAnotherProgram(process.get()) || worksElsewhere(process.get(), data)) {
            return ONLY_A_NUMBER;
        }
        return RUNNING;
    }

    /** @return false where the operating system does not tell */
    static boolean anyProcessWorksIn(Path data) {
        return ProcessHandle.allProcesses().anyMatch(process -> {
            try {
                return Files.isSameFile(workingDirectory(process), data);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static boolean hasEnded(ProcessHandle process) {
        try {
            // number (program) state ...
            String status = Files.readString(
                    PROCESSES.resolve(Long.toString(process.pid())).resolve("stat"));
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAnotherProgram(ProcessHandle process) {
        return process.info()
                .command()
                .map(program -> !Path.of(program).getFileName().toString().startsWith("postgres"))
                .orElse(false);
    }

    /** A server works in its data folder. */
    private static boolean worksElsewhere(ProcessHandle process, Path data) {
        try {
            return !Files.isSameFile(workingDirectory(process), data);
        } catch (IOException e) {
            return false;
        }
    }

    private static Path workingDirectory(ProcessHandle process) {
        return PROCESSES.resolve(Long.toString(process.pid())).resolve("cwd");
    }
}
