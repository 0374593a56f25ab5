package dev.eventshop.query.console;

import dev.eventshop.web.HttpJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer.FrameOptionsConfig;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.util.StringUtils;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.resource.PathResourceResolver;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Serves the console's pages at {@code /console/}. They are the same for everybody and need no token: what they show and
 * do, they get from the services with the token of whoever looks at them. So there are none before somebody has said where
 * the services are: a usual address of the reader's machine might be somebody else's.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnResource(resources = "classpath:" + ConsoleFiles.FOLDER + "index.html")
@ConditionalOnProperty(name = "eventshop.console.enabled", havingValue = "true", matchIfMissing = true)
@Conditional(ConsoleConfiguration.ServicesAreKnown.class)
@EnableConfigurationProperties(ConsoleProperties.class)
class ConsoleConfiguration {

    private static final String PATH = "/console/";

    @Bean
    ConsoleSettings consoleSettings(
            ConsoleProperties properties,
            @Value("${spring.security.oauth2.resourceserver.jwt.issuer-uri:}") String issuer,
            @Value("${eventshop.currency:USD}") String currency) {
        return ConsoleSettings.of(properties, issuer.isBlank() ? null : issuer, currency);
    }

    static final class ServicesAreKnown implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Stream.of("eventshop.console.command-side", "eventshop.console.notification-projector")
                    .map(context.getEnvironment()::getProperty)
                    .allMatch(StringUtils::hasText);
        }
    }

    /** Nothing is decided here: there is nobody yet whom a page is served to. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 3)
    SecurityFilterChain consoleChain(HttpSecurity http, ConsoleSettings settings) {
        return http.securityMatcher("/console", PATH + "**")
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.frameOptions(FrameOptionsConfig::disable)
                        .referrerPolicy(
                                referrer -> referrer.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER))
                        .addHeaderWriter(new ConsoleHeaders(settings, ConsoleFiles.importMapHash())))
                .build();
    }

    @Bean
    ResourceHttpRequestHandler consoleFiles() {
        ResourceHttpRequestHandler files = new ResourceHttpRequestHandler();
        files.setLocationValues(List.of("classpath:" + ConsoleFiles.FOLDER));
        files.setResourceResolvers(List.of(new ConsoleFiles(), new PathResourceResolver()));
        files.setMediaTypes(Map.of("md", MediaType.TEXT_MARKDOWN));
        files.setUseLastModified(false);
        files.setCacheControl(CacheControl.noCache()); // asked for with their tags
        files.setEtagGenerator(ConsoleFiles::tag);
        return files;
    }

    /** A mapping of its own: the interceptors of the others ask for roles. */
    @Bean
    HandlerMapping consoleMapping(ResourceHttpRequestHandler consoleFiles, ConsoleSettings settings, HttpJson json) {
        byte[] config = json.mapper().writeValueAsBytes(settings);
        Map<String, HttpRequestHandler> handlers = new LinkedHashMap<>();
        handlers.put("/console", (request, response) -> {
            response.setStatus(HttpStatus.FOUND.value());
            response.setHeader(HttpHeaders.LOCATION, PATH);
        });
        handlers.put(PATH, (request, response) -> {
            request.setAttribute(HandlerMapping.PATH_WITHIN_HANDLER_MAPPING_ATTRIBUTE, "index.html");
            consoleFiles.handleRequest(request, response);
        });
        handlers.put(PATH + "config.json", (request, response) -> {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.getOutputStream().write(config);
        });
        handlers.put(PATH + "**", consoleFiles);
        return new SimpleUrlHandlerMapping(handlers, Ordered.LOWEST_PRECEDENCE - 1);
    }
}
