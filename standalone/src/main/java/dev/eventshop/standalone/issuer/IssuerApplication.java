package dev.eventshop.standalone.issuer;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authentication.ott.InMemoryOneTimeTokenService;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationProvider;
import org.springframework.security.authentication.ott.OneTimeTokenService;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.authentication.ott.OneTimeTokenAuthenticationFilter;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.authentication.ui.DefaultOneTimeTokenSubmitPageGeneratingFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/**
 * Spring's authorization server with the clients and users of an {@link IssuerFolder}: programs get a token for their
 * client's secret, pages for a person who logs in (authorization code with PKCE). What it remembers of who is logged in
 * ends with the process.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    SecurityAutoConfiguration.class,
    ServletWebSecurityAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class
})
class IssuerApplication {

    static final String CONSOLE = "eventshop-console";

    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http, IssuerSettings settings) {
        http.oauth2AuthorizationServer(server -> {
                    http.securityMatcher(server.getEndpointsMatcher());
                    server.oidc(Customizer.withDefaults());
                    server.authorizationEndpoint(endpoint -> endpoint.authenticationProviders(
                            providers -> providers.forEach(IssuerApplication::matchRedirectsExactly)));
                })
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .cors(cors -> cors.configurationSource(pages(settings.redirectUris())))
                .exceptionHandling(failures -> failures.defaultAuthenticationEntryPointFor(
                                IssuerApplication::refuseClient, PathPatternRequestMatcher.pathPattern("/oauth2/token"))
                        .defaultAuthenticationEntryPointFor(
                                new LoginUrlAuthenticationEntryPoint("/login"),
                                new MediaTypeRequestMatcher(MediaType.TEXT_HTML)));
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain login(
            HttpSecurity http,
            IssuerSettings settings,
            OneTimeTokenService oneTimeTokens,
            UserDetailsService users,
            ApplicationEventPublisher events) {
        DefaultOneTimeTokenSubmitPageGeneratingFilter button = new DefaultOneTimeTokenSubmitPageGeneratingFilter();
        button.setResolveHiddenInputs(IssuerApplication::csrf);
        http.addFilterBefore(once(settings, oneTimeTokens, users, events), UsernamePasswordAuthenticationFilter.class)
                .addFilterBefore(button, UsernamePasswordAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .cors(cors -> cors.configurationSource(pages(settings.redirectUris()))) // the protocol's preflights too
                .formLogin(Customizer.withDefaults());
        return http.build();
    }

    /**
     * Takes a token that was made here, and no request makes one. The token comes with a POST: what only looks at links
     * does not use it up.
     */
    private static OneTimeTokenAuthenticationFilter once(
            IssuerSettings settings,
            OneTimeTokenService oneTimeTokens,
            UserDetailsService users,
            ApplicationEventPublisher events) {
        OneTimeTokenAuthenticationFilter once = new OneTimeTokenAuthenticationFilter();
        once.setApplicationEventPublisher(events);
        once.setAuthenticationManager(
                new ProviderManager(new OneTimeTokenAuthenticationProvider(oneTimeTokens, users)));
        once.setSecurityContextRepository(new HttpSessionSecurityContextRepository());
        once.setSessionAuthenticationStrategy(new ChangeSessionIdAuthenticationStrategy());
        once.setAuthenticationFailureHandler(new SimpleUrlAuthenticationFailureHandler("/login?error"));
        once.setAuthenticationSuccessHandler(new SimpleUrlAuthenticationSuccessHandler(
                settings.redirectUris().stream().findFirst().orElse("/")));
        return once;
    }

    private static Map<String, String> csrf(HttpServletRequest request) {
        CsrfToken token = (CsrfToken) request.getAttribute(CsrfToken.class.getName());
        return token == null ? Map.of() : Map.of(token.getParameterName(), token.getToken());
    }

    /** By a link or by a password. */
    @Bean
    ApplicationListener<InteractiveAuthenticationSuccessEvent> logIns(FirstLogin firstLogin) {
        return event -> firstLogin.hasLoggedIn(event.getAuthentication().getName());
    }

    @Bean
    OneTimeTokenService oneTimeTokens() {
        return new InMemoryOneTimeTokenService();
    }

    /** RFC 6749, 5.2. */
    private static void refuseClient(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        response.setStatus(HttpStatus.UNAUTHORIZED.value());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getWriter().write("{\"error\":\"" + OAuth2ErrorCodes.INVALID_CLIENT + "\"}");
    }

    /** By default, any port of a loopback address is as good as the registered one. */
    private static void matchRedirectsExactly(AuthenticationProvider provider) {
        if (provider instanceof OAuth2AuthorizationCodeRequestAuthenticationProvider requests) {
            Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> exactly = context -> {
                OAuth2AuthorizationCodeRequestAuthenticationToken request = context.getAuthentication();
                String redirect = request.getRedirectUri();
                if (redirect != null
                        && !context.getRegisteredClient().getRedirectUris().contains(redirect)) {
                    throw new OAuth2AuthorizationCodeRequestAuthenticationException(
                            new OAuth2Error(OAuth2ErrorCodes.INVALID_REQUEST, "redirect_uri is not registered", null),
                            null);
                }
            };
            requests.setAuthenticationValidator(
                    exactly.andThen(new OAuth2AuthorizationCodeRequestAuthenticationValidator()));
        }
    }

    /** Pages that people come back to with a code exchange it for a token themselves. */
    private static UrlBasedCorsConfigurationSource pages(List<String> redirectUris) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(redirectUris.stream()
                .map(URI::create)
                .map(uri -> uri.getScheme() + "://" + uri.getAuthority())
                .distinct()
                .toList());
        configuration.setAllowedMethods(List.of("GET", "POST"));
        configuration.setAllowedHeaders(List.of("*"));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", configuration);
        return source;
    }

    /** At its fastest: what it hashes is random, and nobody's choice that could be guessed. */
    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder(4);
    }

    @Bean
    RegisteredClientRepository clients(IssuerFolder folder, IssuerSettings settings, PasswordEncoder encoder) {
        TokenSettings tokens =
                TokenSettings.builder().accessTokenTimeToLive(Tokens.VALID).build();
        List<RegisteredClient> clients = new ArrayList<>();
        folder.clients()
                .forEach((role, secret) ->
                        clients.add(RegisteredClient.withId(UUID.randomUUID().toString())
                                .clientId(IssuerFolder.clientId(role))
                                .clientSecret(encoder.encode(secret))
                                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                                .tokenSettings(tokens)
                                .build()));
        if (!settings.redirectUris().isEmpty()) {
            clients.add(RegisteredClient.withId(UUID.randomUUID().toString())
                    .clientId(CONSOLE)
                    .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .redirectUris(uris -> uris.addAll(settings.redirectUris()))
                    .postLogoutRedirectUris(uris -> uris.addAll(settings.redirectUris()))
                    .scope(OidcScopes.OPENID)
                    .clientSettings(
                            ClientSettings.builder().requireProofKey(true).build())
                    .tokenSettings(tokens)
                    .build());
        }
        return new InMemoryRegisteredClientRepository(clients);
    }

    @Bean
    UserDetailsService users(IssuerFolder folder, PasswordEncoder encoder) {
        return new InMemoryUserDetailsManager(folder.users().entrySet().stream()
                .<UserDetails>map(user -> User.withUsername(user.getKey())
                        .password(encoder.encode(user.getValue()))
                        .roles(user.getKey())
                        .build())
                .toList());
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> rolesInTokens(IssuerFolder folder) {
        return context -> {
            if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
                context.getClaims().audience(List.of(Tokens.AUDIENCE)).claim(Tokens.ROLES, roles(context, folder));
            }
        };
    }

    private static List<String> roles(JwtEncodingContext context, IssuerFolder folder) {
        if (AuthorizationGrantType.CLIENT_CREDENTIALS.equals(context.getAuthorizationGrantType())) {
            String client = context.getRegisteredClient().getClientId();
            return folder.clients().keySet().stream()
                    .filter(role -> IssuerFolder.clientId(role).equals(client))
                    .toList();
        }
        return context.getPrincipal().getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(authority -> authority != null && authority.startsWith("ROLE_"))
                .map(authority -> authority.substring("ROLE_".length()))
                .toList();
    }

    @Bean
    JWKSource<SecurityContext> keys(IssuerFolder folder) {
        return new ImmutableJWKSet<>(new JWKSet(folder.key()));
    }

    @Bean
    JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys) {
        return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings(IssuerFolder folder) {
        return AuthorizationServerSettings.builder().issuer(folder.url()).build();
    }
}
