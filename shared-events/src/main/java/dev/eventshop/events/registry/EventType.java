package dev.eventshop.events.registry;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the registry: how an event is named where it is stored and sent.
 *
 * @param javaClass     the record that holds the event's current revision
 * @param name          stored type name, a logical name that outlives any renaming of the class
 * @param revision      current revision, for example {@code 1.0}
 * @param aggregateType type of the emitting aggregate: {@code Product}, {@code Order} or {@code User}
 * @param publicKey     routing key on the exchange, and name of the notification service's queue; null for an internal
 *     event
 * @param personalFields fields with personal data of the user whom the event is about, all of them texts; stored
 *     encrypted, and null once the user was erased
 */
public record EventType(
        Class<?> javaClass,
        String name,
        String revision,
        String aggregateType,
        @Nullable String publicKey,
        Set<String> personalFields) {

    public EventType {
        personalFields = Set.copyOf(personalFields);
    }

    EventType withPersonal(String... fields) {
        return new EventType(javaClass, name, revision, aggregateType, publicKey, Set.of(fields));
    }

    /** @return the routing key, empty for an internal event, which is stored but not published */
    public Optional<String> routingKey() {
        return Optional.ofNullable(publicKey);
    }
}
