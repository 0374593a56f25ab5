package dev.eventshop.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends requests over HTTP, with one thread and no more work for each than needed, so that most of the machine is left
 * to the server. It is given one {@link Load} in a line of JSON on standard input, and answers with a line of
 * {@link LoadResult}; then it waits for the next.
 */
public final class LoadGenerator {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int WARM_UP_CONNECTIONS = 4;
    private static final long GLANCE_NANOS = 50_000;
    private static final long LONGEST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Load load;
    private final Selector selector = Selector.open();
    private final Requests requests;
    private final Deque<HttpConnection> free = new ArrayDeque<>();
    private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
    private final Map<String, Long> failed = new TreeMap<>();
    private final long[] parts;
    private long doneBefore;
    private long done;
    private long connects;
    private int requestBytes;

    private long warmUpEnd;
    private long end;

    /** Set by whoever reads standard input. */
    private static volatile boolean paused;

    private LoadGenerator(Load load) throws IOException {
        this.load = load;
        this.requests = new Requests(load);
        this.parts = new long[(load.seconds() + Load.PART_SECONDS - 1) / Load.PART_SECONDS];
    }

    public static void main(String[] arguments) throws Exception {
        BlockingQueue<String> loads = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(loads), "standard-input");
        reader.setDaemon(true);
        reader.start();
        while (true) {
            String line = loads.take();
            if (line.isEmpty()) {
                return;
            }
            System.out.println(JSON.writeValueAsString(new LoadGenerator(JSON.readValue(line, Load.class)).run()));
        }
    }

    private static void read(BlockingQueue<String> loads) {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                switch (line) {
                    case Load.PAUSE -> paused = true;
                    case Load.RESUME -> paused = false;
                    default -> loads.add(line);
                }
            }
        } catch (IOException e) {
            System.err.println("the generator's input broke: " + e);
        }
        loads.add("");
    }

    private LoadResult run() throws IOException {
        paused = false;
        int opened = open(0, Math.min(load.connections(), WARM_UP_CONNECTIONS));
        long start = System.nanoTime();
        warmUpEnd = start + TimeUnit.SECONDS.toNanos(load.warmUpSeconds());
        end = warmUpEnd + TimeUnit.SECONDS.toNanos(load.seconds());
        long fewUntil = start + (warmUpEnd - start) / 4 * 3;
        Duration cpu = cpu();
        long pausedNanos = 0;
        long before = start;
        boolean measuring = false;
        long sent = 0;
        while (true) {
            long now = System.nanoTime();
            if (now >= fewUntil) {
                opened = open(opened, load.connections());
            }
            if (!measuring && now >= warmUpEnd) {
                measuring = true;
                cpu = cpu();
                connects = 0;
                System.out.println(Load.MEASURING);
            }
            if (now >= end) {
                break;
            }
            if (paused) {
                pausedNanos += measuring ? now - before : 0;
            }
            before = now;
            long wait = TimeUnit.MILLISECONDS.toNanos(5);
            if (load.perSecond() == 0) {
                while (!paused && !free.isEmpty()) {
                    send(free.poll(), now);
                }
            } else {
                long next = start + (long) (sent * 1e9 / load.perSecond());
                while (next <= now && !free.isEmpty()) {
                    send(free.poll(), next);
                    next = start + (long) (++sent * 1e9 / load.perSecond());
                }
                wait = free.isEmpty() ? wait : next - now;
            }
            await(Math.min(wait, end - now));
            receive();
        }
        Duration used = cpu().minus(cpu);
        if (load.perSecond() > 0) {
            awaitAnswers(start, sent);
        }
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            key.channel().close();
        }
        selector.close();
        return new LoadResult(
                requestBytes,
                doneBefore,
                done,
                (double) done / load.seconds(),
                perPart(),
                failed,
                load.perSecond() == 0 ? 0 : Math.round(load.perSecond() * load.seconds()),
                millis(50),
                millis(99),
                millis(99.9),
                millis(100),
                connects,
                TimeUnit.NANOSECONDS.toMillis(pausedNanos),
                used.toMillis() / 1_000.0);
    }

    /**
     * What was due is in the percentiles, also when it was answered after the end, or was not even sent by then: without
     * them an overloaded server would look faster than it is.
     */
    private void awaitAnswers(long start, long sent) throws IOException {
        long giveUp = System.nanoTime() + LONGEST_ANSWER_NANOS;
        while (free.size() < load.connections() && System.nanoTime() < giveUp) {
            await(TimeUnit.MILLISECONDS.toNanos(5));
            receive();
        }
        long now = System.nanoTime();
        for (SelectionKey key : selector.keys()) {
            HttpConnection connection = (HttpConnection) key.attachment();
            if (connection.isBusy()) {
                record(now, connection.due());
            }
        }
        long due = start + (long) (sent * 1e9 / load.perSecond());
        for (long next = sent; due < end; due = start + (long) (++next * 1e9 / load.perSecond())) {
            record(now, due);
        }
    }

    /** @return how many are open now */
    private int open(int opened, int wanted) throws IOException {
        for (int i = opened; i < wanted; i++) {
            free.add(connection());
        }
        return wanted;
    }

    private HttpConnection connection() throws IOException {
        connects++;
        return new HttpConnection(load.port(), selector);
    }

    private void send(HttpConnection connection, long due) throws IOException {
        HttpConnection open = connection.isOpen() ? connection : connection();
        byte[] request = requests.next();
        requestBytes = request.length;
        open.send(request, due);
    }

    /** The selector waits for whole milliseconds only; what is left it looks again and again. */
    private void await(long nanos) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        if (millis > 0) {
            selector.select(millis);
        } else if (selector.selectNow() == 0) {
            LockSupport.parkNanos(Math.min(Math.max(nanos, 0), GLANCE_NANOS));
            selector.selectNow();
        }
    }

    private void receive() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            HttpConnection connection = (HttpConnection) key.attachment();
            int status = connection.receive();
            if (status == HttpConnection.INCOMPLETE) {
                continue;
            }
            count(status, System.nanoTime(), connection.due());
            free.add(connection);
        }
        selector.selectedKeys().clear();
    }

    private void count(int status, long now, long due) {
        boolean success = status >= 200 && status < 300;
        if (now < warmUpEnd && success) {
            doneBefore++;
        }
        if (now >= warmUpEnd && now < end) {
            if (success) {
                done++;
                parts[(int) ((now - warmUpEnd) / TimeUnit.SECONDS.toNanos(Load.PART_SECONDS))]++;
            } else {
                failed.merge(Integer.toString(status), 1L, Long::sum);
            }
        }
        if (success) {
            record(now, due);
        }
    }

    private void record(long now, long due) {
        if (due >= warmUpEnd && due < end) {
            micros.recordValue(Math.min(HIGHEST_MICROS, (now - due) / 1_000));
        }
    }

    private List<Double> perPart() {
        List<Double> perPart = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            int seconds = Math.min(Load.PART_SECONDS, load.seconds() - i * Load.PART_SECONDS);
            perPart.add((double) parts[i] / seconds);
        }
        return perPart;
    }

    private double millis(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1_000.0;
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
