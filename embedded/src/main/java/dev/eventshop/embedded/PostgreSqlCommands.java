package dev.eventshop.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own programs, run in the folder of a server. Files are given to them relative to it: {@code pg_ctl} goes
 * through a shell, and the name of the folder might mean something there.
 */
final class PostgreSqlCommands {

    /** Covers a recovery after a crash, and the last checkpoint before a stop. */
    private static final String PATIENCE_SECONDS = "300";

    private static final int ROOT = 0;

    /**
     * PostgreSQL refuses to run as root. In a user namespace without a mapping root is nobody, and the files that it
     * makes are still those of root outside.
     */
    private static final List<String> STEPPING_DOWN = List.of("unshare", "-U");

    private final Path programs;
    private final Path folder;
    private final List<String> prefix;

    /**
     * @param programs folder with {@code bin/initdb} and {@code bin/pg_ctl}
     * @param folder   of the server
     * @throws EmbeddedServerFailed as root, where root can't step down
     */
    PostgreSqlCommands(Path programs, Path folder) throws IOException {
        this.programs = programs;
        this.folder = folder;
        this.prefix = runsAsRoot() ? STEPPING_DOWN : List.of();
        if (!prefix.isEmpty()) {
            try {
                execute("true", List.of());
            } catch (IOException | CommandFailed e) {
                throw new EmbeddedServerFailed(
                        "PostgreSQL does not run as root, and root can't step down on this machine (unshare -U):"
                                + " start as another user.",
                        e);
            }
        }
    }

    /**
     * Makes the files of a new cluster, with one sort order on every operating system.
     *
     * @param passwordFile holds the superuser's password
     */
    void initialize(String data, String superuser, String passwordFile, boolean durably)
            throws IOException, CommandFailed {
        List<String> arguments = new ArrayList<>(List.of(
                "--pgdata=" + data,
                "--username=" + superuser,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions"));
        if (!durably) {
            arguments.add("--no-sync");
        }
        run("initdb", arguments);
    }

    /**
     * Starts the server apart from the terminal's process group, so that Ctrl-C does not reach it, and returns when it
     * takes connections.
     *
     * @param log      what the server says before it opens its own log
     * @param settings names and values without blanks and quotes
     */
    void start(String data, String log, Map<String, String> settings) throws IOException, CommandFailed {
        String options = settings.entrySet().stream()
                .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
        run("pg_ctl", List.of("start", "-D", data, "-l", log, "-o", options, "-w", "-t", PATIENCE_SECONDS));
    }

    /** Ends all sessions, and returns when everything is written and the server is gone. */
    void stop(String data) throws IOException, CommandFailed {
        run("pg_ctl", List.of("stop", "-D", data, "-m", "fast", "-w", "-t", PATIENCE_SECONDS));
    }

    private void run(String program, List<String> arguments) throws IOException, CommandFailed {
        execute(programs.resolve("bin").resolve(program).toString(), arguments);
    }

    private void execute(String program, List<String> arguments) throws IOException, CommandFailed {
        List<String> command = new ArrayList<>(prefix);
        command.add(program);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status;
        try {
            status = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " ran", e);
        }
        if (status != 0) {
            throw new CommandFailed(String.join(" ", command) + " ended with " + status + ": " + output);
        }
    }

    private static boolean runsAsRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(ROOT);
    }

    /** One of the programs ended with an error; the message has its output. */
    static final class CommandFailed extends Exception {

        private static final long serialVersionUID = 1L;

        CommandFailed(String message) {
            super(message);
        }
    }
}
