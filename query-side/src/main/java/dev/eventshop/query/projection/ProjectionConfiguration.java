package dev.eventshop.query.projection;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresEventStore;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.TailMonitor;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QueryProperties.class)
class ProjectionConfiguration {

    @Bean
    ProjectionFlags projectionFlags(JdbcOperations jdbc) {
        return new ProjectionFlags(jdbc);
    }

    @Bean
    ParkedEvents parkedEvents(JdbcOperations jdbc, QueryProperties properties) {
        return new ParkedEvents(jdbc, properties.deadLetters().firstRetry());
    }

    @Bean
    Generations generations(JdbcOperations jdbc) {
        return new Generations(jdbc);
    }

    @Bean
    Slots slots(ParkedEvents parked, JdbcOperations jdbc, TransactionManager transactions) {
        return new Slots(parked, jdbc, transactions);
    }

    @Bean
    Projections projections(
            List<Projection> projections,
            ProjectionFlags flags,
            PostgresEventStore events,
            EventLog store,
            PostgresTokenStore tokens,
            Slots slots,
            TransactionManager transactions,
            JdbcOperations jdbc,
            QueryProperties properties) {
        Map<String, Integer> versions =
                projections.stream().collect(Collectors.toMap(Projection::name, Projection::version));
        Instances instances = new Instances(jdbc, tokens.nodeId(), properties.instanceTimeout(), versions);
        StreamableMessageSource<TrackedEventMessage<?>> tail = events.withUnreadable(); // those are set apart
        List<ProjectionProcessor> processors = projections.stream()
                .map(projection -> new ProjectionProcessor(
                        projection,
                        tail,
                        store,
                        tokens,
                        flags,
                        slots,
                        transactions,
                        properties,
                        () -> instances.sharing(projection.name())))
                .toList();
        return new Projections(processors, flags, instances, tokens::status, properties);
    }

    @Bean
    AppliedPositions appliedPositions(
            Projections projections,
            ProjectionFlags flags,
            PostgresTokenStore tokens,
            EventLog events,
            TailMonitor tail) {
        return new AppliedPositions(projections, flags, tokens::status, events, tail);
    }

    @Bean
    Reconciler reconciler(Projections projections, AppliedPositions positions, EventLog events, JdbcOperations jdbc) {
        return new Reconciler(projections, positions, events, jdbc);
    }

    @Bean
    ProjectionMetrics projectionMetrics(
            Projections projections, AppliedPositions positions, ParkedEvents parked, EventLog events, Clock clock) {
        return new ProjectionMetrics(projections, positions, parked, events, clock);
    }

    @Bean
    ProjectionHealthIndicator projectionsHealthIndicator(Projections projections, ParkedEvents parked) {
        return new ProjectionHealthIndicator(projections, parked);
    }
}
