package dev.eventshop.command.republication;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How history is sent to one queue.
 *
 * @param maxConcurrent republications that run at the same time, over all instances; more wait as {@code QUEUED}
 *     (default 2: they share the broker with the forwarder)
 * @param batchSize     events that are read and published before it is written down how far it is (default 500; after a
 *     crash at most these are sent again)
 * @param lookInterval  how often an instance looks for republications that nobody carries out (default 1 s)
 * @param lease         after which the republication of an instance that says nothing goes on elsewhere (default 30 s:
 *     above what a batch takes with the time to connect and to confirm)
 * @param firstRetry    pause while the broker or the database can't be reached, doubled each time (default 200 ms)
 * @param longestRetry  upper bound of that pause (default 5 s); well below the lease
 */
@ConfigurationProperties("eventshop.command-side.republications")
record RepublicationProperties(
        @DefaultValue("2") int maxConcurrent,
        @DefaultValue("500") int batchSize,
        @DefaultValue("1s") Duration lookInterval,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("200ms") Duration firstRetry,
        @DefaultValue("5s") Duration longestRetry) {

    RepublicationProperties {
        if (maxConcurrent < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "eventshop.command-side.republications: max-concurrent and batch-size must be at least 1");
        }
        if (lookInterval.toMillis() < 1 || lease.toMillis() < 1 || firstRetry.toMillis() < 1) {
            throw new IllegalArgumentException("eventshop.command-side.republications: look-interval, lease and"
                    + " first-retry must be above zero");
        }
    }
}
