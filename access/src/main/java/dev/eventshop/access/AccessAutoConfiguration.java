package dev.eventshop.access;

import dev.eventshop.web.ProblemWriter;
import dev.eventshop.web.Text;
import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.JwkSetUriJwtDecoderBuilderCustomizer;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a service an OAuth2 resource server that denies by default: without a token everything but its health, its
 * metrics and its version; with one, every endpoint whose {@link AllowedTo} does not name a role of the caller.
 */
@AutoConfiguration(
        after = OAuth2ResourceServerAutoConfiguration.class,
        before = ServletWebSecurityAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(AccessProperties.class)
@Import(AccessOpenApi.class)
public class AccessAutoConfiguration {

    private static final String[] DOCUMENTATION = {
        "/v3/api-docs", "/v3/api-docs/**", "/v3/api-docs.yaml", "/swagger-ui", "/swagger-ui/**", "/swagger-ui.html"
    };

    /** Far more than any issuer gives, and less than an index of PostgreSQL takes. */
    private static final int LONGEST_NAME = 1_000;

    private static final String[] ROLES =
            Arrays.stream(Role.values()).map(Role::name).toArray(String[]::new);

    @Bean
    AccessRules accessRules() {
        return new AccessRules();
    }

    @Bean
    AuthenticationProblems authenticationProblems(ProblemWriter problems) {
        return new AuthenticationProblems(problems);
    }

    /** Whether the issuer is the configured one is Spring Boot's to check. */
    @Bean
    OAuth2TokenValidator<Jwt> completeTokens(AccessProperties properties) {
        OAuth2Error refused = new OAuth2Error("invalid_token");
        JsonMapper json = new JsonMapper();
        return token -> token.getExpiresAt() != null
                        && hasText(token, JwtClaimNames.ISS)
                        && hasText(token, JwtClaimNames.SUB)
                        && json.readTree(payload(token)).path(JwtClaimNames.SUB).isString()
                        && token.getAudience() != null
                        && token.getAudience().contains(properties.audience())
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(refused);
    }

    /** @return the claims as the issuer wrote them: in those of {@link Jwt}, the number 17 and the text "17" are one */
    private static byte[] payload(Jwt token) {
        return Base64.getUrlDecoder().decode(token.getTokenValue().split("\\.")[1]);
    }

    private static boolean hasText(Jwt token, String claim) {
        String text = token.getClaimAsString(claim);
        return text != null && !text.isBlank() && text.length() <= LONGEST_NAME && Text.isStorable(text);
    }

    /** With two tokens, whoever is in front of the service may have looked at the other one. */
    @Bean
    BearerTokenResolver oneToken() {
        DefaultBearerTokenResolver resolver = new DefaultBearerTokenResolver();
        return request -> {
            if (Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION)).size() > 1) {
                throw new OAuth2AuthenticationException(BearerTokenErrors.invalidRequest("more than one token"));
            }
            return resolver.resolve(request);
        };
    }

    /** A JWT, or an access token that says so (RFC 9068). */
    @Bean
    JwtTypeValidator tokenTypes() {
        JwtTypeValidator types = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        types.setAllowEmpty(true);
        return types;
    }

    @Bean
    JwkSetUriJwtDecoderBuilderCustomizer boundedIssuer(AccessProperties properties) {
        SimpleClientHttpRequestFactory bounded = new SimpleClientHttpRequestFactory();
        bounded.setConnectTimeout(properties.issuerTimeout());
        bounded.setReadTimeout(properties.issuerTimeout());
        return decoder -> decoder.restOperations(new RestTemplate(bounded)).cache(new IssuerKeys());
    }

    /**
     * Spring Security would time each of its filters in each request: a tenth of the processor time of a command, for
     * figures that nobody looks at. Requests are timed as a whole.
     */
    @Bean
    @ConditionalOnMissingBean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /**
     * What it lets through of headers is what it does by default, said without regular expressions: of each header of each
     * request, the token's included, they were a twentieth of the processor time of a command.
     */
    @Bean
    @ConditionalOnMissingBean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderNames(
                name -> name.codePoints().allMatch(AccessAutoConfiguration::isAssignedAndNoControl));
        firewall.setAllowedHeaderValues(
                value -> value.codePoints().allMatch(point -> point == '\t' || isAssignedAndNoControl(point)));
        return firewall;
    }

    private static boolean isAssignedAndNoControl(int point) {
        return point >= ' ' && point < 0x7f || Character.isDefined(point) && !Character.isISOControl(point);
    }

    /** Whoever watches the service needs no token, and a token that is too old does no harm. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain publicManagementChain(HttpSecurity http) {
        return withoutSessions(http.securityMatcher(EndpointRequest.to("health", "info", "prometheus"))
                        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll()))
                .build();
    }

    /** What is exposed of the actuator is on a port of its own, for those who run the service and their tools. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 1)
    SecurityFilterChain managementChain(
            HttpSecurity http,
            AuthenticationProblems problems,
            ObjectProvider<JwtDecoder> decoder,
            AccessProperties properties) {
        http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.anyRequest().hasRole(Role.OPERATOR.name()));
        return tokensOnly(http, problems, decoder, properties).build();
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 2)
    SecurityFilterChain documentationChain(
            HttpSecurity http,
            AuthenticationProblems problems,
            ObjectProvider<JwtDecoder> decoder,
            AccessProperties properties) {
        http.securityMatcher(DOCUMENTATION)
                .authorizeHttpRequests(requests -> requests.anyRequest().hasAnyRole(ROLES))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                                + " frame-ancestors 'none'")));
        return tokensOnly(http, problems, decoder, properties).build();
    }

    /** Roles are not decided here but by {@link AccessInterceptor}, where the endpoint is known. */
    @Bean
    SecurityFilterChain accessChain(
            HttpSecurity http,
            AuthenticationProblems problems,
            ObjectProvider<JwtDecoder> decoder,
            AccessProperties properties) {
        http.authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .headers(headers -> headers.contentSecurityPolicy(
                        policy -> policy.policyDirectives("default-src 'none'; frame-ancestors 'none'")));
        if (!properties.corsAllowedOrigins().isEmpty()) {
            http.addFilter(problems.answering(origins(properties.corsAllowedOrigins())));
        }
        return tokensOnly(http, problems, decoder, properties).build();
    }

    private static HttpSecurity tokensOnly(
            HttpSecurity http,
            AuthenticationProblems problems,
            ObjectProvider<JwtDecoder> decoder,
            AccessProperties properties) {
        JwtDecoder tokens = decoder.getIfAvailable();
        if (tokens == null) {
            throw new IssuerMissing();
        }
        return withoutSessions(http)
                .exceptionHandling(
                        failures -> failures.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .oauth2ResourceServer(server -> server.authenticationEntryPoint(problems)
                        .accessDeniedHandler(problems)
                        .withObjectPostProcessor(answeringOutages(problems))
                        .jwt(jwt -> jwt.decoder(new CheckedTokens(tokens, properties.rememberTokens()))
                                .jwtAuthenticationConverter(AccessAutoConfiguration::authentication)));
    }

    private static HttpSecurity withoutSessions(HttpSecurity http) {
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable) // no browser adds a token by itself
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(anonymous -> anonymous.principal("nobody"))
                .headers(headers -> headers.referrerPolicy(
                        referrer -> referrer.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER)));
    }

    /** By default, a token that can't be checked is an error of the server's. */
    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> answeringOutages(
            AuthenticationProblems problems) {
        AuthenticationEntryPointFailureHandler handler = new AuthenticationEntryPointFailureHandler(problems);
        handler.setRethrowAuthenticationServiceException(false);
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                filter.setAuthenticationFailureHandler(handler);
                return filter;
            }
        };
    }

    private static AbstractAuthenticationToken authentication(Jwt token) {
        List<GrantedAuthority> authorities = Callers.of(token).roles().stream()
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority("ROLE_" + role.name()))
                .toList();
        return new JwtAuthenticationToken(token, authorities, Objects.requireNonNull(token.getSubject()));
    }

    private static UrlBasedCorsConfigurationSource origins(List<String> allowed) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(allowed);
        configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        configuration.setAllowedHeaders(List.of("*"));
        configuration.setExposedHeaders(
                List.of(HttpHeaders.ETAG, "Event-Position", HttpHeaders.LOCATION, HttpHeaders.RETRY_AFTER));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", configuration);
        return source;
    }

    @Bean
    WebMvcConfigurer accessWebMvcConfigurer(AccessRules rules, AccessProperties properties) {
        AccessInterceptor interceptor = new AccessInterceptor(rules, new WriteLimits(properties));
        return new WebMvcConfigurer() {

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(interceptor)
                        .excludePathPatterns(DOCUMENTATION)
                        .excludePathPatterns("/error")
                        .order(Ordered.HIGHEST_PRECEDENCE);
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArguments());
            }
        };
    }
}
