package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.messaging.inbox.Inbox;
import dev.eventshop.messaging.publishing.PublishingAutoConfiguration;
import dev.eventshop.messaging.subscribing.SubscribingAutoConfiguration;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What there is where, without any server. */
class AutoConfigurationTest {

    private final ApplicationContextRunner publisher = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RabbitAutoConfiguration.class,
                    PublishingAutoConfiguration.class,
                    SubscribingAutoConfiguration.class))
            .withPropertyValues("spring.rabbitmq.port=1", "spring.application.name=the-application")
            .withBean("serializer", Serializer.class, () -> Counted.SERIALIZER);

    private final ApplicationContextRunner subscriber = publisher
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class))
            .withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/none");

    @Nested
    class TheUserThatEverybodyKnows {

        @ParameterizedTest
        @ValueSource(strings = {"localhost:1", "127.0.0.1:1,[::1]:2", "127.1.2.3:1"})
        void isForThisMachine(String addresses) {
            publisher
                    .withPropertyValues("spring.rabbitmq.addresses=" + addresses)
                    .run(context -> assertThat(context).hasNotFailed());
        }

        @ParameterizedTest
        @ValueSource(strings = {"192.0.2.1:1", "localhost:1,192.0.2.1:1", "broker.invalid:1"})
        void isRefusedElsewhere(String addresses) {
            publisher
                    .withPropertyValues("spring.rabbitmq.addresses=" + addresses)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining("The broker's user \"guest\" is for this machine only, not for "));
            publisher
                    .withPropertyValues("spring.rabbitmq.addresses=" + addresses, "spring.rabbitmq.username=shop")
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Nested
    class APublisher {

        @Test
        void needsNoDatabase() {
            publisher.run(context -> assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(ConfirmedPublisher.class)
                    .hasSingleBean(EventMessageConverter.class)
                    .hasSingleBean(Topology.class)
                    .doesNotHaveBean(Inbox.class)
                    .doesNotHaveBean(DataSource.class));
        }

        @Test
        void hasNoInboxThoughThereIsADatabase() {
            subscriber.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Inbox.class));
        }

        @Test
        void waitsForNoBrokerAndTellsWhoPublishesThatItIsAway() {
            publisher.run(context -> {
                assertThat(context.isRunning()).isTrue();
                OutboundMessage message = context.getBean(EventMessageConverter.class)
                        .toMessage(GenericEventMessage.asEventMessage(new Counted(1)), "key", true);
                try {
                    context.getBean(ConfirmedPublisher.class).publish(List.of(message));
                } catch (PublicationFailed e) {
                    assertThat(e.confirmed()).isZero();
                    return;
                }
                throw new AssertionError("published to no broker");
            });
        }

        @Test
        void declaresTheQueuesThatThereAreBeansOf() {
            publisher
                    .withBean("one", QueueDefinition.class, () -> new QueueDefinition("one", "key.one"))
                    .withBean("two", QueueDefinition.class, () -> new QueueDefinition("two", "key.two"))
                    .run(context -> assertThat(context.getBean(Topology.class).queues())
                            .containsExactlyInAnyOrder(
                                    new QueueDefinition("one", "key.one"), new QueueDefinition("two", "key.two")));
        }

        @Test
        void namesItselfAsTheApplication() {
            publisher.run(context -> assertThat(sender(context)).isEqualTo("the-application"));
            publisher
                    .withPropertyValues("eventshop.messaging.source=another")
                    .run(context -> assertThat(sender(context)).isEqualTo("another"));
        }

        private static String sender(org.springframework.context.ApplicationContext context) {
            return context.getBean(EventMessageConverter.class)
                    .toMessage(GenericEventMessage.asEventMessage(new Counted(1)), "key", true)
                    .message()
                    .getMessageProperties()
                    .getAppId();
        }

        @Test
        void letsMetadataOutAsItIsTold() {
            publisher
                    .withPropertyValues("eventshop.messaging.metadata=one,two")
                    .run(context -> assertThat(context.getBean(EventMessageConverter.class)
                                    .toMessage(
                                            GenericEventMessage.asEventMessage(new Counted(1))
                                                    .withMetaData(java.util.Map.of("two", "2", "correlationId", "c")),
                                            "key",
                                            true)
                                    .message()
                                    .getMessageProperties()
                                    .getHeaders())
                            .containsEntry("axon-metadata-two", "2")
                            .doesNotContainKey("axon-metadata-correlationId"));
        }

        @Test
        void doesNotWaitLongForABrokerUnlessItIsTold() {
            publisher.run(
                    context -> assertThat(timeout(context.getEnvironment())).isEqualTo(Duration.ofSeconds(5)));
            publisher
                    .withPropertyValues("spring.rabbitmq.connection-timeout=7s")
                    .run(context ->
                            assertThat(timeout(context.getEnvironment())).isEqualTo(Duration.ofSeconds(7)));
        }

        private static Duration timeout(Environment environment) {
            return org.springframework.boot.convert.DurationStyle.detectAndParse(
                    environment.getRequiredProperty("spring.rabbitmq.connection-timeout"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "prefetch=0",
                    "consumers=0",
                    "attempts=0",
                    "first-retry=0s",
                    "longest-retry=-1s",
                    "max-body-size=0",
                    "confirm-timeout=0",
                    "inbox-retention=0",
                    "inbox-clean-up-interval=0"
                })
        void refusesSettingsThatCanNotWork(String property) {
            publisher
                    .withPropertyValues("eventshop.messaging." + property)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessage("eventshop.messaging." + property.replaceAll("=.*", "") + " must be positive"));
        }
    }

    @Nested
    class ASubscriber {

        @Test
        void needsADatabase() {
            publisher
                    .withUserConfiguration(Good.class)
                    .run(context -> assertThat(context).getFailure().hasMessageContaining("javax.sql.DataSource"));
        }

        @Test
        void hasItsQueueDeclared() {
            subscriber
                    .withUserConfiguration(Good.class)
                    .run(context -> assertThat(context.getBean(Topology.class).queues())
                            .containsExactly(new QueueDefinition("good", "key")));
        }

        @Test
        void takesTheEventThatItIsSubscribedTo() {
            assertRefused(AnotherEvent.class, "is subscribed to Counted, and takes a Forgotten");
        }

        @Test
        void takesAnEventThatTheSerializerKnows() {
            assertRefused(NoEvent.class, "java.lang.String has no name");
        }

        @Test
        void takesNothingElse() {
            assertRefused(MoreParameters.class, "must take an event, and a MessageContext at most");
        }

        @Test
        void sharesItsQueueWithNoOther() {
            assertRefused(SameQueue.class, "takes messages of queue good, which another method is subscribed to");
        }

        private void assertRefused(Class<?> configuration, String message) {
            subscriber
                    .withUserConfiguration(configuration)
                    .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(message));
        }
    }

    static class GoodReaction {
        @Subscribe(queue = "good", routingKey = "key", type = "Counted")
        private void on(Counted event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Good {
        @Bean
        GoodReaction good() {
            return new GoodReaction();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SameQueue extends Good {
        @Bean
        Object another() {
            return new Object() {
                @Subscribe(queue = "good", routingKey = "key", type = "Forgotten")
                void on(Forgotten event) {}
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AnotherEvent {
        @Subscribe(queue = "bad", routingKey = "key", type = "Counted")
        void on(Forgotten event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class NoEvent {
        @Subscribe(queue = "bad", routingKey = "key", type = "String")
        void on(String event) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class MoreParameters {
        @Subscribe(queue = "bad", routingKey = "key", type = "Counted")
        void on(Counted event, MessageContext context, String more) {}
    }
}
