package dev.eventshop.notification.queue;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Gauges of the documented queues. A thread of its own asks the broker now and then: one that does not answer holds up no
 * scrape. What is not known any more is not a number.
 */
@Component
final class QueueMetrics implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(QueueMetrics.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Queues queues;
    private volatile Map<String, QueueState> last = Map.of();
    private volatile @Nullable ScheduledExecutorService timer;

    QueueMetrics(Queues queues, MeterRegistry meters) {
        this.queues = queues;
        EventRegistry.published().stream()
                .map(EventType::routingKey)
                .flatMap(Optional::stream)
                .forEach(queue -> {
                    gauge(meters, "ready", queue, "Messages that wait in the queue", QueueState::ready);
                    gauge(meters, "consumers", queue, "Consumers of the queue", QueueState::consumers);
                    gauge(meters, "failed", queue, "Dead letters of the queue", QueueState::failed);
                });
    }

    private void gauge(
            MeterRegistry meters,
            String name,
            String queue,
            String description,
            Function<QueueState, @Nullable Integer> value) {
        Gauge.builder("eventshop.queue." + name, () -> number(queue, value))
                .tag("queue", queue)
                .description(description)
                .register(meters);
    }

    private double number(String queue, Function<QueueState, @Nullable Integer> value) {
        QueueState state = last.get(queue);
        Integer number = state == null ? null : value.apply(state);
        return number == null ? Double.NaN : number;
    }

    private void ask() {
        try {
            List<QueueState> states = queues.all();
            last = states.stream().collect(Collectors.toMap(QueueState::queue, Function.identity()));
        } catch (RuntimeException e) {
            last = Map.of();
            LOG.debug("The queues can't be asked for at the moment.", e);
        } catch (Error e) { // the timer would not come back
            last = Map.of();
            LOG.error("The queues can't be asked for at the moment.", e);
        }
    }

    @Override
    public synchronized void start() {
        if (timer == null) {
            ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "queue-metrics");
                thread.setDaemon(true);
                return thread;
            });
            started.scheduleWithFixedDelay(this::ask, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            timer = started;
        }
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService stopped = timer;
        timer = null;
        if (stopped != null) {
            stopped.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }
}
