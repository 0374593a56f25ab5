package dev.eventshop.query;

import dev.eventshop.testing.TestDatabase;
import dev.eventshop.testing.TestIssuer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ConfigurableApplicationContext;

/** The application in a process of its own, that can be killed. */
final class QuerySideProcess implements AutoCloseable {

    private static final String PORT = "Port: ";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LINES_KEPT = 200;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Deque<String> lastLines = new ArrayDeque<>();

    private QuerySideProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** What runs in that process. */
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = QuerySideApplication.builder().run(arguments);
        System.out.println(PORT + context.getEnvironment().getProperty("local.server.port"));
    }

    static QuerySideProcess start(TestDatabase database, Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>(database.springProperties("query_side"));
        all.putAll(TestIssuer.shared().springProperties());
        all.put("eventshop.query-side.port", "0");
        all.put("eventshop.query-side.management-port", "0");
        all.put("logging.level.root", "error");
        all.putAll(properties);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // ready sooner
                "-cp",
                System.getProperty("java.class.path"),
                QuerySideProcess.class.getName()));
        all.forEach((name, value) -> command.add("--" + name + "=" + value));
        try {
            return new QuerySideProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(PORT)) {
                    port.complete(Integer.valueOf(line.substring(PORT.length())));
                }
                remember(line);
            }
        } catch (IOException e) {
            remember(e.toString());
        }
        port.completeExceptionally(new IllegalStateException("the process has ended"));
    }

    private synchronized void remember(String line) {
        lastLines.add(line);
        if (lastLines.size() > LINES_KEPT) {
            lastLines.remove();
        }
    }

    /** Sends a request of an operator, as soon as requests are served. @return the answer's status */
    int send(String method, String path, String body, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                            + port.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                    .join() + path))
                    .timeout(PATIENCE)
                    .method(method, BodyPublishers.ofString(body))
                    .headers(RunningQuerySide.as("operator", "operator"))
                    .header("Content-Type", "application/json");
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(this.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** With SIGKILL; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lastLines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
