package dev.eventshop.notification.delivery.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts what happens to emails. */
@Component
public final class LedgerMetrics {

    private final MeterRegistry meters;
    private final Map<NotificationStatus, AtomicInteger> open = new EnumMap<>(NotificationStatus.class);

    LedgerMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (NotificationKind kind : NotificationKind.values()) {
            meters.counter("eventshop.notifications.recorded", "kind", kind.name());
        }
        for (NotificationStatus outcome : NotificationStatus.values()) {
            if (outcome != NotificationStatus.SENT) {
                AtomicInteger count = new AtomicInteger();
                open.put(outcome, count);
                meters.gauge("eventshop.notifications.open", Tags.of("status", tag(outcome)), count);
            }
            if (outcome != NotificationStatus.PENDING && outcome != NotificationStatus.WAITING_FOR_RECIPIENT) {
                outcome(outcome, 0);
            }
        }
        meters.counter("eventshop.notifications.attempts.failed");
    }

    void recorded(NotificationKind kind) {
        meters.counter("eventshop.notifications.recorded", "kind", kind.name()).increment();
    }

    /** Counts emails that reached that state. */
    void outcome(NotificationStatus outcome, int count) {
        meters.counter("eventshop.notifications.outcome", "status", tag(outcome))
                .increment(count);
    }

    /** Counts attempts after which the email is tried again. */
    void attemptFailed(int count) {
        meters.counter("eventshop.notifications.attempts.failed").increment(count);
    }

    /** Shows how many emails are in each state but the last. */
    void open(Map<NotificationStatus, Integer> counts) {
        open.forEach((status, shown) -> shown.set(counts.getOrDefault(status, 0)));
    }

    private static String tag(NotificationStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
