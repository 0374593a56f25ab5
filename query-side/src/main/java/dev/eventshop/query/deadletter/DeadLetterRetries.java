package dev.eventshop.query.deadletter;

import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.common.AxonThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tries again what is due, in any instance. */
final class DeadLetterRetries implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterRetries.class);

    private static final String DUE = """
            select projection, aggregate_id from dead_sequence s
            where next_attempt_at <= clock_timestamp()
                and exists (select from projection p where p.name = s.projection and not p.paused)
                and not exists (select from replay r where r.projection = s.projection
                    and r.state in ('QUEUED', 'RUNNING', 'SWITCHING'))
            order by next_attempt_at limit 100""";

    private final SequenceRetry retry;
    private final JdbcClient jdbc;
    private final Map<String, Projection> projections;
    private final QueryProperties.DeadLetters properties;
    private volatile @Nullable ScheduledExecutorService executor;
    private boolean failed;

    DeadLetterRetries(
            SequenceRetry retry, JdbcClient jdbc, Projections projections, QueryProperties.DeadLetters properties) {
        this.retry = retry;
        this.jdbc = jdbc;
        this.projections = projections.all().stream().collect(Collectors.toMap(Projection::name, Function.identity()));
        this.properties = properties;
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("dead-letters"));
        started.scheduleWithFixedDelay(this::run, 0, properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
        executor = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopped = executor;
        executor = null;
        if (stopped != null) {
            stopped.shutdown();
            try {
                stopped.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return executor != null;
    }

    /** Before the web server, and after it when stopping. */
    @Override
    public int getPhase() {
        return 1;
    }

    private void run() {
        try {
            List<Due> due = jdbc.sql(DUE)
                    .query((row, number) -> new Due(row.getString(1), row.getString(2)))
                    .list();
            for (Due sequence : due) {
                Projection projection = projections.get(sequence.projection());
                if (projection != null && isRunning()) {
                    retry.run(projection, sequence.aggregateId());
                }
            }
            failed = false;
        } catch (RuntimeException | Error e) { // after an error, the timer would not come back
            if (!failed) { // once, not every second
                log.warn("Events that were set apart can't be tried again at the moment.", e);
            }
            failed = true;
        }
    }

    private record Due(String projection, String aggregateId) {}
}
