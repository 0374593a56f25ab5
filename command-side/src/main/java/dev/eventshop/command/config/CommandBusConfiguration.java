package dev.eventshop.command.config;

import dev.eventshop.command.dispatch.CommandProperties;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.command.dispatch.ConfirmingInterceptor;
import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.eventstore.ErrorOccurredException;
import dev.eventshop.eventstore.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.ErrorContext;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The command bus, its transactions, and what every event handler of the service has in common. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandProperties.class)
class CommandBusConfiguration {

    /** In whole microseconds: what a {@code timestamptz} keeps. */
    @Bean
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    }

    /** Declared here because Axon 4.13.0 looks for Boot 3's transaction auto-configuration and else takes none. */
    @Bean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactionManager) {
        return new SpringTransactionManager(transactionManager);
    }

    @Bean
    CorrelationDataProvider correlation() {
        return message -> {
            Map<String, Object> led = new HashMap<>();
            led.put(
                    EventMetadata.CORRELATION_ID,
                    message.getMetaData().getOrDefault(EventMetadata.CORRELATION_ID, message.getIdentifier()));
            led.put(EventMetadata.CAUSATION_ID, message.getIdentifier());
            if (message.getMetaData().containsKey(EventMetadata.TRACE_PARENT)) {
                led.put(EventMetadata.TRACE_PARENT, message.getMetaData().get(EventMetadata.TRACE_PARENT));
            }
            return led;
        };
    }

    @Bean
    CommandBus commandBus(TransactionManager transactions, List<CorrelationDataProvider> correlation, EventLog events) {
        SimpleCommandBus bus =
                SimpleCommandBus.builder().transactionManager(transactions).build();
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
        bus.registerHandlerInterceptor(new ConfirmingInterceptor(events));
        return bus;
    }

    @Bean(destroyMethod = "shutdown")
    ExecutorService commandExecutor() {
        return Executors.newCachedThreadPool(new AxonThreadFactory("commands")); // one thread per processor at most
    }

    @Bean
    Commands commands(
            CommandBus bus, ExecutorService commandExecutor, CommandProperties properties, MeterRegistry meters) {
        return new Commands(bus, commandExecutor, properties, meters);
    }

    /** Axon's default logs a failed event and goes on without it; its other one lets no processor survive an error. */
    @Bean
    ConfigurerModule errorHandling() {
        return configurer -> configurer.eventProcessing(processing -> processing
                .registerDefaultErrorHandler(c -> CommandBusConfiguration::propagate)
                .registerDefaultListenerInvocationErrorHandler(c -> PropagatingErrorHandler.instance()));
    }

    private static void propagate(ErrorContext failure) throws Exception {
        throw ErrorOccurredException.of(failure.error());
    }
}
