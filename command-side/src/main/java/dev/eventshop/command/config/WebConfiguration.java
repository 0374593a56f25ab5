package dev.eventshop.command.config;

import dev.eventshop.command.http.Answers;
import dev.eventshop.command.http.InputLimits;
import dev.eventshop.command.idempotency.IdempotencyProperties;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.math.BigDecimal;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InputLimits.class)
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Eventshop: command side",
                        version = "1",
                        description = "Users, products and orders: everything that changes something"))
class WebConfiguration {

    /** What {@link Answers} adds to every successful write, and what every {@code POST} takes. */
    @Bean
    OperationCustomizer headersOfAnswers(IdempotencyProperties properties) {
        return (operation, method) -> {
            if (operation.getParameters() != null) {
                operation.getParameters().stream()
                        .filter(parameter -> "path".equals(parameter.getIn()))
                        .forEach(id -> id.description("Its number")
                                .example(17)
                                .schema(new IntegerSchema().format("int32").minimum(BigDecimal.ONE)));
            }
            if (!method.hasMethodAnnotation(GetMapping.class)) {
                addCodes(operation, "503", "TOO_CONTENDED");
                addCodes(operation, "503", "NEWER_HISTORY");
            }
            if (method.hasMethodAnnotation(PostMapping.class)) {
                addCodes(operation, "422", "IDEMPOTENCY_KEY_REUSED");
                addCodes(operation, "422", "INVALID_REQUEST");
                addCodes(operation, "503", "IDEMPOTENCY_KEY_IN_USE");
                operation.addParametersItem(new Parameter()
                        .in("header")
                        .name("Idempotency-Key")
                        .description("Calls with the same key and body have one effect, and get the same answer")
                        .example("3d6f0a52-7f0e-4b5c-9b0c-0d6f2f1d2a44")
                        .schema(new StringSchema().minLength(1).maxLength(properties.keyLength())));
            }
            if (operation.getResponses() != null) {
                operation.getResponses().forEach((status, response) -> {
                    if (status.equals("201") || status.equals("204")) {
                        describe(response);
                    }
                    if (status.equals("201")) {
                        add(response, HttpHeaders.LOCATION, "Path on the query side", "/api/orders/17");
                    }
                });
            }
            return operation;
        };
    }

    private static void addCodes(Operation operation, String status, String code) {
        ApiResponse response = operation.getResponses().computeIfAbsent(status, added -> new ApiResponse());
        String before = response.getDescription();
        if (before == null || !before.contains(code)) {
            response.setDescription(before == null ? code : code + ", " + before);
        }
    }

    private static void describe(ApiResponse response) {
        add(response, HttpHeaders.ETAG, "Version after the write, also when it changed nothing", "\"0\"");
        add(response, Answers.EVENT_POSITION, "What reads can wait for with Min-Event-Position; opaque", "1-7431-99");
    }

    private static void add(ApiResponse response, String name, String description, String example) {
        response.addHeaderObject(
                name,
                new Header().description(description).schema(new StringSchema()).example(example));
    }
}
