package dev.eventshop.benchmarks.server;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A shop that takes the commands of the contract, with all that follows from them, on servers of its own. */
public interface MeasuredSystem extends AutoCloseable {

    /** @return how results call it */
    String name();

    /** @return of the commands, on this machine */
    int port();

    /** @return value of the header, good for an hour; null for none */
    @Nullable
    String authorization();

    /** @return number of a new user */
    int user();

    /** @return number of a new product, a million in stock */
    int product();

    /** @return how many events each processor has still to come to, by its name; the broker's confirms included */
    Map<String, Long> lag();

    /** @return how many orders are neither confirmed nor called off, or an upper bound of that */
    long undecided();

    /** Counts in the store, so not to be asked while something is measured. The end does not belong to it. */
    long confirmedOrders(Instant from, Instant to);

    /** @return bytes of payload and metadata in the store, on average over the last thousand events */
    double bytesPerEvent();

    /** @return its processes */
    List<JarProcess> processes();

    @Override
    void close() throws IOException;

    /** @return that many numbers, of new products */
    default List<Integer> products(int count) {
        List<Integer> products = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            products.add(product());
        }
        return products;
    }

    /**
     * Waits until every processor has come to the end.
     *
     * @param seconds after which it gives up
     * @return seconds that it took; {@link Double#POSITIVE_INFINITY} when that was not enough
     */
    default double drain(double seconds) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            boolean behind = lag().values().stream().anyMatch(lag -> lag > 0);
            double taken = (System.nanoTime() - start) / 1e9;
            if (!behind || taken > seconds) {
                return behind ? Double.POSITIVE_INFINITY : taken;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
