package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.MessagingProperties;
import dev.eventshop.messaging.PublisherConnection;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.messaging.Topology;
import dev.eventshop.messaging.deadletter.DeadLetterCollector;
import dev.eventshop.messaging.deadletter.DeadLetterReturn;
import dev.eventshop.messaging.deadletter.DeadLetters;
import dev.eventshop.messaging.deadletter.ParkedMessages;
import dev.eventshop.messaging.inbox.Inbox;
import dev.eventshop.messaging.inbox.InboxCleanUp;
import dev.eventshop.messaging.publishing.ChannelPublisher;
import dev.eventshop.messaging.publishing.PublishingAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.flywaydb.core.api.Location;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Consumes for the beans that have a method with {@link Subscribe}, where there are any. Needs a {@link DataSource} with
 * the table {@code message_inbox}, which Flyway makes where there is Flyway, and Axon's {@link Serializer}; brings older
 * revisions up to date where there is an {@link EventUpcaster}.
 */
@AutoConfiguration(
        after = PublishingAutoConfiguration.class,
        afterName = {
            "org.axonframework.springboot.autoconfig.AxonAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
        })
@Conditional(OnSubscriptions.class)
public class SubscribingAutoConfiguration {

    /** How long messages in work may take when the application stops. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** While the database is away, or the broker takes no dead letters. */
    private static final Backoff WAITING = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    @Bean
    @DependsOnDatabaseInitialization
    Inbox inbox(DataSource dataSource, PlatformTransactionManager transactions) {
        return new Inbox(dataSource, transactions);
    }

    @Bean
    InboxCleanUp inboxCleanUp(Inbox inbox, MessagingProperties properties) {
        return new InboxCleanUp(inbox, properties.inboxRetention(), properties.inboxCleanUpInterval());
    }

    @Bean
    Subscriptions subscriptions(
            ConfigurableListableBeanFactory beans,
            ConnectionFactory connections,
            PublisherConnection connection,
            Topology topology,
            Inbox inbox,
            MessagingProperties properties,
            @Qualifier("eventSerializer") ObjectProvider<Serializer> eventSerializer,
            ObjectProvider<Serializer> anySerializer,
            ObjectProvider<EventUpcaster> upcasters,
            ObjectProvider<MeterRegistry> meters,
            ObjectProvider<Clock> clock) {
        Serializer serializer = eventSerializer.getIfAvailable(anySerializer::getObject);
        List<Subscription> subscriptions = new SubscriptionFactory(beans, serializer).all();
        refuseUnknownQueues(properties, subscriptions);
        subscriptions.forEach(
                subscription -> topology.add(new QueueDefinition(subscription.queue(), subscription.routingKey())));
        EventUpcaster upcaster =
                new EventUpcasterChain(upcasters.orderedStream().toList());
        MeterRegistry registry = meters.getIfAvailable(CompositeMeterRegistry::new);
        Clock time = clock.getIfAvailable(Clock::systemUTC);
        return new Subscriptions(() -> {
            DatabaseGate database = new DatabaseGate(inbox, WAITING);
            DeadLetters deadLetters = new DeadLetters(
                    new ChannelPublisher(connection, topology, "", properties.confirmTimeout(), registry), WAITING);
            List<Consumption> consumptions = new ArrayList<>();
            List<SubscriptionContainer> containers = new ArrayList<>();
            for (Subscription subscription : subscriptions) {
                SubscriptionMeters queueMeters = new SubscriptionMeters(registry, subscription.queue());
                MessageHandling handling = new MessageHandling(
                        subscription,
                        new MessageReader(
                                serializer,
                                upcaster,
                                properties.maxBodySize().toBytes(),
                                subscription.type(),
                                subscription.eventClass()),
                        inbox,
                        database,
                        deadLetters,
                        queueMeters,
                        properties.retryPolicy(subscription.queue()),
                        time);
                Consumption consumption = new Consumption(
                        subscription.queue(),
                        handling,
                        queueMeters,
                        properties.consumers(),
                        subscription.alone() ? 1 : properties.together());
                consumptions.add(consumption);
                containers.add(new SubscriptionContainer(
                        connections,
                        topology,
                        subscription.queue(),
                        consumption,
                        properties.consumers(),
                        properties.prefetch(),
                        STOP_TIMEOUT.toMillis()));
            }
            return new RunningSubscriptions(
                    connection, topology, database, deadLetters, consumptions, containers, STOP_TIMEOUT);
        });
    }

    @Bean
    @ConditionalOnBean(ParkedMessages.class)
    @ConditionalOnBooleanProperty(name = "eventshop.messaging.dead-letters.collect", matchIfMissing = true)
    DeadLetterCollector deadLetterCollector(
            PublisherConnection connection, Topology topology, ParkedMessages kept, MessagingProperties properties) {
        return new DeadLetterCollector(
                connection, topology, kept, properties.deadLetters().rest());
    }

    @Bean
    @ConditionalOnBean(ParkedMessages.class)
    DeadLetterReturn deadLetterReturn(
            PublisherConnection connection,
            Topology topology,
            MessagingProperties properties,
            ObjectProvider<MeterRegistry> meters) {
        return new DeadLetterReturn(new ChannelPublisher(
                connection,
                topology,
                "",
                properties.confirmTimeout(),
                meters.getIfAvailable(CompositeMeterRegistry::new)));
    }

    /** A policy for a queue that nobody is subscribed to is a name that was misspelt. */
    private static void refuseUnknownQueues(MessagingProperties properties, List<Subscription> subscriptions) {
        Set<String> unknown = new TreeSet<>(properties.queues().keySet());
        subscriptions.forEach(subscription -> unknown.remove(subscription.queue()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("eventshop.messaging.queues has settings for " + unknown
                    + ", which no method is subscribed to; write a name as [order.created]");
        }
    }

    /** Adds the inbox to the service's own migrations, and says who works with it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(FlywayConfigurationCustomizer.class)
    static class InboxTable {

        private static final Location TABLE = Location.fromPath("classpath:", "db/messaging-service");

        @Bean
        FlywayConfigurationCustomizer messagingServiceTables(ObjectProvider<JdbcConnectionDetails> connection) {
            return flyway -> {
                List<Location> locations = List.of(flyway.getLocations());
                if (!locations.contains(TABLE)) {
                    flyway.locations(
                            Stream.concat(locations.stream(), Stream.of(TABLE)).toArray(Location[]::new));
                }
                String role = connection.stream()
                        .map(JdbcConnectionDetails::getUsername)
                        .findFirst()
                        .orElse("");
                Map<String, String> placeholders = new HashMap<>(flyway.getPlaceholders());
                placeholders.putIfAbsent("messaging-service-role", role == null ? "" : role);
                flyway.placeholders(placeholders);
            };
        }
    }
}
