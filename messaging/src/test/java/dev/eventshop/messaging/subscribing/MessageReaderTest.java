package dev.eventshop.messaging.subscribing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.Counted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MessageReaderTest {

    private static final byte[] BODY = "{\"number\":5}".getBytes(StandardCharsets.UTF_8);

    private final MessageReader reader = reader(new EventUpcasterChain(List.of()));

    private static MessageReader reader(EventUpcaster upcaster) {
        return new MessageReader(Counted.SERIALIZER, upcaster, BODY.length, "Counted", Counted.class);
    }

    private static AMQP.BasicProperties.Builder counted() {
        return new AMQP.BasicProperties.Builder()
                .messageId("m1")
                .contentType("application/json")
                .type("Counted");
    }

    private void assertRead(AMQP.BasicProperties.Builder properties) {
        assertThat(reader.read(properties.build(), BODY)).isEqualTo(new Counted(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json;charset=utf-8",
                "application/json ; charset=\"UTF-8\""
            })
    void takesJsonInUtf8(String contentType) {
        assertRead(counted().contentType(contentType));
        assertRead(counted().contentType(contentType).contentEncoding("UTF-8"));
    }

    @Test
    void takesTheTypeFromEither() {
        assertRead(counted());
        assertRead(counted().type(null).headers(Map.of("axon-message-type", "Counted")));
    }

    @Test
    void takesTheCurrentRevision() {
        assertRead(counted().headers(Map.of("axon-message-revision", "2.0")));
    }

    @Test
    void takesNoLargerBody() {
        byte[] larger = "{\"number\": 5}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> reader.read(counted().build(), larger))
                .isInstanceOf(MessageRefused.class)
                .hasMessage("the body has 13 bytes, more than 12");
    }

    @Test
    void quotesLittleOfWhatItRefuses() {
        AMQP.BasicProperties hostile =
                counted().type("x\n\u001b" + "y".repeat(200)).build();
        assertThatThrownBy(() -> reader.read(hostile, BODY))
                .isInstanceOf(MessageRefused.class)
                .hasMessage("the message is a \"x??" + "y".repeat(97) + "...\", and no Counted");
    }

    @Nested
    class WithAnUpcaster {

        /** Makes of the older revision what it is told to. */
        private static EventUpcaster to(String type, String revision) {
            return new SingleEventUpcaster() {
                @Override
                protected boolean canUpcast(IntermediateEventRepresentation representation) {
                    return representation.getType().equals(new SimpleSerializedType("Counted", "1.0"));
                }

                @Override
                protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation representation) {
                    assertThat(representation.getMessageIdentifier()).isEqualTo("m1");
                    assertThat(representation.getTimestamp()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));
                    assertThat(representation.getMetaData().getObject()).isEmpty();
                    return representation.upcastPayload(
                            new SimpleSerializedType(type, revision), JsonNode.class, payload -> payload);
                }
            };
        }

        private static AMQP.BasicProperties older() {
            return counted()
                    .headers(Map.of("axon-message-revision", "1.0"))
                    .timestamp(new Date(1_700_000_000_000L))
                    .build();
        }

        @Test
        void readsTheOlderRevision() {
            assertThat(reader(to("Counted", "2.0")).read(older(), BODY)).isEqualTo(new Counted(5));
        }

        @Test
        void refusesWhatIsNotBroughtUpToDate() {
            assertThatThrownBy(() -> reader(to("Counted", "1.5")).read(older(), BODY))
                    .isInstanceOf(MessageRefused.class)
                    .hasMessage("revision \"1.0\" of Counted is not known here");
        }

        @Test
        void refusesWhatHasBecomeAnotherEvent() {
            assertThatThrownBy(() -> reader(to("Forgotten", "2.0")).read(older(), BODY))
                    .isInstanceOf(MessageRefused.class);
        }

        @Test
        void refusesWhatHasBecomeNothing() {
            EventUpcaster none = events -> Stream.empty();
            assertThatThrownBy(() -> reader(none).read(older(), BODY)).isInstanceOf(MessageRefused.class);
        }
    }
}
