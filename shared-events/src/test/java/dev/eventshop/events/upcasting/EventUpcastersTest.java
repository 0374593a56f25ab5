package dev.eventshop.events.upcasting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.events.Golden;
import dev.eventshop.events.StoredRow;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventRegistry;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventUpcastersTest {

    private final ClosedMapSerializer serializer = ClosedMapSerializer.ofEvents();

    static List<Golden> everyForm() {
        return Golden.all();
    }

    private List<SerializedType> upcast(List<Golden> forms) {
        return EventUpcasters.chain()
                .upcast(forms.stream().map(form -> new InitialEventRepresentation(StoredRow.of(form), serializer)))
                .map(IntermediateEventRepresentation::getType)
                .toList();
    }

    private static SerializedType current(String name) {
        return new SimpleSerializedType(
                name, EventRegistry.named(name).orElseThrow().revision());
    }

    /** A chain in the wrong order leaves the oldest form on the way. */
    @ParameterizedTest
    @MethodSource("everyForm")
    void bringEachFormToTheRevisionOfTheRegistry(Golden form) {
        assertThat(upcast(List.of(form))).containsExactly(current(form.name()));
    }

    @Test
    void keepTheOrderOfEvents() {
        List<Golden> mixed =
                Stream.concat(Golden.all().stream(), Golden.all().stream()).toList();

        assertThat(upcast(mixed))
                .containsExactlyElementsOf(
                        mixed.stream().map(form -> current(form.name())).toList());
    }

    /** Revisions count 1.0, 2.0, 3.0: each of an event's has been written once and may be in a store. */
    @Test
    void coverAllRevisionsThatWereEverWritten() {
        assertThat(Golden.all())
                .containsAll(EventRegistry.all().stream()
                        .flatMap(type -> IntStream.rangeClosed(1, new BigDecimal(type.revision()).intValueExact())
                                .mapToObj(revision -> new Golden(type.name(), revision + ".0")))
                        .toList());
    }
}
