package dev.eventshop.command.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the header {@code Idempotency-Key} is served.
 *
 * @param retention       how long a key is known, and its call answered without being carried out again
 * @param waitFor          how long a call waits for the first one with its key, if that is still running, before the
 *     client is told to come back; with a thread, so not for long
 * @param keyLength       characters of a key, beyond: 422
 * @param cleanUpInterval how often keys that are not known any more are removed
 */
@ConfigurationProperties("eventshop.command-side.idempotency")
public record IdempotencyProperties(
        @DefaultValue("24h") Duration retention,
        @DefaultValue("5s") Duration waitFor,
        @DefaultValue("255") int keyLength,
        @DefaultValue("10m") Duration cleanUpInterval) {}
