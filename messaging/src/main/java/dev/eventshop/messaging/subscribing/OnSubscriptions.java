package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.Subscribe;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Holds where a bean has a method with {@link Subscribe}: who only publishes needs no inbox. */
final class OnSubscriptions extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        ConditionMessage.Builder message = ConditionMessage.forCondition("Subscriptions");
        return beans == null || SubscribedMethods.of(beans).isEmpty()
                ? ConditionOutcome.noMatch(
                        message.didNotFind("methods with @Subscribe").atAll())
                : ConditionOutcome.match(message.foundExactly("methods with @Subscribe"));
    }
}
