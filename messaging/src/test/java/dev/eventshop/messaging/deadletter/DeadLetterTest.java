package dev.eventshop.messaging.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.publishing.Publication;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static final byte[] BODY = {1, 2, 3};

    private static DeadLetter letter(AMQP.BasicProperties properties) {
        return new DeadLetter(
                "things",
                "thing.happened",
                properties,
                BODY,
                new IllegalStateException("no"),
                4,
                Instant.parse("2026-01-01T10:00:00Z"),
                Instant.parse("2026-01-01T10:00:09Z"));
    }

    private static AMQP.BasicProperties properties(Map<String, Object> headers) {
        return new AMQP.BasicProperties.Builder()
                .messageId("m1")
                .headers(new HashMap<>(headers))
                .build();
    }

    private static Map<String, Object> headers(Publication publication) {
        return publication.properties().getHeaders();
    }

    @Test
    void goesToTheQueueThatBelongsToItsOwn() {
        Publication publication = letter(properties(Map.of())).publication();
        assertThat(publication.routingKey()).isEqualTo("things.dlq");
        assertThat(publication.mandatory()).isTrue();
        assertThat(publication.body()).isEqualTo(BODY);
    }

    @Test
    void tellsWhatHappened() {
        Map<String, Object> headers =
                headers(letter(properties(Map.of("own", 1))).publication());
        assertThat(headers)
                .containsEntry("own", 1)
                .containsEntry("x-error-class", "java.lang.IllegalStateException")
                .containsEntry("x-error-message", "no")
                .containsEntry("x-original-queue", "things")
                .containsEntry("x-original-routing-key", "thing.happened")
                .containsEntry("x-first-failed-at", "2026-01-01T10:00:00Z")
                .containsEntry("x-last-failed-at", "2026-01-01T10:00:09Z")
                .containsEntry("x-attempts", 4);
        assertThat(headers.get("x-error-stacktrace")).asString().contains("DeadLetterTest.letter");
    }

    @Test
    void tellsOfItsCauses() {
        Throwable cause = new IllegalStateException("the cause", new NullPointerException());
        for (Throwable error : List.of(new RuntimeException("outer", cause), new RuntimeException(cause))) {
            DeadLetter failed = new DeadLetter(
                    "things", "thing.happened", properties(Map.of()), BODY, error, 1, Instant.EPOCH, Instant.EPOCH);
            assertThat(headers(failed.publication()).get("x-error-message"))
                    .isEqualTo(
                            error.getMessage().equals("outer")
                                    ? "outer: the cause: NullPointerException"
                                    : "java.lang.IllegalStateException: the cause: NullPointerException");
        }
    }

    @Test
    void tellsOfTheLastFailureAndNotOfOneBefore() {
        AMQP.BasicProperties deadBefore = properties(Map.of("x-attempts", 99, "x-error-class", "Old"));
        assertThat(headers(letter(deadBefore).publication()))
                .containsEntry("x-attempts", 4)
                .containsEntry("x-error-class", "java.lang.IllegalStateException");
    }

    @Test
    void isNotForTheBrokerToActOn() {
        AMQP.BasicProperties sent = properties(Map.of("CC", List.of("things"), "BCC", List.of("others")))
                .builder()
                .userId("somebody")
                .expiration("1000")
                .deliveryMode(1)
                .build();
        AMQP.BasicProperties moved = letter(sent).publication().properties();
        assertThat(moved.getUserId()).isNull();
        assertThat(moved.getExpiration()).isNull();
        assertThat(moved.getDeliveryMode()).isEqualTo(2);
        assertThat(moved.getHeaders())
                .doesNotContainKeys("CC", "BCC")
                .containsEntry("x-original-cc", "[things]")
                .containsEntry("x-original-bcc", "[others]")
                .containsEntry("x-original-user-id", "somebody")
                .containsEntry("x-original-expiration", "1000");
        assertThat(sent.getHeaders()).containsKey("CC");
    }

    @Test
    void canLeaveItsHeadersBehind() {
        assertThat(headers(letter(properties(Map.of("own", 1))).publicationWithoutItsHeaders()))
                .doesNotContainKey("own")
                .containsKeys("x-original-headers", "x-error-class");
    }

    @Test
    void mayHaveHadNoHeaders() {
        AMQP.BasicProperties none = new AMQP.BasicProperties.Builder().build();
        assertThat(headers(letter(none).publication())).containsKey("x-error-class");
    }
}
