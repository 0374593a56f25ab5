package dev.eventshop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.registry.UnknownTypeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;

class EventMessageConverterTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final EventMessageConverter converter =
            new EventMessageConverter(Counted.SERIALIZER, Set.of("locale", "correlationId"), "the-sender");

    private static EventMessage<?> ofAggregate(Map<String, ?> metadata) {
        return new GenericDomainEventMessage<>(
                "Counter", "counter-7", 3L, new Counted(7), MetaData.from(metadata), "id-1", TIME);
    }

    @Test
    void writesPropertiesAndBody() {
        OutboundMessage outbound = converter.toMessage(ofAggregate(Map.of()), "counted.up", true);
        assertThat(outbound.routingKey()).isEqualTo("counted.up");
        assertThat(outbound.mandatory()).isTrue();
        assertThat(outbound.messageId()).isEqualTo("id-1");
        assertThat(outbound.message().getBody()).asString().isEqualTo("{\"number\":7,\"text\":null,\"more\":null}");
        MessageProperties properties = outbound.message().getMessageProperties();
        assertThat(properties.getContentType()).isEqualTo("application/json");
        assertThat(properties.getMessageId()).isEqualTo("id-1");
        assertThat(properties.getType()).isEqualTo("Counted");
        assertThat(properties.getTimestamp()).isEqualTo(TIME);
        assertThat(properties.getAppId()).isEqualTo("the-sender");
        assertThat(properties.getDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(properties.getExpiration()).isNull();
        assertThat(properties.getPriority()).isNull();
    }

    @Test
    void writesTheHeadersOfAxonAndOfCloudEventsAndNoOthers() {
        assertThat(headers(ofAggregate(Map.of())))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("axon-message-id", "id-1"),
                        Map.entry("axon-message-type", "Counted"),
                        Map.entry("axon-message-revision", "2.0"),
                        Map.entry("axon-message-timestamp", "2026-01-02T03:04:05.678Z"),
                        Map.entry("axon-message-aggregate-type", "Counter"),
                        Map.entry("axon-message-aggregate-id", "counter-7"),
                        Map.entry("axon-message-aggregate-seq", 3L),
                        Map.entry("cloudEvents:specversion", "1.0"),
                        Map.entry("cloudEvents:id", "id-1"),
                        Map.entry("cloudEvents:type", "Counted"),
                        Map.entry("cloudEvents:source", "the-sender"),
                        Map.entry("cloudEvents:time", "2026-01-02T03:04:05.678Z"),
                        Map.entry("cloudEvents:subject", "counter-7")));
    }

    @Test
    void keepsMetadataBackThatNobodyHasAllowed() {
        Map<String, Object> headers = headers(ofAggregate(Map.of(
                "locale",
                "vi",
                "correlationId",
                UUID.fromString("00000000-0000-0000-0000-000000000001"),
                "secret",
                "x")));
        assertThat(headers)
                .containsEntry("axon-metadata-locale", "vi")
                .containsEntry("axon-metadata-correlationId", "00000000-0000-0000-0000-000000000001")
                .doesNotContainKey("axon-metadata-secret");
    }

    @Test
    void passesTheTraceOnUnderItsStandardName() {
        assertThat(headers(ofAggregate(Map.of("traceparent", TRACE_PARENT))))
                .containsEntry("traceparent", TRACE_PARENT)
                .doesNotContainKey("axon-metadata-traceparent");
    }

    @Test
    void takesEventsOfNoAggregate() {
        EventMessage<?> event = new GenericEventMessage<>("id-2", new Counted(1), MetaData.emptyInstance(), TIME);
        assertThat(headers(event))
                .containsEntry("cloudEvents:id", "id-2")
                .doesNotContainKeys("cloudEvents:subject", "axon-message-aggregate-id");
    }

    @Test
    void refusesWhatTheSerializerHasNoNameFor() {
        EventMessage<?> event = GenericEventMessage.asEventMessage("text");
        assertThatThrownBy(() -> converter.toMessage(event, "key", true))
                .isInstanceOfAny(IllegalArgumentException.class, UnknownTypeException.class);
    }

    private Map<String, Object> headers(EventMessage<?> event) {
        return converter
                .toMessage(event, "counted.up", false)
                .message()
                .getMessageProperties()
                .getHeaders();
    }
}
