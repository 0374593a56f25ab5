package dev.eventshop.query.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** In this process. */
final class ProcessStore<V> implements CacheStore<V> {

    private final Cache<Integer, Kept<V>> cache;
    private final LongSupplier nanoTime;

    ProcessStore(CacheProperties properties, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.cache = Caffeine.newBuilder()
                .maximumSize(properties.size())
                .expireAfterWrite(properties.ttl())
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public @Nullable V find(int number) {
        Kept<V> kept = cache.getIfPresent(number);
        return kept == null || nanoTime.getAsLong() - kept.until() >= 0 ? null : kept.value();
    }

    @Override
    public void put(int number, V value, Duration forAsLong) {
        cache.put(number, new Kept<>(value, nanoTime.getAsLong() + forAsLong.toNanos()));
    }

    private record Kept<V>(V value, long until) {}
}
