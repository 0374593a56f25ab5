package dev.eventshop.access.recent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.SettableClock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentMetricsTest {

    private static final Instant T0 = Instant.parse("2026-01-31T12:00:00Z");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<Double> lag = new AtomicReference<>(3.0);
    private final SettableClock clock = new SettableClock(T0);

    private static RecentMetricsProperties properties(Duration keep) {
        return new RecentMetricsProperties(Duration.ofSeconds(15), keep, List.of("head", "lag", "handled"));
    }

    private final RecentMetrics metrics = new RecentMetrics(registry, properties(Duration.ofSeconds(45)), clock);

    private void sampleAfter(double seconds) {
        clock.set(T0.plusMillis((long) (seconds * 1000)));
        metrics.sample();
    }

    @Test
    void goesOnAfterAnError() {
        FunctionCounter.builder("handled", this, test -> {
                    throw new OutOfMemoryError("full");
                })
                .register(registry);
        AtomicInteger heads = new AtomicInteger();
        FunctionCounter.builder("head", heads, AtomicInteger::incrementAndGet).register(registry);
        RecentMetricsProperties often =
                new RecentMetricsProperties(Duration.ofSeconds(1), Duration.ofSeconds(10), List.of("head", "handled"));
        RecentMetrics timed = new RecentMetrics(registry, often, clock);

        timed.start();
        try {
            await().until(() -> heads.get() > 1);
        } finally {
            timed.stop();
        }
    }

    @Test
    void hasAValueForEachSampleAndNullWhereThereWasNone() {
        registry.gauge("lag", lag, AtomicReference::get);
        registry.gauge("other", lag, AtomicReference::get);
        sampleAfter(0.01);
        registry.counter("head", "b", "2", "a", "1").increment(7);
        lag.set(Double.NaN);
        sampleAfter(14.99);
        registry.timer("handled").record(Duration.ofSeconds(9));
        lag.set(0.0);
        sampleAfter(30);

        assertThat(metrics.history().at()).containsExactly(T0, T0.plusSeconds(15), T0.plusSeconds(30));
        assertThat(metrics.history().items())
                .containsExactlyInAnyOrder(
                        new MetricSeries("lag", Map.of(), Arrays.asList(3.0, null, 0.0)),
                        new MetricSeries("head", Map.of("a", "1", "b", "2"), Arrays.asList(null, 7.0, 7.0)),
                        new MetricSeries("handled", Map.of(), Arrays.asList(null, null, 1.0)));
    }

    @Test
    void keepsNoMoreThanItMay() {
        for (int i = 0; i < 10; i++) {
            sampleAfter(i * 15);
        }
        assertThat(metrics.history().at())
                .containsExactly(T0.plusSeconds(105), T0.plusSeconds(120), T0.plusSeconds(135));
    }

    /** The machine has slept, and wakes between two moments; then its clock is set back. */
    @Test
    void hasOneSampleOfAMomentInTheirOrder() {
        sampleAfter(0);
        sampleAfter(100);
        sampleAfter(105);
        sampleAfter(15);

        assertThat(metrics.history().at()).containsExactly(T0, T0.plusSeconds(15));
    }

    @Test
    void isRefusedWithoutBounds() {
        assertThatThrownBy(() -> properties(Duration.ofSeconds(14))).hasMessageContaining("keep");
        assertThatThrownBy(() -> properties(Duration.ofDays(2))).hasMessageContaining("keep");
        assertThatThrownBy(() -> new RecentMetricsProperties(Duration.ofMillis(999), Duration.ofHours(1), List.of()))
                .hasMessageContaining("interval");
    }
}
