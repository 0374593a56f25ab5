package dev.eventshop.command.forwarding;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.messaging.EventMessageConverter;
import dev.eventshop.messaging.OutboundMessage;
import java.util.Optional;
import java.util.function.Function;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Makes messages of the events that the registry publishes. Each of them has a queue of the contract, so each must be
 * routed.
 */
public final class PublicEvents implements Function<TrackedEventMessage<?>, Optional<OutboundMessage>> {

    private final EventMessageConverter converter;

    PublicEvents(EventMessageConverter converter) {
        this.converter = converter;
    }

    /** @throws IllegalArgumentException when the event is not in the registry */
    @Override
    public Optional<OutboundMessage> apply(TrackedEventMessage<?> event) {
        return EventRegistry.of(event.getPayloadType())
                .routingKey()
                .map(routingKey -> converter.toMessage(event, routingKey, true));
    }
}
