package dev.eventshop.messaging;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.SerializedTypeName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event of the tests. */
public record Counted(
        int number, @Nullable String text, @Nullable List<Object> more) {

    public static final ClosedMapSerializer SERIALIZER = ClosedMapSerializer.of(Map.of(
            Counted.class, new SerializedTypeName("Counted", "2.0"),
            Forgotten.class, new SerializedTypeName("Forgotten", "1.0")));

    public Counted(int number) {
        this(number, null, null);
    }

    String json() {
        return "{\"number\":%d}".formatted(number);
    }
}
