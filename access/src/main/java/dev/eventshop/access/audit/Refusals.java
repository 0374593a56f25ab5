package dev.eventshop.access.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts together what one address is refused again and again: nobody is to fill the disk that way. */
final class Refusals {

    private record Known(Bucket bucket, AtomicInteger unwritten) {}

    private final Cache<String, Known> addresses;
    private final int perMinute;

    Refusals(int perMinute, int trackedAddresses) {
        this.perMinute = perMinute;
        this.addresses = Caffeine.newBuilder().maximumSize(trackedAddresses).build();
    }

    /** @return how many refusals to write down, those included that were left out before; empty to leave this one out */
    OptionalInt count(String address) {
        Known known = addresses.get(
                address,
                added -> new Known(
                        Bucket.builder()
                                .addLimit(bandwidth ->
                                        bandwidth.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                                .build(),
                        new AtomicInteger()));
        int refused = known.unwritten().incrementAndGet();
        if (!known.bucket().tryConsume(1)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.max(1, Math.max(refused, known.unwritten().getAndSet(0))));
    }
}
