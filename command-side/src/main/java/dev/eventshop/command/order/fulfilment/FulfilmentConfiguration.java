package dev.eventshop.command.order.fulfilment;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FulfilmentProperties.class)
class FulfilmentConfiguration {

    /** A new one whenever the saga's fields change, with a migration of what is stored. */
    private static final SerializedTypeName STORED_SAGA = new SerializedTypeName("OrderFulfilment", "1");

    private static final int SCHEDULER_THREADS = 4;

    /** How soon others carry on with what an instance was executing when it died: after six that are missing. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Duration STOP_BOUND = Duration.ofSeconds(15);

    @Bean
    SagaStore<Object> sagaStore(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        return new PostgresSagaStore(
                jdbc, transactions, ClosedMapSerializer.ofExactly(Map.of(OrderFulfilment.class, STORED_SAGA)));
    }

    @Bean
    StockSteps stockSteps(Commands commands) {
        return new StockSteps(sender(commands));
    }

    private static StockSteps.Sender sender(Commands commands) {
        return (command, cause) -> commands.send(command, cause).result();
    }

    @Bean
    FulfilmentSteps fulfilmentSteps(StockSteps steps, SchedulerClient scheduler, Clock clock, MeterRegistry meters) {
        Counter parked = Counter.builder("eventshop.fulfilment.parked")
                .description("Steps that failed and are tried again later")
                .register(meters);
        return new ParkingSteps(steps, scheduler, clock, parked);
    }

    @Bean
    OrderDeadlines orderDeadlines(SchedulerClient scheduler, FulfilmentProperties properties) {
        return new OrderDeadlines(scheduler, properties.pendingFor());
    }

    /** Writes in the current transaction, where there is one. */
    @Bean
    SchedulerClient schedulerClient(DataSource dataSource) {
        return SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
                .tableName(ScheduledTasks.TABLE)
                .serializer(new ScheduledTasks.Json())
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .build();
    }

    @Bean
    RunningScheduler runningScheduler(
            DataSource dataSource,
            StockSteps steps,
            Commands commands,
            FulfilmentProperties properties,
            PostgresTokenStore tokens,
            Clock clock) {
        SchedulerBuilder builder = Scheduler.create(dataSource, ScheduledTasks.all(steps, sender(commands)))
                .tableName(ScheduledTasks.TABLE)
                .serializer(new ScheduledTasks.Json())
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .schedulerName(new SchedulerName.Fixed(tokens.nodeId())) // several may have one host's name
                .clock(clock::instant)
                .threads(SCHEDULER_THREADS)
                .pollingInterval(properties.pollInterval())
                .pollUsingLockAndFetch(0.5, 1.0)
                .heartbeatInterval(HEARTBEAT)
                .shutdownMaxWait(STOP_BOUND);
        return new RunningScheduler(builder::build);
    }

    @Bean
    FulfilmentMonitor fulfilmentMonitor(PostgresTokenStore tokens, EventLog events, JdbcTemplate jdbc, Clock clock) {
        return new FulfilmentMonitor(tokens, events, jdbc, clock);
    }

    @Bean
    FulfilmentHealthIndicator fulfilmentHealthIndicator(FulfilmentMonitor monitor, FulfilmentProperties properties) {
        return new FulfilmentHealthIndicator(monitor, properties.lateAfter());
    }

    @Bean
    MeterBinder fulfilmentMeters(FulfilmentMonitor monitor) {
        return registry -> {
            Gauge.builder(
                            "eventshop.fulfilment.lag.events",
                            monitor,
                            m -> m.status().lag().events())
                    .description("Stored events behind the position of order fulfilment")
                    .register(registry);
            Gauge.builder(
                            "eventshop.fulfilment.lag.seconds",
                            monitor,
                            m -> m.status().lag().seconds())
                    .description("Age of the oldest event behind the position of order fulfilment")
                    .register(registry);
            Gauge.builder("eventshop.fulfilment.open", monitor, m -> m.status().open())
                    .description("Sagas: orders that were placed, and are neither shipped nor cancelled")
                    .register(registry);
            Gauge.builder(
                            "eventshop.fulfilment.waiting",
                            monitor,
                            m -> m.status().waiting())
                    .description("Deadlines of orders that have not come, and steps that are to be taken again")
                    .register(registry);
            Gauge.builder("eventshop.fulfilment.stuck", monitor, m -> m.status().stuck())
                    .description("Deadlines and steps of orders that keep failing")
                    .register(registry);
        };
    }

    @Bean
    ConfigurerModule fulfilmentProcessors(SagaStore<Object> sagaStore, FulfilmentProperties properties) {
        return configurer -> configurer
                .eventProcessing()
                .registerSubscribingEventProcessor(OrderDeadlines.GROUP)
                .registerSaga(OrderFulfilment.class, saga -> saga.configureSagaStore(axon -> sagaStore))
                .registerPooledStreamingEventProcessor(
                        OrderFulfilment.GROUP,
                        org.axonframework.config.Configuration::eventStore,
                        (axon, processor) -> processor
                                .initialToken(StreamableMessageSource::createTailToken)
                                .initialSegmentCount(properties.segments())
                                .batchSize(properties.batchSize()));
    }
}
