package dev.eventshop.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.eventshop.web.ProblemException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.http.HttpStatus;

/**
 * Bounds the writes of each caller, in this instance. A caller of several roles has the largest of their bounds.
 *
 * <p>A refused request costs nothing of what the caller may send.
 */
final class WriteLimits {

    static final String TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS";

    private record Key(String issuer, String subject) {}

    private final Map<Role, Integer> perSecond;
    private final Cache<Key, Bucket> buckets;

    WriteLimits(AccessProperties properties) {
        this.perSecond = Map.of(
                Role.CUSTOMER, properties.customerWritesPerSecond(),
                Role.STAFF, properties.staffWritesPerSecond(),
                Role.OPERATOR, properties.operatorWritesPerSecond());
        this.buckets =
                Caffeine.newBuilder().maximumSize(properties.trackedCallers()).build();
    }

    /** @throws ProblemException 429 when the caller has to wait */
    void take(Caller caller) {
        OptionalInt limit = limit(caller);
        if (limit.isEmpty()) {
            return;
        }
        int most = limit.getAsInt();
        Bucket bucket = buckets.get(
                new Key(caller.issuer(), caller.subject()),
                added -> Bucket.builder()
                        .addLimit(bandwidth -> bandwidth.capacity(most).refillGreedy(most, Duration.ofSeconds(1)))
                        .build());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new ProblemException(
                    HttpStatus.TOO_MANY_REQUESTS,
                    TOO_MANY_REQUESTS,
                    "You may write " + most + " times in a second.",
                    null,
                    Duration.ofSeconds(1));
        }
    }

    private OptionalInt limit(Caller caller) {
        if (caller.roles().stream().anyMatch(role -> limit(role) == 0)) {
            return OptionalInt.empty();
        }
        return caller.roles().stream().mapToInt(this::limit).max();
    }

    private int limit(Role role) {
        return perSecond.getOrDefault(role, 0);
    }
}
