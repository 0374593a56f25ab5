package dev.eventshop.eventstore;

import java.security.SecureRandom;
import java.util.UUID;
import org.axonframework.common.IdentifierFactory;

/**
 * Identifiers are UUIDs of version 7 (RFC 9562): milliseconds, then a counter that starts at random in each
 * millisecond, then random bits. They ascend strictly within a JVM, also when its clock is set back.
 */
public final class TimeOrderedIdentifierFactory extends IdentifierFactory {

    private static final int COUNTER_BITS = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The last identifier's time and counter, shared by all instances: the service loader makes its own. */
    private static long last;

    @Override
    public String generateIdentifier() {
        return next(System.currentTimeMillis()).toString();
    }

    static UUID next(long millis) {
        long tick = tick(millis);
        long high = (tick >>> COUNTER_BITS) << 16 | 0x7000L | tick & 0xfffL;
        long low = RANDOM.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** A full counter runs over into the next millisecond. */
    private static synchronized long tick(long millis) {
        long fresh = millis << COUNTER_BITS | RANDOM.nextInt(1 << COUNTER_BITS - 1);
        last = Math.max(last + 1, fresh);
        return last;
    }
}
