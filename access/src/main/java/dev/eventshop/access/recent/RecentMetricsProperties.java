package dev.eventshop.access.recent;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of what is kept of meters.
 *
 * @param interval between two samples (default 15 s), at its multiples by the clock, so that services have theirs together
 * @param keep     how long a sample is kept (default 1 h), in memory
 * @param meters   names of the meters, each with all its labels (default those that the service's own settings name)
 */
@ConfigurationProperties("eventshop.recent-metrics")
public record RecentMetricsProperties(
        @DefaultValue("15s") Duration interval,
        @DefaultValue("1h") Duration keep,
        @DefaultValue List<String> meters) {

    private static final int MOST_SAMPLES = 10_000;

    public RecentMetricsProperties {
        if (interval.toSeconds() < 1) {
            throw new IllegalArgumentException("eventshop.recent-metrics.interval must be at least 1s");
        }
        long samples = keep.dividedBy(interval);
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "eventshop.recent-metrics.keep must be 1 to " + MOST_SAMPLES + " times the interval");
        }
        meters = List.copyOf(meters);
    }

    int samples() {
        return (int) keep.dividedBy(interval);
    }
}
