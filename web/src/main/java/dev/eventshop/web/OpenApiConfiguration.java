package dev.eventshop.web;

import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Describes in OpenAPI what every operation has in common: the parameters that controllers take by their type, and the
 * problems that can be answered. An operation names its own codes in the description of an {@code @ApiResponse}; what
 * they look like is added here.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OpenApiCustomizer.class)
@ConditionalOnProperty(name = "springdoc.api-docs.enabled", matchIfMissing = true)
class OpenApiConfiguration {

    private static final String PROBLEM = "Problem";

    /** As descriptions of responses name them. */
    private static final Pattern CODE =
            Pattern.compile("\\b([A-Z][A-Z0-9]*(_[A-Z0-9]+)+|UNAUTHENTICATED|FORBIDDEN)\\b");

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Limit.class, ReadAfter.class, ETags.Condition.class);
        SpringDocUtils.getConfig().addResponseTypeToIgnore(SseEmitter.class); // says nothing of what is sent
    }

    @Bean
    @ConditionalOnMissingBean
    OpenAPI openApi(Environment environment) {
        String version = Problem.class.getPackage().getImplementationVersion();
        return new OpenAPI()
                .info(new Info()
                        .title("Eventshop: " + environment.getProperty("spring.application.name", "service"))
                        .version(Objects.requireNonNullElse(version, "development")));
    }

    @Bean
    OpenApiCustomizer problems() {
        return api -> {
            if (api.getComponents() == null) {
                api.setComponents(new Components());
            }
            ModelConverters.getInstance(true)
                    .readAll(Problem.class)
                    .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
            if (api.getPaths() != null) {
                api.getPaths().values().stream()
                        .flatMap(path -> path.readOperations().stream())
                        .forEach(operation -> {
                            operation.getResponses().forEach(OpenApiConfiguration::complete);
                            addVersions(operation.getResponses());
                        });
            }
        };
    }

    @Bean
    OperationCustomizer contractOfOperations() {
        return OpenApiConfiguration::describe;
    }

    @Bean
    ModelConverter presentAndNullable() {
        return new RecordModels();
    }

    private static Operation describe(Operation operation, HandlerMethod method) {
        Set<Class<?>> types = Arrays.stream(method.getMethodParameters())
                .map(MethodParameter::getParameterType)
                .collect(Collectors.toSet());
        if (types.contains(Limit.class)) {
            add(
                    operation,
                    new Parameter()
                            .in("query")
                            .name(Limit.PARAMETER)
                            .description("Most items of the page")
                            .schema(limit()));
        }
        if (types.contains(ReadAfter.class)) {
            add(
                    operation,
                    header(ReadAfter.MIN_EVENT_POSITION, "Event-Position of a write that the answer must know of")
                            .example("1-7431-99"));
            add(
                    operation,
                    header(ReadAfter.PREFER, "wait=<seconds>: how long to wait for that, 5 by default")
                            .example("wait=10"));
        }
        if (types.contains(ETags.Condition.class)) {
            add(
                    operation,
                    header(HttpHeaders.IF_MATCH, "ETag that the write depends on")
                            .example("\"3\""));
        }
        addProblems(operation, method);
        return operation;
    }

    private static void add(Operation operation, Parameter parameter) {
        if (operation.getParameters() == null
                || operation.getParameters().stream()
                        .noneMatch(declared -> parameter.getName().equals(declared.getName()))) {
            operation.addParametersItem(parameter);
        }
    }

    private static Schema<?> limit() {
        IntegerSchema schema = new IntegerSchema();
        schema.setMinimum(BigDecimal.ONE);
        schema.setMaximum(BigDecimal.valueOf(Limit.MAX));
        schema.setDefault(Limit.DEFAULT);
        return schema;
    }

    private static Parameter header(String name, String description) {
        return new Parameter().in("header").name(name).description(description).schema(new StringSchema());
    }

    private static void addProblems(Operation operation, HandlerMethod method) {
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        ApiResponses responses = operation.getResponses();
        boolean hasBody =
                Arrays.stream(method.getMethodParameters()).anyMatch(p -> p.hasParameterAnnotation(RequestBody.class));
        boolean hasId =
                Arrays.stream(method.getMethodParameters()).anyMatch(p -> p.hasParameterAnnotation(PathVariable.class));
        boolean hasInput = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> !"path".equals(parameter.getIn()));
        boolean hasCondition = operation.getParameters() != null
                && operation.getParameters().stream()
                        .anyMatch(parameter -> HttpHeaders.IF_MATCH.equalsIgnoreCase(parameter.getName()));
        if (hasBody) {
            addProblem(responses, HttpStatus.BAD_REQUEST, Problems.MALFORMED_JSON + ", " + Problems.NOT_UTF8);
            addProblem(responses, HttpStatus.CONTENT_TOO_LARGE, Problems.BODY_TOO_LARGE);
            addProblem(responses, HttpStatus.UNSUPPORTED_MEDIA_TYPE, Problems.UNSUPPORTED_MEDIA_TYPE);
        }
        if (hasBody || hasInput) {
            addProblem(responses, HttpStatus.UNPROCESSABLE_CONTENT, Problems.INVALID_REQUEST + ": see errors");
        }
        if (hasId) {
            UnknownId unknown = AnnotatedElementUtils.findMergedAnnotation(method.getMethod(), UnknownId.class);
            if (unknown == null) {
                unknown = AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), UnknownId.class);
            }
            addProblem(responses, HttpStatus.NOT_FOUND, unknown == null ? Problems.NOT_FOUND : unknown.code());
        }
        if (hasCondition) {
            addProblem(responses, HttpStatus.PRECONDITION_FAILED, "VERSION_MISMATCH: another version than in If-Match");
        }
        addProblem(responses, HttpStatus.NOT_ACCEPTABLE, Problems.NOT_ACCEPTABLE);
        addProblem(responses, HttpStatus.INTERNAL_SERVER_ERROR, Problems.INTERNAL_ERROR);
        addCode(responses, HttpStatus.SERVICE_UNAVAILABLE, Problems.DATABASE_UNAVAILABLE);
        if (Arrays.stream(method.getMethodParameters()).anyMatch(p -> p.getParameterType() == ReadAfter.class)) {
            addCode(responses, HttpStatus.SERVICE_UNAVAILABLE, "POSITION_NOT_REACHED");
        }
    }

    private static void addProblem(ApiResponses responses, HttpStatus status, String description) {
        responses.computeIfAbsent(
                Integer.toString(status.value()), added -> new ApiResponse().description(description));
    }

    private static void addCode(ApiResponses responses, HttpStatus status, String code) {
        ApiResponse response = responses.computeIfAbsent(Integer.toString(status.value()), added -> new ApiResponse());
        response.setDescription(response.getDescription() == null ? code : response.getDescription() + ", " + code);
    }

    /** Who may be told that nothing has changed is told the version. */
    private static void addVersions(ApiResponses responses) {
        String notModified = Integer.toString(HttpStatus.NOT_MODIFIED.value());
        if (responses.containsKey(notModified)) {
            for (String status : List.of("200", notModified)) {
                responses
                        .get(status)
                        .addHeaderObject(
                                HttpHeaders.ETAG,
                                new Header()
                                        .description("Version")
                                        .schema(new StringSchema())
                                        .example("\"3\""));
            }
        }
    }

    /** When all codes are named, whoever does it. */
    private static void complete(String status, ApiResponse response) {
        if (!status.startsWith("4") && !status.startsWith("5")) {
            return;
        }
        MediaType problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
        Matcher codes = CODE.matcher(response.getDescription());
        while (codes.find()) {
            problem.addExamples(codes.group(), new Example().value(example(Integer.parseInt(status), codes.group())));
        }
        response.setContent(new Content().addMediaType(Problem.MEDIA_TYPE, problem));
        if (status.equals("503") || status.equals("429")) {
            response.addHeaderObject(
                    HttpHeaders.RETRY_AFTER,
                    new Header()
                            .description("Seconds")
                            .schema(new IntegerSchema())
                            .example(2));
        }
    }

    private static Map<String, Object> example(int status, String code) {
        boolean invalid = code.equals(Problems.INVALID_REQUEST);
        String words = code.replace('_', ' ').toLowerCase(Locale.ROOT);
        String sentence = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
        Problem problem = Problem.of(
                status,
                code,
                invalid ? Problems.INVALID : sentence,
                null,
                invalid ? List.of(new FieldError("name", "is required")) : null);
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("type", problem.type());
        example.put("title", problem.title());
        example.put("status", status);
        example.put("detail", problem.detail());
        example.put("instance", "/api/...");
        example.put("code", code);
        if (invalid) {
            example.put("errors", List.of(Map.of("field", "name", "message", "is required")));
        }
        return example;
    }
}
