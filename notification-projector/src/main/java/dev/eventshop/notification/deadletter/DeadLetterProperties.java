package dev.eventshop.notification.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of dead letters.
 *
 * @param bodyLength    bytes of a message's body that are shown (default 10 000; a page has up to 200 messages)
 * @param retention     how long a dead letter is kept (default 30 days), then it is removed, and that is logged
 * @param sendInterval  how often dead letters are looked for that are to be sent back and that another instance has been
 *                      asked for, or that the broker did not take (default 1 s)
 * @param lease         after which another instance sends what one that died was about to (default 1 min: above all that
 *                      sending a message can take)
 * @param countInterval how often they are counted and those that are too old are removed (default 10 s)
 */
@ConfigurationProperties("eventshop.notification.dead-letters")
public record DeadLetterProperties(
        @DefaultValue("10000") int bodyLength,
        @DefaultValue("30d") Duration retention,
        @DefaultValue("1s") Duration sendInterval,
        @DefaultValue("1m") Duration lease,
        @DefaultValue("10s") Duration countInterval) {

    public DeadLetterProperties {
        positive("body-length", bodyLength);
        positive("retention", retention.toMillis());
        positive("send-interval", sendInterval.toMillis());
        positive("lease", lease.toMillis());
        positive("count-interval", countInterval.toMillis());
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("eventshop.notification.dead-letters." + name + " must be positive");
        }
    }
}
