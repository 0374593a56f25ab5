package dev.eventshop.access;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.method.HandlerMethod;

/** Tells in OpenAPI that each operation asks for a token, which roles it lets through, and how it refuses the others. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OpenApiCustomizer.class)
@ConditionalOnProperty(name = "springdoc.api-docs.enabled", matchIfMissing = true)
class AccessOpenApi {

    private static final String SCHEME = "token";

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    OpenApiCustomizer securityScheme() {
        return AccessOpenApi::describe;
    }

    private static void describe(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(new Components());
        }
        api.getComponents()
                .addSecuritySchemes(
                        SCHEME,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT")
                                .description("A token of the issuer, for the audience eventshop, with the claim roles:"
                                        + " customer, staff, operator"));
        api.setSecurity(List.of(new SecurityRequirement().addList(SCHEME)));
    }

    @Bean
    OperationCustomizer refusals() {
        return AccessOpenApi::describe;
    }

    private static Operation describe(Operation operation, HandlerMethod method) {
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        ApiResponses responses = operation.getResponses();
        add(responses, "401", AuthenticationProblems.UNAUTHENTICATED + ": no token, or one that is not valid");
        add(responses, "403", AccessRules.FORBIDDEN + ": the token's roles don't allow it");
        if (!AnnotatedElementUtils.hasAnnotation(method.getMethod(), GetMapping.class)) {
            add(responses, "429", WriteLimits.TOO_MANY_REQUESTS + ": more writes in a second than the caller may send");
        }
        Set<Role> roles = AccessRules.allowed(method.getMethod());
        if (!roles.isEmpty()) {
            String names = roles.stream()
                    .sorted(Comparator.naturalOrder())
                    .map(Role::claim)
                    .collect(Collectors.joining(", "));
            String description = operation.getDescription();
            operation.setDescription(
                    (description == null ? "" : description.replaceFirst("\\.?$", ". ")) + "Roles: " + names);
        }
        return operation;
    }

    private static void add(ApiResponses responses, String status, String description) {
        responses.computeIfAbsent(status, added -> new ApiResponse().description(description));
    }
}
