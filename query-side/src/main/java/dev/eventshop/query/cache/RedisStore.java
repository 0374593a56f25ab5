package dev.eventshop.query.cache;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * In Redis, as JSON of the one class that is kept here. While Redis is away, the circuit breaker spares requests the wait
 * for it.
 */
final class RedisStore<V> implements CacheStore<V> {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

    private final StringRedisTemplate redis;
    private final CircuitBreaker circuit;
    private final JsonMapper json;
    private final Class<V> type;
    private final String prefix;
    private final Counter failures;

    RedisStore(
            StringRedisTemplate redis,
            CircuitBreaker circuit,
            JsonMapper json,
            Class<V> type,
            String prefix,
            Counter failures) {
        this.redis = redis;
        this.circuit = circuit;
        this.json = json;
        this.type = type;
        this.prefix = prefix;
        this.failures = failures;
    }

    @Override
    public @Nullable V find(String key) {
        String text = attempt(() -> redis.opsForValue().get(prefix + key));
        if (text == null) {
            return null;
        }
        try {
            return json.readValue(text, type);
        } catch (JacksonException otherForm) { // of another version of the service
            LOG.debug("A cached answer is of another form", otherForm);
            return null;
        }
    }

    @Override
    public void put(String key, V value, Duration forAsLong) {
        if (forAsLong.toMillis() > 0) {
            String text = json.writeValueAsString(value);
            attempt(() -> {
                redis.opsForValue().set(prefix + key, text, forAsLong);
                return null;
            });
        }
    }

    private @Nullable String attempt(Supplier<@Nullable String> call) {
        try {
            return circuit.executeSupplier(call);
        } catch (CallNotPermittedException away) {
            return null;
        } catch (RuntimeException failed) {
            failures.increment();
            LOG.debug("Redis did not answer", failed);
            return null;
        }
    }
}
