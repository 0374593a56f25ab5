package dev.eventshop.standalone.server;

import dev.eventshop.access.Role;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.issuer.FirstLogin;
import dev.eventshop.standalone.issuer.IssuerFolder;
import dev.eventshop.standalone.issuer.IssuerSettings;
import dev.eventshop.standalone.issuer.RunningIssuer;
import dev.eventshop.standalone.settings.ServiceSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The issuer that comes along. */
final class EmbeddedIssuer implements IssuerServer {

    private final RunningIssuer issuer;
    private final FirstLogin firstLogin;

    private EmbeddedIssuer(RunningIssuer issuer, FirstLogin firstLogin) {
        this.issuer = issuer;
        this.firstLogin = firstLogin;
    }

    static EmbeddedIssuer start(DataFolder folder, IssuerSettings settings) {
        FirstLogin firstLogin = FirstLogin.in(folder);
        return new EmbeddedIssuer(
                RunningIssuer.start(IssuerFolder.open(folder, settings.url()), settings, firstLogin), firstLogin);
    }

    @Override
    public Map<String, String> settingsFor(ServiceSettings service) {
        return Map.of(
                "spring.security.oauth2.resourceserver.jwt.issuer-uri",
                issuer.url(),
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
                issuer.keys());
    }

    @Override
    public boolean isEmbedded() {
        return true;
    }

    @Override
    public Optional<OperatorClient> operatorClient() {
        String role = Role.OPERATOR.claim();
        return Optional.of(new OperatorClient(
                issuer.tokenEndpoint(),
                IssuerFolder.clientId(role),
                Objects.requireNonNull(issuer.folder().clients().get(role))));
    }

    @Override
    public Optional<String> firstLogin() {
        return firstLogin.isDue() ? Optional.of(issuer.firstLogin()) : Optional.empty();
    }

    @Override
    public void forgetFirstLogin() {
        firstLogin.forget();
    }

    @Override
    public String uri() {
        return issuer.url();
    }

    @Override
    public String description() {
        return issuer.url();
    }

    @Override
    public void close() {
        issuer.close();
    }
}
