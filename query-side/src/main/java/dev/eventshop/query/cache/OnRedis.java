package dev.eventshop.query.cache;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Conditional;

/** There is a Redis when one of Spring Boot's settings of its address is set; by default it would look on this machine. */
class OnRedis extends AnyNestedCondition {

    OnRedis() {
        super(ConfigurationPhase.PARSE_CONFIGURATION);
    }

    @ConditionalOnProperty("spring.data.redis.url")
    static class Url {}

    @ConditionalOnProperty("spring.data.redis.host")
    static class Host {}

    @ConditionalOnProperty("spring.data.redis.cluster.nodes")
    static class Cluster {}

    @ConditionalOnProperty("spring.data.redis.sentinel.nodes")
    static class Sentinel {}

    static class None extends NoneNestedConditions {

        None() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @Conditional(OnRedis.class)
        static class Redis {}
    }
}
