package dev.eventshop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    private static final String EXCHANGE = "events";
    private static final String QUEUE = "order.created";

    private static Connection connect(EmbeddedBroker broker) throws Exception {
        return factory(broker).newConnection();
    }

    private static ConnectionFactory factory(EmbeddedBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.uri());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    private static void declare(Channel channel) throws Exception {
        channel.exchangeDeclare(EXCHANGE, "topic", true);
        channel.queueDeclare(QUEUE, true, false, false, Map.of());
        channel.queueBind(QUEUE, EXCHANGE, QUEUE);
        channel.confirmSelect();
    }

    private static void publish(Channel channel, String body) throws Exception {
        channel.basicPublish(EXCHANGE, QUEUE, true, MessageProperties.PERSISTENT_BASIC, bytes(body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(GetResponse response) {
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }

    /** Of both kinds of broker. */
    abstract static class Protocol {

        private EmbeddedBroker broker;
        private Connection connection;
        private Channel channel;

        abstract EmbeddedBroker start();

        @BeforeAll
        void startBroker() {
            broker = start();
        }

        @AfterAll
        void stopBroker() {
            broker.close();
        }

        @BeforeEach
        void connect() throws Exception {
            broker.clear();
            connection = EmbeddedBrokerIT.connect(broker);
            channel = connection.createChannel();
            declare(channel);
        }

        @AfterEach
        void disconnect() {
            connection.abort();
        }

        @Test
        void routesByTopic() throws Exception {
            channel.queueDeclare("all", true, false, false, Map.of());
            channel.queueBind("all", EXCHANGE, "order.#");
            publish(channel, "1");
            channel.basicPublish(EXCHANGE, "order.cancelled", true, MessageProperties.PERSISTENT_BASIC, bytes("2"));
            channel.waitForConfirmsOrDie(30_000);

            assertThat(channel.messageCount(QUEUE)).isOne();
            assertThat(channel.messageCount("all")).isEqualTo(2);
        }

        @Test
        void keepsPropertiesAndHeaders() throws Exception {
            AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                    .contentType("application/json")
                    .messageId("5f0c")
                    .type("OrderCreatedEvent")
                    .appId("command-side")
                    .deliveryMode(2)
                    .headers(Map.of("cloudEvents:id", "5f0c", "number", 7L, "flag", true))
                    .build();
            channel.basicPublish(EXCHANGE, QUEUE, true, properties, bytes("{}"));
            channel.waitForConfirmsOrDie(30_000);

            GetResponse response = channel.basicGet(QUEUE, true);
            assertThat(response.getEnvelope().getRoutingKey()).isEqualTo(QUEUE);
            assertThat(response.getProps().getMessageId()).isEqualTo("5f0c");
            assertThat(response.getProps().getType()).isEqualTo("OrderCreatedEvent");
            assertThat(response.getProps().getDeliveryMode()).isEqualTo(2);
            assertThat(response.getProps().getHeaders().get("cloudEvents:id")).hasToString("5f0c");
            assertThat(response.getProps().getHeaders())
                    .containsEntry("number", 7L)
                    .containsEntry("flag", true);
        }

        @Test
        void confirmsInOrderOfPublishing() throws Exception {
            int messages = 2_000;
            for (int i = 0; i < messages; i++) {
                publish(channel, Integer.toString(i));
            }
            channel.waitForConfirmsOrDie(120_000);

            for (int i = 0; i < messages; i++) {
                assertThat(text(channel.basicGet(QUEUE, true))).isEqualTo(Integer.toString(i));
            }
        }

        /** RabbitMQ confirms what it has returned. */
        @Test
        void returnsWhatHasNoRouteAndDoesNotConfirmIt() throws Exception {
            BlockingQueue<Return> returned = new LinkedBlockingQueue<>();
            channel.addReturnListener(returned::add);
            channel.basicPublish(EXCHANGE, "nowhere", true, MessageProperties.PERSISTENT_BASIC, bytes("lost"));

            assertThat(channel.waitForConfirms(30_000)).isFalse();
            Return message = returned.poll(30, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.getReplyCode()).isEqualTo(AMQP.NO_ROUTE);
            assertThat(message.getRoutingKey()).isEqualTo("nowhere");
            publish(channel, "the channel lives on");
            assertThat(channel.waitForConfirms(30_000)).isTrue();
        }

        @Test
        void confirmsWhatHasNoRouteAndNeedsNone() throws Exception {
            channel.basicPublish(EXCHANGE, "nowhere", false, MessageProperties.PERSISTENT_BASIC, bytes("lost"));

            assertThat(channel.waitForConfirms(30_000)).isTrue();
        }

        @Test
        void deliversAgainWhatWasRefused() throws Exception {
            publish(channel, "1");
            channel.waitForConfirmsOrDie(30_000);
            BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
            channel.basicQos(10);
            channel.basicConsume(QUEUE, false, (tag, delivery) -> deliveries.add(delivery), tag -> {});

            Delivery first = deliveries.poll(30, TimeUnit.SECONDS);
            channel.basicNack(first.getEnvelope().getDeliveryTag(), false, true);
            Delivery second = deliveries.poll(30, TimeUnit.SECONDS);
            channel.basicAck(second.getEnvelope().getDeliveryTag(), false);

            assertThat(first.getEnvelope().isRedeliver()).isFalse();
            assertThat(second.getEnvelope().isRedeliver()).isTrue();
            await().until(() -> channel.messageCount(QUEUE) == 0);
        }

        @Test
        void deliversAgainWhatALostConnectionHadNotAcknowledged() throws Exception {
            publish(channel, "1");
            channel.waitForConfirmsOrDie(30_000);
            Connection lost = EmbeddedBrokerIT.connect(broker);
            assertThat(lost.createChannel().basicGet(QUEUE, false)).isNotNull();
            assertThat(channel.basicGet(QUEUE, false)).isNull();

            lost.abort();

            await().untilAsserted(
                            () -> assertThat(channel.basicGet(QUEUE, true)).isNotNull());
        }

        @Test
        void countsMessagesAndConsumers() throws Exception {
            publish(channel, "1");
            publish(channel, "2");
            channel.waitForConfirmsOrDie(30_000);
            assertThat(channel.queueDeclarePassive(QUEUE).getMessageCount()).isEqualTo(2);
            assertThat(channel.queueDeclarePassive(QUEUE).getConsumerCount()).isZero();

            Channel consuming = connection.createChannel();
            consuming.basicConsume(QUEUE, false, (tag, delivery) -> {}, tag -> {});

            assertThat(channel.queueDeclarePassive(QUEUE).getConsumerCount()).isOne();
        }

        @Test
        void tellsThatAQueueIsMissing() {
            assertThatThrownBy(() -> channel.queueDeclarePassive("missing"))
                    .rootCause()
                    .hasMessageContaining("404");
            assertThat(connection.isOpen()).isTrue();
        }

        @Test
        void takesRabbitMqsArguments() throws Exception {
            Map<String, Object> arguments = Map.of(
                    "x-queue-type",
                    "quorum",
                    "x-dead-letter-exchange",
                    "",
                    "x-message-ttl",
                    60_000,
                    "x-max-length",
                    10);

            channel.queueDeclare("with-arguments", true, false, false, arguments);
            channel.queueDeclare("with-arguments", true, false, false, arguments);
        }

        @Test
        void takesLargeMessages() throws Exception {
            byte[] body = new byte[12 << 20];
            Arrays.fill(body, (byte) 'x');
            channel.basicPublish(EXCHANGE, QUEUE, true, MessageProperties.PERSISTENT_BASIC, body);
            channel.waitForConfirmsOrDie(60_000);

            assertThat(channel.basicGet(QUEUE, true).getBody()).isEqualTo(body);
        }

        @Test
        void refusesHugeMessages() throws Exception {
            channel.basicPublish(EXCHANGE, QUEUE, true, MessageProperties.PERSISTENT_BASIC, new byte[20 << 20]);

            assertThatThrownBy(() -> channel.waitForConfirmsOrDie(60_000)).isInstanceOf(ShutdownSignalException.class);
            assertThat(channel.getCloseReason()).hasMessageContaining("reply-code=311");
            assertThat(connection.createChannel().messageCount(QUEUE)).isZero();
        }

        @Test
        void opensManyChannels() throws Exception {
            List<Channel> channels = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                channels.add(connection.createChannel());
            }

            assertThat(channels).doesNotContainNull();
            assertThat(channels.get(499).messageCount(QUEUE)).isZero();
        }

        @Test
        void keepsAnIdleConnectionByHeartbeats() throws Exception {
            ConnectionFactory factory = factory(broker);
            factory.setRequestedHeartbeat(2);
            try (Connection idle = factory.newConnection()) {
                assertThat(idle.getHeartbeat()).isEqualTo(2);
                await().during(Duration.ofSeconds(7))
                        .atMost(Duration.ofSeconds(20))
                        .until(idle::isOpen);
            }
        }

        @Test
        void isEmptyWhenItIsCleared() throws Exception {
            publish(channel, "1");
            channel.waitForConfirmsOrDie(30_000);

            broker.clear();

            assertThatThrownBy(() -> channel.queueDeclarePassive(QUEUE))
                    .rootCause()
                    .hasMessageContaining("404");
        }

        @Test
        void refusesAWrongPassword() throws Exception {
            ConnectionFactory factory = factory(broker);
            factory.setPassword("guest");

            assertThatThrownBy(factory::newConnection).isInstanceOf(PossibleAuthenticationFailureException.class);
        }
    }

    @Nested
    @TestInstance(Lifecycle.PER_CLASS)
    class InMemory extends Protocol {

        @Override
        EmbeddedBroker start() {
            return EmbeddedBroker.inMemory();
        }
    }

    @Nested
    @TestInstance(Lifecycle.PER_CLASS)
    class Durable extends Protocol {

        @TempDir
        private static Path folder;

        @Override
        EmbeddedBroker start() {
            return EmbeddedBroker.start(folder, 0);
        }
    }

    @Nested
    class AFolder {

        @TempDir
        private Path folder;

        @Test
        void keepsWhatWasConfirmed() throws Exception {
            String password;
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                    Connection connection = connect(broker)) {
                password = broker.password();
                Channel channel = connection.createChannel();
                declare(channel);
                publish(channel, "1");
                publish(channel, "2");
                channel.waitForConfirmsOrDie(30_000);
                assertThat(text(channel.basicGet(QUEUE, true))).isEqualTo("1");
            }

            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                    Connection connection = connect(broker)) {
                assertThat(broker.password()).isEqualTo(password);
                Channel channel = connection.createChannel();
                assertThat(text(channel.basicGet(QUEUE, true))).isEqualTo("2");
                assertThat(channel.basicGet(QUEUE, true)).isNull();
                publish(channel, "bound as before");
                await().until(() -> channel.messageCount(QUEUE) == 1);
            }
        }

        @Test
        void keepsWhatWasConfirmedToAProcessThatIsKilled() throws Exception {
            try (ChildProcess child = ChildProcess.broker(folder)) {
                ConnectionFactory factory = new ConnectionFactory();
                factory.setUri(child.readUri());
                factory.setAutomaticRecoveryEnabled(false);
                Connection connection = factory.newConnection();
                Channel channel = connection.createChannel();
                declare(channel);
                for (int i = 0; i < 500; i++) {
                    publish(channel, Integer.toString(i));
                }
                channel.waitForConfirmsOrDie(60_000);
                assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0)).isInstanceOf(DataFolderInUse.class);

                child.kill();
                connection.abort();
            }

            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                    Connection connection = connect(broker)) {
                Channel channel = connection.createChannel();
                for (int i = 0; i < 500; i++) {
                    assertThat(text(channel.basicGet(QUEUE, true))).isEqualTo(Integer.toString(i));
                }
            }
        }

        @Test
        void isForOneBrokerAtATime() {
            EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
            try {
                assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0)).isInstanceOf(DataFolderInUse.class);
            } finally {
                broker.close();
            }

            EmbeddedBroker.start(folder, 0).close();
        }

        @Test
        void mayHaveAnyNameWithoutASemicolon() {
            EmbeddedBroker.start(folder.resolve("a'b\"c $HOME đơn"), 0).close();

            assertThatThrownBy(() -> EmbeddedBroker.start(folder.resolve("a;b"), 0))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessageEndingWith(": its name has a semicolon.");
        }

        @Test
        void hidesThePassword() throws Exception {
            EmbeddedBroker.start(folder, 0).close();

            assertThat(Files.getPosixFilePermissions(folder.resolve("password")))
                    .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        }

        @Test
        void thatIsAFileIsRefused() throws Exception {
            Path file = Files.createFile(folder.resolve("file"));

            assertThatThrownBy(() -> EmbeddedBroker.start(file, 0))
                    .isInstanceOf(EmbeddedServerFailed.class)
                    .hasMessage("The AMQP broker can't use the folder " + file + ": " + file + " is a file.");
        }
    }

    @Nested
    class ThePort {

        @TempDir
        private Path folder;

        @Test
        void isTheOneThatWasAskedFor() throws Exception {
            int port = LoopbackPorts.free();
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder, port)) {
                assertThat(broker.port()).isEqualTo(port);
                assertThat(connect(broker).isOpen()).isTrue();
            }
        }

        @Test
        void isRefusedWhenItIsTaken() throws Exception {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()))
                        .isInstanceOf(PortTaken.class)
                        .hasMessage("Port " + taken.getLocalPort() + " for AMQP is taken by another process.");
            }
            EmbeddedBroker.start(folder, 0).close();
        }

        @Test
        void isOfLoopbackOnly() {
            try (EmbeddedBroker broker = EmbeddedBroker.inMemory()) {
                assertThat(LoopbackPorts.isFree(broker.port())).isFalse();
                assertThatThrownBy(() -> new Socket("127.0.0.2", broker.port())).isInstanceOf(ConnectException.class);
            }
        }
    }
}
