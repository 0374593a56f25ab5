package dev.eventshop.events.upcasting;

import java.util.List;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;

/** All upcasters, in the order in which revisions followed each other. */
public final class EventUpcasters {

    private EventUpcasters() {}

    /** @return the chain that brings every stored revision to the one in the event registry */
    public static EventUpcaster chain() {
        return new EventUpcasterChain(List.of(new ProductCreatedEvent1To2()));
    }
}
