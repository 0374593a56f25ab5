package dev.eventshop.query.config;

import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.upcasting.EventUpcasters;
import dev.eventshop.personaldata.events.PersonalFields;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The serializers of Axon's roles: nothing but events, under the names of the registry. */
@Configuration(proxyBeanMethods = false)
class SerializationConfiguration {

    @Bean
    @Primary
    Serializer serializer() {
        return ClosedMapSerializer.ofEvents();
    }

    @Bean
    @Qualifier("messageSerializer")
    Serializer messageSerializer(Serializer serializer) {
        return serializer;
    }

    @Bean
    @Qualifier("eventSerializer")
    Serializer eventSerializer(Serializer serializer) {
        return serializer;
    }

    /** What is stored encrypted. */
    @Bean
    PersonalFields personalFields() {
        return EventRegistry::personalFields;
    }

    @Bean
    EventUpcaster eventUpcaster() {
        return EventUpcasters.chain();
    }
}
