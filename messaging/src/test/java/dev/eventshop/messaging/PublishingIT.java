package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.GetResponse;
import dev.eventshop.messaging.publishing.ChannelPublisher;
import dev.eventshop.testing.TcpProxy;
import dev.eventshop.testing.TestBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

@ParameterizedClass
@MethodSource("brokers")
class PublishingIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Parameter
    private TestBroker broker;

    private final String exchange = "publishing-" + UUID.randomUUID();
    private final String queue = "published-" + UUID.randomUUID();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private BrokerClient client;
    private TcpProxy proxy;
    private CachingConnectionFactory connections;
    private PublisherConnection connection;
    private Topology topology;
    private ChannelPublisher publisher;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeEach
    void start() throws Exception {
        client = new BrokerClient(broker);
        URI uri = URI.create(broker.uri());
        proxy = TcpProxy.to(uri.getPort());
        connections = new CachingConnectionFactory();
        connections.setUri(broker.uri());
        connections.setHost("127.0.0.1");
        connections.setPort(proxy.port());
        connections.getRabbitConnectionFactory().setChannelRpcTimeout(5000);
        connection = new PublisherConnection(connections);
        topology = topology(QueueType.CLASSIC);
        publisher = publisher(LONG);
    }

    @AfterEach
    void stop() throws Exception {
        publisher.close();
        proxy.close();
        connections.destroy();
        client.close();
        broker.purge(exchange, queue, queue + ".dlq");
    }

    private Topology topology(QueueType type) {
        return new Topology(connection, exchange, type, List.of(new QueueDefinition(queue, "thing.*")));
    }

    private ChannelPublisher publisher(Duration confirmTimeout) {
        return new ChannelPublisher(connection, topology, exchange, confirmTimeout, meters);
    }

    private static OutboundMessage message(String id, String routingKey, boolean mandatory) {
        MessageProperties properties = new MessageProperties();
        properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
        properties.setContentType("application/json");
        return new OutboundMessage(
                routingKey,
                mandatory,
                id,
                new Message(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8), properties));
    }

    private static List<OutboundMessage> messages(int from, int to) {
        return new ArrayList<>(IntStream.range(from, to)
                .mapToObj(i -> message("m" + i, "thing.happened", true))
                .toList());
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private List<String> taken() throws Exception {
        return client.take(queue).stream()
                .map(message -> message.getProps().getMessageId())
                .toList();
    }

    private PublicationFailed failure(List<OutboundMessage> batch) {
        PublicationFailed failure = catchThrowableOfType(PublicationFailed.class, () -> publisher.publish(batch));
        assertThat(failure).isNotNull();
        return failure;
    }

    @Nested
    class ABatch {

        @Test
        void isStoredInItsOrder() throws Exception {
            publisher.publish(messages(0, 500));
            publisher.publish(messages(500, 700));

            List<GetResponse> stored = client.take(queue);
            assertThat(stored)
                    .extracting(message -> message.getProps().getMessageId())
                    .isEqualTo(ids(0, 700));
            assertThat(stored.get(3).getBody()).asString().isEqualTo("{\"id\":\"m3\"}");
            assertThat(stored.get(3).getProps().getDeliveryMode()).isEqualTo(2);
            assertThat(stored.get(3).getProps().getContentType()).isEqualTo("application/json");
            assertThat(stored.get(3).getEnvelope().getExchange()).isEqualTo(exchange);
            assertThat(stored.get(3).getEnvelope().getRoutingKey()).isEqualTo("thing.happened");
            assertThat(count("published")).isEqualTo(700);
            assertThat(count("confirmed")).isEqualTo(700);
            assertThat(count("returned")).isZero();
        }

        @Test
        void ofNothingNeedsNoBroker() throws Exception {
            proxy.cut();
            publisher.publish(List.of());
        }

        @Test
        void isNotMixedWithThatOfAnotherThread() {
            CompletableFuture<?>[] threads = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        try {
                            publisher.publish(messages(i * 100, i * 100 + 100));
                        } catch (PublicationFailed e) {
                            throw new IllegalStateException(e);
                        }
                    }))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(threads).join();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(client.ready(queue)).isEqualTo(400));
        }
    }

    @Nested
    class AMessageWithoutAQueue {

        @Test
        void endsTheConfirmedPrefix() throws Exception {
            List<OutboundMessage> batch = messages(0, 10);
            batch.set(6, message("m6", "nothing.happened", true));

            PublicationFailed failure = failure(batch);
            assertThat(failure.confirmed()).isEqualTo(6);
            assertThat(failure).hasMessageContaining("nothing.happened");
            assertThat(taken()).startsWith(ids(0, 6).toArray(String[]::new)).doesNotContain("m6");
            if (broker.isRabbitMq()) { // the embedded broker refuses it before it returns it
                assertThat(meters.get("eventshop.messaging.returned")
                                .tag("routing.key", "nothing.happened")
                                .counter()
                                .count())
                        .isEqualTo(1);
            }

            publisher.publish(messages(20, 30));
            assertThat(taken()).isEqualTo(ids(20, 30));
        }

        @Test
        void isPublishedWhenNoneIsNeeded() throws Exception {
            List<OutboundMessage> batch = messages(0, 10);
            batch.set(6, message("m6", "nothing.happened", false));
            publisher.publish(batch);
            assertThat(taken()).hasSize(9).doesNotContain("m6");
        }

        @Test
        void findsItAgainAfterOneFailure() throws Exception {
            publisher.publish(messages(0, 10));
            client.deleteQueue(queue);

            assertThat(failure(messages(10, 20)).confirmed()).isZero();
            publisher.publish(messages(10, 20));
            assertThat(taken()).isEqualTo(ids(10, 20));
        }
    }

    @Nested
    class ALostConnection {

        @Test
        void losesNothingThatIsSentAgainFromTheConfirmedPrefixOn() throws Exception {
            publisher.publish(messages(0, 10));
            int done = 0;
            int failures = 0;
            List<OutboundMessage> all = messages(10, 4010);
            proxy.breakAfter(100_000);
            while (done < all.size()) {
                try {
                    publisher.publish(all.subList(done, Math.min(done + 1000, all.size())));
                    done = Math.min(done + 1000, all.size());
                } catch (PublicationFailed e) {
                    failures++;
                    done += e.confirmed();
                    if (failures == 1) {
                        proxy.breakAfter(300_000);
                    }
                }
            }
            assertThat(failures).isGreaterThanOrEqualTo(2);
            assertThat(new LinkedHashSet<>(taken())).containsExactlyElementsOf(ids(0, 4010));
        }

        @Test
        void ofAnIdlePublisherIsReplaced() throws Exception {
            publisher.publish(messages(0, 10));
            client.deleteQueue(queue);
            proxy.breakConnections();
            await().atMost(LONG).ignoreException(PublicationFailed.class).until(() -> {
                publisher.publish(messages(10, 20));
                return true;
            });
            assertThat(taken()).isEqualTo(ids(10, 20));
        }
    }

    @Nested
    class ABrokerThatIsAway {

        @Test
        void failsTheBatchAtOnceUntilItIsBack() throws Exception {
            proxy.cut();
            PublicationFailed failure = failure(messages(0, 10));
            assertThat(failure.confirmed()).isZero();
            assertThat(failure).hasMessageContaining("broker");
            proxy.connect();
            publisher.publish(messages(0, 10));
            assertThat(taken()).isEqualTo(ids(0, 10));
        }

        @Test
        void failsTheBatchInTimeWhenItDoesNotAnswer() throws Exception {
            publisher.publish(messages(0, 10));
            publisher.close();
            publisher = publisher(Duration.ofSeconds(5));
            publisher.publish(messages(10, 20));
            proxy.silence();

            OutboundMessage large = message("x".repeat(200), "thing.happened", true);
            List<OutboundMessage> more = IntStream.range(0, 100_000) // more than the sockets hold
                    .mapToObj(i -> large)
                    .toList();
            PublicationFailed failure = failure(more);
            assertThat(failure.confirmed()).isZero();
            assertThat(failure).hasMessageContaining("has not confirmed within 5000 ms");

            publisher.close();
            assertTimeoutPreemptively(LONG, connections::destroy); // nothing is written any more
            proxy.speak();
            publisher = publisher(LONG);
            publisher.publish(messages(20, 30));
        }
    }

    @Nested
    class TheTopology {

        @Test
        void canBeDeclaredAgain() throws Exception {
            topology.declare();
            topology.declare();
            assertThat(client.ready(queue)).isZero();
            assertThat(client.ready(queue + ".dlq")).isZero();
        }

        @Test
        void takesInWhatIsAdded() throws Exception {
            topology.add(new QueueDefinition(queue, "other.#"));
            publisher.publish(List.of(message("m1", "other.thing.happened", true)));
            assertThat(taken()).containsExactly("m1");
        }

        @Test
        void isRefusedByAnExchangeOfAnotherType() throws Exception {
            client.channel().exchangeDeclare(exchange, BuiltinExchangeType.FANOUT, true);
            assertThatThrownBy(topology::declare)
                    .isInstanceOf(TopologyMismatch.class)
                    .hasMessageContaining("another exchange \"" + exchange + "\"")
                    .hasMessageContaining("durable, of type topic");
            PublicationFailed failure = failure(messages(0, 1));
            assertThat(failure).hasCauseInstanceOf(TopologyMismatch.class);
            assertThat(failure.confirmed()).isZero();
        }

        @Test
        void isRefusedByAQueueWithOtherProperties() throws Exception {
            client.channel().queueDeclare(queue + ".dlq", false, true, false, null);
            assertThatThrownBy(topology::declare)
                    .isInstanceOf(TopologyMismatch.class)
                    .hasMessageContaining("another queue \"" + queue + ".dlq\"")
                    .hasMessageContaining("durable, without arguments");
        }

        @Test
        void isRefusedByAQueueOfAnotherType() throws Exception {
            topology.declare();
            Topology quorum = topology(QueueType.QUORUM);
            if (broker.isRabbitMq()) {
                assertThatThrownBy(quorum::declare)
                        .isInstanceOf(TopologyMismatch.class)
                        .hasMessageContaining("another queue \"" + queue + "\"")
                        .hasMessageContaining("x-queue-type=quorum");
            } else {
                quorum.declare(); // the embedded broker knows one type only
            }
        }

        @Test
        void canBeOfQuorumQueues() throws Exception {
            topology = topology(QueueType.QUORUM);
            publisher.close();
            publisher = publisher(LONG);
            publisher.publish(messages(0, 10));
            assertThat(taken()).isEqualTo(ids(0, 10));
        }
    }

    private double count(String name) {
        return meters.get("eventshop.messaging." + name)
                .tag("routing.key", "thing.happened")
                .counter()
                .count();
    }
}
