package dev.eventshop.query;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis for tests: a real one where {@code -Deventshop.test.redis=redis://host:port} names it, and a stand-in that
 * understands what a cache says (RESP 2: {@code GET}, {@code SET} with {@code PX}, {@code PING}, {@code INFO}).
 */
final class TestRedis implements AutoCloseable {

    private final int port;
    private final @Nullable ServerSocket server;
    private final Map<String, Value> values = new ConcurrentHashMap<>();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    private record Value(String text, long until) {}

    private TestRedis(int port, @Nullable ServerSocket server) {
        this.port = port;
        this.server = server;
    }

    /** @return the stand-in, and the real one where there is one */
    static Stream<TestRedis> all() {
        String real = System.getProperty("eventshop.test.redis");
        return real == null
                ? Stream.of(standIn())
                : Stream.of(standIn(), new TestRedis(URI.create(real).getPort(), null));
    }

    static TestRedis standIn() {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            TestRedis redis = new TestRedis(server.getLocalPort(), server);
            daemon(() -> redis.accept(server));
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    boolean isReal() {
        return server == null;
    }

    /** @return all keys that were ever set; of the stand-in only */
    Set<String> keys() {
        return keys;
    }

    /** @return what is there, in JSON; of the stand-in only */
    List<String> texts() {
        return values.values().stream().map(Value::text).toList();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "test-redis");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket client = listening.accept();
                daemon(() -> serve(client));
            }
        } catch (IOException closed) {
            // ended
        }
    }

    private void serve(Socket client) {
        try (client;
                DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
                OutputStream out = new BufferedOutputStream(client.getOutputStream())) {
            while (true) {
                out.write(answer(command(in)).getBytes(StandardCharsets.UTF_8));
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException gone) {
            // the client has closed the connection
        }
    }

    private static List<String> command(DataInputStream in) throws IOException {
        int count = Integer.parseInt(line(in).substring(1));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] word = new byte[Integer.parseInt(line(in).substring(1))];
            in.readFully(word);
            line(in);
            words.add(new String(word, StandardCharsets.UTF_8));
        }
        return words;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private String answer(List<String> command) {
        return switch (command.get(0).toUpperCase(Locale.ROOT)) {
            case "HELLO" -> "-ERR unknown command\r\n";
            case "PING" -> "+PONG\r\n";
            case "INFO" -> bulk("# Server\r\nredis_version:7.0.0\r\n");
            case "GET" -> get(command.get(1));
            case "SET" -> {
                long millis = command.size() > 4 ? Long.parseLong(command.get(4)) : Long.MAX_VALUE / 2_000_000;
                keys.add(command.get(1));
                values.put(command.get(1), new Value(command.get(2), System.nanoTime() + millis * 1_000_000));
                yield "+OK\r\n";
            }
            default -> "+OK\r\n";
        };
    }

    private String get(String key) {
        Value value = values.get(key);
        return value == null || System.nanoTime() - value.until() >= 0 ? "$-1\r\n" : bulk(value.text());
    }

    private static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
    }

    @Override
    public void close() {
        if (server != null) {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String toString() {
        return isReal() ? "a real Redis" : "a stand-in for Redis";
    }
}
