package dev.eventshop.query.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where answers of one kind are kept. One that can't be reached is an empty one. */
interface CacheStore<V> {

    /** @return null when there is none, or it was kept for long enough */
    @Nullable
    V find(String key);

    /** @param forAsLong at most */
    void put(String key, V value, Duration forAsLong);
}
