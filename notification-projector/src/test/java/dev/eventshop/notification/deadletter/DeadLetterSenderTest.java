package dev.eventshop.notification.deadletter;

import static org.awaitility.Awaitility.await;

import dev.eventshop.messaging.deadletter.DeadLetterReturn;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadLetterSenderTest {

    private static final DeadLetterProperties PROPERTIES = new DeadLetterProperties(
            1, Duration.ofDays(1), Duration.ofMillis(10), Duration.ofMinutes(1), Duration.ofMinutes(1));

    /** Has nothing to send, and fails when it is asked for the first time. */
    private static final class Failing extends JdbcDeadLetters {

        private final AtomicInteger looks = new AtomicInteger();

        Failing() {
            super(null, null, PROPERTIES, null, null);
        }

        @Override
        Optional<Claimed> claim(UUID claim) {
            if (looks.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("once");
            }
            return Optional.empty();
        }
    }

    @Test
    void goesOnAfterAnError() {
        Failing letters = new Failing();
        DeadLetterSender sender = new DeadLetterSender(letters, new DeadLetterReturn(null), PROPERTIES);
        sender.start();
        try {
            await().until(() -> letters.looks.get() > 2);
        } finally {
            sender.stop();
        }
    }
}
