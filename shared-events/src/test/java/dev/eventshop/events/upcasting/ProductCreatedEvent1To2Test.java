package dev.eventshop.events.upcasting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.Golden;
import dev.eventshop.events.StoredRow;
import dev.eventshop.events.registry.ClosedMapSerializer;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProductCreatedEvent1To2Test {

    private static final Golden OLD = new Golden("ProductCreatedEvent", "1.0");

    private final ClosedMapSerializer serializer = ClosedMapSerializer.ofEvents();
    private final ProductCreatedEvent1To2 upcaster = new ProductCreatedEvent1To2();

    private IntermediateEventRepresentation stored(StoredRow row) {
        return new InitialEventRepresentation(row, serializer);
    }

    private IntermediateEventRepresentation upcast(IntermediateEventRepresentation stored) {
        return upcaster.upcast(Stream.of(stored)).toList().get(0);
    }

    private static JsonNode payload(IntermediateEventRepresentation event) {
        return event.getData(JsonNode.class).getData();
    }

    @Test
    void saysInitialStockForStockAndChangesNothingElse() {
        IntermediateEventRepresentation upcast = upcast(stored(StoredRow.of(OLD)));

        assertThat(upcast.getType()).isEqualTo(new SimpleSerializedType("ProductCreatedEvent", "2.0"));
        assertThat(payload(upcast)).isEqualTo(payload(stored(StoredRow.of(new Golden("ProductCreatedEvent", "2.0")))));
        assertThat(payload(upcast).get("price")).hasToString("12.50");
    }

    @Test
    void keepsWhatBelongsToTheEvent() {
        IntermediateEventRepresentation upcast = upcast(stored(StoredRow.of(OLD)));

        assertThat(upcast.getMessageIdentifier()).isEqualTo(StoredRow.ID);
        assertThat(upcast.getTimestamp()).isEqualTo(StoredRow.AT);
        assertThat(upcast.getAggregateType()).hasValue("Product");
        assertThat(upcast.getAggregateIdentifier()).hasValue("product-17");
        assertThat(upcast.getSequenceNumber()).hasValue(3L);
        assertThat(upcast.getMetaData().getObject()).containsOnlyKeys("locale");
    }

    @Test
    void leavesTheNewFormAndOtherEventsAlone() {
        assertThat(Golden.all())
                .filteredOn(golden -> !golden.equals(OLD))
                .hasSize(13)
                .allSatisfy(golden -> {
                    IntermediateEventRepresentation stored = stored(StoredRow.of(golden));

                    assertThat(upcast(stored)).isSameAs(stored);
                });
    }

    @Test
    void makesUpNoStockThatIsNotThere() {
        IntermediateEventRepresentation upcast =
                upcast(stored(new StoredRow("ProductCreatedEvent", "1.0", "{\"productId\":17,\"price\":1.00}")));

        assertThat(payload(upcast).has("initialStock")).isFalse();
        assertThatThrownBy(() -> serializer.deserialize(upcast.getData(JsonNode.class)))
                .isInstanceOf(SerializationException.class);
    }
}
