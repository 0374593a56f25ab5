package dev.eventshop.notification.delivery.ledger;

import java.time.Duration;

/** Durations as PostgreSQL reads them, so that the database's clock is the only one that counts. */
final class Intervals {

    private Intervals() {}

    static String sql(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }
}
