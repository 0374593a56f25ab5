package dev.eventshop.notification.config;

import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.registry.EventType;
import dev.eventshop.messaging.QueueDefinition;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

/** One queue for each published event, under the name of its routing key. */
class DocumentedQueues implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        EventRegistry.published().stream()
                .map(EventType::routingKey)
                .map(key -> key.orElseThrow())
                .forEach(key -> registry.registerBean(
                        "queue " + key,
                        QueueDefinition.class,
                        bean -> bean.supplier(context -> new QueueDefinition(key, key))));
    }
}
