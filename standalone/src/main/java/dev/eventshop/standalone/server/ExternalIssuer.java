package dev.eventshop.standalone.server;

import dev.eventshop.standalone.settings.ServiceSettings;
import dev.eventshop.standalone.settings.UserSettings;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The user's own OpenID provider. The services read its settings themselves, and ask it for its keys with the first
 * token that they see.
 */
final class ExternalIssuer implements IssuerServer {

    private static final String ISSUER = "spring.security.oauth2.resourceserver.jwt.issuer-uri";
    private static final String KEYS = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri";
    private static final String OPERATOR = "eventshop.operator.";

    private final String url;
    private final Optional<OperatorClient> operatorClient;

    private ExternalIssuer(String url, Optional<OperatorClient> operatorClient) {
        this.url = url;
        this.operatorClient = operatorClient;
    }

    /** @return whether the user has named one */
    static boolean isNamed(UserSettings settings) {
        return Stream.of(ISSUER, KEYS)
                .anyMatch(property -> settings.text(property).isPresent());
    }

    static ExternalIssuer named(UserSettings settings) {
        Optional<OperatorClient> client = settings.text(OPERATOR + "token-uri")
                .flatMap(endpoint -> settings.text(OPERATOR + "client-id")
                        .flatMap(id -> settings.text(OPERATOR + "client-secret")
                                .map(secret -> new OperatorClient(endpoint, id, secret))));
        return new ExternalIssuer(
                settings.text(ISSUER).or(() -> settings.text(KEYS)).orElseThrow(), client);
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        return Map.of();
    }

    @Override
    public boolean isEmbedded() {
        return false;
    }

    @Override
    public Optional<OperatorClient> operatorClient() {
        return operatorClient;
    }

    @Override
    public String uri() {
        return url;
    }

    @Override
    public String description() {
        return url;
    }

    /** It is not ours to stop. */
    @Override
    public void close() {}
}
