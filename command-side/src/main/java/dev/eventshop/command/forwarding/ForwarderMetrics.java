package dev.eventshop.command.forwarding;

import dev.eventshop.eventstore.TailLag;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Meters of forwarding. The lag is measured when it is read, but not more often than every few seconds. */
final class ForwarderMetrics implements MeterBinder {

    private static final long KEEP = TimeUnit.SECONDS.toNanos(5);

    private final Forwarder forwarder;
    private final ForwarderMonitor monitor;
    private final AtomicReference<@Nullable Measured> measured = new AtomicReference<>();

    ForwarderMetrics(Forwarder forwarder, ForwarderMonitor monitor) {
        this.forwarder = forwarder;
        this.monitor = monitor;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("eventshop.forwarder.lag.events", () -> lag().events())
                .description("Stored events behind the forwarder's position")
                .register(registry);
        Gauge.builder("eventshop.forwarder.lag.seconds", () -> lag().seconds())
                .description("Age of the oldest event behind the forwarder's position")
                .register(registry);
        Gauge.builder("eventshop.forwarder.failed", () -> forwarder.state().error() == null ? 0 : 1)
                .description("1 while this instance can't forward")
                .register(registry);
        FunctionCounter.builder(
                        "eventshop.forwarder.messages",
                        forwarder,
                        f -> f.state().messages())
                .description("Messages that the broker has confirmed for this instance")
                .register(registry);
    }

    private TailLag lag() {
        long now = System.nanoTime();
        Measured last = measured.get();
        if (last == null || now - last.at() > KEEP) {
            last = new Measured(now, monitor.lag());
            measured.set(last);
        }
        return last.lag();
    }

    private record Measured(long at, TailLag lag) {}
}
