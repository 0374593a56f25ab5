package dev.eventshop.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** The generator's process. */
public final class LoadProcess implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private LoadProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    public static LoadProcess start() throws IOException {
        return new LoadProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadGenerator.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /**
     * Returns when it is done.
     *
     * @param measuring called when the warm-up is over
     */
    public LoadResult run(Load load, Runnable measuring) throws IOException {
        say(JSON.writeValueAsString(load));
        while (true) {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("the generator has ended");
            }
            if (!line.equals(Load.MEASURING)) {
                return JSON.readValue(line, LoadResult.class);
            }
            measuring.run();
        }
    }

    /** Stops or goes on with sending, while {@link #run} waits on another thread. */
    public void pause(boolean paused) {
        try {
            say(paused ? Load.PAUSE : Load.RESUME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void say(String line) throws IOException {
        synchronized (input) {
            input.write(line + "\n");
            input.flush();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
