package dev.eventshop.query.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps answers of one kind, by what was asked for, for less than a second after the moment at which they were asked of the
 * view. What is not there is not kept. In this process the view is asked the same by one reader at a time, so that no answer
 * takes the place of a newer one.
 */
public final class ViewCache<V> {

    /** Two keys that have the same lock wait for each other, but no longer than for an answer that is kept. */
    private static final int LOCKS = 256;

    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);
    private final CacheStore<V> store;
    private final Duration ttl;
    private final LongSupplier nanoTime;
    private final Counter hits;
    private final Counter misses;
    private final Counter passed;

    ViewCache(String name, CacheStore<V> store, Duration ttl, LongSupplier nanoTime, MeterRegistry meters) {
        this.store = store;
        this.ttl = ttl;
        this.nanoTime = nanoTime;
        this.hits = meters.counter("eventshop.cache.reads", "cache", name, "result", "hit");
        this.misses = meters.counter("eventshop.cache.reads", "cache", name, "result", "miss");
        this.passed = meters.counter("eventshop.cache.reads", "cache", name, "result", "passed");
    }

    /**
     * @param key   what was asked for, as text
     * @param fresh whether an answer that was kept won't do, since the reader has waited for the view
     * @param view  asks the view itself
     */
    public Optional<V> find(String key, boolean fresh, Supplier<Optional<V>> view) {
        if (ttl.isZero()) {
            return view.get();
        }
        if (fresh) {
            passed.increment();
            return ask(key, true, view);
        }
        V kept = store.find(key);
        if (kept != null) {
            hits.increment();
            return Optional.of(kept);
        }
        misses.increment();
        return ask(key, false, view);
    }

    private Optional<V> ask(String key, boolean fresh, Supplier<Optional<V>> view) {
        Lock lock = locks[Math.floorMod(key.hashCode(), LOCKS)];
        if (!isHadWithinTtl(lock)) {
            return view.get(); // whoever asks now takes so long that the answer will not be kept
        }
        try {
            V kept = fresh ? null : store.find(key);
            return kept == null ? keep(key, view) : Optional.of(kept);
        } finally {
            lock.unlock();
        }
    }

    private boolean isHadWithinTtl(Lock lock) {
        try {
            return lock.tryLock(ttl.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<V> keep(String key, Supplier<Optional<V>> view) {
        long begin = nanoTime.getAsLong();
        Optional<V> answer = view.get();
        answer.ifPresent(value -> {
            Duration left = ttl.minusNanos(nanoTime.getAsLong() - begin);
            if (!left.isNegative() && !left.isZero()) {
                store.put(key, value, left);
            }
        });
        return answer;
    }
}
