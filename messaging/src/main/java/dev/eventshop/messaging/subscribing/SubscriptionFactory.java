package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.messaging.subscribing.SubscribedMethods.SubscribedMethod;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ReflectionUtils;

/** Makes subscriptions of the annotated methods, and refuses those that could never work. */
final class SubscriptionFactory {

    private final ConfigurableListableBeanFactory beans;
    private final Serializer serializer;

    SubscriptionFactory(ConfigurableListableBeanFactory beans, Serializer serializer) {
        this.beans = beans;
        this.serializer = serializer;
    }

    List<Subscription> all() {
        List<Subscription> subscriptions = new ArrayList<>();
        Set<String> queues = new HashSet<>();
        for (SubscribedMethod found : SubscribedMethods.of(beans)) {
            Subscription subscription = subscription(found);
            if (!queues.add(subscription.queue())) {
                throw new IllegalStateException("%s takes messages of queue %s, which another method is subscribed to"
                        .formatted(found.method(), subscription.queue()));
            }
            subscriptions.add(subscription);
        }
        return subscriptions;
    }

    private Subscription subscription(SubscribedMethod found) {
        Method method = found.method();
        Subscribe annotation = found.annotation();
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length == 0
                || parameters.length > 2
                || parameters.length == 2 && parameters[1] != MessageContext.class) {
            throw new IllegalStateException(method + " must take an event, and a MessageContext at most");
        }
        SerializedType type = serializer.typeForClass(parameters[0]);
        if (!type.getName().equals(annotation.type())) {
            throw new IllegalStateException(
                    "%s is subscribed to %s, and takes a %s".formatted(method, annotation.type(), type.getName()));
        }
        Object bean = beans.getBean(found.beanName());
        Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
        ReflectionUtils.makeAccessible(invocable);
        return new Subscription(
                annotation.queue(),
                annotation.routingKey(),
                annotation.type(),
                parameters[0],
                annotation.replaysPastInbox(),
                annotation.alone(),
                bean,
                invocable);
    }
}
