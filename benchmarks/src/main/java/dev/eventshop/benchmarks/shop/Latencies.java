package dev.eventshop.benchmarks.shop;

import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Times that something took. */
public final class Latencies {

    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

    public void time(Runnable what) {
        long start = System.nanoTime();
        what.run();
        add(System.nanoTime() - start);
    }

    public void add(long duration) {
        nanos.add(duration);
    }

    public int count() {
        return nanos.size();
    }

    /** Forgets what there was. */
    public void clear() {
        nanos.clear();
    }

    /** @return that percentile, in milliseconds; the nearest rank */
    public double percentile(double percent) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1] / 1e6;
    }

    /** @return as fields of JSON */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "\"count\": %d, \"p50Millis\": %.2f, \"p99Millis\": %.2f, \"maxMillis\": %.2f",
                nanos.size(),
                percentile(50),
                percentile(99),
                percentile(100));
    }
}
