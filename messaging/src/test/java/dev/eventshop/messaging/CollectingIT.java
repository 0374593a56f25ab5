package dev.eventshop.messaging;

import static dev.eventshop.messaging.BrokerClient.properties;
import static dev.eventshop.messaging.RunningApplication.EXCHANGE;
import static dev.eventshop.messaging.WhenCountedThenRecord.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.GetResponse;
import dev.eventshop.messaging.deadletter.DeadLetterReturn;
import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.messaging.deadletter.ParkedMessages;
import dev.eventshop.testing.TestBroker;
import dev.eventshop.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;

/** From the dead-letter queue to where dead letters are kept, and back to the queue. */
@ParameterizedClass
@MethodSource("brokers")
class CollectingIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String DEAD = QUEUE + ".dlq";

    private static TestDatabase database;

    @Parameter
    private TestBroker broker;

    private final List<RunningApplication> applications = new ArrayList<>();
    private BrokerClient client;

    static Stream<TestBroker> brokers() {
        return TestBroker.all();
    }

    @BeforeParameterizedClassInvocation
    static void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterParameterizedClassInvocation
    static void dropDatabase() {
        database.close();
    }

    @BeforeEach
    void open() throws Exception {
        broker.purge(EXCHANGE, QUEUE, DEAD);
        client = new BrokerClient(broker);
    }

    @AfterEach
    void close() throws Exception {
        applications.forEach(RunningApplication::close);
        client.close();
        broker.purge(EXCHANGE, QUEUE, DEAD);
    }

    private Kept start(String rest) {
        return start(Map.of("eventshop.messaging.dead-letters.rest", rest));
    }

    private Kept start(Map<String, String> settings) {
        RunningApplication application =
                new RunningApplication(database, broker.uri(), settings, CollectingApplication.class);
        applications.add(application);
        await().atMost(LONG).ignoreExceptions().until(() -> client.channel().consumerCount(QUEUE) > 0);
        return application.context.getBean(Kept.class);
    }

    private void sendBad(String... ids) throws Exception {
        for (String id : ids) {
            client.publish(EXCHANGE, "counted.up", properties(id, "Counted").build(), "no JSON");
        }
    }

    @Test
    void keepsADeadLetterAndAcknowledgesIt() throws Exception {
        Kept kept = start("100ms");
        sendBad("m1");
        await().atMost(LONG).untilAsserted(() -> assertThat(kept.ids()).containsExactly("m1"));
        assertThat(kept.letters.get(0).errorClass()).isNotNull();
        assertThat(kept.letters.get(0).queue()).isEqualTo(QUEUE);
        assertThat(kept.letters.get(0).body()).asString().isEqualTo("no JSON");
        applications.get(0).close(); // what was not acknowledged would come back
        await().during(Duration.ofMillis(500)).until(() -> client.ready(DEAD) == 0);
    }

    @Test
    void letsItRestInItsQueueWhereOthersSeeIt() throws Exception {
        Kept kept = start("6s");
        sendBad("m1");
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> client.ready(DEAD) == 1);
        await().during(Duration.ofMillis(1500)).until(() -> client.ready(DEAD) == 1 && kept.letters.isEmpty());
        await().atMost(LONG).until(() -> kept.letters.size() == 1);
    }

    @Test
    void leavesItToOthersWhoTakeItFirst() throws Exception {
        Kept kept = start("4s");
        sendBad("m1");
        List<GetResponse> taken = new ArrayList<>();
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> taken.addAll(client.take(DEAD)));
        await().during(Duration.ofSeconds(9)).atMost(LONG).until(kept.letters::isEmpty);
        assertThat(taken).hasSize(1);
    }

    @Test
    void leavesAllToOthersWhenItIsSwitchedOff() throws Exception {
        Kept kept = start(Map.of(
                "eventshop.messaging.dead-letters.rest", "100ms", "eventshop.messaging.dead-letters.collect", "false"));
        sendBad("m1", "m2");
        await().atMost(LONG).until(() -> client.ready(DEAD) == 2);
        await().during(Duration.ofSeconds(1)).until(() -> client.ready(DEAD) == 2);
        assertThat(kept.letters).isEmpty();
    }

    /** As when the process dies between the row and the acknowledgement. */
    @Test
    void bringsAgainWhatMayNotHaveBeenKept() throws Exception {
        Kept kept = start("100ms");
        kept.failures.add("m2");
        sendBad("m1", "m2", "m3");
        await().atMost(LONG).untilAsserted(() -> assertThat(kept.ids()).containsOnlyOnce("m1", "m3"));
        await().atMost(LONG)
                .until(() -> kept.ids().stream().filter("m2"::equals).count() > 2);
        kept.failures.clear();
        await().atMost(LONG).until(() -> client.ready(DEAD) == 0);
        assertThat(kept.ids()).containsOnlyOnce("m1", "m3");
    }

    /** More than are taken for a sign that it is not the messages that fail. */
    @Test
    void isNotHeldUpByManyThatCanNotBeKept() throws Exception {
        Kept kept = start("100ms");
        String[] bad = IntStream.range(0, 45).mapToObj(i -> "bad" + i).toArray(String[]::new);
        kept.failures.addAll(List.of(bad));
        sendBad(bad);
        await().atMost(LONG).until(() -> client.ready(DEAD) > 0 || !kept.letters.isEmpty());
        sendBad("good");
        await().atMost(LONG).untilAsserted(() -> assertThat(kept.ids()).containsOnlyOnce("good"));
        kept.failures.clear();
        await().atMost(LONG).until(() -> client.ready(DEAD) == 0);
        assertThat(kept.ids()).contains(bad).containsOnlyOnce("good");
    }

    /** RabbitMQ 4 drops what has come back to a quorum queue for 20 times. */
    @Test
    void takesNothingWhileNothingCanBeKept() throws Exception {
        Kept kept = start("100ms");
        kept.away = true;
        sendBad("m1");
        await().atMost(LONG).until(() -> kept.probes.get() > 5);
        assertThat(kept.letters).isEmpty();

        kept.away = false;
        await().atMost(LONG).until(() -> client.ready(DEAD) == 0);
        assertThat(kept.ids()).containsExactly("m1");
    }

    @Test
    void goesOnAfterAnError() throws Exception {
        Kept kept = start("100ms");
        kept.errors.add("m1");
        sendBad("m1", "m2");
        await().atMost(LONG).untilAsserted(() -> assertThat(kept.ids()).containsOnlyOnce("m2"));
        kept.errors.clear();
        await().atMost(LONG).until(() -> client.ready(DEAD) == 0);
        assertThat(kept.ids()).contains("m1").containsOnlyOnce("m2");
    }

    @Test
    void keepsEachOnceWithSeveralInstances() throws Exception {
        Kept first = start("100ms");
        Kept second = start("100ms");
        String[] ids = IntStream.range(0, 300).mapToObj(i -> "m" + i).toArray(String[]::new);
        sendBad(ids);
        await().atMost(LONG).until(() -> first.letters.size() + second.letters.size() == ids.length);
        assertThat(Stream.concat(first.ids().stream(), second.ids().stream())).containsExactlyInAnyOrder(ids);
        await().during(Duration.ofMillis(500)).until(() -> client.ready(DEAD) == 0);
    }

    @Test
    void collectsFromQuorumQueues() throws Exception {
        assumeTrue(broker.isRabbitMq());
        Kept kept = start(
                Map.of("eventshop.messaging.dead-letters.rest", "100ms", "eventshop.messaging.queue-type", "quorum"));
        kept.failures.add("m1");
        sendBad("m1", "m2");
        await().atMost(LONG).until(() -> kept.ids().contains("m2"));
        kept.failures.clear();
        await().atMost(LONG).until(() -> client.ready(DEAD) == 0);
        assertThat(kept.ids()).contains("m1").containsOnlyOnce("m2");
    }

    @Test
    void sendsBackWhatHasItsEffectThen() throws Exception {
        Kept kept = start("100ms");
        RunningApplication application = applications.get(0);
        application.script.then = event -> {
            throw new IllegalArgumentException("not yet");
        };
        client.publish(EXCHANGE, "counted.up", properties("m1", "Counted").build(), new Counted(1).json());
        await().atMost(LONG).until(() -> kept.letters.size() == 1);

        application.script.then = event -> {};
        ParkedMessage letter = ParkedMessage.of(QUEUE, kept.letters.get(0).toBytes());
        DeadLetterReturn back = application.context.getBean(DeadLetterReturn.class);
        back.send(letter);
        back.send(letter); // as when the process dies between the publication and the row
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(application.count("duplicates")).isEqualTo(1));
        assertThat(application.effects()).containsExactly(1);
        assertThat(application
                        .script
                        .contexts
                        .get(application.script.contexts.size() - 1)
                        .headers())
                .containsOnlyKeys("axon-message-type", "axon-message-revision");
    }

    static class CollectingApplication extends RunningApplication.Application {

        @Bean
        Kept kept() {
            return new Kept();
        }
    }

    static final class Kept implements ParkedMessages {

        final List<ParkedMessage> letters = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        final List<String> errors = new CopyOnWriteArrayList<>();
        final AtomicInteger probes = new AtomicInteger();
        volatile boolean away;

        @Override
        public void keep(ParkedMessage message) {
            letters.add(message);
            if (away) {
                throw new IllegalStateException("away");
            }
            if (failures.contains(message.properties().getMessageId())) {
                throw new IllegalStateException("not kept");
            }
            if (errors.contains(message.properties().getMessageId())) {
                throw new NoClassDefFoundError("not kept");
            }
        }

        @Override
        public void probe() {
            probes.incrementAndGet();
            if (away) {
                throw new IllegalStateException("away");
            }
        }

        List<String> ids() {
            return letters.stream()
                    .map(letter -> letter.properties().getMessageId())
                    .toList();
        }
    }
}
