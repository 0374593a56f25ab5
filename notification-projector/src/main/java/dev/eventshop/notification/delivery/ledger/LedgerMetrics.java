package dev.eventshop.notification.delivery.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts what happens to emails. */
@Component
public final class LedgerMetrics {

    private final MeterRegistry meters;

    LedgerMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (NotificationKind kind : NotificationKind.values()) {
            meters.counter("eventshop.notifications.recorded", "kind", kind.name());
        }
        for (NotificationStatus outcome : NotificationStatus.values()) {
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
        meters.counter(
                        "eventshop.notifications.outcome",
                        "status",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment(count);
    }

    /** Counts attempts after which the email is tried again. */
    void attemptFailed(int count) {
        meters.counter("eventshop.notifications.attempts.failed").increment(count);
    }
}
