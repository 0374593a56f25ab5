package dev.eventshop.query.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps answers of one kind, by what was asked for, for less than a second after the moment at which they were asked of the
 * view. What is not there is not kept.
 */
public final class ViewCache<V> {

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
        } else {
            V kept = store.find(key);
            if (kept != null) {
                hits.increment();
                return Optional.of(kept);
            }
            misses.increment();
        }
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
