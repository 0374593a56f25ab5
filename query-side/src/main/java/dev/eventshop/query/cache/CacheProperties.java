package dev.eventshop.query.cache;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The cache of hot reads; in this process, or in Redis when its address is set.
 *
 * @param ttl       how long an answer is kept, counted from before it was read; at most 900 ms, since with what the way to
 *     Redis may take an answer must not be older than a second. Zero for no cache
 * @param size      answers of each kind that are kept in this process; the least used go first
 * @param keyPrefix of all keys in Redis, so that several shops can share one
 */
@ConfigurationProperties("eventshop.query.cache")
public record CacheProperties(
        @DefaultValue("800ms") Duration ttl,
        @DefaultValue("10000") long size,
        @DefaultValue("eventshop:") String keyPrefix) {

    private static final Duration LONGEST = Duration.ofMillis(900);

    public CacheProperties {
        if (ttl.isNegative() || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("eventshop.query.cache.ttl must be from 0 to 900ms");
        }
    }
}
