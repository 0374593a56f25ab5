package dev.eventshop.query.console;

import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the pages read when they are loaded ({@code /console/config.json}); nothing in it is secret.
 *
 * @param services   base URLs
 * @param management base URLs of the management ports; null where they are not reached from browsers
 * @param issuer     where people log in, by the name that it gives itself, also with a slash at the end; null when only
 *                   the keys of the issuer are known to the service
 * @param currency   of all amounts, ISO 4217
 */
record ConsoleSettings(
        Services services,
        Services management,
        @Nullable String issuer,
        String clientId,
        String scope,
        String currency) {

    record Services(
            @Nullable String commandSide,
            @Nullable String querySide,
            @Nullable String notificationProjector) {}

    static ConsoleSettings of(ConsoleProperties properties, @Nullable String issuer, String currency) {
        ConsoleProperties.Management management = properties.management();
        return new ConsoleSettings(
                new Services(
                        text(properties.commandSide()),
                        text(properties.querySide()),
                        text(properties.notificationProjector())),
                new Services(
                        text(management.commandSide()),
                        text(management.querySide()),
                        text(management.notificationProjector())),
                properties.issuer() == null ? issuer : properties.issuer().toString(),
                properties.clientId(),
                properties.scope(),
                currency);
    }

    private static @Nullable String text(@Nullable URI uri) {
        return uri == null ? null : uri.toString().replaceAll("/+$", "");
    }

    /** @return scheme, host and port of all that the pages call besides the service that they come from */
    Set<String> origins() {
        return Stream.of(
                        services.commandSide(),
                        services.querySide(),
                        services.notificationProjector(),
                        management.commandSide(),
                        management.querySide(),
                        management.notificationProjector(),
                        issuer)
                .filter(Objects::nonNull)
                .map(URI::create)
                .map(uri -> uri.getScheme() + "://" + uri.getAuthority())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
