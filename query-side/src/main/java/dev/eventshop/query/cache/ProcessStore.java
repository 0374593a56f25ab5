package dev.eventshop.query.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** In this process. */
final class ProcessStore<V> implements CacheStore<V> {

    private final Cache<String, Kept<V>> cache;
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
    public @Nullable V find(String key) {
        Kept<V> kept = cache.getIfPresent(key);
        return kept == null || nanoTime.getAsLong() - kept.until() >= 0 ? null : kept.value();
    }

    @Override
    public void put(String key, V value, Duration forAsLong) {
        cache.put(key, new Kept<>(value, nanoTime.getAsLong() + forAsLong.toNanos()));
    }

    private record Kept<V>(V value, long until) {}
}
