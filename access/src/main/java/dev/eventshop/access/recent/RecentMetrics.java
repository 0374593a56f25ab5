package dev.eventshop.access.recent;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Samples of some meters of this instance, in memory: counters as they stand, gauges as they are. They are gone with the
 * process; who needs more of the past has them scraped.
 */
final class RecentMetrics implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RecentMetrics.class);

    private final MeterRegistry registry;
    private final RecentMetricsProperties properties;
    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private volatile @Nullable ScheduledExecutorService worker;

    RecentMetrics(MeterRegistry registry, RecentMetricsProperties properties, Clock clock) {
        this.registry = registry;
        this.properties = properties;
        this.clock = clock;
    }

    /** @return what is kept, oldest first */
    MetricHistory history() {
        List<Sample> kept;
        synchronized (samples) {
            kept = List.copyOf(samples);
        }
        Set<Key> keys = new LinkedHashSet<>();
        kept.forEach(sample -> keys.addAll(sample.values().keySet()));
        return new MetricHistory(
                kept.stream().map(Sample::at).toList(),
                keys.stream()
                        .map(key -> new MetricSeries(
                                key.meter(),
                                key.labels(),
                                kept.stream()
                                        .map(sample -> sample.values().get(key))
                                        .toList()))
                        .toList(),
                null);
    }

    void sample() {
        long step = properties.interval().toMillis();
        Instant at = Instant.ofEpochMilli((clock.millis() + step / 2) / step * step);
        Map<Key, Double> values = new HashMap<>();
        for (String name : properties.meters()) {
            for (Meter meter : registry.find(name).meters()) {
                Iterator<Measurement> measured = meter.measure().iterator(); // the count first, of those that have more
                double value = measured.hasNext() ? measured.next().getValue() : Double.NaN;
                if (Double.isFinite(value)) {
                    values.put(Key.of(meter), value);
                }
            }
        }
        synchronized (samples) {
            while (!samples.isEmpty() && !samples.getLast().at().isBefore(at)) {
                samples.removeLast(); // the machine has slept, or its clock was set back
            }
            samples.addLast(new Sample(at, values));
            while (samples.size() > properties.samples()) {
                samples.removeFirst();
            }
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("recent-metrics-"));
        worker = started;
        next(started);
    }

    private void next(ScheduledExecutorService executor) {
        long step = properties.interval().toMillis();
        executor.schedule(() -> step(executor), step - clock.millis() % step, TimeUnit.MILLISECONDS);
    }

    private void step(ScheduledExecutorService executor) {
        try {
            sample();
        } catch (RuntimeException e) {
            LOG.debug("The meters can't be read at the moment.", e);
        } catch (Error e) { // nobody would come back
            LOG.error("The meters can't be read at the moment.", e);
        }
        if (isRunning()) {
            next(executor);
        }
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopping = worker;
        worker = null;
        if (stopping != null) {
            stopping.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    private record Sample(Instant at, Map<Key, Double> values) {}

    private record Key(String meter, Map<String, String> labels) {

        static Key of(Meter meter) {
            Map<String, String> labels = new TreeMap<>();
            for (Tag tag : meter.getId().getTags()) {
                labels.put(tag.getKey(), tag.getValue());
            }
            return new Key(meter.getId().getName(), labels);
        }
    }
}
