package dev.eventshop.access;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whom tokens are for, and bounds on callers.
 *
 * @param audience                has to be among the claim {@code aud} of a token
 * @param customerWritesPerSecond most writes of one customer, beyond: 429. As many may come at once after a pause. 0 for
 *                                no bound
 * @param staffWritesPerSecond    the same for a member of staff; none by default, since imports are theirs
 * @param operatorWritesPerSecond the same for an operator; none by default
 * @param trackedCallers          how many callers are remembered at a time; the one that was quiet longest is forgotten,
 *                                and may send as many again
 * @param corsAllowedOrigins      origins of pages of other hosts or ports that may call the service, such as
 *                                {@code https://shop.example.org}; none by default
 * @param issuerTimeout           longest time to wait for the issuer's keys; when they don't come, requests are answered
 *                                with 503
 * @param rememberTokens          how long a token that was found good is taken again without being checked, at most until
 *                                it ends; what the issuer takes back in between holds for that long. 0 to check each time
 */
@ConfigurationProperties("eventshop.access")
public record AccessProperties(
        @DefaultValue("eventshop") String audience,
        @DefaultValue("20") int customerWritesPerSecond,
        @DefaultValue("0") int staffWritesPerSecond,
        @DefaultValue("0") int operatorWritesPerSecond,
        @DefaultValue("10000") int trackedCallers,
        @DefaultValue List<String> corsAllowedOrigins,
        @DefaultValue("2s") Duration issuerTimeout,
        @DefaultValue("30s") Duration rememberTokens) {

    public AccessProperties {
        corsAllowedOrigins = List.copyOf(corsAllowedOrigins);
    }
}
