package dev.eventshop.command.config;

import dev.eventshop.command.http.Answers;
import dev.eventshop.command.http.InputLimits;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InputLimits.class)
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Eventshop: command side",
                        version = "1",
                        description = "Users, products and orders: everything that changes something"))
class WebConfiguration {

    /** What {@link Answers} adds to every successful write. */
    @Bean
    OperationCustomizer headersOfAnswers() {
        return (operation, method) -> {
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
