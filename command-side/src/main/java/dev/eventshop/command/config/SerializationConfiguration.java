package dev.eventshop.command.config;

import static java.util.stream.Collectors.toMap;

import dev.eventshop.command.dispatch.AggregateType;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.SerializedTypeName;
import dev.eventshop.events.upcasting.EventUpcasters;
import dev.eventshop.personaldata.events.PersonalFields;
import java.util.List;
import java.util.Map;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The serializers of Axon's roles: events under the names of the registry, snapshots under those of the aggregates. */
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

    @Bean
    @Qualifier("snapshotSerializer")
    Serializer snapshotSerializer(List<AggregateType<?>> types) {
        Map<Class<?>, SerializedTypeName> names =
                types.stream().collect(toMap(AggregateType::rootClass, AggregateType::storedName));
        return ClosedMapSerializer.of(names);
    }

    /** What is stored encrypted. */
    @Bean
    PersonalFields personalFields() {
        return EventRegistry::personalFields;
    }

    /** A snapshot of another revision is no help: the aggregate is read from its events. */
    @Bean
    SnapshotFilter snapshotFilter(List<AggregateType<?>> types) {
        List<SerializedTypeName> current =
                types.stream().map(AggregateType::storedName).toList();
        return snapshot -> current.contains(new SerializedTypeName(
                snapshot.getPayload().getType().getName(),
                snapshot.getPayload().getType().getRevision()));
    }

    @Bean
    EventUpcaster eventUpcaster() {
        return EventUpcasters.chain();
    }
}
