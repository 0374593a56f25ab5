package dev.eventshop.notification.config;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.upcasting.EventUpcasters;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** How messages are read, and the queues that they come from. */
@Configuration(proxyBeanMethods = false)
@Import(DocumentedQueues.class)
class MessageConfiguration {

    @Bean
    Serializer serializer() {
        return ClosedMapSerializer.ofEvents();
    }

    @Bean
    EventUpcaster eventUpcaster() {
        return EventUpcasters.chain();
    }
}
