package dev.eventshop.query.console;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the console's pages find what they call, as browsers reach it. Base URLs, without a slash at the end.
 *
 * @param enabled               whether the pages are served at all
 * @param commandSide           without it, no pages are served
 * @param querySide             null for where the pages come from, the default
 * @param notificationProjector without it, no pages are served
 * @param management            the management ports; the pages show no health of a service whose port is not named
 * @param issuer                where people log in, as the issuer names itself; null, the default, for the one whose
 *                              tokens count
 * @param clientId              the id by which the issuer knows the pages
 * @param scope                 what they ask the issuer for
 */
@ConfigurationProperties("eventshop.console")
record ConsoleProperties(
        @DefaultValue("true") boolean enabled,
        URI commandSide,
        @Nullable URI querySide,
        URI notificationProjector,
        @DefaultValue Management management,
        @Nullable URI issuer,
        @DefaultValue("eventshop-console") String clientId,
        @DefaultValue("openid") String scope) {

    /** Base URLs of the management ports; null where browsers can't reach one. */
    record Management(
            @Nullable URI commandSide,
            @Nullable URI querySide,
            @Nullable URI notificationProjector) {}
}
