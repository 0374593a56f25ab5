package dev.eventshop.access;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * The issuer's keys, as its document of them. They are fetched again when they are old, and when a token names a key that
 * is not among them; but not more often than bearable, whatever tokens come in. While the issuer is away, the last ones
 * hold: tokens of known keys go on to work.
 */
final class IssuerKeys implements Cache {

    private static final Duration FRESH = Duration.ofMinutes(5);

    /** A new key of the issuer may be unknown here for as long. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private @Nullable Object document;
    private long fetchedAt;
    private boolean stale = true;

    @Override
    public String getName() {
        return "issuer-keys";
    }

    @Override
    public Object getNativeCache() {
        return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <T> @Nullable T get(Object key, Callable<T> fetch) {
        Object known = document;
        long age = System.nanoTime() - fetchedAt;
        boolean due = stale || age > FRESH.toNanos();
        if (known != null && (!due || age < PAUSE.toNanos())) {
            return (T) known;
        }
        fetchedAt = System.nanoTime();
        try {
            known = fetch.call();
            document = known;
            stale = false;
        } catch (Exception unreachable) {
            if (known == null) {
                throw new ValueRetrievalException(key, fetch, unreachable);
            }
        }
        return (T) known;
    }

    @Override
    public synchronized boolean invalidate() {
        stale = true;
        return document != null;
    }

    @Override
    public void clear() {
        invalidate();
    }

    @Override
    public void evict(Object key) {
        invalidate();
    }

    @Override
    public synchronized @Nullable ValueWrapper get(Object key) {
        return document == null ? null : new SimpleValueWrapper(document);
    }

    @Override
    public synchronized <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        return type == null ? null : type.cast(document);
    }

    @Override
    public synchronized void put(Object key, @Nullable Object value) {
        document = value;
        stale = false;
        fetchedAt = System.nanoTime();
    }
}
