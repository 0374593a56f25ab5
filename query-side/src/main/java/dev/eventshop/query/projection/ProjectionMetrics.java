package dev.eventshop.query.projection;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.TailLag;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Gauges of each projection's lag and dead letters. Measured when they are read, but not more often than every few seconds. */
final class ProjectionMetrics implements MeterBinder {

    private static final long KEEP = TimeUnit.SECONDS.toNanos(5);

    private final Projections projections;
    private final AppliedPositions positions;
    private final ParkedEvents parked;
    private final EventLog events;
    private final Clock clock;
    private final Map<String, Measured> measured = new ConcurrentHashMap<>();

    ProjectionMetrics(
            Projections projections, AppliedPositions positions, ParkedEvents parked, EventLog events, Clock clock) {
        this.projections = projections;
        this.positions = positions;
        this.parked = parked;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        projections.all().forEach(projection -> {
            String name = projection.name();
            gauge(
                    registry,
                    "eventshop.projection.lag.events",
                    name,
                    measured -> measured.lag().events(),
                    "Events not applied yet");
            gauge(
                    registry,
                    "eventshop.projection.lag.seconds",
                    name,
                    measured -> measured.lag().seconds(),
                    "Age of the oldest event not applied yet");
            gauge(
                    registry,
                    "eventshop.projection.dead.letters",
                    name,
                    Measured::deadLetters,
                    "Events that were set apart");
            Gauge.builder(
                            "eventshop.projection.failed",
                            () -> projections.error(name).isPresent() ? 1 : 0)
                    .tag("projection", name)
                    .description("1 while an event can't be applied")
                    .register(registry);
        });
    }

    private void gauge(
            MeterRegistry registry,
            String meter,
            String projection,
            ToLongFunction<Measured> value,
            String description) {
        Gauge.builder(meter, () -> value.applyAsLong(measured(projection)))
                .tag("projection", projection)
                .description(description)
                .register(registry);
    }

    private Measured measured(String projection) {
        return measured.compute(projection, (name, last) -> {
            long now = System.nanoTime();
            return last != null && now - last.at() < KEEP
                    ? last
                    : new Measured(
                            now,
                            TailLag.behind(positions.reached(name), events, clock),
                            parked.counts().getOrDefault(name, 0L));
        });
    }

    private record Measured(long at, TailLag lag, long deadLetters) {}
}
