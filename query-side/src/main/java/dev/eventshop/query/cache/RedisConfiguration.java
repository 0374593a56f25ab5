package dev.eventshop.query.cache;

import dev.eventshop.web.HttpJson;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The cache in Redis. Without it, reads are slower, and that is all.
 *
 * <p>Spring Boot's configurations are imported as ordinary ones: as automatic ones they are excluded, since they take effect
 * wherever their classes are.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnRedis.class)
@Import({DataRedisAutoConfiguration.class, DataRedisHealthContributorAutoConfiguration.class})
class RedisConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(RedisConfiguration.class);

    /** By default, commands wait for a connection that is being made again. */
    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }

    @Bean
    CircuitBreaker redisCircuit(MeterRegistry meters) {
        CircuitBreaker circuit = CircuitBreaker.of(
                "redis",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(3)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(1))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        circuit.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN -> LOG.warn("Redis does not answer; reads do without it");
                case HALF_OPEN_TO_CLOSED -> LOG.info("Redis answers");
                default -> {} // still away
            }
        });
        Gauge.builder("eventshop.cache.redis", circuit, c -> c.getState() == CircuitBreaker.State.CLOSED ? 1 : 0)
                .description("Whether Redis answers")
                .register(meters);
        // One request finds out whether it is there; the others don't queue up behind it for a connection.
        circuit.transitionToOpenState();
        circuit.transitionToHalfOpenState();
        return circuit;
    }

    @Bean
    ViewCaches inRedis(
            StringRedisTemplate redis,
            CircuitBreaker redisCircuit,
            HttpJson json,
            CacheProperties properties,
            MeterRegistry meters) {
        return new ViewCaches() {
            @Override
            public <V> ViewCache<V> of(String name, Class<V> type) {
                RedisStore<V> store = new RedisStore<>(
                        redis,
                        redisCircuit,
                        json.mapper(),
                        type,
                        properties.keyPrefix() + name + ":",
                        meters.counter("eventshop.cache.failures", "cache", name));
                return new ViewCache<>(name, store, properties.ttl(), System::nanoTime, meters);
            }
        };
    }
}
