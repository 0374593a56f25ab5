package dev.eventshop.messaging.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.LongStringHelper;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParkedMessageTest {

    private static final byte[] BODY = {0, 1, (byte) 0xFF};

    private static ParkedMessage letter(Map<String, Object> headers) {
        return new ParkedMessage(
                "things",
                new AMQP.BasicProperties.Builder()
                        .messageId("m1")
                        .headers(new HashMap<>(headers))
                        .build(),
                BODY);
    }

    private static ParkedMessage afterFailure() {
        AMQP.BasicProperties sent = new AMQP.BasicProperties.Builder()
                .messageId("m1")
                .type("Thing")
                .expiration("1000")
                .headers(Map.of("own", 1, "CC", List.of("others")))
                .build();
        DeadLetter failed = new DeadLetter(
                "things",
                "thing.happened",
                sent,
                BODY,
                new IllegalStateException("no"),
                4,
                Instant.parse("2026-01-01T10:00:00Z"),
                Instant.parse("2026-01-01T10:00:09Z"));
        return new ParkedMessage("things", failed.publication().properties(), BODY);
    }

    @Test
    void tellsWhatHappened() {
        ParkedMessage letter = afterFailure();
        assertThat(letter.errorClass()).isEqualTo("java.lang.IllegalStateException");
        assertThat(letter.errorMessage()).isEqualTo("no");
        assertThat(letter.routingKey()).isEqualTo("thing.happened");
        assertThat(letter.attempts()).hasValue(4);
        assertThat(letter.firstFailedAt()).contains(Instant.parse("2026-01-01T10:00:00Z"));
        assertThat(letter.lastFailedAt()).contains(Instant.parse("2026-01-01T10:00:09Z"));
    }

    @Test
    void isAsItWasBeforeItFailed() {
        AMQP.BasicProperties before = afterFailure().propertiesBefore();
        assertThat(before.getHeaders()).containsOnly(Map.entry("own", 1));
        assertThat(before.getMessageId()).isEqualTo("m1");
        assertThat(before.getType()).isEqualTo("Thing");
        assertThat(before.getExpiration()).isNull();
    }

    @Test
    void believesNoHeader() {
        ParkedMessage letter = letter(Map.of(
                "x-error-class", List.of("a list"),
                "x-error-message", Map.of("a", "table"),
                "x-attempts", LongStringHelper.asLongString("many"),
                "x-first-failed-at", 17,
                "x-last-failed-at", new Date(0)));
        assertThat(letter.errorClass()).isNull();
        assertThat(letter.errorMessage()).isNull();
        assertThat(letter.attempts()).isEmpty();
        assertThat(letter.firstFailedAt()).isEmpty();
        assertThat(letter.lastFailedAt()).isEmpty();
    }

    @Test
    void isTheSameAfterItWasBytes() {
        Map<String, Object> headers = new HashMap<>();
        headers.put("text", LongStringHelper.asLongString("a\0b"));
        headers.put("int", 1);
        headers.put("long", 1L << 40);
        headers.put("short", (short) 3);
        headers.put("byte", (byte) 4);
        headers.put("float", 1.5f);
        headers.put("double", 1.5);
        headers.put("decimal", new BigDecimal("12.50"));
        headers.put("yes", true);
        headers.put("nothing", null);
        headers.put("date", new Date(1_000));
        headers.put("list", List.of(1, LongStringHelper.asLongString("b")));
        headers.put("table", Map.of("a", 1));
        ParkedMessage letter = letter(headers);
        ParkedMessage again = ParkedMessage.of("things", letter.toBytes());
        assertThat(again.properties().getHeaders()).isEqualTo(headers);
        assertThat(again.properties()).isEqualTo(letter.properties());
        assertThat(again.body()).isEqualTo(BODY);
    }

    @Test
    void isNotMadeOfSomethingElse() {
        assertThatThrownBy(() -> ParkedMessage.of("things", new byte[] {0, 0, 0, 9, 1}))
                .isInstanceOf(UncheckedIOException.class);
    }
}
