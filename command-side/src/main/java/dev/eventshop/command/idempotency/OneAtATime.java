package dev.eventshop.command.idempotency;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets one call with the same key be carried out at a time, and gives the others its answer. In this instance they wait
 * without a connection to the database; against other instances {@link IdempotencyKeys} decides, and who was slower tries
 * again after a short pause.
 */
public final class OneAtATime {

    private static final int LONGEST_PAUSE_MILLIS = 50;

    private final Map<String, CountDownLatch> running = new ConcurrentHashMap<>();
    private final Duration patience;

    OneAtATime(Duration patience) {
        this.patience = patience;
    }

    /**
     * @param known   looks for the answer of a call that was carried out
     * @param perform carries the call out; throws {@link KeyTaken} when another instance does so
     * @return what one of the two gave; empty when another call with the key was still running when the time was up
     */
    public <R> Optional<R> answer(CallKey key, Supplier<Optional<R>> known, Supplier<R> perform) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<R> answer = known.get();
            if (answer.isPresent()) {
                return answer;
            }
            CountDownLatch own = new CountDownLatch(1);
            CountDownLatch first = running.putIfAbsent(key.call(), own);
            if (first == null) {
                try {
                    return Optional.of(perform.get());
                } catch (KeyTaken elsewhere) {
                    first = new CountDownLatch(1); // nobody here tells when it is over
                } finally {
                    running.remove(key.call(), own);
                    own.countDown();
                }
                long pause = TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextInt(1, LONGEST_PAUSE_MILLIS));
                await(first, Math.min(pause, deadline - System.nanoTime()));
            } else {
                await(first, deadline - System.nanoTime());
            }
            if (Thread.currentThread().isInterrupted() || System.nanoTime() - deadline >= 0) {
                return known.get();
            }
        }
    }

    private static void await(CountDownLatch latch, long nanos) {
        try {
            latch.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
