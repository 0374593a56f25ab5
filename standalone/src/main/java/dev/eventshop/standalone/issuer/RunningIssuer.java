package dev.eventshop.standalone.issuer;

import dev.eventshop.access.Role;
import dev.eventshop.standalone.settings.Addresses;
import dev.eventshop.standalone.settings.ForcedProperties;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.authentication.ott.GenerateOneTimeTokenRequest;
import org.springframework.security.authentication.ott.OneTimeToken;
import org.springframework.security.authentication.ott.OneTimeTokenService;

/** The issuer as a Spring context of this process. */
public final class RunningIssuer implements AutoCloseable {

    private static final Duration FIRST_LOGIN = Duration.ofHours(1);

    private final IssuerFolder folder;
    private final IssuerSettings settings;
    private final ConfigurableApplicationContext context;

    private RunningIssuer(IssuerFolder folder, IssuerSettings settings, ConfigurableApplicationContext context) {
        this.folder = folder;
        this.settings = settings;
        this.context = context;
    }

    /** Returns when it is ready. */
    public static RunningIssuer start(IssuerFolder folder, IssuerSettings settings, FirstLogin firstLogin) {
        ApplicationContextInitializer<GenericApplicationContext> initializer = context -> {
            context.registerBean(IssuerFolder.class, () -> folder);
            context.registerBean(IssuerSettings.class, () -> settings);
            context.registerBean(FirstLogin.class, () -> firstLogin);
        };
        return new RunningIssuer(
                folder,
                settings,
                new SpringApplicationBuilder(IssuerApplication.class)
                        .web(WebApplicationType.SERVLET)
                        .properties("spring.config.name=issuer")
                        .initializers(initializer)
                        .listeners(new ForcedProperties(forced(settings)))
                        .run());
    }

    /** What is true whatever stands in the environment of the process, which is the same for all services. */
    private static Map<String, Object> forced(IssuerSettings settings) {
        Map<String, Object> forced = new LinkedHashMap<>();
        forced.put("spring.application.name", "issuer");
        forced.put("server.address", settings.bindAddress());
        forced.put("server.port", settings.port());
        forced.put("server.servlet.session.cookie.name", "EVENTSHOP_ISSUER"); // cookies don't tell ports apart
        forced.put("server.servlet.session.cookie.http-only", true);
        forced.put("server.servlet.session.cookie.same-site", "lax");
        forced.put("server.servlet.session.tracking-modes", "cookie"); // and never the address
        forced.put("logging.level.org.apache.tomcat.util.http.parser", "off"); // they quote cookies
        forced.put("spring.web.error.whitelabel.enabled", true); // people see its errors, and there is no other page
        forced.put("spring.main.register-shutdown-hook", false);
        return forced;
    }

    public String url() {
        return folder.url();
    }

    /** @return where programs exchange their secret for a token */
    public String tokenEndpoint() {
        return url() + "/oauth2/token";
    }

    /** @return where services of this machine find its keys */
    public String keys() {
        return "http://" + Addresses.reachable(settings.bindAddress()) + ":" + settings.port() + "/oauth2/jwks";
    }

    /**
     * Makes a link that the operator logs in with, before anybody has read the password: once, and within the hour.
     *
     * @return its address
     */
    public String firstLogin() {
        OneTimeToken token = context.getBean(OneTimeTokenService.class)
                .generate(new GenerateOneTimeTokenRequest(Role.OPERATOR.claim(), FIRST_LOGIN));
        return url() + "/login/ott?token=" + token.getTokenValue();
    }

    public IssuerFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        context.close();
    }
}
