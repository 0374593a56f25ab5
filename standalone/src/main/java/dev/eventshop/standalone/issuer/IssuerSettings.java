package dev.eventshop.standalone.issuer;

import dev.eventshop.standalone.settings.Addresses;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntSupplier;

/**
 * Where the issuer listens, and whom it lets log in.
 *
 * @param bindAddress  where it listens
 * @param port         where it listens
 * @param url          its name, that stands in its tokens; without a slash at the end
 * @param redirectUris pages that people come back to after they have logged in
 */
public record IssuerSettings(String bindAddress, int port, String url, List<String> redirectUris) {

    public static final String PORT = "eventshop.issuer.port";
    public static final int USUAL_PORT = 8080;

    public IssuerSettings {
        redirectUris = List.copyOf(redirectUris);
    }

    /**
     * @param freePort asked when the user wants any
     * @param console  base URLs of the console, when the user has named no other pages
     * @throws dev.eventshop.standalone.console.Refused when a setting makes no sense
     */
    public static IssuerSettings of(UserSettings user, IntSupplier freePort, List<String> console) {
        OptionalInt wanted = user.port(PORT);
        int port = wanted.orElse(USUAL_PORT) == 0 ? freePort.getAsInt() : wanted.orElse(USUAL_PORT);
        String bindAddress = user.text("eventshop.bind-address").orElse("127.0.0.1");
        String url = user.text("eventshop.issuer.url")
                .map(text -> text.replaceAll("/+$", ""))
                .orElse("http://" + Addresses.reachable(bindAddress) + ":" + port);
        List<String> redirectUris = user.text("eventshop.issuer.redirect-uris")
                .map(text -> Arrays.stream(text.split(",")).map(String::strip).toList())
                .orElse(console.stream().map(base -> base + "/console/").toList());
        return new IssuerSettings(bindAddress, port, url, redirectUris);
    }
}
